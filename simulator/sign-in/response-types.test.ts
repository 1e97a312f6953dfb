import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { hiddenFields, openBrowser } from '../test-browser.ts';
import {
  authorizeUrl,
  callback,
  claimsOf,
  readObject,
  startTestEntra,
  type TestApp,
  type TestEntra,
} from '../test-tenant.ts';

let entra: TestEntra;
let app: TestApp;
let login: string;
before(async () => {
  entra = await startTestEntra();
  app = await entra.register({ implicitGrant: { idToken: true, accessToken: true } });
  login = String(entra.contoso.users[1]?.userPrincipalName);
});
after(() => entra.close());

const url = (parameters: Record<string, string | undefined>): string =>
  authorizeUrl(entra, entra.contoso.id, app, { nonce: 'n-1', ...parameters });

/** Signs in and gives what came in the fragment. */
async function fragment(parameters: Record<string, string>): Promise<URLSearchParams> {
  const location = await openBrowser().signIn(url(parameters), login);
  assert.equal(location.search, '', 'nothing in the query');
  return new URLSearchParams(location.hash.slice(1));
}

const half = (text: string): string => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');

test('each response type brings what it names, in the fragment; hashes bind what comes together (OpenID Connect Core §3.2, §3.3)', async (t) => {
  const types: readonly [type: string, names: readonly string[]][] = [
    ['id_token', ['id_token']],
    ['code id_token', ['code', 'id_token']],
    ['id_token token', ['access_token', 'expires_in', 'id_token', 'scope', 'token_type']],
    ['code id_token token', ['access_token', 'code', 'expires_in', 'id_token', 'scope', 'token_type']],
    ['token', ['access_token', 'expires_in', 'scope', 'token_type']],
  ];
  const keys = createLocalJWKSet(
    JSON.parse(await (await fetch(`${entra.url}/${entra.contoso.id}/discovery/v2.0/keys`)).text()),
  );
  for (const [type, names] of types) {
    await t.test(type, async () => {
      const answer = await fragment({ response_type: type, scope: 'openid profile User.Read' });
      assert.deepEqual([...answer.keys()].sort(), [...names, 'session_state', 'state'].sort());
      assert.equal(answer.get('state'), 's1');
      if (answer.has('access_token')) {
        assert.equal(answer.get('token_type'), 'Bearer');
        assert.equal(answer.get('scope'), 'openid profile User.Read');
        assert.equal(claimsOf(answer.get('access_token'))['scp'], 'openid profile User.Read');
        assert.equal(claimsOf(answer.get('access_token'))['appidacr'], '0');
      }
      if (!names.includes('id_token')) return;
      const { payload } = await jwtVerify(String(answer.get('id_token')), keys, { audience: app.appId });
      assert.equal(payload['nonce'], 'n-1');
      assert.equal(payload.iss, `${entra.url}/${entra.contoso.id}/v2.0`);
      const [code, token] = [answer.get('code'), answer.get('access_token')];
      assert.equal(payload['c_hash'], code === null ? undefined : half(code));
      assert.equal(payload['at_hash'], token === null ? undefined : half(token));
    });
  }
});

test('code id_token by form_post: the page posts both, and the code can be redeemed', async () => {
  const browser = openBrowser();
  await browser.signIn(url({}), login);
  const page = await (await browser.get(url({ response_type: 'code id_token', response_mode: 'form_post' }))).text();
  const form = hiddenFields(page);
  assert.match(page, new RegExp(`action="${callback}"`));
  const { status, body } = await entra.token(entra.contoso.id, {
    grant_type: 'authorization_code',
    client_id: app.appId,
    client_secret: app.secret,
    redirect_uri: callback,
    code: form.get('code') ?? '',
  });
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(claimsOf(form.get('id_token'))['sub'], claimsOf(body['id_token'])['sub']);
});

test('refusals: not enabled 700051 and 700054, nonce missing 90014, query and no openid scope (entra.md §1.7)', async (t) => {
  const plain = await entra.register();
  const cases: readonly [
    asked: TestApp,
    parameters: Record<string, string | undefined>,
    error: string,
    code: string,
  ][] = [
    [plain, { response_type: 'id_token' }, 'unsupported_response_type', '700054'],
    [plain, { response_type: 'code id_token' }, 'unsupported_response_type', '700054'],
    [plain, { response_type: 'id_token token' }, 'unsupported_response_type', '700051'],
    [app, { response_type: 'id_token', nonce: undefined }, 'invalid_request', '90014'],
    [app, { response_type: 'id_token', response_mode: 'query' }, 'invalid_request', '70007'],
    [app, { response_type: 'code token', response_mode: 'query' }, 'invalid_request', '70007'],
    [app, { response_type: 'id_token', scope: 'User.Read' }, 'unsupported_response_type', '70005'],
    [app, { response_type: 'id_token code none' }, 'unsupported_response_type', '70005'],
    [app, { response_type: '' }, 'invalid_request', '900144'],
  ];
  for (const [asked, parameters, error, code] of cases) {
    await t.test(`${JSON.stringify(parameters)}: AADSTS${code}`, async () => {
      const response = await openBrowser().get(
        authorizeUrl(entra, entra.contoso.id, asked, { nonce: 'n', ...parameters }),
      );
      const location = new URL(response.headers.get('location') ?? '');
      const answer = location.hash === '' ? location.searchParams : new URLSearchParams(location.hash.slice(1));
      assert.equal(answer.get('error'), error);
      assert.match(answer.get('error_description') ?? '', new RegExp(`^AADSTS${code}:`));
    });
  }
});

test('implicit: six groups or more only leave hasgroups (entra.md §1.5)', async () => {
  const many = await entra.register({
    displayName: 'Groups',
    implicitGrant: { idToken: true },
    groupMembershipClaims: 'SecurityGroup',
  });
  const user = entra.contoso.users[1];
  const of = (): number => entra.contoso.groups.filter(({ memberIds }) => memberIds.has(String(user?.id))).length;
  const idToken = async (): Promise<Record<string, unknown>> => {
    const address = authorizeUrl(entra, entra.contoso.id, many, { nonce: 'n', response_type: 'id_token' });
    const location = await openBrowser().signIn(address, login);
    return claimsOf(new URLSearchParams(location.hash.slice(1)).get('id_token'));
  };
  assert.ok(of() < 6);
  assert.ok(Array.isArray((await idToken())['groups']));
  while (of() < 6)
    await entra.control('POST', `/tenants/${entra.contoso.id}/groups`, {
      displayName: `More ${of()}`,
      members: [login],
    });
  const claims = await idToken();
  assert.deepEqual([claims['groups'], claims['hasgroups'], claims['_claim_names']], [undefined, true, undefined]);
});

test('v1 authorize: resource instead of scope; its id_token is of v1, its code is redeemed at v1 (entra.md §1.4)', async () => {
  const parameters = {
    client_id: app.appId,
    redirect_uri: callback,
    response_type: 'code id_token',
    resource: 'https://graph.microsoft.com',
    nonce: 'n-2',
  };
  const endpoint = `${entra.url}/${entra.contoso.id}/oauth2`;
  const location = await openBrowser().signIn(`${endpoint}/authorize?${new URLSearchParams(parameters)}`, login);
  const answer = new URLSearchParams(location.hash.slice(1));
  const claims = claimsOf(answer.get('id_token'));
  assert.equal(claims['iss'], `https://sts.windows.net/${entra.contoso.id}/`);
  assert.deepEqual([claims['ver'], claims['upn'], claims['amr'], claims['nonce']], ['1.0', login, ['pwd'], 'n-2']);
  const response = await fetch(`${endpoint}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: app.appId,
      client_secret: app.secret,
      redirect_uri: callback,
      code: answer.get('code') ?? '',
      resource: 'https://graph.microsoft.com',
    }),
  });
  const body = readObject(await response.text());
  assert.equal(response.status, 200, JSON.stringify(body));
  assert.equal(claimsOf(body['access_token'])['aud'], 'https://graph.microsoft.com');
});
