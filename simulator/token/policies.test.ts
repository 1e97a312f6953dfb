import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hiddenFields, openBrowser } from '../test-browser.ts';
import {
  authorizeUrl,
  callback,
  claimsOf,
  readObject,
  startTestEntra,
  type TestApp,
  type TestEntra,
  type TokenReply,
} from '../test-tenant.ts';

const refusal = ({ status, body }: TokenReply): unknown[] => [
  status,
  body['error'],
  body['error_codes'],
  body['suberror'],
];

/** Somebody of Contoso with his password, and a form that signs him in by it. */
async function person(entra: TestEntra, app: Pick<TestApp, 'appId'>, place = 0) {
  const user = entra.contoso.users[place];
  const path = `/tenants/${entra.contoso.id}/users/${user?.userPrincipalName}`;
  const { password } = await entra.control('GET', `${path}/credentials`);
  const form = {
    grant_type: 'password',
    client_id: app.appId,
    username: String(user?.userPrincipalName),
    password: String(password),
    scope: 'openid profile offline_access User.Read',
  };
  return { form, path, set: (change: object) => entra.control('PATCH', `${path}/credentials`, change) };
}

const policy = (entra: TestEntra, body: object) =>
  entra.control('POST', `/tenants/${entra.contoso.id}/policies`, { displayName: 'Policy', ...body });

const nativeApp = (entra: TestEntra): Promise<TestApp> =>
  entra.register({ displayName: 'Native', redirectUris: {}, isFallbackPublicClient: true });

describe('user name and password (resource owner password credentials)', () => {
  test('a public client gets tokens of the person, at the tenant, at organizations, and by v1', async () => {
    await using entra = await startTestEntra({ users: 4 });
    const { form } = await person(entra, await nativeApp(entra));
    for (const tenant of [entra.contoso.id, 'contoso.example', 'organizations']) {
      const { status, body } = await entra.token(tenant, form);
      assert.equal(status, 200, JSON.stringify(body));
      const { upn, amr, appidacr } = claimsOf(body['access_token']);
      assert.deepEqual([upn, amr, appidacr], [form.username, ['pwd'], '0']);
      assert.equal(typeof body['refresh_token'], 'string');
    }
    const { scope: _, ...old } = { ...form, resource: 'https://graph.microsoft.com' };
    const url = `${entra.url}/${entra.contoso.id}/oauth2/token`;
    const reply = await fetch(url, { method: 'POST', body: new URLSearchParams(old) });
    assert.equal(claimsOf(readObject(await reply.text())['id_token'])['unique_name'], form.username);
  });

  test('refusals', async (t) => {
    await using entra = await startTestEntra({ users: 8 });
    const app = await nativeApp(entra);
    const { form } = await person(entra, app);
    const web = await entra.register();
    const guest = entra.contoso.users.find(({ userType }) => userType === 'Guest');
    const [neighbour] = entra.fabrikam.users;
    const cases: readonly [name: string, form: Record<string, string>, refused: unknown[], tenant?: string][] = [
      ['a wrong password', { password: 'no' }, [400, 'invalid_grant', [50126], undefined]],
      ['nobody', { username: 'nobody@contoso.example' }, [400, 'invalid_grant', [50034], undefined]],
      [
        'somebody of another tenant',
        { username: `${neighbour?.userPrincipalName}` },
        [400, 'invalid_grant', [50056], undefined],
      ],
      ['a guest', { username: `${guest?.userPrincipalName}` }, [400, 'invalid_grant', [50056], undefined]],
      ['public client flows off', { client_id: web.appId }, [401, 'invalid_client', [7000218], undefined]],
      ['at common', {}, [400, 'invalid_request', [9001023], undefined], 'common'],
      ['no password', { password: '' }, [400, 'invalid_request', [900144], undefined]],
      ['no scope', { scope: '' }, [400, 'invalid_request', [900144], undefined]],
    ];
    for (const [name, change, refused, tenant = entra.contoso.id] of cases)
      await t.test(name, async () =>
        assert.deepEqual(refusal(await entra.token(tenant, { ...form, ...change })), refused),
      );
    await t.test('the password is expired, or there is none in the cloud', async () => {
      const { form: second, set } = await person(entra, app, 1);
      await set({ passwordExpired: true });
      assert.deepEqual(refusal(await entra.token(entra.contoso.id, second)), [
        400,
        'invalid_grant',
        [50055],
        undefined,
      ]);
      await set({ password: null, passwordExpired: false });
      assert.deepEqual(refusal(await entra.token(entra.contoso.id, second)), [
        400,
        'invalid_grant',
        [50056],
        undefined,
      ]);
    });
    await t.test('a second factor is demanded', async () => {
      const { form: third, set } = await person(entra, app, 2);
      await set({ secondFactorRequired: true });
      const reply = await entra.token(entra.contoso.id, third);
      assert.deepEqual(refusal(reply), [400, 'interaction_required', [50076], 'basic_action']);
      await set({ secondFactor: 'none' });
      assert.deepEqual((await entra.token(entra.contoso.id, third)).body['error_codes'], [50079]);
    });
    await t.test('too many wrong ones', async () => {
      await entra.control('PATCH', `/tenants/${entra.contoso.id}`, { signIn: { lockoutThreshold: 2 } });
      const { form: fourth } = await person(entra, app, 3);
      for (const code of [50126, 50053, 50053])
        assert.deepEqual((await entra.token(entra.contoso.id, { ...fourth, password: 'no' })).body['error_codes'], [
          code,
        ]);
    });
    await t.test('disabled', async () => {
      const { form: fifth, path } = await person(entra, app, 4);
      await entra.control('PATCH', path, { accountEnabled: false });
      assert.deepEqual((await entra.token(entra.contoso.id, fifth)).body['error_codes'], [50057]);
    });
    await t.test('nobody consented, where signing in does not imply it', async () => {
      await entra.control('PATCH', `/tenants/${entra.contoso.id}`, { signIn: { userConsent: 'allowed' } });
      const other = await nativeApp(entra);
      const reply = await entra.token(entra.contoso.id, { ...form, client_id: other.appId });
      assert.deepEqual(refusal(reply), [400, 'invalid_grant', [65001], 'consent_required']);
    });
  });
});

describe('Conditional Access, where tokens come without a page', () => {
  test('a refresh: blocked by AADSTS53003; a factor is asked for by claims that name the policy (entra.md §1.10)', async () => {
    await using entra = await startTestEntra({ users: 3 });
    const { form } = await person(entra, await nativeApp(entra));
    const { body } = await entra.token(entra.contoso.id, form);
    const refresh = {
      grant_type: 'refresh_token',
      client_id: form.client_id,
      refresh_token: String(body['refresh_token']),
    };
    const { id } = await policy(entra, { grantControls: { builtInControls: ['mfa'] } });
    const asked = await entra.token(entra.contoso.id, refresh);
    assert.deepEqual(refusal(asked), [400, 'interaction_required', [50076], 'basic_action']);
    assert.deepEqual(JSON.parse(String(asked.body['claims'])), {
      access_token: { polids: { essential: true, Values: [id] } },
    });
    await policy(entra, { grantControls: { builtInControls: ['block'] } });
    assert.deepEqual((await entra.token(entra.contoso.id, refresh)).body['error_codes'], [53003]);
  });

  test('who gave his second factor on the page keeps it in his refresh token', async () => {
    await using entra = await startTestEntra({ users: 3 });
    const { form, path, set } = await person(entra, await nativeApp(entra));
    await set({ secondFactorRequired: true });
    assert.deepEqual((await entra.token(entra.contoso.id, form)).body['error_codes'], [50076]);
    const web = await entra.register();
    const browser = openBrowser();
    const { authenticatorCode } = await entra.control('GET', `${path}/credentials`);
    const url = authorizeUrl(entra, entra.contoso.id, web, { scope: 'openid offline_access User.Read' });
    let answer = await browser.get(url);
    for (const fields of [{ login: form.username }, { factor: 'code', otc: String(authenticatorCode) }]) {
      const page = hiddenFields(await answer.text());
      for (const [name, value] of Object.entries(fields)) page.set(name, value);
      answer = await browser.post(url.split('?', 1)[0] ?? '', page);
    }
    const code = new URL(String(answer.headers.get('location'))).searchParams.get('code') ?? '';
    const client = { client_id: web.appId, client_secret: web.secret };
    const redemption = { grant_type: 'authorization_code', ...client, redirect_uri: callback, code };
    const { body } = await entra.token(entra.contoso.id, redemption);
    assert.deepEqual(claimsOf(body['access_token'])['amr'], ['pwd', 'mfa']);
    const refresh = { grant_type: 'refresh_token', ...client, refresh_token: String(body['refresh_token']) };
    assert.equal((await entra.token(entra.contoso.id, refresh)).status, 200);
  });

  test('device codes can be blocked: the device hears of it when it polls', async () => {
    await using entra = await startTestEntra({ users: 3 });
    const app = await nativeApp(entra);
    await policy(entra, {
      conditions: { authenticationFlows: { transferMethods: 'deviceCodeFlow' } },
      grantControls: { builtInControls: ['block'] },
    });
    const url = `${entra.url}/${entra.contoso.id}/oauth2/v2.0/devicecode`;
    const body = new URLSearchParams({ client_id: app.appId, scope: 'User.Read' });
    const device = readObject(await (await fetch(url, { method: 'POST', body })).text());
    const { form } = await person(entra, app);
    await entra.control('POST', `/device-codes/${device['user_code']}`, { login: form.username });
    const reply = await entra.token(entra.contoso.id, {
      grant_type: 'device_code',
      client_id: app.appId,
      device_code: String(device['device_code']),
    });
    assert.deepEqual(reply.body['error_codes'], [53003]);
    assert.equal((await entra.token(entra.contoso.id, form)).status, 200);
  });

  test('on behalf of: the claims of the refusal go back to the client that has a page', async () => {
    await using entra = await startTestEntra({ users: 3 });
    const api = await entra.register({ identifierUris: ['api://api'], isFallbackPublicClient: true });
    const { form } = await person(entra, await nativeApp(entra));
    await entra.token(entra.contoso.id, { ...form, client_id: api.appId });
    const { body } = await entra.token(entra.contoso.id, { ...form, scope: 'api://api/read' });
    await policy(entra, {
      conditions: { applications: { includeApplications: ['00000003-0000-0000-c000-000000000000'] } },
      grantControls: { builtInControls: ['mfa'] },
    });
    const reply = await entra.token(entra.contoso.id, {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
      client_id: api.appId,
      client_secret: api.secret,
      scope: 'User.Read',
      assertion: String(body['access_token']),
    });
    assert.deepEqual(refusal(reply), [400, 'interaction_required', [50076], 'basic_action']);
    assert.match(String(reply.body['claims']), /^\{"access_token":\{"polids"/);
  });
});
