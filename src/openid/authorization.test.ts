import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorizationUrl, newSignInRequest, readAuthorizationResponse, signOutUrl } from './authorization.ts';
import { ProviderError } from './provider-error.ts';

const base = {
  provider: { authorizationEndpoint: 'https://login.microsoftonline.com/t/oauth2/v2.0/authorize' },
  clientId: 'client',
  redirectUri: 'https://id.example.com/oauth/login/acme/callback',
  state: 'state-1',
  nonce: 'nonce-1',
  // The example of RFC 7636 Appendix B.
  codeVerifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
};

test('§1.7: the request carries code, PKCE S256, state, nonce and the redirect URI, always', () => {
  const url = new URL(authorizationUrl(base));
  assert.equal(url.origin + url.pathname, base.provider.authorizationEndpoint);
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    client_id: 'client',
    response_type: 'code',
    redirect_uri: base.redirectUri,
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
  assert.equal(readAuthorizationResponse(parameters('code=c&state=s&session_state=x'), { state: 's' }).code, 'c');
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

test("the provider's refusal is thrown, also where a code stands beside it", () => {
  const text = 'state=s&code=c&error=access_denied&error_description=No.';
  const refused = (error: unknown) => error instanceof ProviderError && error.message === 'access_denied: No.';
  assert.throws(() => readAuthorizationResponse(parameters(text), { state: 's' }), refused);
});

const issuer = 'https://id.example';
for (const [text, issuerIsSaid] of [
  ['state=s&code=c&iss=https://id.example/', false],
  ['state=s&code=c&iss=https://evil.example', false],
  ['state=s&code=c&iss=https://id.example&iss=https://id.example', false],
  ['state=s&code=c', true],
  ['state=s&error=access_denied&iss=https://evil.example', false],
] as const) {
  test(`attack: mix-up: "${text}" is not of the issuer that was asked (RFC 9207 §2.4)`, () => {
    assert.throws(() => readAuthorizationResponse(parameters(text), { state: 's', issuer, issuerIsSaid }), {
      error: 'invalid_issuer',
    });
  });
}

test('RFC 9207 §2.4: an answer that names its issuer, and one that need not, are read', () => {
  for (const [text, issuerIsSaid] of [
    [`state=s&code=c&iss=${issuer}`, true],
    ['state=s&code=c', false],
  ] as const) {
    assert.equal(readAuthorizationResponse(parameters(text), { state: 's', issuer, issuerIsSaid }).code, 'c');
  }
});

test('§1.9: sign-out names where to return and the login_hint claim as logout_hint', () => {
  const provider = { endSessionEndpoint: 'https://login.microsoftonline.com/t/oauth2/v2.0/logout' };
  const url = new URL(signOutUrl({ provider, postLogoutRedirectUri: 'https://id.example.com/', logoutHint: 'O.CiQ' }));
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    post_logout_redirect_uri: 'https://id.example.com/',
    logout_hint: 'O.CiQ',
  });
  assert.equal(signOutUrl({ provider }), provider.endSessionEndpoint);
});
