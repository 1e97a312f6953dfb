import assert from 'node:assert/strict';
import test from 'node:test';
import { openBrowser } from '../test-browser.ts';
import { graphAs } from '../test-graph.ts';
import { authorizeUrl, callback, startTestEntra, type TestApp, type TestEntra } from '../test-tenant.ts';

/** Signs somebody in and gives his Graph token and refresh token, for a client that declares these capabilities. */
async function tokens(
  entra: TestEntra,
  app: TestApp,
  capabilities: readonly string[],
): Promise<Record<string, unknown>> {
  const claims = JSON.stringify({ access_token: { xms_cc: { values: capabilities } } });
  const url = authorizeUrl(entra, entra.contoso.id, app, { scope: 'openid offline_access User.Read', claims });
  const code = (await openBrowser().signIn(url, `${entra.contoso.users[1]?.userPrincipalName}`)).searchParams.get(
    'code',
  );
  const client = { client_id: app.appId, client_secret: app.secret };
  const form = { grant_type: 'authorization_code', ...client, redirect_uri: callback, code: `${code}`, claims };
  return (await entra.token(entra.contoso.id, form)).body;
}

const challengeOf = (header: string | null): Record<string, string> =>
  Object.fromEntries([...(header ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));

test('after a revocation a cp1 token is answered 401 insufficient_claims with the claims to send, any other is good (entra.md §1.10)', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const [aware, plain] = [await tokens(entra, app, ['cp1']), await tokens(entra, app, [])];
  const call = (token: unknown) => graphAs(entra, String(token))('GET', '/me');
  assert.equal((await call(aware['access_token'])).status, 200);
  await entra.control('POST', '/clock', { advanceMs: 5_000 });
  await entra.control('POST', `/tenants/${entra.contoso.id}/users/${entra.contoso.users[1]?.id}/revoke-sessions`);
  assert.equal((await call(plain['access_token'])).status, 200);
  const refused = await call(aware['access_token']);
  assert.deepEqual([refused.status, refused.code], [401, 'InvalidAuthenticationToken']);
  const challenge = challengeOf(refused.headers.get('www-authenticate'));
  assert.equal(challenge['error'], 'insufficient_claims');
  assert.equal(challenge['authorization_uri'], `${entra.url}/common/oauth2/authorize`);
  const claims = JSON.parse(Buffer.from(`${challenge['claims']}`, 'base64').toString('utf8'));
  assert.equal(claims.access_token.nbf.essential, true);
  assert.match(claims.access_token.nbf.value, /^\d{10}$/);
  await entra.control('POST', '/clock', { advanceMs: 2_000 });
  assert.equal((await call((await tokens(entra, app, ['cp1']))['access_token'])).status, 200, 'a fresh sign-in');
});

test('the fault claims-challenge strikes a cp1 token; the refreshed one is good', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const { access_token: token, refresh_token: refresh } = await tokens(entra, app, ['CP1']);
  await entra.control('POST', '/faults', { name: 'claims-challenge', path: '/me', times: 1 });
  const refused = await graphAs(entra, String(token))('GET', '/me');
  assert.equal(refused.status, 401);
  const { claims } = challengeOf(refused.headers.get('www-authenticate'));
  const { body } = await entra.token(entra.contoso.id, {
    grant_type: 'refresh_token',
    client_id: app.appId,
    client_secret: app.secret,
    refresh_token: String(refresh),
    claims: Buffer.from(`${claims}`, 'base64').toString('utf8'),
  });
  assert.equal((await graphAs(entra, String(body['access_token']))('GET', '/me')).status, 200);
});
