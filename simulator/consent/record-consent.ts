import type { Application } from '../applications/application.ts';
import { consentScopes } from '../applications/consent.ts';
import { microsoftTenantId } from '../applications/first-party.ts';
import { ensureServicePrincipal } from '../applications/register.ts';
import type { Tenant } from '../directory/tenant.ts';
import type { World } from '../world.ts';
import type { ScopesByApi } from './asked-scopes.ts';

/** Keeps what was consented to, for one person or (`userId` null) for everybody; an API's enterprise app comes to the tenant with it. */
export function recordConsent(
  world: World,
  tenant: Tenant,
  application: Application,
  userId: string | null,
  scopes: ScopesByApi,
): void {
  if (application.homeTenantId === microsoftTenantId) return;
  const now = world.clock.now();
  const clientId = ensureServicePrincipal(world.random, tenant, application, now).id;
  for (const [appId, names] of Object.entries(scopes)) {
    const api = world.applications.get(appId);
    if (api === undefined || names.length === 0) continue;
    const resourceId = ensureServicePrincipal(world.random, tenant, api, now).id;
    consentScopes(tenant, { clientId, resourceId, principalId: userId }, names, now);
  }
}
