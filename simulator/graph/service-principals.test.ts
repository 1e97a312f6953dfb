import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openGraph } from '../test-graph.ts';
import { graphOf } from '../test-person.ts';
import { startTestEntra } from '../test-tenant.ts';

const manager = [
  'Application.ReadWrite.All',
  'AppRoleAssignment.ReadWrite.All',
  'DelegatedPermissionGrant.ReadWrite.All',
];
const graphAppId = '00000003-0000-0000-c000-000000000000';
const none = '00000000-0000-0000-0000-000000000000';

async function start() {
  const entra = await startTestEntra({ users: 4, groups: 2 });
  return { entra, graph: await openGraph(entra, manager), [Symbol.asyncDispose]: entra.close };
}

test('clients §3: an enterprise app is made once, is found by each of its names, changed and deleted', async () => {
  await using at = await start();
  const { body: app } = await at.graph('POST', '/applications', {
    displayName: 'Portico',
    identifierUris: ['https://contoso.example/p'],
  });
  const made = await at.graph('POST', '/servicePrincipals', { appId: app['appId'], accountEnabled: true });
  assert.equal(made.status, 201);
  const twice = await at.graph('POST', '/servicePrincipals', { appId: app['appId'] });
  assert.deepEqual([twice.status, twice.code], [409, 'Request_MultipleObjectsWithSameKeyValue']);
  assert.match(twice.text, /service principal name .+ is already in use/);
  for (const name of [app['appId'], 'https://contoso.example/p']) {
    const filter = encodeURIComponent(`servicePrincipalNames/any(c:c eq '${name}')`);
    const { value } = await at.graph('GET', `/servicePrincipals?$filter=${filter}`);
    assert.deepEqual(
      value.map((found) => found['id']),
      [made.body['id']],
    );
  }
  const path = `/servicePrincipals/${made.body['id']}`;
  const change = { appRoleAssignmentRequired: true, tags: ['HideApp'], accountEnabled: false, notes: 'n' };
  assert.equal((await at.graph('PATCH', path, change)).status, 204);
  const { body } = await at.graph('GET', path);
  assert.deepEqual(
    [body['appRoleAssignmentRequired'], body['tags'], body['accountEnabled'], body['notes'], body['displayName']],
    [true, ['HideApp'], false, 'n', 'Portico'],
  );
  assert.equal((await at.graph('DELETE', path)).status, 204);
  assert.equal((await at.graph('GET', path)).status, 404);
  const strange = await at.graph('POST', '/servicePrincipals', { appId: none });
  assert.deepEqual([strange.status, strange.code], [400, 'NoBackingApplicationObject']);
});

test('§2.3: ids of permissions are looked up by their values at Microsoft’s own enterprise apps', async () => {
  await using at = await start();
  const { body } = await at.graph(
    'GET',
    `/servicePrincipals(appId='${graphAppId}')?$select=id,appRoles,servicePrincipalNames`,
  );
  const roles = new Map((body['appRoles'] as { value: string; id: string }[]).map(({ value, id }) => [value, id]));
  assert.equal(roles.get('Mail.Send'), 'b633e1c5-b582-4048-a93e-9f11b44c7e96');
  assert.ok((body['servicePrincipalNames'] as string[]).includes('https://graph.microsoft.com'));
  const scopes = await at.graph('GET', `/servicePrincipals/${body['id']}/oauth2PermissionScopes`);
  const read = scopes.value.find((scope) => scope['value'] === 'User.Read');
  assert.equal(read?.['id'], 'e1fe6dd8-ba31-4d61-89e7-88639da4683d');
  assert.equal((await at.graph('GET', `/servicePrincipals/${body['id']}/appRoles`)).value.length, roles.size);
});

test('§2.1: an application permission is given by appRoleAssignedTo, stands in the next token, and is taken away', async () => {
  await using at = await start();
  const app = await at.entra.register();
  const idOf = async (appId: string) =>
    String((await at.graph('GET', `/servicePrincipals(appId='${appId}')`)).body['id']);
  const [client, api] = [await idOf(app.appId), await idOf(graphAppId)];
  const body = { principalId: client, resourceId: api, appRoleId: 'b633e1c5-b582-4048-a93e-9f11b44c7e96' };
  const given = await at.graph('POST', `/servicePrincipals/${api}/appRoleAssignedTo`, body);
  assert.equal(given.status, 201, given.text);
  assert.deepEqual(
    [given.body['principalType'], given.body['resourceDisplayName']],
    ['ServicePrincipal', 'Microsoft Graph'],
  );
  assert.match(
    (await at.graph('POST', `/servicePrincipals/${client}/appRoleAssignments`, body)).text,
    /already exists/,
  );
  const held = await at.graph('GET', `/servicePrincipals/${client}/appRoleAssignments`);
  assert.deepEqual(
    held.value.map((assignment) => assignment['id']),
    [given.body['id']],
  );
  const expanded = await at.graph(
    'GET',
    `/servicePrincipals?$expand=appRoleAssignments&$filter=appId eq '${app.appId}'`,
  );
  assert.deepEqual(expanded.value[0]?.['appRoleAssignments'], held.value);
  const { body: token } = await at.entra.token(at.entra.contoso.id, {
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: app.secret,
    scope: 'https://graph.microsoft.com/.default',
  });
  assert.match(Buffer.from(String(token['access_token']).split('.')[1] ?? '', 'base64url').toString(), /"Mail.Send"/);
  assert.equal(
    (await at.graph('DELETE', `/servicePrincipals/${api}/appRoleAssignedTo/${given.body['id']}`)).status,
    204,
  );
  assert.equal((await at.graph('GET', `/servicePrincipals/${client}/appRoleAssignments`)).value.length, 0);
  const unknown = { ...body, appRoleId: '99999999-2222-4333-8444-555555555555' };
  assert.match(
    (await at.graph('POST', `/servicePrincipals/${api}/appRoleAssignedTo`, unknown)).text,
    /was not found on application/,
  );
});

test('people and groups are assigned: the default access only where the app has no roles for them', async () => {
  await using at = await start();
  const role = {
    id: '11111111-2222-4333-8444-555555555555',
    value: 'Admin',
    displayName: 'Admin',
    allowedMemberTypes: ['User'],
  };
  const make = async (appRoles: object[]) => {
    const { body } = await at.graph('POST', '/applications', { displayName: 'App', appRoles });
    return String((await at.graph('POST', '/servicePrincipals', { appId: body['appId'] })).body['id']);
  };
  const [plain, withRoles] = [await make([]), await make([role])];
  const { users, groups } = at.entra.contoso;
  const assign = async (resourceId: string, principalId: string | undefined, appRoleId: string) =>
    (
      await at.graph('POST', `/servicePrincipals/${resourceId}/appRoleAssignedTo`, {
        principalId,
        resourceId,
        appRoleId,
      })
    ).status;
  assert.equal(await assign(plain, users[0]?.id, none), 201);
  assert.equal(await assign(plain, groups[0]?.id, none), 201);
  assert.equal(await assign(withRoles, users[0]?.id, none), 400);
  assert.equal(await assign(withRoles, users[0]?.id, role.id), 201);
  assert.equal(await assign(withRoles, plain, role.id), 400, 'a role of people');
  const { value } = await at.graph('GET', `/servicePrincipals/${plain}/appRoleAssignedTo`);
  assert.deepEqual(value.map((assignment) => assignment['principalType']).sort(), ['Group', 'User']);
  assert.equal((await at.graph('GET', `/users/${users[0]?.id}/appRoleAssignments`)).value.length, 2);
});

test('oauth2PermissionGrants: one for a client at an API, for all or for one; changed and deleted, in whatever case of the path', async () => {
  await using at = await start();
  const app = await at.entra.register();
  const idOf = async (appId: string) =>
    String((await at.graph('GET', `/servicePrincipals(appId='${appId}')`)).body['id']);
  const [clientId, resourceId] = [await idOf(app.appId), await idOf(graphAppId)];
  const grant = { clientId, consentType: 'AllPrincipals', principalId: null, resourceId, scope: 'openid User.Read' };
  const made = await at.graph('POST', '/oauth2PermissionGrants', grant);
  assert.deepEqual({ ...made.body, '@odata.context': '' }, { ...grant, id: made.body['id'], '@odata.context': '' });
  assert.equal((await at.graph('POST', '/oauth2PermissionGrants', grant)).status, 409);
  const one = { ...grant, consentType: 'Principal', principalId: at.entra.contoso.users[0]?.id };
  assert.equal((await at.graph('POST', '/oauth2PermissionGrants', one)).status, 201);
  assert.equal((await at.graph('POST', '/oauth2PermissionGrants', { ...one, principalId: null })).status, 400);
  const { value } = await at.graph('GET', `/oauth2PermissionGrants?$filter=clientId eq '${clientId}'`);
  assert.equal(value.length, 2);
  assert.equal(
    (await at.graph('PATCH', `/oauth2PermissionGrants/${made.body['id']}`, { scope: 'openid' })).status,
    204,
  );
  assert.equal((await at.graph('GET', `/oauth2PermissionGrants/${made.body['id']}`)).body['scope'], 'openid');
  assert.equal((await at.graph('DELETE', `/oAuth2PermissionGrants/${made.body['id']}`)).status, 204);
  assert.equal((await at.graph('GET', `/servicePrincipals/${clientId}/oauth2PermissionGrants`)).value.length, 1);
});

test('§2.2: a person needs the scope and the role; permissions of Microsoft Graph are for a Privileged Role Administrator', async () => {
  await using at = await start();
  const scopes = [...manager, 'User.Read'];
  const [administrator, nobody] = [await graphOf(at.entra, 0, scopes), await graphOf(at.entra, 1, scopes)];
  const api = (await administrator('GET', `/servicePrincipals(appId='${graphAppId}')`)).body['id'];
  const { body: app } = await nobody('POST', '/applications', { displayName: 'Of a member' });
  assert.ok(app['id'], 'members may register applications');
  assert.equal((await nobody('PATCH', `/applications/${app['id']}`, { displayName: 'Mine' })).status, 204);
  assert.equal((await nobody('GET', '/me/ownedObjects')).value[0]?.['@odata.type'], '#microsoft.graph.application');
  const { body: client } = await administrator('POST', '/servicePrincipals', { appId: app['appId'] });
  const role = { principalId: client['id'], resourceId: api, appRoleId: 'b633e1c5-b582-4048-a93e-9f11b44c7e96' };
  const consent = { clientId: client['id'], consentType: 'AllPrincipals', resourceId: api, scope: 'openid' };
  for (const [path, body] of [
    [`/servicePrincipals/${api}/appRoleAssignedTo`, role],
    ['/oauth2PermissionGrants', consent],
  ] as const) {
    const refused = await nobody('POST', path, body);
    assert.deepEqual([refused.status, refused.code], [403, 'Authorization_RequestDenied']);
  }
  const make = async (displayName: string) => {
    const { body } = await administrator('POST', '/applications', { displayName });
    return body['id'];
  };
  assert.equal((await nobody('PATCH', `/applications/${await make('Other')}`, { displayName: 'x' })).status, 403);
  assert.equal((await administrator('POST', '/oauth2PermissionGrants', consent)).status, 201);
  assert.equal((await administrator('POST', `/servicePrincipals/${api}/appRoleAssignedTo`, role)).status, 201);
});

test('§2.2: an Application Administrator consents to everything but application permissions of Microsoft Graph', async () => {
  await using at = await start();
  const [, person] = at.entra.contoso.users;
  const roles = (names: string[]) =>
    at.entra.control('PUT', `/tenants/${at.entra.contoso.id}/users/${person?.id}/roles`, { roles: names });
  await roles(['Application Administrator']);
  const graph = await graphOf(at.entra, 1, [...manager, 'User.Read']);
  const app = await at.entra.register();
  const idOf = async (appId: string) => String((await graph('GET', `/servicePrincipals(appId='${appId}')`)).body['id']);
  const [client, api, exchange] = [
    await idOf(app.appId),
    await idOf(graphAppId),
    await idOf('00000002-0000-0ff1-ce00-000000000000'),
  ];
  const give = async (resourceId: string, appRoleId: string) => {
    const body = { principalId: client, resourceId, appRoleId };
    return (await graph('POST', `/servicePrincipals/${resourceId}/appRoleAssignedTo`, body)).status;
  };
  const mailSend = 'b633e1c5-b582-4048-a93e-9f11b44c7e96';
  assert.equal(await give(exchange, '5e5addcd-3e8d-4e90-baf5-964efab2b20a'), 201);
  assert.equal(await give(api, mailSend), 403);
  await roles(['Privileged Role Administrator']);
  assert.equal(await give(api, mailSend), 201);
});

test('directory roles are given and taken by Graph', async () => {
  await using at = await start();
  const graph = await openGraph(at.entra, ['RoleManagement.ReadWrite.Directory']);
  const path = '/roleManagement/directory';
  const [definition] = (await graph('GET', `${path}/roleDefinitions?$filter=displayName eq 'User Administrator'`))
    .value;
  const body = {
    principalId: at.entra.contoso.users[1]?.id,
    roleDefinitionId: definition?.['id'],
    directoryScopeId: '/',
  };
  const given = await graph('POST', `${path}/roleAssignments`, body);
  assert.equal(given.status, 201, given.text);
  assert.equal((await graph('POST', `${path}/roleAssignments`, body)).status, 409);
  const person = await graphOf(at.entra, 1, ['User.ReadWrite.All']);
  const change = () => person('PATCH', `/users/${at.entra.contoso.users[2]?.id}`, { jobTitle: 'Pilot' });
  assert.equal((await change()).status, 204);
  assert.equal((await graph('DELETE', `${path}/roleAssignments/${given.body['id']}`)).status, 204);
  assert.equal((await change()).status, 403);
  assert.equal((await at.graph('GET', `${path}/roleAssignments`)).status, 403);
});

test('directory objects: an advanced query needs ConsistencyLevel and $count; otherwise Graph’s 400', async (t) => {
  await using at = await start();
  const eventual = { ConsistencyLevel: 'eventual' };
  const cases: readonly [path: string, headers: Record<string, string>, status: number, code?: string][] = [
    ['/servicePrincipals/$count', {}, 400, 'Request_BadRequest'],
    ['/servicePrincipals/$count', eventual, 200],
    ["/servicePrincipals?$filter=displayName ne 'x'", {}, 400, 'Request_UnsupportedQuery'],
    ["/servicePrincipals?$filter=displayName ne 'x'", eventual, 400, 'Request_UnsupportedQuery'],
    ["/servicePrincipals?$filter=displayName ne 'x'&$count=true", eventual, 200],
    ['/servicePrincipals?$orderby=displayName', {}, 400, 'Request_UnsupportedQuery'],
    ['/servicePrincipals?$orderby=displayName&$count=true', eventual, 200],
    ['/servicePrincipals?$search="displayName:Graph"', {}, 400, 'Request_UnsupportedQuery'],
    ['/servicePrincipals?$search="displayName:Graph"', eventual, 200],
    ['/servicePrincipals?$search=Graph', eventual, 400, 'Request_BadRequest'],
    ['/servicePrincipals?$expand=nothing', {}, 400, 'BadRequest'],
  ];
  for (const [path, headers, status, code] of cases)
    await t.test(`${path} ${JSON.stringify(headers)}`, async () => {
      const reply = await at.graph('GET', path, undefined, headers);
      assert.deepEqual([reply.status, reply.code], [status, code]);
    });
  const counted = await at.graph('GET', '/servicePrincipals?$count=true&$top=1');
  assert.equal('@odata.count' in counted.body, false, 'passed over without the header');
  const found = await at.graph('GET', '/servicePrincipals?$search="displayName:Exch"&$count=true', undefined, eventual);
  assert.deepEqual([found.body['@odata.count'], found.value[0]?.['displayName']], [1, 'Office 365 Exchange Online']);
  const ordered = await at.graph(
    'GET',
    '/servicePrincipals?$orderby=displayName desc&$count=true',
    undefined,
    eventual,
  );
  const names = ordered.value.map((principal) => String(principal['displayName']));
  assert.deepEqual(names, [...names].sort().reverse());
});
