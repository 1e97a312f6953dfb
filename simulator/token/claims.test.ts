import assert from 'node:assert/strict';
import test from 'node:test';
import { openBrowser } from '../test-browser.ts';
import { authorizeUrl, callback, claimsOf, startTestEntra, type TestApp, type TestEntra } from '../test-tenant.ts';

async function idTokenOf(
  entra: TestEntra,
  app: TestApp,
  login: string,
  parameters: Record<string, string> = {},
  tenant = entra.contoso.id,
): Promise<Record<string, unknown>> {
  const location = await openBrowser().signIn(
    authorizeUrl(entra, tenant, app, { scope: 'openid profile email', ...parameters }),
    login,
  );
  const reply = await entra.token(tenant, {
    grant_type: 'authorization_code',
    client_id: app.appId,
    client_secret: app.secret,
    redirect_uri: callback,
    code: location.searchParams.get('code') ?? '',
    client_info: '1',
  });
  assert.equal(reply.status, 200, JSON.stringify(reply.body));
  return claimsOf(reply.body['id_token']);
}

test('id_token: oid and tid are the directory’s, sub is pairwise, nonce comes back', async () => {
  await using entra = await startTestEntra();
  const [one, two] = [await entra.register(), await entra.register({ displayName: 'Second' })];
  const [user] = entra.contoso.users;
  const first = await idTokenOf(entra, one, `${user?.userPrincipalName}`, { nonce: 'n-1' });
  const second = await idTokenOf(entra, two, `${user?.userPrincipalName}`);
  assert.equal(first['iss'], `${entra.url}/${entra.contoso.id}/v2.0`);
  assert.equal(first['aud'], one.appId);
  assert.equal(first['ver'], '2.0');
  assert.equal(first['tid'], entra.contoso.id);
  assert.equal(first['oid'], user?.id);
  assert.equal(first['name'], user?.displayName);
  assert.equal(first['preferred_username'], user?.userPrincipalName);
  assert.equal(first['email'], user?.mail);
  assert.equal(first['nonce'], 'n-1');
  assert.equal(second['oid'], first['oid']);
  assert.notEqual(second['sub'], first['sub']);
  assert.equal('nonce' in second, false);
  assert.equal('amr' in first, false);
});

test('auth_time: an optional claim, there by the registration, by max_age or by the claims parameter (OpenID Connect Core §5.5), else not', async () => {
  await using entra = await startTestEntra();
  const [plain, asking] = [await entra.register(), await entra.register({ optionalClaims: ['auth_time'] })];
  const login = `${entra.contoso.users[0]?.userPrincipalName}`;
  const now = Date.now() / 1000;
  assert.equal('auth_time' in (await idTokenOf(entra, plain, login)), false);
  for (const claims of [
    await idTokenOf(entra, asking, login),
    await idTokenOf(entra, plain, login, { max_age: '600' }),
    await idTokenOf(entra, plain, login, { claims: '{"id_token":{"auth_time":{"essential":true}}}' }),
    await idTokenOf(entra, plain, login, { claims: '{"id_token":{"auth_time":null}}' }),
  ])
    assert.ok(Math.abs(Number(claims['auth_time']) - now) < 30, JSON.stringify(claims));
});

test('id_token: without profile no oid and no names, without email no email', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const claims = await idTokenOf(entra, app, `${entra.contoso.users[0]?.userPrincipalName}`, { scope: 'openid' });
  for (const name of ['oid', 'name', 'preferred_username', 'email']) assert.equal(name in claims, false, name);
});

test('guest: idp names the home issuer, email comes by itself, acct is 1', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register({ optionalClaims: ['acct'] });
  const home = entra.fabrikam.users[0];
  const guest = entra.contoso.users.find((user) => user.userType === 'Guest');
  const claims = await idTokenOf(entra, app, `${home?.userPrincipalName}`, { scope: 'openid profile' });
  assert.equal(claims['tid'], entra.contoso.id);
  assert.equal(claims['oid'], guest?.id);
  assert.equal(claims['idp'], `https://sts.windows.net/${entra.fabrikam.id}/`);
  assert.equal(claims['email'], home?.mail);
  assert.equal(claims['acct'], 1);
  assert.match(String(claims['preferred_username']), /#EXT#@contoso\.onmicrosoft\.com$/);
});

test('a foreign mail address: xms_edov false in a single-tenant app, no email in a new multi-tenant one', async () => {
  await using entra = await startTestEntra();
  const victim = entra.contoso.users[0]?.mail;
  const attacker = entra.fabrikam.users[1];
  await entra.control('PATCH', `/tenants/${entra.fabrikam.id}/users/${attacker?.id}`, { mail: victim });
  const multi = await entra.register({ signInAudience: 'AzureADMultipleOrgs', optionalClaims: ['email', 'xms_edov'] });
  const hidden = await idTokenOf(entra, multi, `${attacker?.userPrincipalName}`, {}, 'common');
  assert.equal(hidden['tid'], entra.fabrikam.id);
  assert.equal('email' in hidden, false);
  assert.equal('xms_edov' in hidden, false);
  const older = await entra.register({
    signInAudience: 'AzureADMultipleOrgs',
    optionalClaims: ['email', 'xms_edov'],
    removeUnverifiedEmailClaim: false,
  });
  const shown = await idTokenOf(entra, older, `${attacker?.userPrincipalName}`, {}, 'common');
  assert.equal(shown['email'], victim);
  assert.equal(shown['xms_edov'], false);
});

test('groups: by setting, and beyond 200 an overage that names the retired graph', async () => {
  await using entra = await startTestEntra();
  const [user] = entra.contoso.users;
  const login = `${user?.userPrincipalName}`;
  const none = await entra.register();
  assert.equal('groups' in (await idTokenOf(entra, none, login)), false);

  const all = await entra.register({ groupMembershipClaims: 'SecurityGroup' });
  const direct = entra.contoso.groups.filter((group) => group.memberIds.has(`${user?.id}`)).map(({ id }) => id);
  const claims = await idTokenOf(entra, all, login);
  assert.ok(Array.isArray(claims['groups']));
  assert.deepEqual(
    direct.filter((id) => !(claims['groups'] as unknown[]).includes(id)),
    [],
  );

  const assigned = await entra.register({
    groupMembershipClaims: 'ApplicationGroup',
    optionalClaims: [{ name: 'groups', additionalProperties: ['cloud_displayname'] }],
  });
  await entra.control('POST', `/tenants/${entra.contoso.id}/applications/${assigned.appId}/assignments`, {
    groups: ['All Staff'],
  });
  assert.deepEqual((await idTokenOf(entra, assigned, login))['groups'], ['All Staff']);

  for (let count = 0; count < 201; count += 1) {
    await entra.control('POST', `/tenants/${entra.contoso.id}/groups`, {
      displayName: `Many ${count}`,
      members: [login],
    });
  }
  const over = await idTokenOf(entra, all, login);
  assert.equal('groups' in over, false);
  assert.deepEqual(over['_claim_names'], { groups: 'src1' });
  assert.deepEqual(over['_claim_sources'], {
    src1: { endpoint: `https://graph.windows.net/users/${user?.id}/getMemberObjects` },
  });
});

test('roles: app roles of the user and of his direct groups', async () => {
  await using entra = await startTestEntra();
  const [reader, writer] = ['0b8f0bd6-3d3c-4c0c-9a6f-0d8c5a3c1a01', '0b8f0bd6-3d3c-4c0c-9a6f-0d8c5a3c1a02'];
  const app = await entra.register({
    appRoles: [
      { id: reader, value: 'Reader', displayName: 'Reader' },
      { id: writer, value: 'Writer', displayName: 'Writer' },
    ],
  });
  const login = `${entra.contoso.users[0]?.userPrincipalName}`;
  const path = `/tenants/${entra.contoso.id}/applications/${app.appId}/assignments`;
  await entra.control('POST', path, { users: [login], appRoleId: reader });
  await entra.control('POST', path, { groups: ['All Staff'], appRoleId: writer });
  assert.deepEqual((await idTokenOf(entra, app, login))['roles'], ['Reader', 'Writer']);
});

test('xms_edov comes as true, "1" or 1, and as false, "0" or 0 (entra.md §1.5)', async (t) => {
  await using entra = await startTestEntra();
  const app = await entra.register({ optionalClaims: ['email', 'xms_edov'] });
  const [owned, foreign] = entra.contoso.users;
  await entra.control('PATCH', `/tenants/${entra.contoso.id}/users/${foreign?.id}`, {
    mail: 'victim@elsewhere.example',
  });
  const cases: readonly [form: string, yes: unknown, no: unknown][] = [
    ['boolean', true, false],
    ['text', '1', '0'],
    ['number', 1, 0],
  ];
  for (const [edov, yes, no] of cases) {
    await t.test(edov, async () => {
      await entra.control('PATCH', `/tenants/${entra.contoso.id}`, { signIn: { edov } });
      assert.strictEqual((await idTokenOf(entra, app, `${owned?.userPrincipalName}`))['xms_edov'], yes);
      assert.strictEqual((await idTokenOf(entra, app, `${foreign?.userPrincipalName}`))['xms_edov'], no);
    });
  }
});

test('DirectoryRole and All bring wids; a member without a role has that of all members (entra.md §1.5)', async () => {
  await using entra = await startTestEntra();
  const [admin, member] = entra.contoso.users.map(({ userPrincipalName }) => userPrincipalName);
  const roles = await entra.register({ groupMembershipClaims: 'DirectoryRole' });
  const first = await idTokenOf(entra, roles, `${admin}`);
  assert.deepEqual(first['wids'], ['62e90394-69f5-4237-9190-012177145e10', 'b79fbf4d-3ef9-4689-8143-76b194e85509']);
  assert.equal('groups' in first, false);
  const all = await entra.register({ groupMembershipClaims: 'All' });
  const second = await idTokenOf(entra, all, `${member}`);
  assert.deepEqual(second['wids'], ['b79fbf4d-3ef9-4689-8143-76b194e85509']);
  assert.ok(Array.isArray(second['groups']));
  const groups = await entra.register({ groupMembershipClaims: 'SecurityGroup' });
  assert.equal('wids' in (await idTokenOf(entra, groups, `${admin}`)), false);
});

test('optional claims: second addresses, region, country, language; none of them for who has no mailbox; the API asks for its own', async () => {
  await using entra = await startTestEntra();
  const names = ['verified_primary_email', 'verified_secondary_email', 'tenant_region_scope', 'ctry', 'xms_pl'];
  const app = await entra.register({ optionalClaims: names });
  const [user] = entra.contoso.users;
  const login = `${user?.userPrincipalName}`;
  const nickname = login.split('@', 1)[0];
  const claims = await idTokenOf(entra, app, login);
  assert.deepEqual(
    names.map((name) => claims[name]),
    [[login], [`${nickname}@contoso.onmicrosoft.com`], 'EU', user?.country, user?.preferredLanguage],
  );
  await entra.control('PATCH', `/tenants/${entra.contoso.id}/users/${user?.id}`, { hasMailbox: false });
  await entra.control('PATCH', `/tenants/${entra.contoso.id}`, { regionScope: 'NA' });
  const cloudOnly = await idTokenOf(entra, app, login);
  assert.deepEqual(
    names.slice(0, 3).map((name) => cloudOnly[name]),
    [[], [], 'NA'],
  );

  const api = await entra.register({
    identifierUris: ['https://api.example'],
    requestedAccessTokenVersion: 2,
    accessTokenClaims: ['email', 'acct', 'login_hint'],
  });
  const url = authorizeUrl(entra, entra.contoso.id, app, { scope: 'https://api.example/.default' });
  const code = (await openBrowser().signIn(url, login)).searchParams.get('code') ?? '';
  const { body } = await entra.token(entra.contoso.id, {
    grant_type: 'authorization_code',
    client_id: app.appId,
    client_secret: app.secret,
    redirect_uri: callback,
    code,
  });
  const access = claimsOf(body['access_token']);
  assert.deepEqual([access['aud'], access['email'], access['acct']], [api.appId, user?.mail, 0]);
  assert.match(String(access['login_hint']), /^O\./);
});
