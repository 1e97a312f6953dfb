import type { Tenant } from '../directory/tenant.ts';
import type { Random } from '../random.ts';
import type { Application, ServicePrincipal } from './application.ts';
import { applicationPermissions } from './resources.ts';

/** The properties of an app registration that can be set from outside. */
export type ApplicationProperties = Partial<
  Omit<Application, 'id' | 'appId' | 'homeTenantId' | 'createdDateTime' | 'passwordCredentials'>
>;

/** Makes an app registration in its home tenant. */
export function makeApplication(
  random: Random,
  homeTenantId: string,
  properties: ApplicationProperties & Pick<Application, 'displayName'>,
  now: number,
): Application {
  return {
    id: random.uuid(),
    appId: random.uuid(),
    homeTenantId,
    signInAudience: 'AzureADMyOrg',
    identifierUris: [],
    web: { redirectUris: [], logoutUrl: null },
    spa: { redirectUris: [] },
    publicClient: { redirectUris: [] },
    isFallbackPublicClient: false,
    optionalClaims: { idToken: [] },
    groupMembershipClaims: null,
    appRoles: [],
    requestedAccessTokenVersion: null,
    removeUnverifiedEmailClaim: true,
    passwordCredentials: [],
    keyCredentials: [],
    federatedIdentityCredentials: [],
    createdDateTime: now,
    ...properties,
  };
}

/** Makes the enterprise app of `application` in a tenant, or finds the one that is there. */
export function ensureServicePrincipal(random: Random, tenant: Tenant, application: Application): ServicePrincipal {
  const present = tenant.servicePrincipals.get(application.appId);
  if (present !== undefined) return present;
  const principal: ServicePrincipal = {
    id: random.uuid(),
    appId: application.appId,
    accountEnabled: true,
    appRoleAssignmentRequired: false,
    assignments: new Map(),
    permissions: new Map(),
  };
  tenant.servicePrincipals.set(application.appId, principal);
  return principal;
}

/** Sets the consented application permissions to exactly `names`, each at the API it belongs to. */
export function consentPermissions(principal: ServicePrincipal, names: readonly string[]): void {
  principal.permissions.clear();
  for (const name of names) {
    const resource = applicationPermissions.get(name);
    if (resource === undefined) continue;
    principal.permissions.set(resource, (principal.permissions.get(resource) ?? new Set<string>()).add(name));
  }
}

/** App role ids a user holds, directly or by a group he is a direct member of; nested groups do not count. */
export function assignedRoles(tenant: Tenant, principal: ServicePrincipal, userId: string): Set<string> | undefined {
  const roles = new Set<string>();
  let assigned = false;
  for (const [holder, ids] of principal.assignments) {
    if (holder !== userId && !tenant.groups.get(holder)?.memberIds.has(userId)) continue;
    assigned = true;
    for (const id of ids) roles.add(id);
  }
  return assigned ? roles : undefined;
}

/** Whether an application may be used in a tenant at all: at home, or anywhere once it is multi-tenant. */
export function mayBeUsedIn(application: Application, tenantId: string): boolean {
  return application.homeTenantId === tenantId || application.signInAudience !== 'AzureADMyOrg';
}
