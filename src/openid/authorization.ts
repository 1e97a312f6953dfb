import { createHash, randomBytes } from 'node:crypto';
import { ProviderError, readErrorParameters } from './provider-error.ts';

/** The values that tie an answer to its request; new for each sign-in, 256 bits each. */
export interface SignInRequest {
  readonly state: string;
  readonly nonce: string;
  /** PKCE (RFC 7636): kept here, sent with the code. */
  readonly codeVerifier: string;
}

/** Makes the state, nonce and PKCE verifier of one sign-in. */
export function newSignInRequest(): SignInRequest {
  const random = () => randomBytes(32).toString('base64url');
  return { state: random(), nonce: random(), codeVerifier: random() };
}

/** What an authorization request says besides what it always says. */
export interface AuthorizationRequest extends SignInRequest {
  readonly provider: { readonly authorizationEndpoint: string };
  readonly clientId: string;
  readonly redirectUri: string;
  /** `openid profile email` unless told; `profile` is what makes Entra send `oid` and `tid`. */
  readonly scopes?: readonly string[];
  /** Left out with prompt `select_account`, where Entra refuses it (AADSTS90005). */
  readonly loginHint?: string | undefined;
  /** The customer's domain, `organizations` or `consumers`. */
  readonly domainHint?: string | undefined;
  readonly prompt?: 'login' | 'none' | 'consent' | 'select_account' | undefined;
  /** `code` unless told; `code id_token` is the hybrid flow (OpenID Connect Core §3.3). */
  readonly responseType?: 'code' | 'code id_token';
  /** `form_post` is a cross-site POST, to which the browser adds no cookies of SameSite=Lax. Left out, the provider's own. */
  readonly responseMode?: 'query' | 'form_post' | undefined;
  /** Seconds since the person's last authentication that are not too many. */
  readonly maxAge?: number | undefined;
  /** Authentication contexts between blanks, the preferred one first. */
  readonly acrValues?: string | undefined;
  /** JSON of a claims challenge. */
  readonly claims?: string | undefined;
}

/**
 * The address to send the browser to: code flow with PKCE S256, state, nonce and the redirect URI always, for Entra picks
 * a registered one at random where it is missing (entra-docs v2-oauth2-auth-code-flow.md).
 */
export function authorizationUrl(request: AuthorizationRequest): string {
  const url = new URL(request.provider.authorizationEndpoint);
  const parameters = {
    client_id: request.clientId,
    response_type: request.responseType ?? 'code',
    redirect_uri: request.redirectUri,
    response_mode: request.responseMode,
    scope: (request.scopes ?? ['openid', 'profile', 'email']).join(' '),
    state: request.state,
    nonce: request.nonce,
    code_challenge: createHash('sha256').update(request.codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    login_hint: request.prompt === 'select_account' ? undefined : request.loginHint,
    domain_hint: request.domainHint,
    prompt: request.prompt,
    max_age: request.maxAge?.toString(),
    acr_values: request.acrValues,
    claims: request.claims,
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/** What came back to the redirect URI: the code, and the id token of the hybrid flow, not looked into yet. */
export interface AuthorizationResponse {
  readonly code: string;
  readonly idToken: string | undefined;
}

/**
 * Reads the parameters that came to the redirect URI. Throws the provider's refusal as `readError` reads it, or a
 * {@link ProviderError}: `invalid_state` where the answer belongs to another request, `invalid_issuer` where it names another
 * issuer than the one that was asked (RFC 9207 §2.4), `invalid_response` where there is no single code in it.
 */
export function readAuthorizationResponse(
  parameters: URLSearchParams,
  expected: { readonly state: string; readonly issuer?: string | undefined; readonly issuerIsSaid?: boolean },
  readError: (parameters: URLSearchParams) => Error | undefined = readErrorParameters,
): AuthorizationResponse {
  const states = parameters.getAll('state');
  if (expected.state === '' || states.length !== 1 || states[0] !== expected.state) {
    throw new ProviderError({
      error: 'invalid_state',
      description: 'the answer does not belong to a sign-in that this browser started; start again',
    });
  }
  assertIssuer(parameters.getAll('iss'), expected);
  const refusal = readError(parameters);
  if (refusal) throw refusal;
  const [code, ...others] = parameters.getAll('code');
  const [idToken, ...moreTokens] = parameters.getAll('id_token');
  if (code === undefined || code === '' || others.length > 0 || moreTokens.length > 0) {
    throw new ProviderError({ error: 'invalid_response', description: 'the answer holds no authorization code' });
  }
  return { code, idToken };
}

function assertIssuer(
  said: readonly string[],
  { issuer, issuerIsSaid = false }: { readonly issuer?: string | undefined; readonly issuerIsSaid?: boolean },
): void {
  if (issuer === undefined || (said.length === 0 && !issuerIsSaid)) return;
  if (said.length === 1 && said[0] === issuer) return;
  throw new ProviderError({
    error: 'invalid_issuer',
    description: `the answer is of issuer ${said.join(', ').slice(0, 200) || '(none)'}, asked was ${issuer}`,
  });
}

/**
 * The address that signs a person out at Entra (OpenID Connect RP-Initiated Logout 1.0). `logoutHint` is the value of the
 * `login_hint` claim; the return address must be one of the app's redirect URIs.
 */
export function signOutUrl(request: {
  readonly provider: { readonly endSessionEndpoint: string };
  readonly clientId?: string | undefined;
  readonly postLogoutRedirectUri?: string | undefined;
  readonly logoutHint?: string | undefined;
  readonly state?: string | undefined;
}): string {
  const url = new URL(request.provider.endSessionEndpoint);
  const parameters = {
    post_logout_redirect_uri: request.postLogoutRedirectUri,
    client_id: request.clientId,
    logout_hint: request.logoutHint,
    state: request.state,
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}
