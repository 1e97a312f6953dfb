import { createHash } from 'node:crypto';
import type { Application } from '../applications/application.ts';
import type { Tenant, User } from '../directory/tenant.ts';
import { issuerOf, stsIssuerOf } from '../sign-in/authority.ts';
import { type Claims, personClaims } from './claims.ts';
import type { Grant } from './grants.ts';
import { signToken } from './sign.ts';
import type { TokenRequest } from './token-request.ts';

/** Whom an id_token is about, and what it goes with. */
export type IdTokenRequest = {
  readonly application: Application;
  readonly tenant: Tenant;
  readonly user: User;
  readonly grant: Grant;
  readonly nonce: string | undefined;
  /** Given out by the authorization endpoint: with the hashes of what goes with it (OpenID Connect Core §3.3.2.11). */
  readonly implicit?: { readonly code?: string | undefined; readonly accessToken?: string | undefined };
};

/** An id_token follows the endpoint that was asked; its v1 says how somebody proved who he is. */
export function makeIdToken(
  { world, exchange, version }: Pick<TokenRequest, 'world' | 'exchange' | 'version'>,
  { application, tenant, user, grant, nonce, implicit }: IdTokenRequest,
): Promise<string> {
  const { preferred_username: name, ...common } = personClaims(
    application,
    tenant,
    user,
    grant,
    implicit !== undefined,
  );
  const ofVersion =
    version === 2
      ? {
          ver: '2.0',
          iss: issuerOf(exchange.origin, tenant),
          ...(name === undefined ? {} : { preferred_username: name }),
        }
      : {
          ver: '1.0',
          iss: stsIssuerOf(tenant),
          amr: grant.amr,
          ipaddr: exchange.address,
          unique_name: user.userPrincipalName,
          upn: user.userPrincipalName,
          ...(user.givenName === null ? {} : { given_name: user.givenName }),
          ...(user.surname === null ? {} : { family_name: user.surname }),
        };
  const acrs = grant.contexts?.idToken ?? [];
  return signToken(world, {
    ...ofVersion,
    aud: application.appId,
    ...common,
    ...(grant.tellsTime === true ? { auth_time: Math.floor(grant.authenticatedAt / 1000) } : {}),
    ...(acrs.length === 0 ? {} : { acrs }),
    ...(nonce === undefined ? {} : { nonce }),
    ...hashes(implicit),
  });
}

function hashes({ code, accessToken }: NonNullable<IdTokenRequest['implicit']> = {}): Claims {
  return {
    ...(code === undefined ? {} : { c_hash: halfHash(code) }),
    ...(accessToken === undefined ? {} : { at_hash: halfHash(accessToken) }),
  };
}

/** The left half of the SHA-256 of what goes with an RS256 token. */
function halfHash(text: string): string {
  return createHash('sha256').update(text, 'ascii').digest().subarray(0, 16).toString('base64url');
}
