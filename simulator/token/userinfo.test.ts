import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { openBrowser } from '../test-browser.ts';
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
before(async () => {
  entra = await startTestEntra({ users: 3 });
  app = await entra.register();
  await entra.register({ displayName: 'API', identifierUris: ['https://api.contoso.example'] });
});
after(() => entra.close());

/** Signs Anna in and gives the token answer. */
async function signIn(scope: string): Promise<Record<string, unknown>> {
  const url = authorizeUrl(entra, entra.contoso.id, app, { scope });
  const back = await openBrowser().signIn(url, String(entra.contoso.users[0]?.userPrincipalName));
  const client = { client_id: app.appId, client_secret: app.secret };
  const code = back.searchParams.get('code') ?? '';
  const form = { grant_type: 'authorization_code', ...client, redirect_uri: callback, code };
  return (await entra.token(entra.contoso.id, form)).body;
}

/** Asks for userinfo at the simulator's own address, or at one of Microsoft's names. */
function userinfo(
  token: unknown,
  host?: string,
  method = 'GET',
): Promise<[status: number, body: Record<string, unknown>]> {
  const headers = { authorization: `Bearer ${token}`, ...(host === undefined ? {} : { host }) };
  return new Promise((resolve, reject) => {
    const asked = request(`${entra.url}/oidc/userinfo`, { method, headers }, async (answer) => {
      const text = Buffer.concat(await answer.toArray()).toString();
      resolve([answer.statusCode ?? 0, readObject(text)]);
    });
    asked.on('error', reject).end();
  });
}

test('userinfo, also at graph.microsoft.com: the app’s own sub, and what the scopes allow (v2-protocols-oidc)', async () => {
  const [anna] = entra.contoso.users;
  const { access_token, id_token } = await signIn('openid profile email');
  for (const [host, method] of [
    [undefined, 'GET'],
    ['graph.microsoft.com', 'GET'],
    ['graph.microsoft.com', 'POST'],
  ] as const) {
    const [status, { picture, ...body }] = await userinfo(access_token, host, method);
    assert.equal(status, 200);
    assert.match(String(picture), /\/v1\.0\/me\/photo\/\$value$/);
    const { sub } = claimsOf(id_token);
    const { displayName: name, givenName: given_name, surname: family_name, mail: email } = { ...anna };
    assert.deepEqual(body, { sub, name, given_name, family_name, email });
  }
  const [, bare] = await userinfo((await signIn('openid'))['access_token']);
  assert.deepEqual(Object.keys(bare), ['sub', 'picture']);
});

test('userinfo refuses what is no token of Graph with openid: 401 InvalidAuthenticationToken', async () => {
  const tokens = [
    'nonsense',
    (await signIn('User.Read'))['access_token'],
    (await signIn('openid https://api.contoso.example/read'))['access_token'],
    (await signIn('openid profile'))['id_token'],
  ];
  for (const token of tokens) {
    const [status, body] = await userinfo(token, 'graph.microsoft.com');
    assert.equal(status, 401);
    assert.equal((body['error'] as Record<string, unknown>)['code'], 'InvalidAuthenticationToken');
  }
});
