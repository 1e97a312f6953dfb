import { type PersonClaims, readEmail, text, texts, timeOf, truth } from '#openid';
import type { IdTokenClaims } from './validate-id-token.ts';

/**
 * Entra's `email` proves nothing by itself. Proof is, in this order: the address is among `verified_primary_email`,
 * `xms_edov` (the domain's owner is verified), `email_verified`.
 */
const proofs = ['xms_edov', 'email_verified'];
const advice = 'add the optional claims email and xms_edov to the app registration';

/**
 * Reads the claims of a validated id token of Entra (entra-docs id-token-claims-reference.md, optional-claims-reference.md); a claim of an unexpected
 * type counts as absent.
 */
export function readClaims(claims: IdTokenClaims): PersonClaims {
  const guest = readGuest(claims);
  return {
    authority: claims.tid,
    tenantId: claims.tid,
    objectId: claims.oid,
    issuer: claims.iss,
    subject: claims.sub,
    name: text(claims['name']),
    givenName: text(claims['given_name']),
    familyName: text(claims['family_name']),
    preferredUsername: text(claims['preferred_username']),
    ...readEmail(claims, proofs, advice),
    groups: Array.isArray(claims['groups']) ? texts(claims['groups']) : undefined,
    groupsOverage: hasOverage(claims),
    roles: texts(claims['roles']),
    directoryRoles: texts(claims['wids']),
    sid: text(claims['sid']),
    loginHint: text(claims['login_hint']),
    guest,
    homeIssuer: guest ? text(claims['idp']) : undefined,
    authenticationContexts: texts(claims['acrs']),
    authenticationMethods: texts(claims['amr']),
    authenticatedAt: timeOf(claims['auth_time']),
    sessionExpiresAt: timeOf(claims['session_expiry']),
  };
}

function hasOverage(claims: IdTokenClaims): boolean {
  const names = claims['_claim_names'];
  const isNamed = typeof names === 'object' && names !== null && 'groups' in names;
  return isNamed || truth(claims['hasgroups']) === true;
}

function readGuest(claims: IdTokenClaims): boolean | undefined {
  const account = claims['acct'];
  if (account === 1 || account === '1') return true;
  if (account === 0 || account === '0') return false;
  const idp = text(claims['idp']);
  return idp === undefined ? undefined : idp !== claims.iss && !idp.includes(claims.tid);
}
