import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { openBrowser } from '../test-browser.ts';
import { authorizeUrl, callback, claimsOf, startTestEntra, type TestApp, type TestEntra } from '../test-tenant.ts';

const verifier = 'v'.repeat(50);
const challenge = {
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
};
const unknownId = '11111111-2222-4333-8444-555555555555';

async function codeFor(entra: TestEntra, app: TestApp, parameters: Record<string, string> = {}): Promise<string> {
  const url = authorizeUrl(entra, entra.contoso.id, app, { ...challenge, ...parameters });
  const location = await openBrowser().signIn(url, `${entra.contoso.users[0]?.userPrincipalName}`);
  return location.searchParams.get('code') ?? '';
}

const redemption = (app: TestApp, code: string): Record<string, string> => ({
  grant_type: 'authorization_code',
  client_id: app.appId,
  client_secret: app.secret,
  redirect_uri: callback,
  code_verifier: verifier,
  code,
});

test('client credentials: refusals with their status and error', async (t) => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const { id } = entra.contoso;
  const good = {
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: app.secret,
    scope: 'https://graph.microsoft.com/.default',
  };
  const cases: readonly [
    name: string,
    tenant: string,
    change: Record<string, string>,
    without: string,
    status: number,
    error: string,
    code: number,
  ][] = [
    ['wrong secret', id, { client_secret: 'no' }, '', 401, 'invalid_client', 7000215],
    ['secret id instead of its value', id, { client_secret: app.keyId }, '', 401, 'invalid_client', 7000215],
    ['no secret', id, {}, 'client_secret', 401, 'invalid_client', 7000216],
    ['unknown client', id, { client_id: unknownId }, '', 400, 'unauthorized_client', 700038],
    ['client id that is no GUID', id, { client_id: 'my-app' }, '', 400, 'unauthorized_client', 700038],
    ['app of another tenant', entra.fabrikam.id, {}, '', 400, 'unauthorized_client', 700016],
    ['/common', 'common', {}, '', 400, 'invalid_request', 9001023],
    ['scope missing', id, {}, 'scope', 400, 'invalid_request', 900144],
    [
      'scope without /.default',
      id,
      { scope: 'https://graph.microsoft.com/Mail.Send' },
      '',
      400,
      'invalid_scope',
      1002012,
    ],
    ['unknown API', id, { scope: 'api://nobody/.default' }, '', 400, 'invalid_resource', 500011],
    ['unknown grant', id, { grant_type: 'magic' }, '', 400, 'unsupported_grant_type', 70003],
    ['no grant', id, {}, 'grant_type', 400, 'invalid_request', 900144],
    ['unknown tenant', unknownId, {}, '', 400, 'invalid_tenant', 90002],
  ];
  for (const [name, tenant, change, without, status, error, code] of cases) {
    await t.test(`${name}: AADSTS${code}`, async () => {
      const form = Object.fromEntries(Object.entries({ ...good, ...change }).filter(([key]) => key !== without));
      const reply = await entra.token(tenant, form);
      assert.equal(reply.status, status);
      assert.equal(reply.body['error'], error);
      assert.deepEqual(reply.body['error_codes'], [code]);
      assert.match(
        String(reply.body['error_description']),
        new RegExp(`^AADSTS${code}: .+ Trace ID: \\S+ Correlation ID: \\S+ Timestamp: \\S+ \\S+Z$`),
      );
    });
  }
});

test('a secret id sent as the secret is told apart from a wrong secret', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const form = {
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: app.keyId,
    scope: 'https://graph.microsoft.com/.default',
  };
  const reply = await entra.token(entra.contoso.id, form);
  assert.match(String(reply.body['error_description']), /client secret ID of app/);
});

test('client credentials: answer has no scope and no refresh token; the token is v1 with the consented roles', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register({ permissions: ['Mail.Send', 'Mail.ReadWrite', 'IMAP.AccessAsApp'] });
  const basic = Buffer.from(`${app.appId}:${encodeURIComponent(app.secret)}`).toString('base64');
  for (const scope of [
    'https://graph.microsoft.com/.default',
    'https://graph.microsoft.com//.default',
    `${entra.url}/.default`,
  ]) {
    const reply = await entra.token(
      'contoso.example',
      { grant_type: 'client_credentials', scope },
      { authorization: `Basic ${basic}` },
    );
    assert.deepEqual(
      Object.keys(reply.body).sort(),
      ['access_token', 'expires_in', 'ext_expires_in', 'token_type'],
      scope,
    );
    const claims = claimsOf(reply.body['access_token']);
    assert.equal(claims['iss'], `https://sts.windows.net/${entra.contoso.id}/`);
    assert.deepEqual(claims['roles'], ['Mail.Send', 'Mail.ReadWrite']);
    assert.equal(claims['appid'], app.appId);
    assert.equal(claims['idtyp'], 'app');
  }
});

test('an expired secret is AADSTS7000222, and a second one works beside it', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register({
    secret: { displayName: 'short', endDateTime: new Date(Date.now() + 86_400_000).toISOString() },
  });
  const form = {
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: app.secret,
    scope: 'https://graph.microsoft.com/.default',
  };
  assert.equal((await entra.token(entra.contoso.id, form)).status, 200);
  const second = await entra.control('POST', `/tenants/${entra.contoso.id}/applications/${app.appId}/secrets`, {
    displayName: 'second',
  });
  await entra.control('POST', '/clock', { advanceMs: 2 * 86_400_000 });
  const old = await entra.token(entra.contoso.id, form);
  assert.equal(old.status, 401);
  assert.deepEqual(old.body['error_codes'], [7000222]);
  assert.equal(
    (await entra.token(entra.contoso.id, { ...form, client_secret: String(second['secretText']) })).status,
    200,
  );
});

test('a multi-tenant app without service principal in the tenant is AADSTS7000229', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register({ signInAudience: 'AzureADMultipleOrgs' });
  const form = {
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: app.secret,
    scope: 'https://graph.microsoft.com/.default',
  };
  assert.deepEqual((await entra.token(entra.fabrikam.id, form)).body['error_codes'], [7000229]);
});

test('code: refusals', async (t) => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const other = await entra.register({ displayName: 'Other app' });
  const cases: readonly [name: string, change: Record<string, string>, code: number, error: string][] = [
    ['unknown code', { code: 'nothing' }, 70000, 'invalid_grant'],
    ['code of another app', { client_id: other.appId, client_secret: other.secret }, 70000, 'invalid_grant'],
    ['wrong verifier', { code_verifier: 'w'.repeat(50) }, 501481, 'invalid_grant'],
    ['another redirect URI', { redirect_uri: `${callback}2` }, 500112, 'invalid_grant'],
    ['wrong secret', { client_secret: 'no' }, 7000215, 'invalid_client'],
  ];
  for (const [name, change, code, error] of cases) {
    await t.test(`${name}: AADSTS${code}`, async () => {
      const reply = await entra.token(entra.contoso.id, { ...redemption(app, await codeFor(entra, app)), ...change });
      assert.deepEqual(reply.body['error_codes'], [code]);
      assert.equal(reply.body['error'], error);
    });
  }
  await t.test('no secret for a web redirect URI: AADSTS7000218', async () => {
    const { client_secret: _, ...form } = redemption(app, await codeFor(entra, app));
    assert.deepEqual((await entra.token(entra.contoso.id, form)).body['error_codes'], [7000218]);
  });
  await t.test('Origin for a web redirect URI: AADSTS9002326', async () => {
    const reply = await entra.token(entra.contoso.id, redemption(app, await codeFor(entra, app)), {
      origin: 'https://a.example',
    });
    assert.deepEqual(reply.body['error_codes'], [9002326]);
  });
  await t.test('another tenant: AADSTS700016 for a single-tenant app', async () => {
    const reply = await entra.token(entra.fabrikam.id, redemption(app, await codeFor(entra, app)));
    assert.deepEqual(reply.body['error_codes'], [700016]);
  });
  await t.test('twice: AADSTS54005', async () => {
    const form = redemption(app, await codeFor(entra, app));
    assert.equal((await entra.token(entra.contoso.id, form)).status, 200);
    assert.deepEqual((await entra.token(entra.contoso.id, form)).body['error_codes'], [54005]);
  });
  await t.test('after ten minutes: AADSTS70008', async () => {
    const form = redemption(app, await codeFor(entra, app));
    await entra.control('POST', '/clock', { advanceMs: 10 * 60_000 });
    assert.deepEqual((await entra.token(entra.contoso.id, form)).body['error_codes'], [70008]);
  });
});

test('single-page app: Origin and no secret; its refresh token ends after 24 hours', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register({ redirectUris: { spa: [callback] } });
  const { client_secret: _, ...form } = redemption(app, await codeFor(entra, app, { scope: 'openid offline_access' }));
  assert.deepEqual((await entra.token(entra.contoso.id, form)).body['error_codes'], [9002327]);
  const origin = { origin: 'http://localhost:8080' };
  const reply = await entra.token(entra.contoso.id, form, origin);
  assert.equal(reply.status, 200);
  const refresh = {
    grant_type: 'refresh_token',
    client_id: app.appId,
    refresh_token: String(reply.body['refresh_token']),
  };
  const next = await entra.token(entra.contoso.id, refresh, origin);
  assert.equal(next.status, 200);
  await entra.control('POST', '/clock', { advanceMs: 86_400_000 });
  const late = await entra.token(
    entra.contoso.id,
    { ...refresh, refresh_token: String(next.body['refresh_token']) },
    origin,
  );
  assert.deepEqual(late.body['error_codes'], [700084]);
});

test('refresh: only with offline_access; a disabled user is AADSTS50057', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const without = await entra.token(entra.contoso.id, redemption(app, await codeFor(entra, app)));
  assert.equal('refresh_token' in without.body, false);
  const reply = await entra.token(
    entra.contoso.id,
    redemption(app, await codeFor(entra, app, { scope: 'openid profile offline_access' })),
  );
  const form = {
    grant_type: 'refresh_token',
    client_id: app.appId,
    client_secret: app.secret,
    refresh_token: String(reply.body['refresh_token']),
  };
  const refreshed = await entra.token(entra.contoso.id, form);
  assert.equal(refreshed.status, 200);
  assert.equal('id_token' in refreshed.body, true);
  await entra.control('PATCH', `/tenants/${entra.contoso.id}/users/${entra.contoso.users[0]?.id}`, {
    accountEnabled: false,
  });
  const refused = await entra.token(entra.contoso.id, form);
  assert.deepEqual(refused.body['error_codes'], [50057]);
  assert.equal(refused.body['error'], 'invalid_grant');
});

test('client-request-id comes back as the correlation id', async () => {
  await using entra = await startTestEntra();
  const reply = await entra.token(entra.contoso.id, { grant_type: 'magic' }, { 'client-request-id': unknownId });
  assert.equal(reply.body['correlation_id'], unknownId);
});

test('a code that is redeemed twice at once is answered once: the other is AADSTS54005', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const url = authorizeUrl(entra, entra.contoso.id, app);
  const code = (await openBrowser().signIn(url, `${entra.contoso.users[0]?.userPrincipalName}`)).searchParams.get(
    'code',
  );
  const form = { grant_type: 'authorization_code', client_id: app.appId, client_secret: app.secret };
  const redeem = () => entra.token(entra.contoso.id, { ...form, redirect_uri: callback, code: `${code}` });
  const answers = await Promise.all([redeem(), redeem(), redeem()]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400, 400]);
  for (const { status, body } of answers) if (status !== 200) assert.deepEqual(body['error_codes'], [54005]);
});
