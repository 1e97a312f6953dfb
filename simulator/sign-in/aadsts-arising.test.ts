import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { hiddenFields, openBrowser, type TestBrowser } from '../test-browser.ts';
import { authorizeUrl, callback, readObject, startTestEntra, type TestApp, type TestEntra } from '../test-tenant.ts';

/** What a refusal says, wherever it shows: on a page, in a redirect, in JSON. */
type Seen = {
  readonly status: number;
  readonly error: string | undefined;
  readonly code: number;
  readonly suberror: string | undefined;
};

/** An ordinary wrong request: 302 is back to the app. */
type Case = readonly [code: number, status: number, error: string, ask: () => Promise<Response>, suberror?: string];

let entra: TestEntra;
/** A web app, one for the implicit grant, a single-page app, one of many tenants, one that demands assignment. */
let web: TestApp;
let implicit: TestApp;
let spa: TestApp;
let many: TestApp;
let closed: TestApp;
let anna: string;
let other: string;
before(async () => {
  entra = await startTestEntra();
  web = await entra.register();
  implicit = await entra.register({ implicitGrant: { idToken: true, accessToken: true } });
  spa = await entra.register({ redirectUris: { spa: ['http://localhost:8080/spa'] } });
  many = await entra.register({ signInAudience: 'AzureADMultipleOrgs' });
  closed = await entra.register({ assignmentRequired: true });
  anna = String(entra.contoso.users[1]?.userPrincipalName);
  other = String(entra.contoso.users[2]?.userPrincipalName);
});
after(() => entra.close());

async function see(response: Response): Promise<Seen> {
  const { status } = response;
  const location = response.headers.get('location');
  const text = await response.text();
  if (location !== null) {
    const { searchParams, hash } = new URL(location);
    const answer = hash === '' ? searchParams : new URLSearchParams(hash.slice(1));
    const code = Number(/^AADSTS(\d+)/.exec(answer.get('error_description') ?? '')?.[1]);
    return { status, error: answer.get('error') ?? undefined, code, suberror: answer.get('suberror') ?? undefined };
  }
  if (text.startsWith('{')) {
    const { error, error_codes: codes, suberror } = readObject(text);
    const [code] = Array.isArray(codes) ? codes : [];
    return {
      status,
      error: String(error),
      code: Number(code),
      suberror: suberror === undefined ? undefined : String(suberror),
    };
  }
  const code = Number(/AADSTS(\d+)/.exec(text)?.[1]);
  return { status, error: /<dt>Error<\/dt><dd>(.*?)<\/dd>/.exec(text)?.[1], code, suberror: undefined };
}

const met = new Set<number>();

async function run(cases: readonly Case[]): Promise<void> {
  for (const [code, status, error, ask, suberror] of cases) {
    assert.deepEqual(await see(await ask()), { status, error, code, suberror }, `AADSTS${code}`);
    met.add(code);
  }
}

type Parameters = Record<string, string | undefined>;

const at = (app: TestApp, parameters: Parameters = {}, tenant = entra.contoso.id): string =>
  authorizeUrl(entra, tenant, app, parameters);

/** Opens authorize as somebody who is not signed in. */
const open =
  (app: TestApp, parameters: Parameters = {}, tenant?: string): (() => Promise<Response>) =>
  () =>
    openBrowser().get(at(app, parameters, tenant));

/** Opens authorize, chooses somebody, and gives each page what it is given here. */
const give =
  (app: TestApp, login: string, parameters: Parameters = {}, ...answers: readonly Record<string, string>[]) =>
  async (browser: TestBrowser = openBrowser()): Promise<Response> => {
    const url = at(app, parameters);
    let response = await browser.get(url);
    for (const answer of [{ login }, ...answers]) {
      const form = hiddenFields(await response.text());
      for (const [name, value] of Object.entries(answer)) form.set(name, value);
      response = await browser.post(url.split('?', 1)[0] ?? '', form);
    }
    return response;
  };

const set = (signIn: Record<string, unknown>): Promise<unknown> =>
  entra.control('PATCH', `/tenants/${entra.contoso.id}`, { signIn });

const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${entra.url}${path}`, { method: 'POST', body: new URLSearchParams(form), headers });

const token = (form: Record<string, string>, tenant = entra.contoso.id, headers = {}): Promise<Response> =>
  post(`/${tenant}/oauth2/v2.0/token`, form, headers);

const client = ({ appId, secret }: TestApp) => ({ client_id: appId, client_secret: secret });

test('authorize: what is wrong with the client, the tenant, the redirect URI stays on the page', async () => {
  const personal = at(many, {}, 'consumers');
  const disabled = entra.contoso.users.find(({ accountEnabled }) => !accountEnabled);
  const off = await entra.register({ enabled: false });
  const bare = await entra.register({ redirectUris: { web: [] } });
  const guest = entra.contoso.users.find(({ userType }) => userType === 'Guest');
  const home = String(entra.fabrikam.users[0]?.userPrincipalName);
  await run([
    [900144, 400, 'invalid_request', open(web, { client_id: undefined })],
    [700016, 400, 'unauthorized_client', open(web, { client_id: '11111111-2222-4333-8444-555555555555' })],
    [90002, 400, 'invalid_tenant', open(web, {}, 'nobody.example')],
    [900023, 400, 'invalid_request', open(web, {}, 'no_tenant')],
    [50011, 400, 'invalid_request', open(web, { redirect_uri: 'http://localhost:8080/Callback' })],
    [500113, 400, 'invalid_request', open(bare, { redirect_uri: undefined })],
    [50194, 400, 'invalid_request', open(web, {}, 'common')],
    [500011, 400, 'invalid_resource', open(web, { scope: 'openid api://nobody/read' })],
    [50034, 400, 'invalid_grant', give(web, 'nobody@contoso.example')],
    [50020, 400, 'invalid_grant', give(web, String(entra.fabrikam.users[3]?.userPrincipalName))],
    [50057, 400, 'invalid_grant', give(web, String(disabled?.userPrincipalName))],
    [50105, 400, 'interaction_required', give(closed, anna)],
    [7000112, 400, 'unauthorized_client', give(off, anna)],
    [900561, 400, 'invalid_request', () => fetch(at(web), { method: 'PUT' })],
    [90004, 404, 'invalid_request', () => fetch(`${entra.url}/${entra.contoso.id}/oauth2/v2.0/authorise`)],
  ]);
  assert.equal((await see(await openBrowser().get(personal))).code, 9002332);
  met.add(9002332);
  await entra.control('PATCH', `/tenants/${entra.contoso.id}/users/${guest?.id}`, { accountEnabled: false });
  await run([[500571, 400, 'invalid_grant', give(web, home)]]);
});

test('authorize: the rest goes back to the app', async () => {
  const nonce = 'n';
  await run([
    [700051, 302, 'unsupported_response_type', open(web, { response_type: 'token' })],
    [700054, 302, 'unsupported_response_type', open(web, { response_type: 'id_token', nonce })],
    [70005, 302, 'unsupported_response_type', open(web, { response_type: 'none' })],
    [70007, 302, 'invalid_request', open(implicit, { response_type: 'id_token', response_mode: 'query', nonce })],
    [90014, 302, 'invalid_request', open(implicit, { response_type: 'id_token' })],
    [90023, 302, 'invalid_request', open(web, { prompt: 'sometimes' })],
    [90100, 302, 'invalid_request', open(web, { max_age: 'soon' })],
    [90005, 302, 'invalid_request', open(web, { login_hint: anna, sid: 's' })],
    [50117, 302, 'invalid_request', open(web, { claims: '{' })],
    [501491, 302, 'invalid_request', open(web, { code_challenge: 'short', code_challenge_method: 'S256' })],
    [9002325, 302, 'invalid_request', open(spa, { redirect_uri: 'http://localhost:8080/spa' })],
    [650053, 302, 'invalid_client', open(web, { scope: 'openid groups' })],
    [70011, 302, 'invalid_scope', open(web, { scope: 'User.Read https://graph.microsoft.com/.default' })],
    [901002, 302, 'invalid_request', open(web, { resource: 'https://graph.microsoft.com' })],
    [50058, 302, 'login_required', open(web, { prompt: 'none' })],
  ]);
  const browser = openBrowser();
  await browser.signIn(at(many, {}, 'organizations'), anna);
  const silent = (parameters: Parameters) => () =>
    browser.get(at(many, { prompt: 'none', ...parameters }, 'organizations'));
  await run([
    [160021, 302, 'interaction_required', silent({ sid: '00000000-0000-4000-8000-000000000000' })],
    [50143, 302, 'invalid_request', silent({ domain_hint: 'fabrikam.example' })],
  ]);
  await browser.signIn(at(many, { login_hint: other }, 'organizations'), other);
  await run([[16000, 302, 'interaction_required', silent({})]]);
});

test('passwords, second factors, consent, policies', async () => {
  const credentials = `/tenants/${entra.contoso.id}/users/${entra.contoso.users[1]?.id}/credentials`;
  await set({ passwords: true, lockoutThreshold: 2 });
  const wrong = { passwd: 'wrong' };
  const page = async (code: number, ask: () => Promise<Response>): Promise<void> => {
    const seen = await see(await ask());
    assert.deepEqual([seen.code, seen.status], [code, 400]);
    met.add(code);
  };
  await page(50126, give(web, anna, {}, wrong));
  await page(50053, give(web, anna, {}, wrong));
  await entra.control('PATCH', credentials, { locked: false, password: null });
  await page(50056, give(web, anna, {}, wrong));
  await entra.control('PATCH', credentials, { password: 'Good-word-1', mustChangePassword: true });
  const weak = { oldpasswd: 'Good-word-1', newpasswd: 'weak', confirmpasswd: 'weak' };
  await page(120002, give(web, anna, {}, { passwd: 'Good-word-1' }, weak));
  await entra.control('PATCH', credentials, { mustChangePassword: false });
  await set({ passwords: false });

  const browser = openBrowser();
  await give(web, anna)(browser);
  const silent =
    (parameters: Parameters = {}) =>
    () =>
      browser.get(at(web, { prompt: 'none', ...parameters }));
  await entra.control('PATCH', credentials, { secondFactorRequired: true });
  await page(500121, give(web, anna, {}, { factor: 'deny' }));
  await run([
    [50074, 302, 'interaction_required', give(web, anna, {}, { factor: 'cancel' })],
    [50076, 302, 'interaction_required', silent(), 'basic_action'],
  ]);
  await entra.control('PATCH', credentials, { secondFactor: 'none' });
  await run([
    [50079, 302, 'interaction_required', silent(), 'basic_action'],
    [50072, 302, 'interaction_required', give(web, anna, {}, { factor: 'cancel' })],
  ]);
  await entra.control('PATCH', credentials, { secondFactorRequired: false });

  await set({ userConsent: 'allowed' });
  const [ours, admins] = [{ scope: 'Mail.Send' }, { scope: 'User.Read.All' }];
  await run([
    [65001, 302, 'consent_required', silent(ours), 'consent_required'],
    [65004, 302, 'access_denied', give(web, anna, ours, { consent: 'cancel' })],
    [90094, 302, 'access_denied', give(web, anna, admins, { consent: 'return' })],
  ]);
  await set({ consentRequests: true });
  await run([[90095, 302, 'access_denied', give(web, anna, admins, { consent: 'return' })]]);
  await set({ userConsent: 'implied', consentRequests: false });

  const policies = `/tenants/${entra.contoso.id}/policies`;
  for (const [control, code] of [
    ['block', 53003],
    ['compliantDevice', 53000],
    ['domainJoinedDevice', 53001],
    ['approvedApplication', 53002],
  ] as const) {
    const { id } = await entra.control('POST', policies, {
      displayName: control,
      grantControls: { builtInControls: [control], operator: 'AND' },
    });
    const seen = await see(await give(web, anna)());
    assert.deepEqual([seen.code, seen.error], [code, 'interaction_required']);
    met.add(code);
    await entra.control('DELETE', `${policies}/${id}`);
  }
});

test('token, discovery, admin consent', async () => {
  const app = { grant_type: 'client_credentials', ...client(web), scope: 'https://graph.microsoft.com/.default' };
  const code = async (): Promise<Record<string, string>> => ({
    grant_type: 'authorization_code',
    ...client(web),
    redirect_uri: callback,
    code: (await openBrowser().signIn(at(web), anna)).searchParams.get('code') ?? '',
  });
  const once = await code();
  await token(once);
  const instance = (endpoint: string) => () =>
    fetch(`${entra.url}/common/discovery/instance?${new URLSearchParams({ authorization_endpoint: endpoint })}`);
  const abroad = await code();
  await run([
    [70003, 400, 'unsupported_grant_type', () => token({ ...app, grant_type: 'magic' })],
    [700038, 400, 'unauthorized_client', () => token({ ...app, client_id: '11111111-2222-4333-8444-555555555555' })],
    [7000215, 401, 'invalid_client', () => token({ ...app, client_secret: web.keyId })],
    [7000216, 401, 'invalid_client', () => token({ ...app, client_secret: '' })],
    [9001023, 400, 'invalid_request', () => token(app, 'common')],
    [1002012, 400, 'invalid_scope', () => token({ ...app, scope: 'User.Read' })],
    [54005, 400, 'invalid_grant', () => token(once)],
    [70000, 400, 'invalid_grant', () => token({ ...once, code: 'nonsense' })],
    [700005, 400, 'invalid_grant', () => codeOf(many).then((form) => token(form, entra.fabrikam.id))],
    [700009, 400, 'invalid_request', async () => token(without(await code(), 'redirect_uri'))],
    [
      500112,
      400,
      'invalid_grant',
      async () => token({ ...(await code()), redirect_uri: 'http://localhost:8080/else' }),
    ],
    [501481, 400, 'invalid_grant', async () => token({ ...(await code()), code_verifier: 'v'.repeat(43) })],
    [
      9002326,
      400,
      'invalid_request',
      async () => token(await code(), entra.contoso.id, { origin: 'https://a.example' }),
    ],
    [7000218, 401, 'invalid_client', async () => token(without(abroad, 'client_secret'))],
    [50049, 400, 'invalid_instance', instance('https://login.elsewhere.example/common/oauth2/v2.0/authorize')],
    [50050, 400, 'invalid_request', instance('nonsense')],
    [
      650056,
      400,
      'invalid_client',
      () =>
        openBrowser().get(
          `${entra.url}/${entra.contoso.id}/adminconsent?client_id=${web.appId}&redirect_uri=${callback}`,
        ),
    ],
  ]);
  await entra.control('POST', '/clock', { advanceMs: 11 * 60_000 });
  await run([[70008, 400, 'invalid_grant', () => token(abroad)]]);
});

async function codeOf(app: TestApp): Promise<Record<string, string>> {
  const location = await openBrowser().signIn(at(app), anna);
  const code = location.searchParams.get('code') ?? '';
  return { grant_type: 'authorization_code', ...client(app), redirect_uri: callback, code };
}

const without = (form: Record<string, string>, name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(form).filter(([key]) => key !== name));

test('at least 40 codes arose by themselves', () => {
  assert.ok(met.size >= 60, `${met.size}`);
});
