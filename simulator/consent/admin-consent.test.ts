import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { hiddenFields, openBrowser } from '../test-browser.ts';
import { callback, claimsOf, startTestEntra, type TestApp, type TestEntra } from '../test-tenant.ts';

const graph = '00000003-0000-0000-c000-000000000000';
const userRead = 'e1fe6dd8-ba31-4d61-89e7-88639da4683d';
const mailSendOfApps = 'b633e1c5-b582-4048-a93e-9f11b44c7e96';

let entra: TestEntra;
/** Global Administrator, somebody without a role. */
let admin: string;
let nobody: string;
before(async () => {
  entra = await startTestEntra();
  [admin = '', nobody = ''] = entra.contoso.users.map(({ userPrincipalName }) => userPrincipalName);
});
after(() => entra.close());

type Visit = { readonly status: number; readonly text: string; readonly location: URL | undefined };

/** Opens the endpoint, chooses somebody, and presses a button of the page that follows. */
async function consent(
  path: string,
  parameters: Record<string, string>,
  login: string,
  answer?: string,
): Promise<Visit> {
  const browser = openBrowser();
  const url = `${entra.url}/${path}?${new URLSearchParams(parameters)}`;
  let page = await (await browser.get(url)).text();
  let response: Response | undefined;
  for (const [name, value] of [['login', login], ...(answer === undefined ? [] : [['consent', answer]])] as const) {
    const form = hiddenFields(page);
    form.set(`${name}`, `${value}`);
    response = await browser.post(`${entra.url}/${path}`, form);
    page = await response.text();
  }
  const location = response?.headers.get('location');
  return { status: response?.status ?? 0, text: page, location: location ? new URL(location) : undefined };
}

const parametersOf = ({ location }: Visit): Record<string, string> => Object.fromEntries(location?.searchParams ?? []);

const register = (resourceAccess: readonly unknown[], body: Record<string, unknown> = {}): Promise<TestApp> =>
  entra.register({ requiredResourceAccess: [{ resourceAppId: graph, resourceAccess }], ...body });

const rolesOf = async ({ appId, secret }: TestApp): Promise<unknown> => {
  const { body } = await entra.token(entra.contoso.id, {
    grant_type: 'client_credentials',
    client_id: appId,
    client_secret: secret,
    scope: 'https://graph.microsoft.com/.default',
  });
  return claimsOf(body['access_token'])['roles'];
};

test('v2: scopes in words, Accept goes back with admin_consent, tenant, state and scope; nobody is asked any more', async () => {
  const app = await entra.register();
  const path = `${entra.contoso.id}/v2.0/adminconsent`;
  const scope = 'https://graph.microsoft.com/User.Read https://graph.microsoft.com/Mail.Read';
  const parameters = { client_id: app.appId, scope, redirect_uri: callback, state: '12345' };
  const page = await consent(path, parameters, admin);
  assert.match(page.text, /Review for your organization/);
  assert.match(page.text, /Read your mail/);
  const done = await consent(path, parameters, admin, 'accept');
  assert.equal(`${done.location?.origin}${done.location?.pathname}`, callback);
  assert.deepEqual(parametersOf(done), { admin_consent: 'True', tenant: entra.contoso.id, scope, state: '12345' });
  await entra.control('PATCH', `/tenants/${entra.contoso.id}`, { signIn: { userConsent: 'denied' } });
  const query = new URLSearchParams({
    client_id: app.appId,
    redirect_uri: callback,
    response_type: 'code',
    scope: 'User.Read Mail.Read',
  });
  const location = await openBrowser().signIn(
    `${entra.url}/${entra.contoso.id}/oauth2/v2.0/authorize?${query}`,
    nobody,
  );
  assert.ok(location.searchParams.has('code'), location.href);
});

test('refused: consent_required with AADSTS65004, admin_consent and tenant (v2-admin-consent)', async () => {
  const app = await register([{ id: userRead, type: 'Scope' }]);
  const parameters = { client_id: app.appId, redirect_uri: callback, state: 's' };
  const {
    error,
    error_description,
    error_uri: _,
    ...rest
  } = parametersOf(await consent(`${entra.contoso.id}/adminconsent`, parameters, admin, 'cancel'));
  assert.equal(error, 'consent_required');
  assert.match(`${error_description}`, /^AADSTS65004: The resource owner or authorization server denied the request/);
  assert.deepEqual(rest, { admin_consent: 'True', tenant: entra.contoso.id, state: 's' });
});

test('v1: all that the registration lists, app roles too, and older grants beyond it are taken back (entra.md §2.1)', async () => {
  const listed = [
    { id: userRead, type: 'Scope' },
    { id: mailSendOfApps, type: 'Role' },
  ];
  const app = await register(listed, { permissions: ['User.Read.All'] });
  assert.deepEqual(await rolesOf(app), ['User.Read.All']);
  const parameters = { client_id: app.appId, redirect_uri: callback };
  const page = await consent(`${entra.contoso.domain}/adminConsent`, parameters, admin);
  assert.match(page.text, /Mail\.Send, for the app itself/);
  const elsewhere = await fetch(`${entra.url}/organizations/adminconsent?${new URLSearchParams(parameters)}`);
  assert.match(await elsewhere.text(), /AADSTS50194/, 'a single-tenant app is not for /organizations');
  await consent(`${entra.contoso.domain}/adminConsent`, parameters, admin, 'accept');
  assert.deepEqual(await rolesOf(app), ['Mail.Send']);
});

test('who may: roles of directory; Graph’s app roles need more than an Application Administrator (entra.md §2.2)', async () => {
  const path = `${entra.contoso.id}/adminconsent`;
  const delegated = await register([{ id: userRead, type: 'Scope' }]);
  const refused = await consent(path, { client_id: delegated.appId, redirect_uri: callback }, nobody);
  assert.match(refused.text, /Need admin approval/);
  const back = await consent(path, { client_id: delegated.appId, redirect_uri: callback }, nobody, 'return');
  assert.deepEqual([parametersOf(back)['error'], parametersOf(back)['admin_consent']], ['access_denied', 'True']);
  assert.match(`${parametersOf(back)['error_description']}`, /^AADSTS90094/);
});

test('a daemon without a redirect URI: the consent counts, the page says AADSTS500113; one that lists nothing is 650056', async () => {
  const daemon = await register([{ id: mailSendOfApps, type: 'Role' }], { redirectUris: { web: [] } });
  const done = await consent(`${entra.contoso.id}/adminconsent`, { client_id: daemon.appId }, admin, 'accept');
  assert.equal(done.status, 400);
  assert.match(done.text, /AADSTS500113/);
  assert.deepEqual(await rolesOf(daemon), ['Mail.Send']);
  const empty = await entra.register();
  const browser = openBrowser();
  const path = `${entra.url}/${entra.contoso.id}/adminconsent`;
  const response = await browser.get(
    `${path}?${new URLSearchParams({ client_id: empty.appId, redirect_uri: callback })}`,
  );
  assert.match(await response.text(), /AADSTS650056/);
});
