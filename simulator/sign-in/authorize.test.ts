import assert from 'node:assert/strict';
import test from 'node:test';
import { hiddenFields, openBrowser } from '../test-browser.ts';
import { authorizeUrl, callback, startTestEntra } from '../test-tenant.ts';

const anna = 'contoso.example';

test('authorize: refusals that stay on the page of Entra', async (t) => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const { id } = entra.contoso;
  const cases: readonly [name: string, tenant: string, parameters: Record<string, string | undefined>, code: number][] =
    [
      ['client id missing', id, { client_id: undefined }, 900144],
      ['client id unknown', id, { client_id: '11111111-2222-4333-8444-555555555555' }, 700016],
      ['single-tenant app in another tenant', entra.fabrikam.id, {}, 700016],
      ['tenant unknown', 'nobody.example', {}, 90002],
      ['redirect URI not registered', id, { redirect_uri: 'http://localhost:8080/other' }, 50011],
      ['redirect URI in other case', id, { redirect_uri: 'http://localhost:8080/Callback' }, 50011],
      ['redirect URI with a query', id, { redirect_uri: `${callback}?a=1` }, 50011],
      ['redirect URI with a slash more', id, { redirect_uri: `${callback}/` }, 50011],
      ['single-tenant app at /common', 'common', {}, 50194],
      ['unknown API', id, { scope: 'openid api://nobody/.default' }, 500011],
    ];
  for (const [name, tenant, parameters, code] of cases) {
    await t.test(`${name}: AADSTS${code}`, async () => {
      const response = await openBrowser().get(authorizeUrl(entra, tenant, app, parameters));
      assert.equal(response.status, 400);
      assert.match(await response.text(), new RegExp(`AADSTS${code}</strong>`));
    });
  }
});

test('authorize: refusals that go back to the app', async (t) => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const cases: readonly [parameters: Record<string, string | undefined>, error: string, code: number][] = [
    [{ response_type: 'token' }, 'unsupported_response_type', 700051],
    [{ response_type: 'id_token' }, 'unsupported_response_type', 700054],
    [{ response_type: 'none' }, 'unsupported_response_type', 70005],
    [{ response_mode: 'cookie' }, 'invalid_request', 70007],
    [{ prompt: 'sometimes' }, 'invalid_request', 90023],
    [{ prompt: 'none' }, 'login_required', 50058],
    [{ scope: undefined }, 'invalid_request', 900144],
    [{ scope: 'openid groups' }, 'invalid_client', 650053],
    [{ login_hint: 'a', sid: 'b' }, 'invalid_request', 90005],
    [{ code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request', 501491],
  ];
  for (const [parameters, error, code] of cases) {
    await t.test(`${JSON.stringify(parameters)}: AADSTS${code}`, async () => {
      const response = await openBrowser().get(authorizeUrl(entra, entra.contoso.id, app, parameters));
      const location = new URL(response.headers.get('location') ?? '');
      assert.equal(`${location.origin}${location.pathname}`, callback);
      const answer = location.hash === '' ? location.searchParams : new URLSearchParams(location.hash.slice(1));
      assert.equal(answer.get('error'), error);
      assert.match(
        answer.get('error_description') ?? '',
        new RegExp(`^AADSTS${code}: .* Trace ID: \\S+ Correlation ID: \\S+ Timestamp: `),
      );
      assert.equal(answer.get('state'), 's1');
    });
  }
});

test('redirect URI: the port of localhost is ignored, and a missing path is a slash', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register({ redirectUris: { web: ['http://localhost/cb', 'https://product.example'] } });
  const user = `${entra.contoso.users[0]?.userPrincipalName}`;
  const local = await openBrowser().signIn(
    authorizeUrl(entra, entra.contoso.id, app, { redirect_uri: 'http://localhost:5123/cb' }),
    user,
  );
  assert.equal(local.port, '5123');
  const bare = await openBrowser().signIn(
    authorizeUrl(entra, entra.contoso.id, app, { redirect_uri: 'https://product.example' }),
    user,
  );
  assert.equal(`${bare.origin}${bare.pathname}`, 'https://product.example/');
});

test('redirect URI missing: one of the registered ones is taken', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const user = `${entra.contoso.users[0]?.userPrincipalName}`;
  const location = await openBrowser().signIn(
    authorizeUrl(entra, entra.contoso.id, app, { redirect_uri: undefined }),
    user,
  );
  assert.equal(`${location.origin}${location.pathname}`, callback);
});

test('picker: refusals of the chosen account', async (t) => {
  await using entra = await startTestEntra();
  const app = await entra.register({ assignmentRequired: true });
  const disabled = entra.contoso.users.find((user) => !user.accountEnabled);
  const cases: readonly [name: string, login: string, code: number][] = [
    ['disabled user', `${disabled?.userPrincipalName}`, 50057],
    ['user of another tenant', `${entra.fabrikam.users[1]?.userPrincipalName}`, 50020],
    ['unknown user', `nobody@${anna}`, 50034],
    ['user who is not assigned', `${entra.contoso.users[0]?.userPrincipalName}`, 50105],
  ];
  for (const [name, login, code] of cases) {
    await t.test(`${name}: AADSTS${code}`, async () => {
      const browser = openBrowser();
      const form = hiddenFields(await (await browser.get(authorizeUrl(entra, entra.contoso.id, app))).text());
      form.set('login', login);
      const response = await browser.post(`${entra.url}/${entra.contoso.id}/oauth2/v2.0/authorize`, form);
      assert.equal(response.status, 400);
      assert.match(await response.text(), new RegExp(`AADSTS${code}</strong>`));
    });
  }
});

test('assignment: directly or by a direct group, not by a nested one', async (t) => {
  await using entra = await startTestEntra();
  const app = await entra.register({ assignmentRequired: true });
  const outer = entra.contoso.groups.find((group) => group.displayName === 'Research & Development');
  const direct = entra.contoso.users[0];
  const nested = entra.contoso.users.find((user) => user.department === 'Engineering' && user !== direct);
  await entra.control('POST', `/tenants/${entra.contoso.id}/applications/${app.appId}/assignments`, {
    groups: [outer?.id],
  });
  for (const [user, status] of [
    [direct, 302],
    [nested, 400],
  ] as const) {
    await t.test(`${user?.displayName}: ${status}`, async () => {
      const browser = openBrowser();
      const form = hiddenFields(await (await browser.get(authorizeUrl(entra, entra.contoso.id, app))).text());
      form.set('login', `${user?.userPrincipalName}`);
      const response = await browser.post(`${entra.url}/${entra.contoso.id}/oauth2/v2.0/authorize`, form);
      assert.equal(response.status, status);
    });
  }
});

test('Cancel goes back with access_denied and AADSTS65004', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const browser = openBrowser();
  const form = hiddenFields(await (await browser.get(authorizeUrl(entra, entra.contoso.id, app))).text());
  form.set('cancel', '1');
  const response = await browser.post(`${entra.url}/${entra.contoso.id}/oauth2/v2.0/authorize`, form);
  const location = new URL(response.headers.get('location') ?? '');
  assert.equal(location.searchParams.get('error'), 'access_denied');
  assert.match(location.searchParams.get('error_description') ?? '', /^AADSTS65004/);
});

test('picker: login_hint preselects, parameters survive as hidden fields, policy allows no outside script', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const user = `${entra.contoso.users[2]?.userPrincipalName}`;
  const response = await openBrowser().get(
    authorizeUrl(entra, entra.contoso.id, app, { login_hint: user, state: '<"&\'>' }),
  );
  const page = await response.text();
  assert.match(page, new RegExp(`value="${user.replace("'", '&#39;')}" required`));
  assert.equal(hiddenFields(page).get('state'), '<"&\'>');
  assert.match(response.headers.get('content-security-policy') ?? '', /^default-src 'none'; style-src 'nonce-/);
});

test('session: one account signs in silently; prompt=login and select_account ask again; sid and hint choose', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const [first, second] = entra.contoso.users.map((user) => user.userPrincipalName);
  const browser = openBrowser();
  const open = (parameters: Record<string, string> = {}): Promise<Response> =>
    browser.get(authorizeUrl(entra, entra.contoso.id, app, parameters));
  await browser.signIn(authorizeUrl(entra, entra.contoso.id, app), `${first}`);
  assert.equal((await open()).status, 302);
  assert.ok(new URL((await open({ prompt: 'none' })).headers.get('location') ?? '').searchParams.has('code'));
  assert.equal((await open({ prompt: 'login' })).status, 200);
  assert.equal((await open({ prompt: 'select_account' })).status, 200);
  assert.equal((await open({ login_hint: `${second}` })).status, 200);

  await browser.signIn(authorizeUrl(entra, entra.contoso.id, app, { login_hint: `${second}` }), `${second}`);
  const both = new URL((await open({ prompt: 'none' })).headers.get('location') ?? '');
  assert.match(both.searchParams.get('error_description') ?? '', /^AADSTS16000/);
  assert.ok(
    new URL((await open({ prompt: 'none', login_hint: `${first}` })).headers.get('location') ?? '').searchParams.has(
      'code',
    ),
  );
});

test('session: a user disabled meanwhile is refused, also silently', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const [user] = entra.contoso.users;
  const browser = openBrowser();
  await browser.signIn(authorizeUrl(entra, entra.contoso.id, app), `${user?.userPrincipalName}`);
  await entra.control('PATCH', `/tenants/${entra.contoso.id}/users/${user?.id}`, { accountEnabled: false });
  const response = await browser.get(authorizeUrl(entra, entra.contoso.id, app));
  assert.match(await response.text(), /AADSTS50057/);
});

test('response_mode: fragment and form_post', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const browser = openBrowser();
  const user = `${entra.contoso.users[0]?.userPrincipalName}`;
  const fragment = await browser.signIn(
    authorizeUrl(entra, entra.contoso.id, app, { response_mode: 'fragment' }),
    user,
  );
  assert.ok(new URLSearchParams(fragment.hash.slice(1)).has('code'));
  assert.equal(fragment.search, '');
  const posted = await (
    await browser.get(authorizeUrl(entra, entra.contoso.id, app, { response_mode: 'form_post' }))
  ).text();
  assert.match(posted, new RegExp(`action="${callback}"`));
  assert.ok(hiddenFields(posted).has('code'));
});
