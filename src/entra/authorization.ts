import { createHash, randomBytes } from 'node:crypto';
import { EntraError, readAuthorizationError } from './entra-error.ts';
import type { Tenant } from './resolve-tenant.ts';

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
  readonly tenant: Pick<Tenant, 'authorizationEndpoint'>;
  readonly clientId: string;
  readonly redirectUri: string;
  /** `openid profile email` unless told; `profile` is what makes Entra send `oid` and `tid`. */
  readonly scopes?: readonly string[];
  /** Left out with prompt `select_account`, where Entra refuses it (AADSTS90005). */
  readonly loginHint?: string | undefined;
  /** The customer's domain, `organizations` or `consumers`. */
  readonly domainHint?: string | undefined;
  readonly prompt?: 'login' | 'none' | 'consent' | 'select_account' | undefined;
  /** `query` unless told. `form_post` is a cross-site POST, for which cookies need SameSite=None. */
  readonly responseMode?: 'query' | 'form_post';
  /** JSON of a claims challenge. */
  readonly claims?: string | undefined;
}

/**
 * The address to send the browser to: code flow with PKCE S256, state, nonce and the redirect URI always, for Entra picks
 * a registered one at random where it is missing (entra-docs v2-oauth2-auth-code-flow.md).
 */
export function authorizationUrl(request: AuthorizationRequest): string {
  const url = new URL(request.tenant.authorizationEndpoint);
  const parameters = {
    client_id: request.clientId,
    response_type: 'code',
    redirect_uri: request.redirectUri,
    response_mode: request.responseMode ?? 'query',
    scope: (request.scopes ?? ['openid', 'profile', 'email']).join(' '),
    state: request.state,
    nonce: request.nonce,
    code_challenge: createHash('sha256').update(request.codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    login_hint: request.prompt === 'select_account' ? undefined : request.loginHint,
    domain_hint: request.domainHint,
    prompt: request.prompt,
    claims: request.claims,
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/**
 * The code in the parameters that came to the redirect URI. Throws an {@link EntraError}: Entra's own, or `invalid_state`
 * where the answer belongs to another request, `invalid_response` where there is no single code in it.
 */
export function readAuthorizationResponse(parameters: URLSearchParams, expected: { readonly state: string }): string {
  const states = parameters.getAll('state');
  if (expected.state === '' || states.length !== 1 || states[0] !== expected.state) {
    throw new EntraError({
      error: 'invalid_state',
      description: 'the answer does not belong to a sign-in that this browser started; start again',
    });
  }
  const refusal = readAuthorizationError(parameters);
  if (refusal) throw refusal;
  const [code, ...others] = parameters.getAll('code');
  if (code === undefined || code === '' || others.length > 0) {
    throw new EntraError({ error: 'invalid_response', description: 'the answer holds no authorization code' });
  }
  return code;
}

/**
 * The address that signs a person out at Entra (OpenID Connect RP-Initiated Logout 1.0). `logoutHint` is the value of the
 * `login_hint` claim; the return address must be one of the app's redirect URIs.
 */
export function signOutUrl(request: {
  readonly tenant: Pick<Tenant, 'endSessionEndpoint'>;
  readonly postLogoutRedirectUri?: string | undefined;
  readonly logoutHint?: string | undefined;
  readonly state?: string | undefined;
}): string {
  const url = new URL(request.tenant.endSessionEndpoint);
  const parameters = {
    post_logout_redirect_uri: request.postLogoutRedirectUri,
    logout_hint: request.logoutHint,
    state: request.state,
  };
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}
