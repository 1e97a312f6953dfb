import assert from 'node:assert/strict';
import test from 'node:test';
import { hiddenFields, openBrowser, type TestBrowser } from '../test-browser.ts';
import { authorizeUrl, startTestEntra, type TestApp, type TestEntra } from '../test-tenant.ts';

/** A person in front of a page: gives something, sees what comes. */
type Sitting = {
  readonly browser: TestBrowser;
  /** Posts the first form of the page with these fields. */
  readonly give: (fields: Readonly<Record<string, string>>) => Promise<Sight>;
  readonly open: (parameters?: Readonly<Record<string, string>>) => Promise<Sight>;
};

type Sight = {
  readonly status: number;
  readonly text: string;
  readonly title: string;
  readonly location: URL | undefined;
};

function sit(entra: TestEntra, app: TestApp, browser = openBrowser(), tenant = entra.contoso.id): Sitting {
  let page = '';
  const look = async (response: Response): Promise<Sight> => {
    page = await response.text();
    const location = response.headers.get('location');
    const title = /<h1>(.*?)<\/h1>/s.exec(page)?.[1] ?? '';
    return { status: response.status, text: page, title, location: location === null ? undefined : new URL(location) };
  };
  return {
    browser,
    open: async (parameters = {}) => look(await browser.get(authorizeUrl(entra, tenant, app, parameters))),
    give: async (fields) => {
      const form = hiddenFields(page);
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      return look(await browser.post(`${entra.url}/${tenant}/oauth2/v2.0/authorize`, form));
    },
  };
}

const set = (entra: TestEntra, signIn: Record<string, unknown>): Promise<unknown> =>
  entra.control('PATCH', `/tenants/${entra.contoso.id}`, { signIn });

const errorOf = ({ location }: Sight): string | null => location?.searchParams.get('error') ?? null;
const codeOf = ({ location }: Sight): string | undefined =>
  /^AADSTS(\d+)/.exec(location?.searchParams.get('error_description') ?? '')?.[1];

async function credentials(
  entra: TestEntra,
  position: number,
): Promise<{ path: string; login: string; password: string }> {
  const login = `${entra.contoso.users[position]?.userPrincipalName}`;
  const path = `/tenants/${entra.contoso.id}/users/${entra.contoso.users[position]?.id}/credentials`;
  return { path, login, password: String((await entra.control('GET', path))['password']) };
}

test('password: asked for, wrong ones are 50126 and lock out with 50053, the right one signs in, the session needs none', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  await set(entra, { passwords: true, lockoutThreshold: 3, lockoutSeconds: 60 });
  const { login, password } = await credentials(entra, 1);
  const person = sit(entra, app);
  await person.open();
  assert.equal((await person.give({ login })).title, 'Enter password');
  for (const _ of [1, 2]) {
    const wrong = await person.give({ passwd: 'nonsense' });
    assert.equal(wrong.status, 400);
    assert.match(wrong.text, /AADSTS50126/);
  }
  assert.match((await person.give({ passwd: 'nonsense' })).text, /AADSTS50053/);
  assert.match((await person.give({ passwd: password })).text, /AADSTS50053/, 'locked, though the password is right');
  await entra.control('POST', '/clock', { advanceMs: 61_000 });
  const there = await person.give({ passwd: password });
  assert.ok(there.location?.searchParams.has('code'), there.text);
  assert.ok((await person.open()).location?.searchParams.has('code'), 'the session signs in');
  const again = await person.open({ prompt: 'login', login_hint: login });
  assert.equal(again.title, 'Enter password', 'prompt=login and a hint lead to the password at once');
});

test('password: none in the cloud 50056, expired or to be changed: a new one has to be chosen', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  await set(entra, { passwords: true });
  const { path, login, password } = await credentials(entra, 1);
  const person = sit(entra, app);
  await entra.control('PATCH', path, { password: null });
  await person.open();
  await person.give({ login });
  assert.match((await person.give({ passwd: 'x' })).text, /AADSTS50056/);
  await entra.control('PATCH', path, { password, passwordExpired: true });
  assert.equal((await person.give({ passwd: password })).title, 'Update your password');
  const change = (newpasswd: string, oldpasswd = password, confirmpasswd = newpasswd): Promise<Sight> =>
    person.give({ oldpasswd, newpasswd, confirmpasswd });
  assert.match((await change('Other-word-9', 'wrong')).text, /AADSTS120000/);
  assert.match((await change('short')).text, /AADSTS120002/);
  assert.match((await change('Password-2026')).text, /AADSTS120018/);
  assert.match((await change(`X1-${login.split('@')[0]}`)).text, /AADSTS120003/);
  assert.match((await change('Other-word-9', password, 'Other-word-8')).text, /differ/);
  assert.ok((await change('Other-word-9')).location?.searchParams.has('code'));
  assert.equal((await entra.control('GET', path))['password'], 'Other-word-9');
});

test('second factor: by number, by code, wrong, denied 500121; who has none registers one', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  await set(entra, { secondFactor: 'always' });
  const { path, login } = await credentials(entra, 1);
  const begin = async (): Promise<{ person: Sitting; page: Sight; number: string }> => {
    const person = sit(entra, app);
    await person.open();
    const page = await person.give({ login });
    return { person, page, number: /class="number"[^>]*>(\d\d)</.exec(page.text)?.[1] ?? '' };
  };
  const first = await begin();
  assert.equal(first.page.title, 'Approve sign in request');
  assert.match((await first.person.give({ factor: 'approve', number: '00' })).text, /AADSTS500121/);
  const { person, number } = first;
  assert.ok((await person.give({ factor: 'approve', number })).location?.searchParams.has('code'));
  assert.ok((await person.open({ prompt: 'none' })).location?.searchParams.has('code'), 'the session remembers it');

  const second = await begin();
  const { authenticatorCode } = await entra.control('GET', path);
  const done = await second.person.give({ factor: 'code', otc: String(authenticatorCode) });
  assert.ok(done.location?.searchParams.has('code'), done.text);

  const denied = await (await begin()).person.give({ factor: 'deny' });
  assert.equal(denied.status, 400);
  assert.match(denied.text, /AADSTS500121/);

  await entra.control('PATCH', path, { secondFactor: 'none' });
  const third = await begin();
  assert.equal(third.page.title, 'More information required');
  assert.equal((await third.person.give({ factor: 'register' })).title, 'Approve sign in request');
});

test('silent: a second factor that is missing is 50076, one to be registered 50079, both interaction_required', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const { path, login } = await credentials(entra, 1);
  const person = sit(entra, app);
  await person.browser.signIn(authorizeUrl(entra, entra.contoso.id, app), login);
  await entra.control('PATCH', path, { secondFactorRequired: true });
  const missing = await person.open({ prompt: 'none' });
  assert.deepEqual([errorOf(missing), codeOf(missing)], ['interaction_required', '50076']);
  await entra.control('PATCH', path, { secondFactor: 'none' });
  const unregistered = await person.open({ prompt: 'none' });
  assert.deepEqual([errorOf(unregistered), codeOf(unregistered)], ['interaction_required', '50079']);
});

test('consent: scopes in words; Accept records them, Cancel is 65004, silently it is 65001; an admin may for everybody', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  await set(entra, { userConsent: 'allowed' });
  const scope = 'openid profile User.Read Mail.Read';
  const [admin, one, two] = entra.contoso.users.map(({ userPrincipalName }) => userPrincipalName);
  const person = sit(entra, app);
  await person.open({ scope });
  const page = await person.give({ login: `${one}` });
  assert.equal(page.title, 'Permissions requested');
  assert.match(page.text, /Read your mail/);
  assert.doesNotMatch(page.text, /on behalf of your organization/);
  const silent = await sit(entra, app, person.browser).open({ scope, prompt: 'none' });
  assert.deepEqual([errorOf(silent), codeOf(silent)], ['consent_required', '65001']);
  const accepted = await person.give({ consent: 'accept' });
  assert.ok(accepted.location?.searchParams.has('code'));
  assert.ok((await person.open({ scope })).location?.searchParams.has('code'), 'asked once');
  assert.equal(
    (await person.open({ scope, prompt: 'consent' })).title,
    'Permissions requested',
    'prompt=consent asks again',
  );
  assert.equal(
    (await person.open({ scope: `${scope} Mail.Send` })).title,
    'Permissions requested',
    'more is asked for',
  );
  const refused = await person.give({ consent: 'cancel' });
  assert.deepEqual([errorOf(refused), codeOf(refused)], ['access_denied', '65004']);

  const boss = sit(entra, app);
  await boss.open({ scope });
  assert.match((await boss.give({ login: `${admin}` })).text, /on behalf of your organization/);
  await boss.give({ consent: 'accept', forall: '1' });
  const other = sit(entra, app);
  await other.open({ scope });
  assert.ok((await other.give({ login: `${two}` })).location?.searchParams.has('code'), 'nobody else is asked');
});

test('consent that only an admin can give: 90094; with the workflow it is asked for, 90095, and approved', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  await set(entra, { userConsent: 'allowed' });
  const login = `${entra.contoso.users[1]?.userPrincipalName}`;
  const scope = 'openid User.Read.All';
  const person = sit(entra, app);
  await person.open({ scope });
  assert.equal((await person.give({ login })).title, 'Need admin approval');
  const back = await person.give({ consent: 'return' });
  assert.deepEqual([errorOf(back), codeOf(back)], ['access_denied', '90094']);

  await set(entra, { consentRequests: true });
  const asking = await person.open({ scope });
  assert.equal(asking.title, 'Approval required');
  assert.equal((await person.give({ consent: 'request', justification: 'I need it' })).title, 'Request sent');
  const waiting = await person.give({ consent: 'return' });
  assert.deepEqual([errorOf(waiting), codeOf(waiting)], ['access_denied', '90095']);
  const path = `/tenants/${entra.contoso.id}/consent-requests`;
  const { value } = (await entra.control('GET', path)) as { value: { id: string; justification: string }[] };
  assert.equal(value[0]?.justification, 'I need it');
  await entra.control('POST', `${path}/${value[0]?.id}/approve`);
  assert.ok((await person.open({ scope })).location?.searchParams.has('code'));
});

test('Microsoft-managed consent policy (since 2025-10): people consent to profiles, not to mail', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  await set(entra, { userConsent: 'recommended' });
  const login = `${entra.contoso.users[1]?.userPrincipalName}`;
  const person = sit(entra, app);
  await person.open({ scope: 'openid User.Read' });
  assert.equal((await person.give({ login })).title, 'Permissions requested');
  assert.equal((await person.open({ scope: 'openid Mail.Read' })).title, 'Need admin approval');
  await set(entra, { userConsent: 'denied' });
  assert.equal((await person.open({ scope: 'openid User.Read' })).title, 'Need admin approval');
});

test('Stay signed in?: Yes keeps the cookie for 90 days, No until the browser is closed', async (t) => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  await set(entra, { staySignedIn: true });
  const login = `${entra.contoso.users[1]?.userPrincipalName}`;
  for (const [stay, cookie] of [
    ['yes', /^ESTSAUTHPERSISTENT=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=7776000$/],
    ['no', /^ESTSAUTH=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/],
  ] as const) {
    await t.test(stay, async () => {
      const browser = openBrowser();
      const url = authorizeUrl(entra, entra.contoso.id, app);
      const form = hiddenFields(await (await browser.get(url)).text());
      form.set('login', login);
      const page = await (await browser.post(url.split('?', 1)[0] ?? '', form)).text();
      assert.match(page, /Stay signed in\?/);
      const answer = hiddenFields(page);
      answer.set('stay', stay);
      const response = await browser.post(url.split('?', 1)[0] ?? '', answer);
      assert.equal(response.status, 302);
      assert.match(response.headers.getSetCookie()[0] ?? '', cookie);
      assert.equal((await browser.get(url)).status, 302);
    });
  }
});

test('account tiles: signed-in ones come first and can be signed out; a flow that took too long is 50089', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  await set(entra, { passwords: true });
  const { login, password } = await credentials(entra, 1);
  const person = sit(entra, app);
  await person.open();
  await person.give({ login });
  await person.give({ passwd: password });
  const picker = await person.open({ prompt: 'select_account' });
  assert.match(picker.text, /Signed in/);
  assert.ok((await person.give({ login })).location?.searchParams.has('code'), 'a tile needs no password');
  await person.open({ prompt: 'select_account' });
  await person.give({ forget: `${entra.contoso.users[1]?.id}` });
  assert.equal((await person.give({ login })).title, 'Enter password');
  await entra.control('POST', '/clock', { advanceMs: 16 * 60_000 });
  const late = await person.give({ passwd: password });
  assert.equal(late.status, 400);
  assert.match(late.text, /AADSTS50089/);
});

test('max_age: an older sign-in has to be repeated; silently that is login_required', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const login = `${entra.contoso.users[1]?.userPrincipalName}`;
  const person = sit(entra, app);
  await person.browser.signIn(authorizeUrl(entra, entra.contoso.id, app), login);
  assert.ok((await person.open({ max_age: '600' })).location?.searchParams.has('code'));
  await entra.control('POST', '/clock', { advanceMs: 601_000 });
  assert.equal((await person.open({ max_age: '600' })).status, 200);
  assert.equal(errorOf(await person.open({ max_age: '600', prompt: 'none' })), 'login_required');
  assert.equal(codeOf(await person.open({ max_age: 'soon' })), '90100');
});

test('sid, hints and silent sign-in: 160021, 50143, 16000, 90005', async (t) => {
  await using entra = await startTestEntra();
  const app = await entra.register({ signInAudience: 'AzureADMultipleOrgs' });
  const [one, two] = entra.contoso.users.map(({ userPrincipalName }) => userPrincipalName);
  const browser = openBrowser();
  const person = sit(entra, app, browser, 'organizations');
  await browser.signIn(authorizeUrl(entra, 'organizations', app), `${one}`);
  const cases = [
    [{ sid: '00000000-0000-4000-8000-000000000000' }, '160021'],
    [{ domain_hint: 'fabrikam.example' }, '50143'],
    [{ login_hint: `${two}` }, '50058'],
    [{ login_hint: `${one}`, sid: 'x' }, '90005'],
  ] as const;
  for (const [parameters, code] of cases) {
    await t.test(JSON.stringify(parameters), async () => {
      assert.equal(codeOf(await person.open({ ...parameters, prompt: 'none' })), code);
    });
  }
  await t.test('login_hint with select_account: 90005', async () => {
    assert.equal(codeOf(await person.open({ login_hint: `${one}`, prompt: 'select_account' })), '90005');
  });
  await t.test('domain_hint narrows the picker to one tenant', async () => {
    const page = await person.open({ domain_hint: 'fabrikam.example' });
    assert.match(page.text, /Simulated sign-in of Fabrikam\./);
  });
});

test('state comes back without HTML', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const url = authorizeUrl(entra, entra.contoso.id, app, { state: 'a<b>c</b>d' });
  const location = await openBrowser().signIn(url, `${entra.contoso.users[1]?.userPrincipalName}`);
  assert.equal(location.searchParams.get('state'), 'acd');
});

test('revoked: the browser has to sign in again, the refresh token is 50173, a fresh sign-in is good', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const user = entra.contoso.users[1];
  const browser = openBrowser();
  const url = authorizeUrl(entra, entra.contoso.id, app, { scope: 'openid offline_access' });
  const client = { client_id: app.appId, client_secret: app.secret };
  const redeem = async (): Promise<string> => {
    const code = (await browser.signIn(url, `${user?.userPrincipalName}`)).searchParams.get('code') ?? '';
    const redirect_uri = 'http://localhost:8080/callback';
    const { body } = await entra.token(entra.contoso.id, {
      ...client,
      grant_type: 'authorization_code',
      code,
      redirect_uri,
    });
    return String(body['refresh_token']);
  };
  const refresh = (refresh_token: string) =>
    entra.token(entra.contoso.id, { ...client, grant_type: 'refresh_token', refresh_token });
  const before = await redeem();
  assert.equal((await refresh(before)).status, 200);
  await entra.control('POST', `/tenants/${entra.contoso.id}/users/${user?.id}/revoke-sessions`);
  assert.equal((await browser.get(url)).status, 200, 'the picker');
  const refused = await refresh(before);
  assert.equal(refused.body['error'], 'invalid_grant');
  assert.deepEqual(refused.body['error_codes'], [50173]);
  assert.equal((await refresh(await redeem())).status, 200);
});

test('authorize may cover several APIs: all of them are consented to, the code is for the first (v2-oauth2-auth-code-flow)', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  await set(entra, { userConsent: 'allowed' });
  const other = 'https://outlook.office365.com/EWS.AccessAsUser.All';
  const person = sit(entra, app);
  await person.open({ scope: `openid offline_access User.Read ${other}` });
  const page = await person.give({ login: `${entra.contoso.users[1]?.userPrincipalName}` });
  assert.match(page.text, /EWS\.AccessAsUser\.All/);
  const { location } = await person.give({ consent: 'accept' });
  const client = { client_id: app.appId, client_secret: app.secret };
  const { body } = await entra.token(entra.contoso.id, {
    grant_type: 'authorization_code',
    ...client,
    redirect_uri: 'http://localhost:8080/callback',
    code: location?.searchParams.get('code') ?? '',
  });
  assert.equal(body['scope'], 'openid User.Read');
  const refresh_token = String(body['refresh_token']);
  const more = await entra.token(entra.contoso.id, {
    ...client,
    grant_type: 'refresh_token',
    refresh_token,
    scope: other,
  });
  assert.equal(more.status, 200, JSON.stringify(more.body));
});
