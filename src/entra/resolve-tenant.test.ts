import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contoso, listen, metadata, refusal, type Said, stranger } from '../../test/entra/local-tenant.ts';
import { simulatedCloud } from './clouds.ts';
import { DiscoveryError, resolveTenant } from './resolve-tenant.ts';
import { createTenantCache } from './tenant-cache.ts';

async function discover(tenant: string, said: (origin: string) => Said) {
  await using server = await listen(() => said(server.url));
  const cloud = simulatedCloud(server.url);
  return { origin: server.url, tenant: await resolveTenant({ cloud, tenant }, fetch) };
}

async function failure(tenant: string, said: (origin: string) => Said): Promise<DiscoveryError> {
  const error = await discover(tenant, said).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof DiscoveryError, String(error));
  return error;
}

test('C4: a domain is resolved to the tenant id, and the other addresses are derived', async () => {
  const { origin, tenant } = await discover('contoso.com', (url) => ({ json: metadata(url, contoso) }));
  assert.deepEqual(tenant, {
    tenantId: contoso,
    issuer: `${origin}/${contoso}/v2.0`,
    metadataUrl: `${origin}/${contoso}/v2.0/.well-known/openid-configuration`,
    providerUrl: `${origin}/${contoso}/v2.0`,
    authorizationEndpoint: `${origin}/${contoso}/oauth2/v2.0/authorize`,
    tokenEndpoint: `${origin}/${contoso}/oauth2/v2.0/token`,
    jwksUri: `${origin}/${contoso}/discovery/v2.0/keys`,
    endSessionEndpoint: `${origin}/${contoso}/oauth2/v2.0/logout`,
    userinfoEndpoint: `${origin}/oidc/userinfo`,
    graphOrigin: origin,
    region: { scope: 'EU', subScope: undefined, cloudInstance: 'microsoftonline.com', remark: undefined },
  });
});

test('§1.2: discovery of common has the literal template as issuer and no tenant id', async () => {
  const { origin, tenant } = await discover('common', (url) => ({ json: metadata(url, 'common') }));
  assert.equal(tenant.issuer, `${origin}/{tenantid}/v2.0`);
  assert.equal(tenant.tenantId, undefined);
  assert.equal(tenant.providerUrl, `${origin}/common/v2.0`);
});

test('§1.1: a tenant in GCC is told that the global cloud is right', async () => {
  const { tenant } = await discover(contoso, (url) => ({
    json: metadata(url, contoso, { tenant_region_sub_scope: 'GCC' }),
  }));
  assert.match(tenant.region.remark ?? '', /GCC \(moderate\), which uses the global cloud/);
});

test('an unknown tenant is named as such (AADSTS90002)', async () => {
  const error = await failure(contoso, () => ({
    status: 400,
    json: refusal('invalid_tenant', 90002, `Tenant '${contoso}' not found.`),
  }));
  assert.equal(error.code, 'unknownTenant');
  assert.match(error.message, new RegExp(`knows no tenant ${contoso} \\(AADSTS90002\\)`));
  assert.deepEqual(error.refusal?.codes, [90002]);
});

test("an answer that is not Entra's is named as not JSON", async () => {
  for (const status of [200, 502]) {
    const error = await failure(contoso, () => ({ status, text: '<html>Proxy login</html>' }));
    assert.equal(error.code, 'notJson');
    assert.match(error.message, /proxy/i);
  }
});

test('a redirect is not followed', async () => {
  const error = await failure(contoso, () => ({ status: 302, headers: { location: 'http://169.254.169.254/' } }));
  assert.equal(error.code, 'notJson');
});

test('a host that does not answer is named as unreachable, with the reason', async () => {
  const server = await listen(() => ({}));
  await server.close();
  const error = await resolveTenant({ cloud: simulatedCloud(server.url), tenant: contoso }, fetch).catch((e) => e);
  assert.ok(error instanceof DiscoveryError);
  assert.equal(error.code, 'unreachable');
  assert.match(error.message, /refused the connection.*ECONNREFUSED/);
});

test('a tenant that answers in another cloud is named as such, with the cloud to set', async () => {
  const error = await failure(contoso, () => ({ json: metadata('https://login.microsoftonline.us', contoso) }));
  assert.equal(error.code, 'wrongCloud');
  assert.equal(error.cloud, 'usgov');
  assert.match(error.message, /set the cloud to usgov and register the app at https:\/\/portal.azure.us/);
});

const bad: readonly (readonly [string, (origin: string) => Record<string, unknown>])[] = [
  ['a token endpoint at another host', () => ({ token_endpoint: 'https://evil.example/token' })],
  ['keys at another host', () => ({ jwks_uri: 'https://evil.example/keys' })],
  ['no authorization endpoint', () => ({ authorization_endpoint: undefined })],
  ['an issuer of another host', () => ({ issuer: `https://evil.example/${contoso}/v2.0` })],
  ['an issuer of another tenant', (url) => ({ issuer: `${url}/${stranger}/v2.0` })],
  ['no issuer', () => ({ issuer: 7 })],
];
for (const [what, more] of bad) {
  test(`a discovery document with ${what} is refused`, async () => {
    const error = await failure(contoso, (url) => ({ json: metadata(url, contoso, more(url)) }));
    assert.equal(error.code, 'badDocument');
  });
}

test('the tenant cache asks once for concurrent callers, again after an hour, and keeps a tenant for a day', async () => {
  let up = true;
  await using server = await listen(() =>
    up ? { json: metadata(server.url, contoso) } : { status: 503, json: { error: 'temporarily_unavailable' } },
  );
  let now = 0;
  const cache = createTenantCache({ fetch, now: () => now });
  const ask = () => cache.resolve({ cloud: simulatedCloud(server.url), tenant: contoso });
  await Promise.all([ask(), ask(), ask()]);
  await ask();
  assert.equal(server.seen.length, 1);
  now = 3_600_000;
  await ask();
  assert.equal(server.seen.length, 2);
  up = false;
  now = 8_000_000;
  assert.equal((await ask()).tenantId, contoso);
  assert.equal(server.seen.length, 3);
  now = 3_600_000 + 86_400_000;
  await assert.rejects(ask(), DiscoveryError);
});
