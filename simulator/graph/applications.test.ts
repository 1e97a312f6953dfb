import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { makeTestCertificate } from '../test-certificate.ts';
import { type Graph, openGraph } from '../test-graph.ts';
import { startTestEntra, type TestEntra } from '../test-tenant.ts';

const manager = [
  'Application.ReadWrite.All',
  'AppRoleAssignment.ReadWrite.All',
  'DelegatedPermissionGrant.ReadWrite.All',
];

async function start(): Promise<{ entra: TestEntra; graph: Graph; [Symbol.asyncDispose]: () => Promise<void> }> {
  const entra = await startTestEntra({ users: 3, groups: 1 });
  return { entra, graph: await openGraph(entra, manager), [Symbol.asyncDispose]: entra.close };
}

test('§2.1: an application is made, changed as the setup changes it, found by either key, deleted and restored', async () => {
  await using at = await start();
  const made = await at.graph('POST', '/applications', { displayName: 'Portico' });
  assert.equal(made.status, 201);
  const { id, appId } = made.body;
  const change = {
    signInAudience: 'AzureADMyOrg',
    web: { redirectUris: ['https://id.example.com/cb'], logoutUrl: 'https://id.example.com/fclogout' },
    publicClient: { redirectUris: ['http://localhost'] },
    groupMembershipClaims: 'ApplicationGroup',
    optionalClaims: { idToken: [{ name: 'email' }, { name: 'xms_edov' }] },
    requiredResourceAccess: [
      {
        resourceAppId: '00000003-0000-0000-c000-000000000000',
        resourceAccess: [{ id: '37f7f235-527c-4136-accd-4a02d197296e', type: 'Scope' }],
      },
    ],
    notes: 'made by a test',
  };
  assert.equal((await at.graph('PATCH', `/applications/${id}`, change)).status, 204);
  assert.equal(
    (await at.graph('PATCH', `/applications/${id}`, { web: { redirectUris: ['https://a.example/'] } })).status,
    204,
  );
  const { body } = await at.graph('GET', `/applications(appId='${appId}')`);
  assert.deepEqual(body['web'], {
    redirectUris: ['https://a.example/'],
    homePageUrl: null,
    logoutUrl: 'https://id.example.com/fclogout',
    implicitGrantSettings: { enableIdTokenIssuance: false, enableAccessTokenIssuance: false },
  });
  assert.deepEqual(
    [body['id'], body['notes'], body['groupMembershipClaims']],
    [id, 'made by a test', 'ApplicationGroup'],
  );
  assert.equal((await at.graph('DELETE', `/applications/${id}`)).status, 204);
  assert.equal((await at.graph('GET', `/applications/${id}`)).code, 'Request_ResourceNotFound');
  const deleted = await at.graph('GET', '/directory/deletedItems/microsoft.graph.application');
  assert.deepEqual(
    deleted.value.map((item) => item['id']),
    [id],
  );
  assert.equal((await at.graph('POST', `/directory/deletedItems/${id}/restore`)).status, 200);
  assert.equal((await at.graph('GET', `/applications/${id}`)).body['deletedDateTime'], null);
});

test('what an application cannot be is Graph’s 400, and changes nothing', async (t) => {
  await using at = await start();
  const { body: app } = await at.graph('POST', '/applications', {
    displayName: 'App',
    appRoles: [
      {
        id: '11111111-2222-4333-8444-555555555555',
        value: 'Admin',
        displayName: 'Admin',
        allowedMemberTypes: ['User'],
        isEnabled: true,
      },
    ],
  });
  await at.graph('POST', '/applications', { displayName: 'Other', identifierUris: [`https://contoso.example/api`] });
  const many = Array.from({ length: 257 }, (_, n) => `https://a.example/${n}`);
  const role = { value: 'Same', displayName: 'x', allowedMemberTypes: ['User'] };
  const kept = {
    id: '11111111-2222-4333-8444-555555555555',
    value: 'Admin',
    displayName: 'Admin',
    allowedMemberTypes: ['User'],
  };
  const cases: readonly [name: string, change: object, code: string, message: RegExp][] = [
    ['§1.8 http elsewhere', { web: { redirectUris: ['http://a.example/cb'] } }, 'Request_BadRequest', /localhost/],
    [
      '§1.8 a character',
      { spa: { redirectUris: ["https://a.example/o'b"] } },
      'Request_BadRequest',
      /spa\.redirectUris/,
    ],
    ['§1.8 IPv6', { web: { redirectUris: ['http://[::1]/cb'] } }, 'Request_BadRequest', /IPv6/],
    ['§1.8 257 of them', { web: { redirectUris: many } }, 'Request_BadRequest', /257/],
    ['§1.9 logout by http', { web: { logoutUrl: 'http://a.example' } }, 'Request_BadRequest', /https/],
    [
      'an identifier URI of nobody',
      { identifierUris: ['https://else.example/x'] },
      'HostNameNotOnVerifiedDomain',
      /verified/,
    ],
    [
      'another’s identifier URI',
      { identifierUris: ['https://contoso.example/api'] },
      'Request_BadRequest',
      /already exists/,
    ],
    ['an enabled role removed', { appRoles: [] }, 'CannotDeleteOrUpdateEnabledEntitlement', /disabled first/],
    [
      'two roles of one value',
      {
        appRoles: [
          kept,
          { ...role, id: '21111111-2222-4333-8444-555555555555' },
          { ...role, id: '31111111-2222-4333-8444-555555555555' },
        ],
      },
      'Request_BadRequest',
      /duplicate/,
    ],
    ['an unknown property', { shoeSize: 4 }, 'RequestBodyRead', /Invalid property 'shoeSize'/],
    ['a wrong type', { displayName: 4 }, 'RequestBodyRead', /displayName/],
    ['an audience', { signInAudience: 'Everybody' }, 'RequestBodyRead', /signInAudience/],
    [
      'personal accounts with v1 tokens',
      { signInAudience: 'AzureADandPersonalMicrosoftAccount' },
      'Request_BadRequest',
      /requestedAccessTokenVersion/,
    ],
    [
      'a certificate that is none',
      { keyCredentials: [{ key: 'AAAA', type: 'AsymmetricX509Cert', usage: 'Verify' }] },
      'Request_BadRequest',
      /keyCredentials/,
    ],
  ];
  const before = (await at.graph('GET', `/applications/${app['id']}`)).text;
  for (const [name, change, code, message] of cases)
    await t.test(name, async () => {
      const refused = await at.graph('PATCH', `/applications/${app['id']}`, change);
      assert.deepEqual([refused.status, refused.code], [400, code]);
      assert.match(refused.text, message);
    });
  assert.equal((await at.graph('GET', `/applications/${app['id']}`)).text, before);
});

test('an app role that was disabled can be removed', async () => {
  await using at = await start();
  const id = '11111111-2222-4333-8444-555555555555';
  const role = { id, value: 'Admin', displayName: 'Admin', allowedMemberTypes: ['User'] };
  const { body } = await at.graph('POST', '/applications', { displayName: 'App', appRoles: [role] });
  const path = `/applications/${body['id']}`;
  assert.equal((await at.graph('PATCH', path, { appRoles: [{ ...role, isEnabled: false }] })).status, 204);
  assert.equal((await at.graph('PATCH', path, { appRoles: [] })).status, 204);
});

test('clients §3, §4: certificates by PATCH: a null key keeps the stored one; DER with line breaks, or PEM; shown to who selects', async () => {
  await using at = await start();
  const { certificate } = await makeTestCertificate();
  const der = certificate.replace(/-----[^-]+-----|\s/g, '');
  const withBreaks = der.replace(/.{64}/g, '$&\n');
  const { body } = await at.graph('POST', '/applications', { displayName: 'App', keyCredentials: [] });
  const path = `/applications/${body['id']}`;
  const keyId = 'aaaaaaaa-2222-4333-8444-555555555555';
  const first = {
    '@odata.type': '#microsoft.graph.keyCredential',
    keyId,
    key: withBreaks,
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
  };
  assert.equal((await at.graph('PATCH', path, { keyCredentials: [first] })).status, 204);
  const readBack = async (query = '') => {
    const { keyCredentials } = (await at.graph('GET', `${path}${query}`)).body;
    assert.ok(Array.isArray(keyCredentials));
    return keyCredentials;
  };
  const [shown] = await readBack();
  assert.deepEqual([shown.keyId, shown.key, shown.type], [keyId, null, 'AsymmetricX509Cert']);
  const pem = { key: Buffer.from(certificate).toString('base64'), type: 'AsymmetricX509Cert', usage: 'Verify' };
  assert.equal((await at.graph('PATCH', path, { keyCredentials: [shown, pem] })).status, 204);
  const keys = await readBack('?$select=keyCredentials');
  assert.deepEqual(
    keys.map(({ key }) => key),
    [der, der],
  );
  const refused = await at.graph('PATCH', path, { keyCredentials: [{ key: null, type: 'AsymmetricX509Cert' }] });
  assert.equal(refused.status, 400);
});

test('addKey rolls a certificate by a proof that the present one signed, and needs no permission', async () => {
  await using at = await start();
  const [old, next] = [await makeTestCertificate(), await makeTestCertificate()];
  const key = (pem: string) => ({
    key: Buffer.from(pem).toString('base64'),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
  });
  const { body: app } = await at.graph('POST', '/applications', {
    displayName: 'App',
    keyCredentials: [key(old.certificate)],
  });
  const anybody = await openGraph(at.entra, []);
  const now = Math.floor(Date.now() / 1000);
  const proof = (iss: unknown, seconds = 300) =>
    new SignJWT({ aud: '00000002-0000-0000-c000-000000000000', iss: String(iss), nbf: now, exp: now + seconds })
      .setProtectedHeader({ alg: 'RS256' })
      .sign(createPrivateKey(old.privateKey));
  const roll = async (how: string) =>
    anybody('POST', `/applications/${app['id']}/addKey`, {
      keyCredential: key(next.certificate),
      passwordCredential: null,
      proof: how,
    });
  for (const bad of ['x.y.z', await proof(app['appId']), await proof(app['id'], 3600)])
    assert.deepEqual([(await roll(bad)).status, (await roll(bad)).code], [401, 'Authentication_MissingOrMalformed']);
  const added = await roll(await proof(app['id']));
  assert.equal(added.status, 200, added.text);
  const [first] = (await at.graph('GET', `/applications/${app['id']}`)).body['keyCredentials'] as { keyId: string }[];
  const removal = { keyId: first?.keyId, proof: await proof(app['id']) };
  assert.equal((await anybody('POST', `/applications/${app['id']}/removeKey`, removal)).status, 204);
});

test('§1.12: federated credentials: by id or name, at most 20, names and issuer with subject are unique', async () => {
  await using at = await start();
  const { body: app } = await at.graph('POST', '/applications', { displayName: 'App' });
  const path = `/applications/${app['id']}/federatedIdentityCredentials`;
  const credential = (name: string) => ({
    name,
    issuer: 'https://token.example',
    subject: `s:${name}`,
    audiences: ['api://AzureADTokenExchange'],
  });
  for (let n = 1; n <= 20; n += 1) assert.equal((await at.graph('POST', path, credential(`cred-${n}`))).status, 201);
  assert.equal((await at.graph('POST', path, credential('cred-21'))).status, 400);
  const byName = await at.graph('GET', `${path}/cred-7`);
  assert.equal((await at.graph('GET', `${path}/${byName.body['id']}`)).body['subject'], 's:cred-7');
  assert.equal((await at.graph('DELETE', `${path}/cred-7`)).status, 204);
  assert.equal((await at.graph('GET', `${path}/cred-7`)).status, 404);
  const twice = await at.graph('POST', path, credential('cred-8'));
  assert.deepEqual([twice.status, twice.code], [409, 'Request_MultipleObjectsWithSameKeyValue']);
  assert.match(twice.text, /FederatedIdentityCredential with name cred-8 already exists/);
  assert.equal((await at.graph('PATCH', `${path}/cred-8`, { subject: 's:cred-9' })).status, 409);
  assert.equal((await at.graph('PATCH', `${path}/cred-8`, { subject: 'S:CRED-9' })).status, 204);
  assert.equal((await at.graph('POST', path, { ...credential('cred-7'), audiences: ['a', 'b'] })).status, 400);
});

test('owners: listed with their type, added once by $ref, removed', async () => {
  await using at = await start();
  const { body: app } = await at.graph('POST', '/applications', { displayName: 'App' });
  const user = at.entra.contoso.users[1];
  const path = `/applications/${app['id']}/owners`;
  const reference = { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${user?.id}` };
  assert.equal((await at.graph('POST', `${path}/$ref`, reference)).status, 204);
  const twice = await at.graph('POST', `${path}/$ref`, reference);
  assert.equal(twice.status, 400);
  assert.match(twice.text, /already exist for the following modified properties: 'owners'/);
  const { value } = await at.graph('GET', path);
  assert.deepEqual(
    value.map((owner) => owner['@odata.type']),
    ['#microsoft.graph.servicePrincipal', '#microsoft.graph.user'],
  );
  assert.equal((await at.graph('DELETE', `${path}/${user?.id}/$ref`)).status, 204);
  assert.equal((await at.graph('GET', path)).value.length, 1);
  assert.equal((await at.graph('POST', `${path}/$ref`, { '@odata.id': 'nonsense' })).status, 400);
});

test('§2.2: Application.ReadWrite.OwnedBy manages what the app made, and is refused the rest', async () => {
  await using at = await start();
  const foreign = await at.entra.register();
  const graph = await openGraph(at.entra, ['Application.ReadWrite.OwnedBy']);
  const { body: own } = await graph('POST', '/applications', { displayName: 'Own' });
  assert.equal((await graph('PATCH', `/applications/${own['id']}`, { displayName: 'Mine' })).status, 204);
  assert.equal((await graph('POST', `/applications/${own['id']}/addPassword`, {})).status, 200);
  assert.equal((await graph('POST', '/servicePrincipals', { appId: own['appId'] })).status, 201);
  for (const [method, path, body] of [
    ['GET', '/applications'],
    ['GET', `/applications/${foreign.id}`],
    ['PATCH', `/applications/${foreign.id}`, { displayName: 'x' }],
    ['POST', `/applications/${foreign.id}/addPassword`, {}],
    ['DELETE', `/applications/${foreign.id}`],
  ] as const)
    assert.deepEqual([(await graph(method, path, body)).status, path], [403, path]);
  const none = await openGraph(at.entra, []);
  assert.equal((await none('POST', '/applications', { displayName: 'x' })).status, 403);
  assert.equal((await none('GET', '/applications/11111111-2222-4333-8444-555555555555')).status, 403);
});

test('§2.5: an app management policy forbids secrets, or limits their life, for applications made since', async () => {
  await using at = await start();
  const { body: app } = await at.graph('POST', '/applications', { displayName: 'App' });
  const admin = await openGraph(at.entra, ['Policy.ReadWrite.ApplicationConfiguration']);
  const restrict = async (restriction: object) => {
    const applicationRestrictions = { passwordCredentials: [restriction], keyCredentials: [] };
    const body = { isEnabled: true, applicationRestrictions };
    assert.equal((await admin('PATCH', '/policies/defaultAppManagementPolicy', body)).status, 204);
  };
  const add = (endDateTime?: string) =>
    at.graph('POST', `/applications/${app['id']}/addPassword`, { passwordCredential: { endDateTime } });
  await restrict({ restrictionType: 'passwordLifetime', maxLifetime: 'P90D' });
  const long = await add();
  assert.deepEqual([long.status, long.code], [400, 'CredentialInvalidLifetimeAsPerAppPolicy']);
  assert.equal((await add(new Date(Date.now() + 80 * 86_400_000).toISOString())).status, 200);
  await restrict({ restrictionType: 'passwordAddition' });
  const any = await add(new Date(Date.now() + 86_400_000).toISOString());
  assert.deepEqual([any.status, any.code], [400, 'CredentialTypeNotAllowedAsPerAppPolicy']);
  await restrict({ restrictionType: 'passwordAddition', restrictForAppsCreatedAfterDateTime: '2100-01-01T00:00:00Z' });
  assert.equal((await add()).status, 200);
  assert.equal((await at.graph('PATCH', '/policies/defaultAppManagementPolicy', {})).status, 403);
  const path = `/tenants/${at.entra.contoso.id}/app-management-policy`;
  await at.entra.control('PATCH', path, {
    applicationRestrictions: { passwordCredentials: [{ restrictionType: 'passwordAddition' }] },
  });
  assert.equal((await add()).code, 'CredentialTypeNotAllowedAsPerAppPolicy');
  await at.entra.control('DELETE', path);
  assert.equal((await add()).status, 200);
});

test('§2.5 replication-delay: 404 and absent from lists for some seconds of the simulated clock; grant-delay: 403', async () => {
  await using at = await start();
  const { entra, graph } = at;
  await entra.control('POST', '/clock', { advanceMs: 60_000 });
  await entra.control('POST', '/faults', { name: 'replication-delay', seconds: 20 });
  const { body: app } = await graph('POST', '/applications', { displayName: 'App' });
  assert.equal((await graph('GET', `/applications/${app['id']}`)).code, 'Request_ResourceNotFound');
  assert.equal((await graph('GET', '/applications')).text.includes(String(app['id'])), false);
  await entra.control('POST', '/clock', { advanceMs: 20_000 });
  assert.equal((await graph('GET', `/applications/${app['id']}`)).status, 200);
  await entra.control('DELETE', '/faults');
  await entra.control('POST', '/faults', { name: 'grant-delay', seconds: 20 });
  const late = await openGraph(entra, ['Application.Read.All']);
  assert.equal((await late('GET', '/applications')).code, 'Authorization_RequestDenied');
  await entra.control('POST', '/clock', { advanceMs: 20_000 });
  assert.equal((await late('GET', '/applications')).status, 200);
});

test('an enterprise app has secrets of its own, by which it signs in too', async () => {
  await using at = await start();
  const app = await at.entra.register();
  const { body } = await at.graph('POST', `/servicePrincipals(appId='${app.appId}')/addPassword`, {});
  const sign = async () => {
    const scope = 'https://graph.microsoft.com/.default';
    const form = {
      grant_type: 'client_credentials',
      client_id: app.appId,
      client_secret: String(body['secretText']),
      scope,
    };
    return (await at.entra.token(at.entra.contoso.id, form)).status;
  };
  assert.equal(await sign(), 200);
  const removal = { keyId: body['keyId'] };
  await at.graph('POST', `/servicePrincipals(appId='${app.appId}')/removePassword`, removal);
  assert.equal(await sign(), 401);
});

test('what is changed by Graph stands in the directory’s audit log, with who did it', async () => {
  await using at = await start();
  const { body: app } = await at.graph('POST', '/applications', { displayName: 'App' });
  await at.graph('POST', `/applications/${app['id']}/addPassword`, {});
  await at.graph('PATCH', `/applications/${app['id']}`, { shoeSize: 4 });
  const reader = await openGraph(at.entra, ['AuditLog.Read.All']);
  const { value } = await reader('GET', '/auditLogs/directoryAudits');
  assert.deepEqual(
    value.map((audit) => audit['activityDisplayName']),
    ['Update application – Certificates and secrets management', 'Add application'],
  );
  assert.match(JSON.stringify(value[0]?.['initiatedBy']), /"app":\{[^}]*"displayName":"Graph app/);
  assert.equal((await at.graph('GET', '/auditLogs/directoryAudits')).status, 403);
});
