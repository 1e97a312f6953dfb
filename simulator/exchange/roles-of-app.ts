import { addresses } from '../directory/change-users.ts';
import type { Tenant, User } from '../directory/tenant.ts';
import type { World } from '../world.ts';
import { applicationRoles } from './application-roles.ts';
import {
  distinguishedName,
  type ExchangeOrganization,
  organizationOf,
  type RoleAssignment,
  recipientType,
} from './organization.ts';
import { type FilteredRecipient, parseRecipientFilter } from './recipient-filter.ts';

/** An app that calls for itself, as its token names it. */
export type AppIdentity = { readonly tenant: Tenant; readonly appId: string; readonly objectId: string };

/** One row of Test-ServicePrincipalAuthorization. */
export type RoleInScope = { readonly assignment: RoleAssignment; readonly inScope: boolean };

/**
 * The permissions that RBAC for Applications gives an app on a mailbox, as Exchange has them cached: changes are felt once
 * the app has made no calls for half an hour, and after two hours at the latest (application-rbac).
 */
export function cachedRolePermissions(world: World, app: AppIdentity, owner: User): ReadonlySet<string> {
  const organization = organizationOf(world, app.tenant.id);
  if (organization.roleAssignments.length === 0) return new Set();
  const sequence = readCache(organization, app.appId, world.clock.now());
  if (organization.servicePrincipals.get(app.objectId)?.appId !== app.appId) return new Set();
  return permissionsOf(rolesInScope(organization, app.tenant, app.objectId, owner, sequence));
}

/** Whether the app has any role at all. */
export function hasAnyRole(world: World, app: AppIdentity): boolean {
  const { roleAssignments } = organizationOf(world, app.tenant.id);
  return roleAssignments.some(({ app: id, until }) => id === app.objectId && until === undefined);
}

/** The roles of an app at a sequence number of the organization, and whether a mailbox is in their scope. */
export function rolesInScope(
  organization: ExchangeOrganization,
  tenant: Tenant,
  objectId: string,
  owner: User | undefined,
  sequence = organization.sequence,
): RoleInScope[] {
  return organization.roleAssignments
    .filter(
      ({ app, since, until }) => app === objectId && since <= sequence && (until === undefined || until > sequence),
    )
    .map((assignment) => ({ assignment, inScope: isInScope(organization, tenant, assignment, owner) }));
}

/** Notes a change of an app's roles: what is cached of it counts from now, and lives on for a while. */
export function changeRoles(organization: ExchangeOrganization, appId: string, now: number): number {
  if (!organization.caches.has(appId))
    organization.caches.set(appId, { sequence: organization.sequence, loadedAt: now, usedAt: now });
  organization.sequence += 1;
  return organization.sequence;
}

function readCache(organization: ExchangeOrganization, appId: string, now: number): number {
  const { rbacIdleMs, rbacMostMs } = organization.delays;
  const cache = organization.caches.get(appId) ?? { sequence: organization.sequence, loadedAt: now, usedAt: now };
  organization.caches.set(appId, cache);
  if (now - cache.usedAt >= rbacIdleMs || now - cache.loadedAt >= rbacMostMs)
    Object.assign(cache, { sequence: organization.sequence, loadedAt: now });
  cache.usedAt = now;
  return cache.sequence;
}

function permissionsOf(roles: readonly RoleInScope[]): Set<string> {
  return new Set(roles.flatMap(({ assignment, inScope }) => (inScope ? applicationRoles[assignment.role] : [])));
}

function isInScope(
  organization: ExchangeOrganization,
  tenant: Tenant,
  { customResourceScope }: RoleAssignment,
  owner: User | undefined,
): boolean {
  if (owner === undefined) return false;
  if (customResourceScope === undefined) return true;
  const scope = organization.managementScopes.get(customResourceScope.toLowerCase());
  if (scope === undefined) return false;
  return parseRecipientFilter(scope.recipientRestrictionFilter)(asFiltered(organization, tenant, owner));
}

/** A recipient as filters see it; MemberOfGroup knows direct members only. */
function asFiltered(organization: ExchangeOrganization, tenant: Tenant, user: User): FilteredRecipient {
  const custom = organization.customAttributes.get(user.id) ?? {};
  const properties: Readonly<Record<string, string | null | readonly string[]>> = {
    name: user.displayName,
    displayname: user.displayName,
    alias: user.mailNickname,
    userprincipalname: user.userPrincipalName,
    primarysmtpaddress: user.mail,
    windowsemailaddress: user.mail,
    emailaddresses: addresses(user),
    recipienttypedetails: recipientType(organization, user),
    department: user.department,
    company: user.companyName,
    title: user.jobTitle,
    office: user.officeLocation,
    city: user.city,
    stateorprovince: user.state,
    countryorregion: user.country,
    ...Object.fromEntries(Object.entries(custom).map(([name, value]) => [name.toLowerCase(), value])),
  };
  return {
    values: (name) => [properties[name] ?? []].flat(),
    isMemberOf: (wanted) => {
      const group = tenant.groups.get(/^CN=([^,]+),/i.exec(wanted)?.[1]?.toLowerCase() ?? '');
      if (group === undefined || !group.memberIds.has(user.id)) return false;
      return distinguishedName(tenant, group).toLowerCase() === wanted.toLowerCase();
    },
  };
}
