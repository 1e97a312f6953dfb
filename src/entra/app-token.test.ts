import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contoso, listen, refusal, type Said } from '../../test/entra/local-tenant.ts';
import { graphScope, requestAppToken } from './app-token.ts';
import { createAppTokenCache } from './app-token-cache.ts';
import { clouds, simulatedCloud } from './clouds.ts';
import { EntraError } from './entra-error.ts';

// An answer as captured from a real tenant: no scope, no refresh token.
const granted = (accessToken: string, seconds = 3599) => ({
  json: { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token: accessToken },
});

async function tenantThatSays(answer: (count: number) => Said) {
  const server = await listen(() => answer(server.seen.length));
  const request = {
    cloud: simulatedCloud(server.url),
    tenant: contoso,
    clientId: 'client',
    proof: { method: 'client_secret_post', secret: 'secret-1' } as const,
    scope: `${server.url}/.default`,
  };
  return { server, request, [Symbol.asyncDispose]: server.close };
}

test('§1.12: client credentials are posted to the tenant, and the end is counted from now', async () => {
  await using at = await tenantThatSays(() => granted('at-1'));
  const token = await requestAppToken({ ...at.request, fetch, now: () => 1_000 });
  assert.deepEqual(token, { accessToken: 'at-1', expiresAt: 3_600_000 });
  const [seen] = at.server.seen;
  assert.equal(seen?.path, `/${contoso}/oauth2/v2.0/token`);
  assert.deepEqual(Object.fromEntries(new URLSearchParams(seen?.body)), {
    grant_type: 'client_credentials',
    client_id: 'client',
    client_secret: 'secret-1',
    scope: at.request.scope,
  });
});

test('§1.12: common, organizations and consumers are refused before asking', async () => {
  await using at = await tenantThatSays(() => granted('x'));
  for (const tenant of ['common', 'organizations', 'consumers']) {
    const asked = requestAppToken({ ...at.request, tenant, fetch, now: Date.now });
    await assert.rejects(asked, { error: 'invalid_request' });
  }
  assert.equal(at.server.seen.length, 0);
});

test('§1.12: a scope without /.default is refused before asking', async () => {
  await using at = await tenantThatSays(() => granted('x'));
  await assert.rejects(requestAppToken({ ...at.request, scope: 'Mail.Send', fetch, now: Date.now }), {
    error: 'invalid_scope',
  });
  assert.equal(at.server.seen.length, 0);
});

test('§1.13: a wrong secret is a 401 invalid_client 7000215', async () => {
  const said = { status: 401, json: refusal('invalid_client', 7000215, 'Invalid client secret provided.') };
  await using at = await tenantThatSays(() => said);
  const error = await requestAppToken({ ...at.request, fetch, now: Date.now }).catch((thrown) => thrown);
  assert.ok(error instanceof EntraError);
  assert.deepEqual([error.httpStatus, error.error, error.codes], [401, 'invalid_client', [7000215]]);
  assert.ok(!error.message.includes('secret-1'));
});

test("Graph's scope is that of its cloud", () => {
  assert.equal(graphScope(clouds.usgov), 'https://graph.microsoft.us/.default');
});

test('the cache asks once for concurrent callers and again 5 minutes before the end', async () => {
  await using at = await tenantThatSays((count) => granted(`at-${count}`, 3600));
  let now = 0;
  const cache = createAppTokenCache({ fetch, now: () => now });
  const get = () => cache.get({ ...at.request, proofId: 's1' });
  const first = await Promise.all([get(), get(), get()]);
  assert.deepEqual(
    first.map(({ accessToken }) => accessToken),
    ['at-1', 'at-1', 'at-1'],
  );
  now = 55 * 60_000 - 1;
  assert.equal((await get()).accessToken, 'at-1');
  now += 1;
  assert.equal((await get()).accessToken, 'at-2');
  assert.equal(at.server.seen.length, 2);
});

test('the cache keeps tokens apart by tenant, client, secret and scope', async () => {
  await using at = await tenantThatSays((count) => granted(`at-${count}`));
  const cache = createAppTokenCache({ fetch, now: () => 0 });
  const base = { ...at.request, proofId: 's1' };
  const requests = [base, { ...base, proofId: 's2' }, { ...base, tenant: 'b.com' }, { ...base, clientId: 'c2' }];
  const tokens = await Promise.all([...requests, { ...base, scope: 'api://x/.default' }].map((one) => cache.get(one)));
  assert.equal(new Set(tokens.map(({ accessToken }) => accessToken)).size, 5);
});

test('a forgotten token is asked for anew', async () => {
  await using at = await tenantThatSays((count) => granted(`at-${count}`));
  const cache = createAppTokenCache({ fetch, now: () => 0 });
  const get = () => cache.get({ ...at.request, proofId: 's1' });
  cache.forget(await get());
  assert.equal((await get()).accessToken, 'at-2');
});

test('while Entra is down a token with time left is used on; a refusal of the secret is not hidden', async () => {
  let said: Said = granted('at-1', 3600);
  await using at = await tenantThatSays(() => said);
  let now = 0;
  const cache = createAppTokenCache({ fetch, now: () => now });
  const get = () => cache.get({ ...at.request, proofId: 's1' });
  await get();
  now = 56 * 60_000;
  said = { status: 503, text: 'down' };
  assert.equal((await get()).accessToken, 'at-1');
  said = { status: 401, json: refusal('invalid_client', 7000222, 'The provided client secret keys are expired.') };
  await assert.rejects(get(), { error: 'invalid_client' });
  said = { status: 503, text: 'down' };
  now = 60 * 60_000 - 30_000;
  await assert.rejects(get(), { error: 'unreadable' });
});
