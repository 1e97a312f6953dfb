import { createHash } from 'node:crypto';
import type { Application, OptionalClaim } from '../applications/application.ts';
import { assignedRoles } from '../applications/register.ts';
import { directGroups, type Group, type Tenant, transitiveGroups, type User } from '../directory/tenant.ts';
import { clouds } from '../hosts/clouds.ts';
import { stsIssuerOf } from '../sign-in/authority.ts';
import { makeLoginHint } from '../sign-in/login-hint.ts';
import type { Grant } from './grants.ts';

/** Claims of a token. */
export type Claims = Readonly<Record<string, unknown>>;

/** Beyond this many groups a JWT names none and points to Graph instead (the overage). */
const groupLimit = 200;

/** The pairwise subject: another one for every app, so it changes when the registration is replaced. */
export function pairwiseSubject(appId: string, userId: string): string {
  return createHash('sha256').update(`${appId}/${userId}`).digest('base64url');
}

/** Claims about a person in an id_token, by scopes and the app's optional claims (ID token claims reference). */
export function personClaims(application: Application, tenant: Tenant, user: User, grant: Grant): Claims {
  const optional = application.optionalClaims.idToken;
  const wants = (name: string): boolean => optional.some((claim) => claim.name === name);
  const profile = grant.openidScopes.includes('profile');
  const email = emailClaims(
    application,
    tenant,
    user,
    grant.openidScopes.includes('email') || wants('email'),
    wants('xms_edov'),
  );
  return {
    sub: pairwiseSubject(application.appId, user.id),
    tid: tenant.id,
    ...(profile ? { oid: user.id, name: user.displayName, preferred_username: user.userPrincipalName } : {}),
    ...email,
    ...(user.userType === 'Guest' ? { idp: homeIssuer(tenant, user) } : {}),
    ...(wants('login_hint') ? { login_hint: makeLoginHint(user.userPrincipalName) } : {}),
    ...(wants('sid') ? { sid: grant.sid } : {}),
    ...(wants('acct') ? { acct: user.userType === 'Guest' ? 1 : 0 } : {}),
    ...(wants('auth_time') ? { auth_time: Math.floor(grant.authenticatedAt / 1000) } : {}),
    ...(wants('upn') ? { upn: user.userPrincipalName } : {}),
    ...(wants('given_name') && user.givenName !== null ? { given_name: user.givenName } : {}),
    ...(wants('family_name') && user.surname !== null ? { family_name: user.surname } : {}),
    ...(wants('verified_primary_email') ? { verified_primary_email: verifiedAddresses(tenant, user) } : {}),
    ...groupAndRoleClaims(application, tenant, user),
  };
}

/**
 * `email`: asked for by scope or optional claim, for guests by itself; left out for new multi-tenant apps when the domain's
 * owner is not verified. `xms_edov` says whether he is, and is emitted only together with `email`.
 */
function emailClaims(application: Application, tenant: Tenant, user: User, asked: boolean, edov: boolean): Claims {
  if (user.mail === null || !(asked || user.userType === 'Guest')) return {};
  const verified = ownsDomain(tenant, user.mail);
  if (!verified && application.removeUnverifiedEmailClaim && application.signInAudience !== 'AzureADMyOrg') return {};
  return { email: user.mail, ...(edov ? { xms_edov: verified } : {}) };
}

function ownsDomain(tenant: Tenant, address: string): boolean {
  return tenant.domains.includes(address.slice(address.lastIndexOf('@') + 1).toLowerCase());
}

function verifiedAddresses(tenant: Tenant, user: User): string[] {
  return user.mail !== null && user.hasMailbox && ownsDomain(tenant, user.mail) ? [user.mail] : [];
}

/** Where a guest lives; never in another cloud. */
function homeIssuer({ cloud }: Tenant, user: User): string {
  return user.homeTenantId === null ? 'live.com' : stsIssuerOf({ id: user.homeTenantId, cloud });
}

/** Groups as the app's registration asks for them, and the app roles the person holds. */
export function groupAndRoleClaims(
  application: Application,
  tenant: Tenant,
  user: User,
  token: keyof Application['optionalClaims'] = 'idToken',
): Claims {
  const principal = tenant.servicePrincipals.get(application.appId);
  const roleIds = (principal && assignedRoles(tenant, principal, user.id)) ?? new Set<string>();
  const roles = application.appRoles.filter((role) => roleIds.has(role.id)).map((role) => role.value);
  const groups = groupsFor(application, tenant, user);
  const options = application.optionalClaims[token].find(({ name }) => name === 'groups')?.additionalProperties ?? [];
  if (groups !== undefined && options.includes('emit_as_roles'))
    return { roles: groupNames(application, groups, options) };
  return {
    ...(roles.length === 0 ? {} : { roles }),
    ...(groups === undefined ? {} : groupClaims(tenant, user, groupNames(application, groups, options))),
  };
}

function groupsFor(application: Application, tenant: Tenant, user: User): Group[] | undefined {
  const setting = application.groupMembershipClaims ?? '';
  if (setting === 'All' || setting.includes('SecurityGroup')) return transitiveGroups(tenant, user.id);
  if (!setting.includes('ApplicationGroup')) return undefined;
  const assignments = tenant.servicePrincipals.get(application.appId)?.assignments;
  return directGroups(tenant, user.id).filter((group) => assignments?.has(group.id));
}

/** Object ids, or display names where `cloud_displayname` is set, which works with assigned groups only. */
function groupNames(
  application: Application,
  groups: readonly Group[],
  options: OptionalClaim['additionalProperties'],
): string[] {
  const named = options.includes('cloud_displayname') && application.groupMembershipClaims === 'ApplicationGroup';
  return groups.map((group) => (named ? group.displayName : group.id));
}

/** The groups, or beyond the limit the overage, whose endpoint names the retired Azure AD Graph as Entra's still does. */
function groupClaims({ cloud }: Tenant, user: User, groups: readonly string[]): Claims {
  if (groups.length === 0) return {};
  if (groups.length <= groupLimit) return { groups };
  return {
    _claim_names: { groups: 'src1' },
    _claim_sources: {
      src1: { endpoint: `https://${clouds[cloud].azureAdGraphHost}/users/${user.id}/getMemberObjects` },
    },
  };
}
