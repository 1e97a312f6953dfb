import { createHash } from 'node:crypto';
import type { Application, OptionalClaim } from '../applications/application.ts';
import type { Tenant, User } from '../directory/tenant.ts';
import type { Grant } from './grants.ts';
import { groupAndRoleClaims } from './group-claims.ts';
import { identityProvider, optionalClaims, ownsDomain } from './optional-claims.ts';

/** Claims of a token. */
export type Claims = Readonly<Record<string, unknown>>;

/** The pairwise subject: another one for every app, so it changes when the registration is replaced. */
export function pairwiseSubject(appId: string, userId: string): string {
  return createHash('sha256').update(`${appId}/${userId}`).digest('base64url');
}

/** Claims about a person in an id_token, by scopes and the app's optional claims (ID token claims reference). */
export function personClaims(
  application: Application,
  tenant: Tenant,
  user: User,
  grant: Grant,
  implicit: boolean,
): Claims {
  const { idToken } = application.optionalClaims;
  const { openidScopes, sid, authenticatedAt } = grant;
  const profile = openidScopes.includes('profile');
  return {
    sub: pairwiseSubject(application.appId, user.id),
    tid: tenant.id,
    ...(profile ? { oid: user.id, name: user.displayName, preferred_username: user.userPrincipalName } : {}),
    ...emailClaims(application, tenant, user, idToken, openidScopes.includes('email')),
    ...identityProvider({ tenant, user }),
    ...optionalClaims(idToken, { tenant, user, sid, authenticatedAt }),
    ...groupAndRoleClaims(application, tenant, user, { token: 'idToken', implicit }),
  };
}

/**
 * `email`: asked for by scope or optional claim, for guests by itself; left out for new multi-tenant apps when the domain's
 * owner is not verified. `xms_edov` says whether he is, in the form the tenant is set to, and only together with `email`.
 */
export function emailClaims(
  application: Application,
  tenant: Tenant,
  user: User,
  optional: readonly OptionalClaim[],
  byScope: boolean,
): Claims {
  const wants = (name: string): boolean => optional.some((claim) => claim.name === name);
  if (user.mail === null || !(byScope || wants('email') || user.userType === 'Guest')) return {};
  const verified = ownsDomain(tenant, user.mail);
  if (!verified && application.removeUnverifiedEmailClaim && application.signInAudience !== 'AzureADMyOrg') return {};
  return { email: user.mail, ...(wants('xms_edov') ? { xms_edov: edovOf(tenant, verified) } : {}) };
}

/** The forms in which `xms_edov` was seen: true, "1", 1. */
function edovOf({ signIn }: Tenant, verified: boolean): boolean | string | number {
  const { edov } = signIn.settings;
  if (edov === 'boolean') return verified;
  return edov === 'number' ? Number(verified) : String(Number(verified));
}
