import { directGroups, type Tenant } from '../directory/tenant.ts';
import type { CloudName } from '../hosts/clouds.ts';
import type { Random } from '../random.ts';
import type { Application, ServicePrincipal } from './application.ts';

/** The properties of an app registration that can be set from outside. */
export type ApplicationProperties = Partial<
  Omit<Application, 'id' | 'appId' | 'homeTenantId' | 'createdDateTime' | 'passwordCredentials' | 'ownerIds'>
>;

/** Makes an app registration in its home tenant. */
export function makeApplication(
  random: Random,
  homeTenantId: string,
  properties: ApplicationProperties & Pick<Application, 'displayName'>,
  now: number,
  appId: string = random.uuid(),
): Application {
  return {
    id: random.uuid(),
    appId,
    homeTenantId,
    applicationTemplateId: null,
    uniqueName: null,
    signInAudience: 'AzureADMyOrg',
    identifierUris: [],
    web: {
      redirectUris: [],
      homePageUrl: null,
      logoutUrl: null,
      implicitGrantSettings: { enableIdTokenIssuance: false, enableAccessTokenIssuance: false },
    },
    spa: { redirectUris: [] },
    publicClient: { redirectUris: [] },
    isFallbackPublicClient: false,
    optionalClaims: { idToken: [], accessToken: [] },
    groupMembershipClaims: null,
    appRoles: [],
    api: { requestedAccessTokenVersion: null, oauth2PermissionScopes: [], preAuthorizedApplications: [] },
    requiredResourceAccess: [],
    ownerIds: new Set(),
    removeUnverifiedEmailClaim: true,
    passwordCredentials: [],
    keyCredentials: [],
    federatedIdentityCredentials: [],
    more: {},
    createdDateTime: now,
    deletedDateTime: null,
    ...properties,
  };
}

/** Makes the enterprise app of `application` in a tenant, or finds the one that is there. */
export function ensureServicePrincipal(
  random: Random,
  tenant: Tenant,
  application: Application,
  now: number,
): ServicePrincipal {
  const present = tenant.servicePrincipals.get(application.appId);
  if (present !== undefined) return present;
  const principal: ServicePrincipal = {
    id: random.uuid(),
    appId: application.appId,
    accountEnabled: true,
    appRoleAssignmentRequired: false,
    names: [],
    synchronizationSecrets: new Map(),
    tags: [],
    ownerIds: new Set(),
    passwordCredentials: [],
    keyCredentials: [],
    more: {},
    assignments: new Map(),
    createdDateTime: now,
    deletedDateTime: null,
  };
  tenant.servicePrincipals.set(application.appId, principal);
  return principal;
}

/** Removes the enterprise app of an application from a tenant, with all that was assigned and delegated to it. */
export function removeServicePrincipal(tenant: Tenant, appId: string): void {
  const principal = tenant.servicePrincipals.get(appId);
  if (principal === undefined) return;
  tenant.servicePrincipals.delete(appId);
  for (const other of tenant.servicePrincipals.values()) other.assignments.delete(principal.id);
  for (const { id, clientId, resourceId } of tenant.permissionGrants.values())
    if (clientId === principal.id || resourceId === principal.id) tenant.permissionGrants.delete(id);
}

/** Assigns a role of an app to a user, a group or another app; false when it was assigned already. */
export function assignRole(principal: ServicePrincipal, holderId: string, appRoleId: string, now: number): boolean {
  const held = principal.assignments.get(holderId) ?? new Map<string, number>();
  if (held.has(appRoleId)) return false;
  principal.assignments.set(holderId, held.set(appRoleId, now));
  return true;
}

/** App role ids a user holds, directly or by a group he is a direct member of; nested groups do not count. */
export function assignedRoles(tenant: Tenant, principal: ServicePrincipal, userId: string): Set<string> | undefined {
  const roles = new Set<string>();
  let assigned = false;
  for (const holder of [userId, ...directGroups(tenant, userId).map(({ id }) => id)]) {
    const ids = principal.assignments.get(holder);
    if (ids === undefined) continue;
    assigned = true;
    for (const id of ids.keys()) roles.add(id);
  }
  return assigned ? roles : undefined;
}

/** Whether an application may be used in a tenant at all: at home, or anywhere in its cloud once it is multi-tenant. */
export function mayBeUsedIn(world: Tenants, application: Application, tenant: Tenant): boolean {
  if (application.homeTenantId === tenant.id) return true;
  return (
    application.signInAudience !== 'AzureADMyOrg' && (cloudOf(world, application) ?? tenant.cloud) === tenant.cloud
  );
}

type Tenants = { readonly tenants: ReadonlyMap<string, Tenant> };

/** The cloud an application is registered in; undefined for Microsoft's own, which are in each. */
export function cloudOf({ tenants }: Tenants, application: Application): CloudName | undefined {
  return tenants.get(application.homeTenantId)?.cloud;
}
