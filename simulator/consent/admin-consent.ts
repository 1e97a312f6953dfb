import type { Application } from '../applications/application.ts';
import { microsoftTenantId } from '../applications/first-party.ts';
import { graphAppId } from '../applications/permissions.ts';
import { assignRole, ensureServicePrincipal } from '../applications/register.ts';
import { holdsRole } from '../directory/directory-roles.ts';
import type { Tenant, User } from '../directory/tenant.ts';
import { AadstsError } from '../sign-in/aadsts.ts';
import { readScopes } from '../sign-in/scopes.ts';
import type { World } from '../world.ts';
import { listedScopes, type ScopesByApi } from './asked-scopes.ts';
import { mayConsentForAll } from './decide-consent.ts';
import { recordConsent } from './record-consent.ts';

/** What an admin is asked to consent to for everybody. */
export type AdminConsent = {
  readonly scopes: ScopesByApi;
  /** Names of app roles by the app id of their API. */
  readonly roles: ScopesByApi;
  /** All that the registration lists, and nothing else from now on. */
  readonly whole: boolean;
  /** `scope` as it was asked for. */
  readonly text: string | undefined;
};

/**
 * Reads what the admin consent endpoint is asked for: v1 means all that the registration lists, and so does `/.default` on v2,
 * whose `scope` may otherwise name scopes of several APIs. Throws as `readScopes` does, and AADSTS650056 where there is nothing.
 */
export function readAdminConsent(
  world: World,
  { origin, version }: { readonly origin: string; readonly version: 1 | 2 },
  application: Application,
  scope: string | null,
): AdminConsent {
  const text = scope ?? undefined;
  const names = (scope ?? '').split(' ').filter(Boolean);
  if (version === 2 && names.length === 0)
    throw new AadstsError(900144, "The request must contain the parameter 'scope'");
  if (version === 1 || names.some((name) => name.endsWith('/.default') || name === '.default')) {
    for (const name of names) readScopes(world, origin, name);
    const [scopes, roles] = [listedScopes(world, application), listedRoles(world, application)];
    if (Object.keys(scopes).length + Object.keys(roles).length === 0) {
      throw new AadstsError(
        650056,
        `Misconfigured application: '${application.displayName}' lists no permissions in its registration that could be consented to`,
      );
    }
    return { scopes, roles, whole: true, text };
  }
  const scopes: Record<string, string[]> = {};
  for (const name of names) {
    const { openid, resourceAppId, resource } = readScopes(world, origin, name);
    const appId = openid.length > 0 ? graphAppId : resourceAppId;
    scopes[appId] = [...(scopes[appId] ?? []), ...openid, ...resource];
  }
  return { scopes, roles: {}, whole: false, text };
}

/** The application permissions that a registration lists. */
function listedRoles(world: World, application: Application): ScopesByApi {
  const listed = application.requiredResourceAccess.map(({ resourceAppId, resourceAccess }) => {
    const ids = resourceAccess.filter(({ type }) => type === 'Role').map(({ id }) => id);
    const roles = world.applications.get(resourceAppId)?.appRoles ?? [];
    return [resourceAppId, roles.filter(({ id }) => ids.includes(id)).map(({ value }) => value)] as const;
  });
  return Object.fromEntries(listed.filter(([, names]) => names.length > 0));
}

/** Who may: the roles that administer apps, but for Graph's application permissions only the Privileged Role Administrator. */
export function mayConsent(tenant: Tenant, user: User, { roles }: AdminConsent): boolean {
  if (graphAppId in roles) return holdsRole(tenant, user.id, 'Privileged Role Administrator');
  return mayConsentForAll(tenant, user);
}

/** Keeps an admin's consent; consenting to the whole list takes back what was consented to for everybody beyond it. */
export function recordAdminConsent(
  world: World,
  tenant: Tenant,
  application: Application,
  consent: AdminConsent,
): void {
  const now = world.clock.now();
  const client = ensureServicePrincipal(world.random, tenant, application, now);
  if (consent.whole && application.homeTenantId !== microsoftTenantId) {
    for (const { id, clientId, principalId } of tenant.permissionGrants.values())
      if (clientId === client.id && principalId === null) tenant.permissionGrants.delete(id);
    for (const api of tenant.servicePrincipals.values()) if (api !== client) api.assignments.delete(client.id);
  }
  recordConsent(world, tenant, application, null, consent.scopes);
  for (const [appId, names] of Object.entries(consent.roles)) {
    const api = world.applications.get(appId);
    if (api === undefined) continue;
    const principal = ensureServicePrincipal(world.random, tenant, api, now);
    for (const { id, value } of api.appRoles) if (names.includes(value)) assignRole(principal, client.id, id, now);
  }
}
