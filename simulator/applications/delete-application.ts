import type { Tenant } from '../directory/tenant.ts';
import { pauseSchedule } from '../provisioning/schedule.ts';
import type { World } from '../world.ts';
import type { Application, ServicePrincipal } from './application.ts';
import { removeServicePrincipal } from './register.ts';

/** Deletes an app registration, and the enterprise app of it in its own tenant; both can be restored for 30 days. */
export function deleteApplication(world: World, tenant: Tenant, application: Application): void {
  world.applications.delete(application.appId);
  application.deletedDateTime = world.clock.now();
  tenant.deletedApplications.set(application.id, application);
  const principal = tenant.servicePrincipals.get(application.appId);
  if (principal !== undefined) deletePrincipal(world, tenant, principal);
}

/** Deletes an enterprise app, with what was consented to; its provisioning stops. */
export function deletePrincipal(world: World, tenant: Tenant, principal: ServicePrincipal): void {
  removeServicePrincipal(tenant, principal.appId);
  principal.deletedDateTime = world.clock.now();
  tenant.deletedServicePrincipals.set(principal.id, principal);
  for (const job of world.jobs.values())
    if (job.tenantId === tenant.id && job.settings.appId === principal.appId) pauseSchedule(world, job);
}

/** Brings a deleted app registration back, with its enterprise app. */
export function restoreApplication(world: World, tenant: Tenant, application: Application): void {
  tenant.deletedApplications.delete(application.id);
  application.deletedDateTime = null;
  world.applications.set(application.appId, application);
  for (const principal of tenant.deletedServicePrincipals.values())
    if (principal.appId === application.appId) restorePrincipal(tenant, principal);
}

/** Brings a deleted enterprise app back; false when there is another one of that application by now. */
export function restorePrincipal(tenant: Tenant, principal: ServicePrincipal): boolean {
  if (tenant.servicePrincipals.has(principal.appId)) return false;
  tenant.deletedServicePrincipals.delete(principal.id);
  principal.deletedDateTime = null;
  tenant.servicePrincipals.set(principal.appId, principal);
  return true;
}
