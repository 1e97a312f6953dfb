import assert from 'node:assert/strict';
import test from 'node:test';
import { readObject, startTestEntra } from '../test-tenant.ts';

test('discovery: issuer by authority', async (t) => {
  await using entra = await startTestEntra();
  const { id } = entra.contoso;
  const cases: readonly [authority: string, issuer: string][] = [
    [id, `${entra.url}/${id}/v2.0`],
    [id.toUpperCase(), `${entra.url}/${id}/v2.0`],
    ['contoso.example', `${entra.url}/${id}/v2.0`],
    ['common', `${entra.url}/{tenantid}/v2.0`],
    ['organizations', `${entra.url}/{tenantid}/v2.0`],
    ['consumers', `${entra.url}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0`],
  ];
  for (const [authority, issuer] of cases) {
    await t.test(authority, async () => {
      const response = await fetch(`${entra.url}/${authority}/v2.0/.well-known/openid-configuration`);
      const document = readObject(await response.text());
      assert.equal(document['issuer'], issuer);
      assert.deepEqual(document['id_token_signing_alg_values_supported'], ['RS256']);
      assert.deepEqual(document['subject_types_supported'], ['pairwise']);
      assert.equal('code_challenge_methods_supported' in document, false);
    });
  }
});

test('discovery of v1 names sts.windows.net, whose third path piece is the tenant id', async () => {
  await using entra = await startTestEntra();
  const response = await fetch(`${entra.url}/contoso.example/.well-known/openid-configuration`);
  assert.equal(readObject(await response.text())['issuer'], `https://sts.windows.net/${entra.contoso.id}/`);
});

test('discovery: unknown and malformed tenants', async (t) => {
  await using entra = await startTestEntra();
  const cases: readonly [tenant: string, code: number, error: string][] = [
    ['11111111-2222-4333-8444-555555555555', 90002, 'invalid_tenant'],
    ['nobody.example', 90002, 'invalid_tenant'],
    ['no_tenant', 900023, 'invalid_request'],
  ];
  for (const [tenant, code, error] of cases) {
    await t.test(tenant, async () => {
      const response = await fetch(`${entra.url}/${tenant}/v2.0/.well-known/openid-configuration`);
      const body = readObject(await response.text());
      assert.equal(response.status, 400);
      assert.equal(body['error'], error);
      assert.deepEqual(body['error_codes'], [code]);
    });
  }
});

test('keys: two, each with the issuer it counts for; rotation makes the next one active', async () => {
  await using entra = await startTestEntra();
  const read = async (authority: string): Promise<unknown> => {
    const response = await fetch(`${entra.url}/${authority}/discovery/v2.0/keys`);
    return readObject(await response.text())['keys'];
  };
  const keys = await read(entra.contoso.id);
  assert.ok(Array.isArray(keys));
  assert.equal(keys.length, 2);
  assert.deepEqual([...new Set(keys.map((key) => key.issuer))], [`${entra.url}/${entra.contoso.id}/v2.0`]);
  const shared = await read('common');
  assert.ok(Array.isArray(shared));
  assert.deepEqual([...new Set(shared.map((key) => key.issuer))], [`${entra.url}/{tenantid}/v2.0`]);

  const before = await entra.control('GET', '/keys');
  const after = await entra.control('POST', '/keys/rotate');
  const published = after['published'];
  assert.ok(Array.isArray(published) && Array.isArray(before['published']));
  assert.equal(published.length, 2);
  assert.ok(before['published'].includes(after['active']));
  assert.notEqual(after['active'], before['active']);
});

test('instance discovery answers what the Microsoft libraries read', async () => {
  await using entra = await startTestEntra();
  const query = new URLSearchParams({
    'api-version': '1.1',
    authorization_endpoint: `${entra.url}/contoso.example/oauth2/v2.0/authorize`,
  });
  const response = await fetch(`${entra.url}/common/discovery/instance?${query}`);
  const body = readObject(await response.text());
  assert.equal(body['tenant_discovery_endpoint'], `${entra.url}/contoso.example/v2.0/.well-known/openid-configuration`);
  assert.ok(Array.isArray(body['metadata']));
});
