import type { Tenant } from '../directory/tenant.ts';
import { clouds } from '../hosts/clouds.ts';
import type { Routes } from '../http/routes.ts';
import { type GraphCall, requirePermission } from './caller.ts';
import { readUsers } from './find-member.ts';
import { noSuchResource } from './graph-error.ts';
import { answerOne, answerPage } from './odata-page.ts';

const pages = { defaultTop: 100, mostTop: 999 } as const;

/** The tenant itself: its name, domains and licences (organization, domain, subscribedSku). */
export function organizationRoutes(): Routes<GraphCall> {
  return {
    'GET /organization': (call) => {
      requirePermission(call, 'Organization.Read.All', 'User.Read', ...readUsers);
      return answerPage(call.exchange, [call.caller.tenant], organizationView, { context: 'organization', ...pages });
    },
    'GET /organization/:id': (call, id) => {
      requirePermission(call, 'Organization.Read.All', 'User.Read', ...readUsers);
      if (id.toLowerCase() !== call.caller.tenant.id) throw noSuchResource(id);
      return answerOne(call.exchange, organizationView(call.caller.tenant), 'organization');
    },
    'GET /domains': (call) => {
      requirePermission(call, 'Domain.Read.All', 'Directory.Read.All', 'Directory.ReadWrite.All');
      return answerPage(call.exchange, call.caller.tenant.domains, domainView(call.caller.tenant), {
        context: 'domains',
        ...pages,
      });
    },
    'GET /domains/:domain': (call, name) => {
      requirePermission(call, 'Domain.Read.All', 'Directory.Read.All', 'Directory.ReadWrite.All');
      const { tenant } = call.caller;
      if (!tenant.domains.includes(name.toLowerCase())) throw noSuchResource(name);
      return answerOne(call.exchange, domainView(tenant)(name.toLowerCase()), 'domains');
    },
    'GET /subscribedSkus': (call) => {
      requirePermission(call, 'Organization.Read.All', 'Directory.Read.All', 'Directory.ReadWrite.All');
      return answerPage(call.exchange, [call.caller.tenant], premiumView, { context: 'subscribedSkus', ...pages });
    },
  };
}

const isInitial = ({ cloud }: Tenant, domain: string): boolean => domain.endsWith(`.${clouds[cloud].initialDomain}`);

const organizationView = (tenant: Tenant) => ({
  id: tenant.id,
  displayName: tenant.name,
  tenantType: 'AAD',
  countryLetterCode: 'CH',
  onPremisesSyncEnabled: null,
  assignedPlans: [
    {
      assignedDateTime: '2025-01-01T00:00:00Z',
      capabilityStatus: 'Enabled',
      service: 'AADPremiumService',
      servicePlanId: planId,
    },
  ],
  verifiedDomains: tenant.domains.map((name) => ({
    capabilities: 'Email, OfficeCommunicationsOnline',
    isDefault: name === tenant.domain,
    isInitial: isInitial(tenant, name),
    name,
    type: 'Managed',
  })),
});

const domainView = (tenant: Tenant) => (id: string) => ({
  id,
  authenticationType: 'Managed',
  availabilityStatus: null,
  isAdminManaged: true,
  isDefault: id === tenant.domain,
  isInitial: isInitial(tenant, id),
  isRoot: true,
  isVerified: true,
  supportedServices: ['Email', 'OfficeCommunicationsOnline'],
});

/** Microsoft Entra ID P1: product and service plan (product names and service plan identifiers for licensing). */
const skuId = '078d2b04-f1bd-4111-bbd4-b4b1b354cef4';
const planId = '41781fb2-bc02-4b7c-bd55-b576c07bb09d';

/** Every simulated tenant has P1 for everybody: groups can be assigned to applications. */
const premiumView = (tenant: Tenant) => ({
  id: `${tenant.id}_${skuId}`,
  accountName: tenant.name,
  appliesTo: 'User',
  capabilityStatus: 'Enabled',
  consumedUnits: tenant.users.size,
  prepaidUnits: { enabled: tenant.users.size, suspended: 0, warning: 0, lockedOut: 0 },
  servicePlans: [
    { appliesTo: 'User', provisioningStatus: 'Success', servicePlanId: planId, servicePlanName: 'AAD_PREMIUM' },
  ],
  skuId,
  skuPartNumber: 'AAD_PREMIUM',
});
