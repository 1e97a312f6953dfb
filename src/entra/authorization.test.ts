import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorizationUrl, newSignInRequest, readAuthorizationResponse, signOutUrl } from './authorization.ts';
import { EntraError } from './entra-error.ts';

const base = {
  tenant: { authorizationEndpoint: 'https://login.microsoftonline.com/t/oauth2/v2.0/authorize' },
  clientId: 'client',
  redirectUri: 'https://id.example.com/oauth/login/acme/callback',
  state: 'state-1',
  nonce: 'nonce-1',
  // The example of RFC 7636 Appendix B.
  codeVerifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
};

test('§1.7: the request carries code, PKCE S256, state, nonce and the redirect URI, always', () => {
  const url = new URL(authorizationUrl(base));
  assert.equal(url.origin + url.pathname, base.tenant.authorizationEndpoint);
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    client_id: 'client',
    response_type: 'code',
    redirect_uri: base.redirectUri,
    response_mode: 'query',
    scope: 'openid profile email',
    state: 'state-1',
    nonce: 'nonce-1',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  });
});

test('§1.7: hints, prompt and a claims challenge go along', () => {
  const claims = '{"id_token":{"acrs":{"essential":true,"value":"c1"}}}';
  const more = { loginHint: 'anna@contoso.com', domainHint: 'contoso.com', prompt: 'login', claims } as const;
  const { searchParams } = new URL(authorizationUrl({ ...base, ...more, responseMode: 'form_post' }));
  assert.deepEqual(
    ['login_hint', 'domain_hint', 'prompt', 'claims', 'response_mode'].map((name) => searchParams.get(name)),
    ['anna@contoso.com', 'contoso.com', 'login', claims, 'form_post'],
  );
});

test('§1.7: login_hint is left out with select_account (AADSTS90005)', () => {
  const url = new URL(authorizationUrl({ ...base, prompt: 'select_account', loginHint: 'anna@contoso.com' }));
  assert.equal(url.searchParams.get('login_hint'), null);
});

test('each sign-in has a state, nonce and verifier of its own, 43 characters each (RFC 7636 §4.1)', () => {
  const [one, two] = [newSignInRequest(), newSignInRequest()];
  const values = [...Object.values(one), ...Object.values(two)];
  assert.equal(new Set(values).size, 6);
  for (const value of values) assert.match(value, /^[\w-]{43}$/);
});

const parameters = (text: string) => new URLSearchParams(text);

test('the code of the right state is handed out', () => {
  assert.equal(readAuthorizationResponse(parameters('code=c&state=s&session_state=x'), { state: 's' }), 'c');
});

for (const text of [
  'code=c',
  'code=c&state=',
  'code=c&state=other',
  'code=c&state=s&state=s',
  'code=c&state=S',
  'error=x',
]) {
  test(`attack: "${text}" does not answer the state that was sent`, () => {
    assert.throws(() => readAuthorizationResponse(parameters(text), { state: 's' }), { error: 'invalid_state' });
  });
}

test('attack: an empty expected state matches nothing', () => {
  assert.throws(() => readAuthorizationResponse(parameters('code=c&state='), { state: '' }), {
    error: 'invalid_state',
  });
});

for (const text of ['state=s', 'state=s&code=', 'state=s&code=a&code=b']) {
  test(`"${text}" holds no single code`, () => {
    assert.throws(() => readAuthorizationResponse(parameters(text), { state: 's' }), { error: 'invalid_response' });
  });
}

test("Entra's own refusal is thrown with its code, also where a code stands beside it", () => {
  const text = 'state=s&code=c&error=access_denied&error_description=AADSTS65004%3A+User+declined.';
  const refused = (error: unknown) =>
    error instanceof EntraError && error.error === 'access_denied' && error.codes[0] === 65004;
  assert.throws(() => readAuthorizationResponse(parameters(text), { state: 's' }), refused);
});

test('§1.9: sign-out names where to return and the login_hint claim as logout_hint', () => {
  const tenant = { endSessionEndpoint: 'https://login.microsoftonline.com/t/oauth2/v2.0/logout' };
  const url = new URL(signOutUrl({ tenant, postLogoutRedirectUri: 'https://id.example.com/', logoutHint: 'O.CiQ' }));
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    post_logout_redirect_uri: 'https://id.example.com/',
    logout_hint: 'O.CiQ',
  });
  assert.equal(signOutUrl({ tenant }), tenant.endSessionEndpoint);
});
