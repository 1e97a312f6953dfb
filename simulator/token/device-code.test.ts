import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { hiddenFields, openBrowser } from '../test-browser.ts';
import { claimsOf, readObject, startTestEntra, type TestApp, type TestEntra, type TokenReply } from '../test-tenant.ts';

const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const urn = 'urn:ietf:params:oauth:grant-type:device_code';

let entra: TestEntra;
let app: TestApp;
let anna: string;
before(async () => {
  entra = await startTestEntra();
  app = await entra.register({ displayName: 'Tool', redirectUris: {}, isFallbackPublicClient: true });
  anna = String(entra.contoso.users[0]?.userPrincipalName);
});
after(() => entra.close());

type Device = { readonly user_code: string; readonly device_code: string } & Readonly<Record<string, unknown>>;

/** What a device gets that asks for a code. */
async function ask(form: Record<string, string> = {}, tenant = entra.contoso.id, version = '/v2.0'): Promise<Device> {
  const body = new URLSearchParams({ client_id: app.appId, scope: 'openid profile offline_access User.Read', ...form });
  const reply = await fetch(`${entra.url}/${tenant}/oauth2${version}/devicecode`, { method: 'POST', body });
  const answer = readObject(await reply.text());
  assert.equal(reply.status, 200, JSON.stringify(answer));
  return answer as Device;
}

const poll = (device: Device, form: Record<string, string> = {}, tenant = entra.contoso.id): Promise<TokenReply> =>
  entra.token(tenant, { grant_type: urn, client_id: app.appId, device_code: device.device_code, ...form });

const refusal = ({ status, body }: TokenReply): unknown[] => [status, body['error'], body['error_codes']];

const decide = (device: Device, body: object): Promise<Record<string, unknown>> =>
  entra.control('POST', `/device-codes/${device.user_code}`, body);

describe('a device asks for a code (OAuth 2.0 device authorization grant)', () => {
  test('v2 answers with numbers and the message that az prints', async () => {
    const { user_code, device_code, message, ...more } = await ask();
    assert.match(user_code, /^[A-Z2-9]{9}$/);
    assert.ok(device_code.length > 100);
    assert.deepEqual(more, { verification_uri: `${entra.url}/devicelogin`, expires_in: 900, interval: 5 });
    assert.match(String(message), new RegExp(`/devicelogin and enter the code ${user_code} to`));
  });

  test('v1 takes a resource and answers with texts and verification_url', async () => {
    const form = { client_id: azureCli, resource: 'https://graph.microsoft.com' };
    const { verification_url, expires_in, interval } = await ask(form, 'common', '');
    assert.deepEqual([verification_url, expires_in, interval], [`${entra.url}/devicelogin`, '900', '5']);
  });

  test('refusals in the envelope', async () => {
    const cases: readonly [form: Record<string, string>, tenant: string, error: string, code: number][] = [
      [{ client_id: '' }, entra.contoso.id, 'invalid_request', 900144],
      [{ client_id: entra.contoso.id }, entra.contoso.id, 'unauthorized_client', 700016],
      [{ scope: '' }, entra.contoso.id, 'invalid_request', 900144],
      [{ scope: 'User.Nothing' }, entra.contoso.id, 'invalid_client', 650053],
      [{ scope: 'api://nobody/read' }, entra.contoso.id, 'invalid_resource', 500011],
      [{ scope: 'https://graph.microsoft.com/.default User.Read' }, entra.contoso.id, 'invalid_scope', 70011],
      [{ resource: 'https://graph.microsoft.com' }, entra.contoso.id, 'invalid_request', 901002],
      [{}, 'organizations', 'invalid_request', 50059],
      [{}, 'nobody.example', 'invalid_tenant', 90002],
    ];
    for (const [form, tenant, error, code] of cases) {
      const body = new URLSearchParams({ client_id: app.appId, scope: 'User.Read', ...form });
      const reply = await fetch(`${entra.url}/${tenant}/oauth2/v2.0/devicecode`, { method: 'POST', body });
      const answer = readObject(await reply.text());
      assert.deepEqual([answer['error'], answer['error_codes']], [error, [code]], JSON.stringify(form));
    }
  });
});

describe('the device polls', () => {
  test('the first poll comes at once and is pending like every other, never slow_down (facts/clients.md §2.3)', async () => {
    const device = await ask();
    for (const form of [{}, { grant_type: 'device_code' }, { code: device.device_code }])
      assert.deepEqual(refusal(await poll(device, form)), [400, 'authorization_pending', [70016]]);
  });

  test('once somebody has signed in it gets the tokens of the scopes it asked for, once', async () => {
    const device = await ask({ scope: 'https://graph.microsoft.com//User.Read openid offline_access' });
    await decide(device, { login: anna });
    // MSAL for Python names the code twice, and no scope.
    const { status, body } = await poll(device, { code: device.device_code, client_info: '1' });
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(body['scope'], 'openid https://graph.microsoft.com//User.Read');
    assert.equal(typeof body['refresh_token'], 'string');
    assert.equal(claimsOf(body['id_token'])['aud'], app.appId);
    const { aud, scp, appidacr, upn, idtyp } = claimsOf(body['access_token']);
    assert.deepEqual(
      [aud, scp, appidacr, upn, idtyp],
      ['https://graph.microsoft.com/', 'openid User.Read', '0', anna, 'user'],
    );
    assert.deepEqual(refusal(await poll(device)), [400, 'invalid_grant', [54005]]);
  });

  test('.default comes back beside what it stood for, by the name the API was asked by', async () => {
    const scope = 'https://management.core.windows.net//.default offline_access openid profile';
    const device = await ask({ client_id: azureCli, scope }, 'organizations');
    await decide(device, { login: anna });
    const { body } = await poll(device, { client_id: azureCli }, 'organizations');
    const arm = 'https://management.core.windows.net/';
    assert.equal(body['scope'], `openid profile ${arm}/user_impersonation ${arm}/.default`);
    assert.equal(claimsOf(body['access_token'])['aud'], arm);
  });

  test('declined, expired, and never issued', async () => {
    const [declined, expired] = [await ask(), await ask()];
    await decide(declined, { decline: true });
    assert.deepEqual(refusal(await poll(declined)), [400, 'authorization_declined', [65004]]);
    assert.deepEqual(refusal(await poll({ ...declined, device_code: 'x' })), [400, 'bad_verification_code', [70018]]);
    await entra.control('POST', '/clock', { advanceMs: 15 * 60_000 });
    assert.deepEqual(refusal(await poll(expired)), [400, 'expired_token', [70020]]);
  });

  test('an app that does not allow public client flows has to prove itself: AADSTS7000218, 401', async () => {
    const web = await entra.register();
    const device = await ask({ client_id: web.appId });
    assert.deepEqual(refusal(await poll(device, { client_id: web.appId })), [401, 'invalid_client', [7000218]]);
    await decide(device, { login: anna });
    const { status } = await poll(device, { client_id: web.appId, client_secret: web.secret });
    assert.equal(status, 200);
  });

  test('the code of another app, and of another tenant', async () => {
    const other = await entra.register({ isFallbackPublicClient: true, signInAudience: 'AzureADMultipleOrgs' });
    const device = await ask({ client_id: other.appId }, 'organizations');
    assert.deepEqual(refusal(await poll(device)), [400, 'bad_verification_code', [70018]]);
    await decide(device, { login: anna });
    const reply = await poll(device, { client_id: other.appId }, entra.fabrikam.id);
    assert.deepEqual(refusal(reply), [400, 'invalid_grant', [700005]]);
  });
});

describe('somebody enters the code', () => {
  const deviceAuth = () => `${entra.url}/common/oauth2/deviceauth`;

  /** Enters the code, signs in, and stands before the question whether it is he. */
  async function signIn(device: Device) {
    const browser = openBrowser();
    const entered = await browser.post(deviceAuth(), new URLSearchParams({ otc: device.user_code.toLowerCase() }));
    assert.equal(entered.status, 302, await entered.clone().text());
    const back = await browser.signIn(new URL(entered.headers.get('location') ?? '', entra.url).href, anna);
    const question = await (await browser.get(back.href)).text();
    return { browser, back, question };
  }

  test('/devicelogin leads to the page; a code that was typed wrong, is empty or expired stays there', async () => {
    const browser = openBrowser();
    const first = await browser.get(`${entra.url}/devicelogin`);
    assert.equal(first.headers.get('location'), '/common/oauth2/deviceauth');
    assert.match(await (await browser.get(deviceAuth())).text(), /Enter code/);
    const device = await ask();
    await entra.control('POST', '/clock', { advanceMs: 16 * 60_000 });
    const cases = [
      ['WRONGCODE', 70018],
      [' ', 90119],
      [device.user_code, 70019],
    ] as const;
    for (const [otc, code] of cases) {
      const reply = await browser.post(deviceAuth(), new URLSearchParams({ otc }));
      assert.equal(reply.status, 400);
      assert.match(await reply.text(), new RegExp(`AADSTS${code}: `));
    }
  });

  test('signs in by the usual page, says that it is he, and the device has its tokens', async () => {
    const device = await ask();
    const { browser, question } = await signIn(device);
    assert.match(question, /Are you trying to sign in to Tool\?/);
    assert.deepEqual(refusal(await poll(device)), [400, 'authorization_pending', [70016]]);
    const done = await browser.post(`${deviceAuth()}/return`, hiddenFields(question));
    assert.match(await done.text(), /You have signed in to the Tool application on your device/);
    const { body } = await poll(device);
    assert.equal(claimsOf(body['id_token'])['preferred_username'], anna);
    const again = await browser.post(deviceAuth(), new URLSearchParams({ otc: device.user_code }));
    assert.match(await again.text(), /AADSTS90120: /);
  });

  test('who presses Cancel declines', async () => {
    const device = await ask();
    const { browser, question } = await signIn(device);
    const form = hiddenFields(question);
    form.set('cancel', '1');
    await browser.post(`${deviceAuth()}/return`, form);
    assert.deepEqual(refusal(await poll(device)), [400, 'authorization_declined', [65004]]);
  });

  test('the page takes no code of another sign-in, and nobody may come back to it without having entered a code', async () => {
    const [mine, other] = [await ask(), await ask()];
    const { browser, back } = await signIn(mine);
    const code = back.searchParams.get('code') ?? '';
    const stolen = await browser.post(`${deviceAuth()}/return`, new URLSearchParams({ code, state: other.user_code }));
    assert.match(await stolen.text(), /AADSTS70000\b.*does not belong to the code/);
    assert.deepEqual(refusal(await poll(other)), [400, 'authorization_pending', [70016]]);
    const query = new URLSearchParams({
      client_id: app.appId,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${deviceAuth()}/return`,
      state: other.user_code,
    });
    const reply = await browser.get(`${entra.url}/${entra.contoso.id}/oauth2/v2.0/authorize?${query}`);
    assert.match(await reply.text(), /AADSTS50011/);
  });
});
