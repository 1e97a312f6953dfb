import assert from 'node:assert/strict';
import test from 'node:test';
import { hiddenFields, openBrowser, type TestBrowser } from '../test-browser.ts';
import {
  authorizeUrl,
  callback,
  claimsOf,
  startTestEntra,
  type TestApp,
  type TestEntra,
  type TokenReply,
} from '../test-tenant.ts';

/** A simulator with an app, somebody who is signed in, and his refresh token. */
async function stage(): Promise<{
  entra: TestEntra;
  app: TestApp;
  login: string;
  browser: TestBrowser;
  refreshToken: string;
}> {
  const entra = await startTestEntra();
  const app = await entra.register();
  const login = `${entra.contoso.users[1]?.userPrincipalName}`;
  const browser = openBrowser();
  const url = authorizeUrl(entra, entra.contoso.id, app, { scope: 'openid offline_access User.Read' });
  const code = (await browser.signIn(url, login)).searchParams.get('code') ?? '';
  const { body } = await redeem(entra, app, code);
  return { entra, app, login, browser, refreshToken: String(body['refresh_token']) };
}

const client = ({ appId, secret }: TestApp) => ({ client_id: appId, client_secret: secret });

const redeem = (entra: TestEntra, app: TestApp, code: string, form: Record<string, string> = {}): Promise<TokenReply> =>
  entra.token(entra.contoso.id, {
    grant_type: 'authorization_code',
    ...client(app),
    redirect_uri: callback,
    code,
    ...form,
  });

const refresh = (
  entra: TestEntra,
  app: TestApp,
  refresh_token: string,
  form: Record<string, string> = {},
): Promise<TokenReply> =>
  entra.token(entra.contoso.id, { grant_type: 'refresh_token', ...client(app), refresh_token, ...form });

const addPolicy = (entra: TestEntra, policy: Record<string, unknown>): Promise<Record<string, unknown>> =>
  entra.control('POST', `/tenants/${entra.contoso.id}/policies`, { displayName: 'A policy', ...policy });

/** Chooses somebody on the picker and gives the page or redirect that follows. */
async function choose(
  entra: TestEntra,
  app: TestApp,
  login: string,
  parameters: Record<string, string> = {},
  browser = openBrowser(),
): Promise<Response> {
  const url = authorizeUrl(entra, entra.contoso.id, app, parameters);
  const form = hiddenFields(await (await browser.get(url)).text());
  form.set('login', login);
  return browser.post(url.split('?', 1)[0] ?? '', form);
}

test('block: AADSTS53003 on the page, interaction_required with message_only for a refresh; report-only changes nothing', async () => {
  const { entra, app, login, refreshToken } = await stage();
  await using _ = entra;
  const { id } = await addPolicy(entra, {
    state: 'enabledForReportingButNotEnforced',
    grantControls: { builtInControls: ['block'] },
  });
  assert.equal((await refresh(entra, app, refreshToken)).status, 200);
  await entra.control('PUT', `/tenants/${entra.contoso.id}/policies/${id}`, {
    displayName: 'On',
    grantControls: { builtInControls: ['block'] },
  });
  const page = await choose(entra, app, login);
  assert.equal(page.status, 400);
  assert.match(await page.text(), /AADSTS53003/);
  const { status, body } = await refresh(entra, app, refreshToken);
  assert.deepEqual(
    [status, body['error'], body['error_codes'], body['suberror']],
    [400, 'interaction_required', [53003], 'message_only'],
  );
});

test('mfa: a refresh is interaction_required 50076 with a claims challenge that names the policy; replayed at authorize it leads to the second factor', async () => {
  const { entra, app, browser, refreshToken } = await stage();
  await using _ = entra;
  const { id } = await addPolicy(entra, { grantControls: { builtInControls: ['mfa'] } });
  const { body } = await refresh(entra, app, refreshToken);
  assert.deepEqual(
    [body['error'], body['error_codes'], body['suberror']],
    ['interaction_required', [50076], 'basic_action'],
  );
  const claims = String(body['claims']);
  assert.deepEqual(JSON.parse(claims), { access_token: { polids: { essential: true, Values: [id] } } });
  const url = authorizeUrl(entra, entra.contoso.id, app, { claims, scope: 'openid offline_access User.Read' });
  const page = await (await browser.get(url)).text();
  assert.match(page, /Approve sign in request/);
  const form = hiddenFields(page);
  form.set('factor', 'approve');
  form.set('number', /class="number"[^>]*>(\d\d)</.exec(page)?.[1] ?? '');
  const location = new URL((await browser.post(url.split('?', 1)[0] ?? '', form)).headers.get('location') ?? '');
  const tokens = await redeem(entra, app, location.searchParams.get('code') ?? '');
  assert.deepEqual(claimsOf(tokens.body['access_token'])['amr'], ['pwd', 'mfa']);
  assert.equal((await refresh(entra, app, String(tokens.body['refresh_token']))).status, 200);
});

test('compliantDevice: 53000 until the device is; OR with mfa leaves the second factor as the way', async () => {
  const { entra, app, login, refreshToken } = await stage();
  await using _ = entra;
  const user = `/tenants/${entra.contoso.id}/users/${entra.contoso.users[1]?.id}/credentials`;
  const { id } = await addPolicy(entra, { grantControls: { operator: 'AND', builtInControls: ['compliantDevice'] } });
  assert.match(await (await choose(entra, app, login)).text(), /AADSTS53000/);
  const { body } = await refresh(entra, app, refreshToken);
  assert.deepEqual([body['error_codes'], body['suberror']], [[53000], 'additional_action']);
  await entra.control('PATCH', user, { compliantDevice: true });
  assert.equal((await refresh(entra, app, refreshToken)).status, 200);
  await entra.control('PATCH', user, { compliantDevice: false });
  await entra.control('PUT', `/tenants/${entra.contoso.id}/policies/${id}`, {
    displayName: 'Either',
    grantControls: { operator: 'OR', builtInControls: ['compliantDevice', 'mfa'] },
  });
  assert.match(await (await choose(entra, app, login)).text(), /Approve sign in request/);
});

test('whom a policy means: users, groups, roles, applications, kinds of clients, with exceptions', async (t) => {
  const { entra, app, login } = await stage();
  await using _ = entra;
  const user = entra.contoso.users[1];
  const group = entra.contoso.groups.find(({ memberIds }) => memberIds.has(String(user?.id)));
  const cases: readonly [name: string, conditions: Record<string, unknown>, blocked: boolean][] = [
    ['the user', { users: { includeUsers: [user?.id] } }, true],
    ['another user', { users: { includeUsers: [entra.contoso.users[2]?.id] } }, false],
    ['all but the user', { users: { includeUsers: ['All'], excludeUsers: [user?.id] } }, false],
    ['a group of his', { users: { includeGroups: [group?.id] } }, true],
    ['all but a group of his', { users: { includeUsers: ['All'], excludeGroups: [group?.id] } }, false],
    ['a role he has not', { users: { includeRoles: ['62e90394-69f5-4237-9190-012177145e10'] } }, false],
    ['guests', { users: { includeUsers: ['GuestsOrExternalUsers'] } }, false],
    ['the app', { applications: { includeApplications: [app.appId] } }, true],
    ['another app', { applications: { includeApplications: ['797f4846-ba00-4fd7-ba43-dac1f8f63013'] } }, false],
    ['all but the app', { applications: { includeApplications: ['All'], excludeApplications: [app.appId] } }, false],
    ['browsers', { clientAppTypes: ['browser'] }, true],
    ['native apps', { clientAppTypes: ['mobileAppsAndDesktopClients'] }, false],
    ['device code flow', { authenticationFlows: { transferMethods: 'deviceCodeFlow' } }, false],
  ];
  for (const [name, conditions, blocked] of cases) {
    await t.test(name, async () => {
      const { id } = await addPolicy(entra, { conditions, grantControls: { builtInControls: ['block'] } });
      assert.equal((await choose(entra, app, login)).status, blocked ? 400 : 302);
      await entra.control('DELETE', `/tenants/${entra.contoso.id}/policies/${id}`);
    });
  }
});

test('device code flow is blocked when the code is redeemed: 53003', async () => {
  const { entra, login } = await stage();
  await using _ = entra;
  const cli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
  await addPolicy(entra, {
    conditions: { authenticationFlows: { transferMethods: 'deviceCodeFlow' } },
    grantControls: { builtInControls: ['block'] },
  });
  const answer = await fetch(`${entra.url}/${entra.contoso.id}/oauth2/v2.0/devicecode`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: cli, scope: 'openid offline_access' }),
  });
  const { device_code, user_code } = (await answer.json()) as Record<string, string>;
  const browser = openBrowser();
  const entered = await browser.post(
    `${entra.url}/common/oauth2/deviceauth`,
    new URLSearchParams({ otc: `${user_code}` }),
  );
  const there = await browser.signIn(new URL(entered.headers.get('location') ?? '', entra.url).href, login);
  const confirm = hiddenFields(await (await browser.get(there.href)).text());
  await browser.post(`${entra.url}/common/oauth2/deviceauth/return`, confirm);
  const { body } = await entra.token(entra.contoso.id, {
    grant_type: 'device_code',
    client_id: cli,
    device_code: `${device_code}`,
  });
  assert.deepEqual(body['error_codes'], [53003], JSON.stringify(body));
});

test('terms of use: a page to accept once; declined 50158; silently 50158', async () => {
  const { entra, app, login, browser } = await stage();
  await using _ = entra;
  await addPolicy(entra, { grantControls: { termsOfUse: ['House rules'] } });
  const silent = await browser.get(authorizeUrl(entra, entra.contoso.id, app, { prompt: 'none' }));
  assert.match(silent.headers.get('location') ?? '', /AADSTS50158/);
  const url = authorizeUrl(entra, entra.contoso.id, app);
  const page = await (await browser.get(url)).text();
  assert.match(page, /House rules/);
  const form = hiddenFields(page);
  form.set('terms', 'decline');
  assert.match(await (await browser.post(url.split('?', 1)[0] ?? '', form)).text(), /AADSTS50158/);
  form.set('terms', 'accept');
  assert.equal((await browser.post(url.split('?', 1)[0] ?? '', form)).status, 302);
  assert.equal((await choose(entra, app, login)).status, 302, 'accepted for good');
});

test('sign-in frequency: a refresh of an old sign-in is 70043, the browser asks again', async () => {
  const { entra, app, browser, refreshToken } = await stage();
  await using _ = entra;
  await addPolicy(entra, { sessionControls: { signInFrequencyHours: 4 } });
  assert.equal((await refresh(entra, app, refreshToken)).status, 200);
  await entra.control('POST', '/clock', { advanceMs: 4 * 3_600_000 });
  const { body } = await refresh(entra, app, refreshToken);
  assert.deepEqual([body['error'], body['error_codes']], ['invalid_grant', [70043]]);
  assert.equal((await browser.get(authorizeUrl(entra, entra.contoso.id, app))).status, 200);
});

test('authentication context: asked for by claims it demands what its policy says, and the tokens say acrs (entra.md §1.5, §1.10)', async () => {
  const { entra, app, login, browser, refreshToken } = await stage();
  await using _ = entra;
  await addPolicy(entra, {
    conditions: { applications: { includeAuthenticationContextClassReferences: ['c1'] } },
    grantControls: { builtInControls: ['mfa'] },
  });
  const claims = JSON.stringify({
    id_token: { acrs: { essential: true, value: 'c1' } },
    access_token: { acrs: { essential: true, values: ['c1', 'c9'] } },
  });
  assert.equal((await choose(entra, app, login)).status, 302, 'without the context nobody is asked');
  const silent = await refresh(entra, app, refreshToken, { claims });
  assert.deepEqual([silent.body['error'], silent.body['error_codes']], ['interaction_required', [50076]]);
  const url = authorizeUrl(entra, entra.contoso.id, app, { claims, scope: 'openid User.Read' });
  const page = await (await browser.get(url)).text();
  const form = hiddenFields(page);
  form.set('factor', 'approve');
  form.set('number', /class="number"[^>]*>(\d\d)</.exec(page)?.[1] ?? '');
  const location = new URL((await browser.post(url.split('?', 1)[0] ?? '', form)).headers.get('location') ?? '');
  const { body } = await redeem(entra, app, location.searchParams.get('code') ?? '');
  assert.deepEqual(claimsOf(body['id_token'])['acrs'], ['c1']);
  assert.deepEqual(claimsOf(body['access_token'])['acrs'], ['c1']);
  const malformed = await browser.get(authorizeUrl(entra, entra.contoso.id, app, { claims: '[1' }));
  assert.match(malformed.headers.get('location') ?? '', /AADSTS50117/);
});
