import type { JWTPayload } from 'jose';
import { assertNonce, type KeyCache, type SigningKey, TokenRefused, type VerifiedToken, verifyToken } from '#openid';
import { type IssuerRule, takesTenant } from './account-types.ts';
import { personalTenantId } from './clouds.ts';
import { isGuid } from './guid.ts';
import type { Tenant } from './resolve-tenant.ts';

/** The claims of an id token that was validated; {@link readClaims} makes sense of them. */
export interface IdTokenClaims extends JWTPayload {
  readonly iss: string;
  readonly sub: string;
  readonly tid: string;
  readonly oid: string;
}

/** What an id token is held against. */
export interface IdTokenExpectation {
  /** The authority that was asked: its issuer, exact or a template, and its keys. */
  readonly tenant: Pick<Tenant, 'issuer' | 'jwksUri'>;
  /** The tenants this connection takes. */
  readonly rule: IssuerRule;
  readonly clientId: string;
  readonly nonce: string;
  readonly keys: KeyCache;
  readonly now: () => number;
}

/**
 * Validates an id token (OpenID Connect Core §3.1.3.7; entra-docs access-tokens.md and claims-validation.md): RS256 by a
 * key of the authority, audience, time with 60 s of skew, `tid` a GUID, `iss` exactly what the authority's issuer
 * becomes with that `tid`, a key that may sign for this issuer, a tenant on the list, the nonce.
 * Throws {@link TokenRefused}; ProviderError where the keys cannot be had.
 */
export async function validateIdToken(
  token: string,
  expected: IdTokenExpectation,
): Promise<VerifiedToken & { readonly claims: IdTokenClaims }> {
  const { tenant, clientId, keys, now } = expected;
  const verified = await verifyToken(token, { jwksUri: tenant.jwksUri, algorithms: ['RS256'], clientId, keys, now });
  const { claims, signingKey } = verified;
  const { iss, tid } = assertIssuer(claims, expected.tenant.issuer, expected.rule);
  assertKeyIssuer(signingKey, iss, tid);
  assertTenant(tid, expected.rule);
  assertNonce(claims, expected.nonce);
  const { sub, oid } = claims;
  if (typeof sub !== 'string' || sub === '' || typeof oid !== 'string' || !isGuid(oid)) {
    throw new TokenRefused(
      'subject',
      'the token names nobody: sub or oid is missing. The scope "profile" must be asked for.',
    );
  }
  return { ...verified, claims: { ...claims, iss, sub, tid, oid: oid.toLowerCase() } };
}

function assertIssuer(
  { iss, tid, ver }: JWTPayload,
  issuer: string,
  rule: IssuerRule,
): { readonly iss: string; readonly tid: string } {
  if (typeof iss !== 'string') throw new TokenRefused('issuer', 'the token names no issuer.');
  if (ver === '1.0' || iss.startsWith('https://sts.windows.net/')) {
    throw new TokenRefused('version', `this is a version 1 token (issuer ${iss}). Use the v2.0 endpoints.`);
  }
  if (typeof tid !== 'string' || !isGuid(tid)) {
    throw new TokenRefused('tenant', `the token names no tenant: tid is ${JSON.stringify(tid)}, not a GUID.`);
  }
  const own = tid.toLowerCase();
  const expected = issuer.replace('{tenantid}', tid);
  if (iss === expected && iss.toLowerCase().includes(`/${own}/`)) return { iss, tid: own };
  if (!issuer.includes('{tenantid}') && iss.includes(tid) && !takesTenant(rule, own)) throw foreignTenant(own, rule);
  throw new TokenRefused(
    'issuer',
    `the token contradicts itself or comes from elsewhere: issuer ${iss}, tenant ${own}, expected issuer ${expected}.`,
  );
}

function assertKeyIssuer({ issuer }: SigningKey, iss: string, tid: string): void {
  if (issuer === undefined || issuer.replace('{tenantid}', tid) === iss) return;
  throw new TokenRefused('keyIssuer', `the token of issuer ${iss} is signed with a key that only ${issuer} may use.`);
}

function assertTenant(tid: string, rule: IssuerRule): void {
  if (!takesTenant(rule, tid)) throw foreignTenant(tid, rule);
}

function foreignTenant(tid: string, rule: IssuerRule): TokenRefused {
  if (tid === personalTenantId) {
    return new TokenRefused(
      'tenantNotAllowed',
      'the token is of a personal Microsoft account, this connection takes accounts of organizations only.',
    );
  }
  if (rule.tenants === 'any' || rule.tenants.length === 0) {
    return new TokenRefused(
      'tenantNotAllowed',
      `token says tenant ${tid}, this connection takes personal Microsoft accounts only.`,
    );
  }
  const [only] = rule.tenants;
  const wanted = rule.tenants.length === 1 ? `${only}` : `one of ${rule.tenants.length} others`;
  return new TokenRefused(
    'tenantNotAllowed',
    `token says tenant ${tid}, this connection expects ${wanted}. The user signed in with another organization. Use the tenant-specific authority, not /common.`,
  );
}
