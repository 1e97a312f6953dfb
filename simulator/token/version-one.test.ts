import assert from 'node:assert/strict';
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
  entra = await startTestEntra();
  app = await entra.register({ permissions: ['User.Read.All'] });
});
after(() => entra.close());

/** Posts a form to the v1 token endpoint, with the app's secret. */
async function token(form: Record<string, string>): Promise<Record<string, unknown>> {
  const body = new URLSearchParams({ client_id: app.appId, client_secret: app.secret, ...form });
  const reply = await fetch(`${entra.url}/${entra.contoso.id}/oauth2/token`, { method: 'POST', body });
  return { status: reply.status, ...readObject(await reply.text()) };
}

test('v1 client credentials: resource, times as text, no scope and no refresh token', async () => {
  const { status, access_token, expires_on, not_before, ...more } = await token({
    grant_type: 'client_credentials',
    resource: 'https://graph.microsoft.com/',
  });
  assert.deepEqual(
    { status, ...more },
    {
      status: 200,
      token_type: 'Bearer',
      expires_in: '3599',
      ext_expires_in: '3599',
      resource: 'https://graph.microsoft.com/',
    },
  );
  assert.equal(Number(expires_on) - Number(not_before), 3600);
  const { aud, roles, idtyp, appidacr } = claimsOf(access_token);
  assert.deepEqual([aud, roles, idtyp, appidacr], ['https://graph.microsoft.com/', ['User.Read.All'], 'app', '1']);
  const users = await fetch(`${entra.url}/v1.0/users?$top=1`, { headers: { authorization: `Bearer ${access_token}` } });
  assert.equal(users.status, 200);
});

test('v1 without resource is AADSTS900144, and v2 refuses a resource by AADSTS901002', async () => {
  const missing = await token({ grant_type: 'client_credentials' });
  assert.deepEqual([missing['error'], missing['error_codes']], ['invalid_request', [900144]]);
  assert.match(String(missing['error_description']), /'resource'/);
  const onVersionTwo = await entra.token(entra.contoso.id, {
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: app.secret,
    resource: 'https://graph.microsoft.com',
  });
  assert.deepEqual(onVersionTwo.body['error_codes'], [901002]);
});

test('v1 redeems a code: an id_token of v1 with amr, upn and unique_name, a refresh token, all scopes consented to (entra.md §1.4)', async () => {
  const anna = String(entra.contoso.users[0]?.userPrincipalName);
  const url = authorizeUrl(entra, entra.contoso.id, app, { scope: 'openid profile User.Read Mail.Read' });
  const code = (await openBrowser().signIn(url, anna)).searchParams.get('code') ?? '';
  const first = await token({
    grant_type: 'authorization_code',
    redirect_uri: callback,
    code,
    resource: 'https://graph.microsoft.com',
  });
  assert.equal(first['status'], 200, JSON.stringify(first));
  assert.equal(first['scope'], 'User.Read Mail.Read');
  const { ver, iss, aud, amr, upn, unique_name, preferred_username, ipaddr } = claimsOf(first['id_token']);
  assert.deepEqual(
    [ver, iss, aud, amr, upn, unique_name, preferred_username, ipaddr],
    ['1.0', `https://sts.windows.net/${entra.contoso.id}/`, app.appId, ['pwd'], anna, anna, undefined, '127.0.0.1'],
  );
  const next = await token({
    grant_type: 'refresh_token',
    refresh_token: String(first['refresh_token']),
    resource: '00000003-0000-0000-c000-000000000000',
  });
  assert.equal(next['resource'], '00000003-0000-0000-c000-000000000000');
  const claims = claimsOf(next['access_token']);
  assert.deepEqual(
    [claims['aud'], claims['scp'], claims['amr'], claims['ver']],
    ['00000003-0000-0000-c000-000000000000', 'openid profile email User.Read Mail.Read', ['pwd'], '1.0'],
  );
});
