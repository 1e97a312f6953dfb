import assert from 'node:assert/strict';
import test from 'node:test';
import { openBrowser } from '../test-browser.ts';
import { graphAs, openGraph } from '../test-graph.ts';
import { authorizeUrl, callback, startTestEntra } from '../test-tenant.ts';

test('Graph: 401 InvalidAuthenticationToken for what is no token of this tenant for Graph', async (t) => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  const app = await entra.register({ permissions: ['IMAP.AccessAsApp'] });
  const exchange = await entra.token(entra.contoso.id, {
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: app.secret,
    scope: 'https://outlook.office365.com/.default',
  });
  const cases: readonly [name: string, token: string][] = [
    ['no token', ''],
    ['not a JWT', 'abc'],
    ['a token for Exchange', String(exchange.body['access_token'])],
    [
      'a forged one',
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.`,
    ],
  ];
  for (const [name, token] of cases) {
    await t.test(name, async () => {
      const reply = await graphAs(entra, token)('GET', '/users');
      assert.equal(reply.status, 401);
      assert.equal(reply.code, 'InvalidAuthenticationToken');
      assert.ok(reply.headers.get('request-id'));
    });
  }
  await t.test('an expired one', async () => {
    const graph = await openGraph(entra, ['User.Read.All']);
    assert.equal((await graph('GET', '/users')).status, 200);
    await entra.control('POST', '/clock', { advanceMs: 2 * 3_600_000 });
    assert.equal((await graph('GET', '/users')).status, 401);
  });
});

test('Graph: permissions are those of the token', async (t) => {
  await using entra = await startTestEntra({ users: 2, groups: 1 });
  const none = await openGraph(entra, []);
  const all = await openGraph(entra, [
    'User.Read.All',
    'GroupMember.Read.All',
    'Organization.Read.All',
    'Application.Read.All',
  ]);
  const group = `/groups/${entra.contoso.groups[0]?.id}`;
  for (const path of [
    '/users',
    `/users/${entra.contoso.users[0]?.id}`,
    '/groups',
    `${group}/members`,
    '/organization',
    '/applications',
  ]) {
    await t.test(path, async () => {
      const refused = await none('GET', path);
      assert.equal(refused.status, 403);
      assert.equal(refused.code, 'Authorization_RequestDenied');
      assert.equal((await all('GET', path)).status, 200);
    });
  }
});

test('Graph users: default properties, $select, $filter, pages by nextLink, keys in every form', async () => {
  await using entra = await startTestEntra({ users: 25, groups: 0 });
  const graph = await openGraph(entra, ['User.Read.All']);
  const first = await graph('GET', '/users?$top=10');
  assert.deepEqual(Object.keys(first.value[0] ?? {}).sort(), [
    'businessPhones',
    'displayName',
    'givenName',
    'id',
    'jobTitle',
    'mail',
    'mobilePhone',
    'officeLocation',
    'preferredLanguage',
    'surname',
    'userPrincipalName',
  ]);
  const ids = new Set(first.value.map((user) => user['id']));
  for (let link = first.body['@odata.nextLink']; link !== undefined; ) {
    const page = await graph('GET', String(link));
    for (const user of page.value) ids.add(user['id']);
    link = page.body['@odata.nextLink'];
  }
  assert.equal(ids.size, 27);

  const quoted = entra.contoso.users.find((user) => user.userPrincipalName.includes("'"));
  const name = `${quoted?.userPrincipalName}`;
  const filtered = await graph(
    'GET',
    `/users?%24filter=${encodeURIComponent(`userPrincipalName eq '${name.replace("'", "''")}'`)}&$select=id,department`,
  );
  assert.deepEqual(filtered.value, [{ id: quoted?.id, department: quoted?.department }]);
  for (const path of [
    `/users/${name}`,
    `/users/${encodeURIComponent(name)}`,
    `/Users('${name.replace("'", "''")}')`,
    `/myorganization/users/${quoted?.id}`,
  ]) {
    assert.equal((await graph('GET', path)).body['id'], quoted?.id, path);
  }
  const guest = entra.contoso.users.find((user) => user.userType === 'Guest');
  assert.equal(
    (await graph('GET', `/users/${encodeURIComponent(`${guest?.userPrincipalName}`)}`)).body['id'],
    guest?.id,
  );
});

test('Graph: refusals of queries and unknown things', async (t) => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  const graph = await openGraph(entra, ['User.Read.All']);
  const cases: readonly [method: string, path: string, status: number, code: string][] = [
    ['GET', '/users/11111111-2222-4333-8444-555555555555', 404, 'Request_ResourceNotFound'],
    ['GET', '/users?$filter=shoeSize eq 4', 400, 'BadRequest'],
    ['GET', '/users?$select=shoeSize', 400, 'BadRequest'],
    ['GET', '/users?$top=0', 400, 'Request_BadRequest'],
    ['GET', '/users?$skiptoken=x', 400, 'Directory_ExpiredPageToken'],
    ['GET', '/nothing', 400, 'BadRequest'],
    ['GET', '/me', 400, 'BadRequest'],
    ['PUT', '/users', 405, 'Request_BadRequest'],
  ];
  for (const [method, path, status, code] of cases) {
    await t.test(`${method} ${path}`, async () => {
      const reply = await graph(method, path);
      assert.equal(reply.code, code);
      assert.equal(reply.status, status);
    });
  }
});

test('Graph groups: members with their type; getMemberObjects is transitive', async () => {
  await using entra = await startTestEntra({ users: 30, groups: 10 });
  const graph = await openGraph(entra, ['User.Read.All', 'GroupMember.Read.All']);
  const outer = entra.contoso.groups.find((group) => group.displayName === 'Research & Development');
  const members = await graph('GET', `/groups/${outer?.id}/members`);
  assert.deepEqual(
    new Set(members.value.map((member) => member['@odata.type'])),
    new Set(['#microsoft.graph.user', '#microsoft.graph.group']),
  );
  const engineer = entra.contoso.users.find((user) => user.department === 'Engineering');
  const objects = await graph('POST', `/users/${engineer?.id}/getMemberObjects`, { securityEnabledOnly: true });
  const ids = objects.body['value'];
  assert.ok(Array.isArray(ids));
  assert.ok(ids.includes(outer?.id));
});

test('Graph /me with a delegated token', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  const app = await entra.register();
  const [user] = entra.contoso.users;
  const location = await openBrowser().signIn(
    authorizeUrl(entra, entra.contoso.id, app, { scope: 'openid User.Read' }),
    `${user?.userPrincipalName}`,
  );
  const { body } = await entra.token(entra.contoso.id, {
    grant_type: 'authorization_code',
    client_id: app.appId,
    client_secret: app.secret,
    redirect_uri: callback,
    code: `${location.searchParams.get('code')}`,
  });
  assert.equal(body['scope'], 'openid User.Read');
  const graph = graphAs(entra, String(body['access_token']));
  assert.equal((await graph('GET', '/me')).body['id'], user?.id);
  assert.equal((await graph('GET', '/users')).status, 403);
});

test('Graph applications: read expiry, addPassword shows the secret once and it works, removePassword ends it', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  const graph = await openGraph(entra, ['Application.ReadWrite.All']);
  const app = await entra.register();
  const endDateTime = '2027-05-19T00:00:00.000Z';
  const added = await graph('POST', `/applications/${app.id}/addPassword`, {
    passwordCredential: { displayName: 'next', endDateTime },
  });
  assert.equal(added.status, 200);
  const secret = String(added.body['secretText']);
  assert.equal(added.body['hint'], secret.slice(0, 3));
  assert.ok(secret.length >= 16 && secret.length <= 64);
  const read = await graph('GET', `/applications(appId='${app.appId}')?$select=passwordCredentials,keyCredentials`);
  assert.equal(read.text.includes(secret), false);
  assert.match(read.text, /"endDateTime":"2027-05-19T00:00:00.000Z"/);
  const credentials = {
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: secret,
    scope: 'https://graph.microsoft.com/.default',
  };
  assert.equal((await entra.token(entra.contoso.id, credentials)).status, 200);
  assert.equal(
    (await graph('POST', `/applications/${app.id}/removePassword`, { keyId: added.body['keyId'] })).status,
    204,
  );
  assert.deepEqual((await entra.token(entra.contoso.id, credentials)).body['error_codes'], [7000215]);
});
