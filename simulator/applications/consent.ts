import { createHash } from 'node:crypto';
import type { Tenant } from '../directory/tenant.ts';
import type { Application, PermissionGrant, ServicePrincipal } from './application.ts';
import { applicationPermissions } from './permissions.ts';
import { assignRole } from './register.ts';

/** Values of the application permissions of `resource` that a tenant gave the app `principal`; `Mail.Send` and so on. */
export function consentedRoles(tenant: Tenant, principal: ServicePrincipal, resource: Application): string[] {
  const held = tenant.servicePrincipals.get(resource.appId)?.assignments.get(principal.id)?.keys() ?? [];
  return [...held].flatMap((id) => resource.appRoles.find((role) => role.id === id)?.value ?? []);
}

/** Sets the consented application permissions of Microsoft's APIs to exactly `names`. */
export function consentRoles(tenant: Tenant, principal: ServicePrincipal, names: readonly string[], now: number): void {
  for (const { resourceAppId } of applicationPermissions.values())
    tenant.servicePrincipals.get(resourceAppId)?.assignments.delete(principal.id);
  for (const name of names) {
    const permission = applicationPermissions.get(name);
    const api = permission && tenant.servicePrincipals.get(permission.resourceAppId);
    if (permission && api) assignRole(api, principal.id, permission.id, now);
  }
}

/** Who consents to what: the client and the API by their service principals, `principalId` null for everybody. */
type Consent = Pick<PermissionGrant, 'clientId' | 'resourceId' | 'principalId'>;

/** The one grant there may be of a client at an API for a person or for all. */
export function findGrant(tenant: Tenant, consent: Consent): PermissionGrant | undefined {
  return tenant.permissionGrants.get(grantId(consent));
}

/** Adds scopes to what was consented to, and gives the grant. */
export function consentScopes(
  tenant: Tenant,
  consent: Consent,
  scopes: readonly string[],
  now: number,
): PermissionGrant {
  const present = findGrant(tenant, consent);
  const all = [...new Set([...namesOf(present), ...scopes])].join(' ');
  if (present !== undefined) return Object.assign(present, { scope: all });
  const { clientId, resourceId, principalId } = consent;
  const grant = { id: grantId(consent), clientId, resourceId, principalId, scope: all, createdDateTime: now };
  tenant.permissionGrants.set(grant.id, grant);
  return grant;
}

/** Scopes a client may use for a person: those everybody was consented for, and his own. */
export function consentedScopes(tenant: Tenant, clientId: string, resourceId: string, userId: string): Set<string> {
  const grants = [null, userId].map((principalId) => findGrant(tenant, { clientId, resourceId, principalId }));
  return new Set(grants.flatMap(namesOf));
}

const namesOf = (grant: PermissionGrant | undefined): string[] => grant?.scope.split(' ').filter(Boolean) ?? [];

function grantId({ clientId, resourceId, principalId }: Consent): string {
  return createHash('sha256')
    .update(`${clientId}/${resourceId}/${principalId ?? ''}`)
    .digest('base64url');
}
