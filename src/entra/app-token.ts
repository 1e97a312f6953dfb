import { type ClientProof, presentProof, requestToken, secondsLeft, textMember } from '#openid';
import type { Cloud } from './clouds.ts';
import { asEntraError, EntraError, readEntraError } from './entra-error.ts';
import { sharedAuthorities } from './starting-point.ts';

/** A token by which the app acts as itself. */
export interface AppToken {
  readonly accessToken: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Who asks for an app-only token, where, and for what. */
export interface AppTokenRequest {
  readonly cloud: Cloud;
  /** Tenant id or domain. */
  readonly tenant: string;
  readonly clientId: string;
  readonly proof: ClientProof;
  /** One resource with `/.default`, e.g. `https://graph.microsoft.com/.default`. */
  readonly scope: string;
}

/**
 * Asks for an app-only token (RFC 6749 §4.4; entra-docs v2-oauth2-client-creds-grant-flow.md). A secret made just now is
 * refused for some seconds (AADSTS7000215). Throws EntraError, also for what Entra would refuse anyway: an authority
 * without a tenant (AADSTS9001023) or a scope without `/.default` (AADSTS1002012).
 */
export async function requestAppToken(
  request: AppTokenRequest & { readonly fetch: typeof globalThis.fetch; readonly now: () => number },
): Promise<AppToken> {
  if (sharedAuthorities.some((name) => name === request.tenant)) {
    throw new EntraError({
      error: 'invalid_request',
      description: `an app-only token needs a tenant's own authority, not "${request.tenant}"; name the tenant id`,
    });
  }
  if (!request.scope.endsWith('/.default')) {
    throw new EntraError({
      error: 'invalid_scope',
      description: `an app-only token is asked with a scope that ends in /.default, not "${request.scope}"`,
    });
  }
  const endpoint = `${request.cloud.loginOrigin}/${encodeURIComponent(request.tenant)}/oauth2/v2.0/token`;
  const { form, headers } = await presentProof(request.proof, request.clientId, endpoint);
  const asked = { grant_type: 'client_credentials', ...form, scope: request.scope };
  const answer = await requestToken(request.fetch, endpoint, asked, headers, readEntraError).catch(asEntraError);
  return {
    accessToken: textMember(answer, 'access_token'),
    expiresAt: request.now() + secondsLeft(answer) * 1000,
  };
}

/** The scope that asks for everything granted at a Graph. */
export function graphScope({ graphOrigin }: Pick<Cloud, 'graphOrigin'>): string {
  return `${graphOrigin}/.default`;
}
