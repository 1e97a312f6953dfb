import type { Tenant } from '../directory/tenant.ts';
import type { Random } from '../random.ts';
import type { Application } from './application.ts';
import { consentScopes } from './consent.ts';
import { armAppId, exchangeAppId, graphAppId, permissions, portalApiAppId } from './permissions.ts';
import { type ApplicationProperties, ensureServicePrincipal, makeApplication } from './register.ts';

/** The tenant in which Microsoft registers its own applications; no other one lists them among its app registrations. */
export const microsoftTenantId = 'f8cdef31-a31e-4b4a-93e4-5f571e91255a';

/** The Azure CLI: a public client that is allowed in every tenant. */
const azureCliAppId = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

const firstParty: readonly ({ readonly appId: string } & ApplicationProperties & Pick<Application, 'displayName'>)[] = [
  {
    appId: graphAppId,
    displayName: 'Microsoft Graph',
    identifierUris: [
      'https://graph.microsoft.com',
      'https://graph.microsoft.us',
      'https://dod-graph.microsoft.us',
      'https://microsoftgraph.chinacloudapi.cn',
    ],
  },
  {
    appId: exchangeAppId,
    displayName: 'Office 365 Exchange Online',
    identifierUris: [
      'https://outlook.office365.com',
      'https://outlook.office.com',
      'https://ps.outlook.com',
      'https://outlook.office365.us',
      'https://partner.outlook.cn',
    ],
  },
  {
    appId: armAppId,
    displayName: 'Windows Azure Service Management API',
    identifierUris: [
      'https://management.core.windows.net',
      'https://management.azure.com',
      'https://management.core.usgovcloudapi.net',
      'https://management.usgovcloudapi.net',
      'https://management.core.chinacloudapi.cn',
      'https://management.chinacloudapi.cn',
    ],
  },
  { appId: portalApiAppId, displayName: 'ADIbizaUX' },
  {
    appId: azureCliAppId,
    displayName: 'Microsoft Azure CLI',
    isFallbackPublicClient: true,
    publicClient: { redirectUris: ['http://localhost', 'http://127.0.0.1'] },
  },
];

/** Microsoft's own applications: the APIs that tokens are asked for, and the clients that need no registration. */
export function makeFirstPartyApplications(random: Random, now: number): Map<string, Application> {
  const made = firstParty.map(({ appId, ...properties }) => {
    const own = permissions.filter(({ resourceAppId }) => resourceAppId === appId);
    const application = makeApplication(
      random,
      microsoftTenantId,
      {
        ...properties,
        signInAudience: 'AzureADandPersonalMicrosoftAccount',
        appRoles: own
          .filter(({ kind }) => kind === 'Role')
          .map(({ id, value }) => ({
            id,
            value,
            displayName: value,
            description: value,
            isEnabled: true,
            allowedMemberTypes: ['Application'],
          })),
        api: {
          requestedAccessTokenVersion: 1,
          oauth2PermissionScopes: own
            .filter(({ kind }) => kind === 'Scope')
            .map(({ id, value, adminOnly }) => ({ id, value, type: adminOnly ? 'Admin' : 'User', isEnabled: true })),
          preAuthorizedApplications: [],
        },
      },
      now,
      appId,
    );
    return [appId, application] as const;
  });
  return new Map(made);
}

/** What the Azure CLI may do for whoever signs in to it; `Directory.AccessAsUser.All` is whatever he may do himself. */
const azureCliScopes: readonly (readonly [resourceAppId: string, scopes: readonly string[]])[] = [
  [graphAppId, ['AuditLog.Read.All', 'Directory.AccessAsUser.All', 'Group.ReadWrite.All', 'User.ReadWrite.All']],
  [armAppId, ['user_impersonation']],
  [portalApiAppId, ['user_impersonation']],
];

/** Every tenant has the enterprise apps of Microsoft's applications, and lets the Azure CLI in. */
export function addFirstPartyPrincipals(
  random: Random,
  tenant: Tenant,
  applications: Iterable<Application>,
  now: number,
): void {
  for (const application of applications)
    if (application.homeTenantId === microsoftTenantId) ensureServicePrincipal(random, tenant, application, now);
  const idOf = (appId: string): string => tenant.servicePrincipals.get(appId)?.id ?? '';
  for (const [appId, scopes] of azureCliScopes) {
    const consent = { clientId: idOf(azureCliAppId), resourceId: idOf(appId), principalId: null };
    consentScopes(tenant, consent, scopes, now);
  }
}
