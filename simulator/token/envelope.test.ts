import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readObject, startTestEntra, type TestApp, type TestEntra } from '../test-tenant.ts';

const correlation = '5b0e7a3c-3a36-4a2c-9a55-0d2f0c9a7d11';

let entra: TestEntra;
let app: TestApp;
before(async () => {
  entra = await startTestEntra({ users: 3 });
  app = await entra.register();
});
after(() => entra.close());

const post = (path: string, init: RequestInit): Promise<Response> =>
  fetch(`${entra.url}/${entra.contoso.id}/oauth2/${path}`, { method: 'POST', ...init });

const appOnly = (form: Record<string, string> = {}): URLSearchParams =>
  new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: app.secret,
    scope: 'https://graph.microsoft.com/.default',
    ...form,
  });

test('a refusal: all members, one trace in body and header, the client’s own correlation id (entra.md §1.13)', async () => {
  const reply = await post('v2.0/token', {
    body: appOnly({ client_secret: 'no' }),
    headers: { 'client-request-id': correlation },
  });
  assert.equal(reply.status, 401);
  const body = readObject(await reply.text());
  assert.deepEqual(Object.keys(body), [
    'error',
    'error_description',
    'error_codes',
    'timestamp',
    'trace_id',
    'correlation_id',
    'error_uri',
  ]);
  const { error_description, timestamp, trace_id, correlation_id, error_uri } = body;
  assert.equal(correlation_id, correlation);
  assert.equal(error_uri, `${entra.url}/error?code=7000215`);
  assert.match(String(timestamp), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/);
  const end = ` Trace ID: ${trace_id} Correlation ID: ${correlation} Timestamp: ${timestamp}`;
  assert.ok(String(error_description).endsWith(end), String(error_description));
  const seen = ['cache-control', 'x-ms-request-id', 'x-ms-clitelem'].map((name) => reply.headers.get(name));
  assert.deepEqual(seen, ['no-store, no-cache', trace_id, '1,7000215,0,,']);
});

test('error_uri stands only where captured answers have it', async () => {
  const cases: readonly [form: Record<string, string>, code: number, has: boolean][] = [
    [{ scope: 'api://nobody/.default' }, 500011, true],
    [{ client_id: correlation }, 700038, false],
    [{ grant_type: 'magic' }, 70003, false],
  ];
  for (const [form, code, has] of cases) {
    const body = readObject(await (await post('v2.0/token', { body: appOnly(form) })).text());
    assert.deepEqual(body['error_codes'], [code]);
    assert.equal('error_uri' in body, has, String(code));
  }
});

test('the query of the token endpoint does not matter but for client-request-id (facts/clients.md §4)', async () => {
  const good = await post(`v2.0/token?client-request-id=${correlation}`, {
    body: appOnly({ 'x-client-SKU': 'msal.js.node' }),
  });
  assert.equal(good.status, 200);
  assert.match(String(good.headers.get('x-ms-request-id')), /^[0-9a-f-]{36}$/);
  const refused = await post(`v2.0/token?client-request-id=${correlation}`, { body: appOnly({ client_secret: 'no' }) });
  assert.equal(readObject(await refused.text())['correlation_id'], correlation);
});

test('which fault wins: tenant, then grant type, then client, then its secret, then the rest', async () => {
  const bad = { client_id: correlation, client_secret: 'no', scope: 'nonsense' };
  const steps: readonly [tenant: string, form: Record<string, string>, code: number][] = [
    ['nobody.example', { ...bad, grant_type: 'magic' }, 90002],
    [entra.contoso.id, { ...bad, grant_type: 'magic' }, 70003],
    [entra.contoso.id, bad, 700038],
    [entra.contoso.id, { ...bad, client_id: app.appId }, 7000215],
    ['common', { ...bad, client_id: app.appId, client_secret: app.secret }, 9001023],
    [entra.contoso.id, { ...bad, client_id: app.appId, client_secret: app.secret }, 1002012],
  ];
  for (const [tenant, form, code] of steps) {
    const { body } = await entra.token(tenant, Object.fromEntries(appOnly(form)));
    assert.deepEqual(body['error_codes'], [code], JSON.stringify(form));
  }
});

test('what is no form, is empty, is repeated or comes by GET is refused by JSON, never by a page', async () => {
  const url = `${entra.url}/${entra.contoso.id}/oauth2/v2.0/token`;
  const twice = appOnly();
  twice.append('scope', 'https://graph.microsoft.com/.default');
  const cases: readonly [request: Promise<Response>, code: number][] = [
    [post('v2.0/token', { body: JSON.stringify(Object.fromEntries(appOnly())) }), 900144],
    [post('v2.0/token', {}), 900144],
    [post('v2.0/token', { body: twice }), 9002313],
    [fetch(url), 900561],
    [fetch(url, { method: 'DELETE' }), 900561],
    [post('v2.0/token', { body: appOnly({ claims: '{' }) }), 50117],
    [post('v2.0/nothing', { body: appOnly() }), 90004],
  ];
  for (const [request, code] of cases) {
    const reply = await request;
    assert.match(String(reply.headers.get('content-type')), /^application\/json/);
    assert.deepEqual(readObject(await reply.text())['error_codes'], [code]);
  }
});

test('a public client that proves nothing is told so by 401; its own refusals are 400', async () => {
  const { status, body } = await entra.token(entra.contoso.id, {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    client_id: app.appId,
    device_code: 'x',
  });
  assert.deepEqual([status, body['error'], body['error_codes']], [401, 'invalid_client', [7000218]]);
});

test('an API that demands an assignment is closed to apps without a role: AADSTS501051; a disabled one is AADSTS500014', async () => {
  const api = await entra.register({ displayName: 'API', identifierUris: ['api://closed'], assignmentRequired: true });
  const ask = async (): Promise<unknown> =>
    (await entra.token(entra.contoso.id, Object.fromEntries(appOnly({ scope: 'api://closed/.default' })))).body[
      'error_codes'
    ];
  assert.deepEqual(await ask(), [501051]);
  await entra.control('PATCH', `/tenants/${entra.contoso.id}/applications/${api.appId}`, { enabled: false });
  assert.deepEqual(await ask(), [500014]);
});
