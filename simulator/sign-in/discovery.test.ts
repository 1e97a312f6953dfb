import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import test from 'node:test';
import { decodeProtectedHeader } from 'jose';
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
  const ofConsumers = `${entra.url}/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0`;
  const template = `${entra.url}/{tenantid}/v2.0`;
  assert.deepEqual(
    shared.map((key) => key.issuer),
    [template, template, ofConsumers],
  );
  const personal = await read('consumers');
  assert.deepEqual(personal, [shared[2]]);
  const organizations = await read('organizations');
  assert.deepEqual(organizations, shared.slice(0, 2));

  const before = await entra.control('GET', '/keys');
  const after = await entra.control('POST', '/keys/rotate');
  const published = after['published'];
  assert.ok(Array.isArray(published) && Array.isArray(before['published']));
  assert.equal(published.length, 2);
  assert.ok(before['published'].includes(after['active']));
  assert.notEqual(after['active'], before['active']);
});

test('keys: each with a certificate of its own, whose digest is both kid and x5t, as Microsoft has them', async () => {
  await using entra = await startTestEntra({ users: 3 });
  const response = await fetch(`${entra.url}/common/discovery/v2.0/keys`);
  const { keys } = (await response.json()) as { keys: Record<string, string>[] };
  assert.equal(keys.length, 3);
  for (const { kid, x5t, x5c, n, e, kty } of keys) {
    const certificate = new X509Certificate(Buffer.from(String(x5c?.[0]), 'base64'));
    assert.equal(createHash('sha1').update(certificate.raw).digest('base64url'), x5t);
    assert.equal(kid, x5t);
    assert.deepEqual(certificate.publicKey.export({ format: 'jwk' }), { kty, n, e });
    assert.ok(certificate.verify(certificate.publicKey));
    assert.equal(certificate.subject, 'CN=accounts.accesscontrol.windows.net');
    assert.ok(certificate.validFromDate.getTime() < Date.now() && Date.now() < certificate.validToDate.getTime());
  }
});

test('keys: a v1 token names its key twice, by kid and x5t', async () => {
  await using entra = await startTestEntra({ users: 3 });
  const app = await entra.register();
  const { body } = await entra.token(entra.contoso.id, {
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: app.secret,
    scope: 'https://graph.microsoft.com/.default',
  });
  const header = decodeProtectedHeader(String(body['access_token']));
  const { active } = await entra.control('GET', '/keys');
  assert.deepEqual(header, { typ: 'JWT', alg: 'RS256', x5t: active, kid: active });
});

test('the realm of a user name: Managed where a tenant has the domain (az asks before it sends a password)', async () => {
  await using entra = await startTestEntra({ users: 3 });
  const realmOf = async (login: string): Promise<Record<string, unknown>> =>
    readObject(await (await fetch(`${entra.url}/common/userrealm/${login}?api-version=1.0`)).text());
  assert.deepEqual(await realmOf('anna@contoso.example'), {
    ver: '1.0',
    account_type: 'Managed',
    domain_name: 'contoso.example',
    cloud_instance_name: 'microsoftonline.com',
    cloud_audience_urn: 'urn:federation:MicrosoftOnline',
  });
  assert.equal((await realmOf('anna@nobody.example'))['account_type'], 'Unknown');
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
