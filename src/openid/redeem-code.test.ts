import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listen, refusal, type Said } from '../../test/entra/local-tenant.ts';
import { ProviderError } from './provider-error.ts';
import { redeemCode } from './redeem-code.ts';

async function redeem(said: Said) {
  await using server = await listen(() => said);
  const request = {
    clientId: 'client',
    proof: { method: 'client_secret_post', secret: 'se~cr+et&=' } as const,
    code: 'code-1',
    redirectUri: 'https://id.example.com/cb',
  };
  const tokenEndpoint = `${server.url}/t/oauth2/v2.0/token`;
  const redeemed = await redeemCode({ ...request, tokenEndpoint, codeVerifier: 'verifier', fetch });
  return { redeemed, seen: server.seen[0] };
}

test('RFC 6749 §4.1.3: the code is posted with verifier, redirect URI and the secret in the body', async () => {
  const { redeemed, seen } = await redeem({ json: { token_type: 'Bearer', id_token: 'id', access_token: 'at' } });
  assert.deepEqual(redeemed, { idToken: 'id', accessToken: 'at' });
  assert.equal(seen?.method, 'POST');
  assert.equal(seen?.headers['content-type'], 'application/x-www-form-urlencoded');
  assert.deepEqual(Object.fromEntries(new URLSearchParams(seen?.body)), {
    grant_type: 'authorization_code',
    client_id: 'client',
    client_secret: 'se~cr+et&=',
    code: 'code-1',
    redirect_uri: 'https://id.example.com/cb',
    code_verifier: 'verifier',
  });
});

test('§1.7: no Origin goes to the token endpoint (AADSTS9002326)', async () => {
  const { seen } = await redeem({ json: { id_token: 'id', access_token: 'at' } });
  assert.equal(seen?.headers['origin'], undefined);
  assert.equal(seen?.headers['authorization'], undefined);
});

test('a used code is refused in the words of OAuth', async () => {
  const json = refusal('invalid_grant', 54005, 'OAuth2 Authorization code was already redeemed.');
  await assert.rejects(redeem({ status: 400, json }), (error) => {
    assert.ok(error instanceof ProviderError);
    assert.deepEqual([error.error, error.httpStatus], ['invalid_grant', 400]);
    return true;
  });
});

const broken: readonly (readonly [string, Said, string])[] = [
  ['no id_token', { json: { access_token: 'at' } }, 'unreadable'],
  ['an error with status 200', { json: { error: 'invalid_grant' } }, 'invalid_grant'],
  ['a page instead of JSON', { text: '<html>' }, 'unreadable'],
  ['a redirect', { status: 302, headers: { location: 'https://evil.example/' } }, 'unreadable'],
  ['an answer over 1 MiB', { text: 'x'.repeat(1_100_000) }, 'unreachable'],
  ['a broken connection', { broken: true }, 'unreachable'],
];
for (const [what, said, error] of broken) {
  test(`${what} is ${error}`, async () => {
    await assert.rejects(redeem(said), { name: 'ProviderError', error });
  });
}
