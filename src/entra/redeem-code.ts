import type { Tenant } from './resolve-tenant.ts';
import { requestToken, textMember } from './token-request.ts';

/** What a redeemed code brought. The access token is Graph's and opaque. */
export interface RedeemedCode {
  /** To be given to validateIdToken before anything in it is believed. */
  readonly idToken: string;
  readonly accessToken: string;
}

/** Redeems an authorization code, once, at the tenant's token endpoint (RFC 6749 §4.1.3, RFC 7636 §4.5). Throws EntraError. */
export async function redeemCode(request: {
  readonly tenant: Pick<Tenant, 'tokenEndpoint'>;
  readonly clientId: string;
  readonly secret: string;
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier: string;
  readonly fetch: typeof globalThis.fetch;
}): Promise<RedeemedCode> {
  const answer = await requestToken(request.fetch, request.tenant.tokenEndpoint, {
    grant_type: 'authorization_code',
    client_id: request.clientId,
    client_secret: request.secret,
    code: request.code,
    redirect_uri: request.redirectUri,
    code_verifier: request.codeVerifier,
  });
  return { idToken: textMember(answer, 'id_token'), accessToken: textMember(answer, 'access_token') };
}
