import type { Application } from '../applications/application.ts';
import { consentScopes } from '../applications/consent.ts';
import { graphAppId, portalApiAppId } from '../applications/permissions.ts';
import { assignRole, ensureServicePrincipal } from '../applications/register.ts';
import { type DirectoryRole, holdsRole } from '../directory/directory-roles.ts';
import type { Tenant } from '../directory/tenant.ts';
import { CodedError } from '../http/coded-error.ts';
import { type Answer, bearerToken, type Exchange, json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { isFor } from '../token/access-token.ts';
import { openToken } from '../token/sign.ts';
import type { World } from '../world.ts';

/** A refusal of the portal's API. */
export class PortalApiError extends CodedError {}

/** The answer to a refused request. */
export const portalApiRefusal = ({ status, code, message }: PortalApiError): Answer => json(status, { code, message });

/**
 * The portal's button "Grant admin consent", which the Azure CLI presses too: everything the application asks for is granted for
 * all, its enterprise app is made where there is none (captured requests of the Azure CLI; Microsoft does not document it).
 */
export function portalApiRoutes(world: World): Routes {
  return {
    'POST /api/RegisteredApplications/:app/Consent': async (exchange, appId) => {
      const { tenant, userId } = await readAdministrator(world, exchange);
      const application = world.applications.get(appId.toLowerCase());
      if (application?.homeTenantId !== tenant.id)
        throw new PortalApiError(404, 'NotFound', `The application '${appId}' is not registered in this directory.`);
      const asksGraph = application.requiredResourceAccess.some(
        ({ resourceAppId, resourceAccess }) =>
          resourceAppId === graphAppId && resourceAccess.some(({ type }) => type === 'Role'),
      );
      const admins: DirectoryRole[] = ['Application Administrator', 'Cloud Application Administrator'];
      if (!holdsRole(tenant, userId, 'Privileged Role Administrator', ...(asksGraph ? [] : admins)))
        throw new PortalApiError(403, 'Forbidden', 'You are not authorized to grant consent for this application.');
      grantAll(world, tenant, application);
      return { status: 204 };
    },
  };
}

async function readAdministrator(world: World, exchange: Exchange): Promise<{ tenant: Tenant; userId: string }> {
  const claims = await openToken(world, bearerToken(exchange) ?? '');
  const tenant = world.tenants.get(String(claims?.['tid']));
  if (claims === undefined || tenant === undefined || !isFor(world, portalApiAppId, tenant.cloud, claims.aud))
    throw new PortalApiError(401, 'Unauthorized', 'The access token is missing, expired or for another API.');
  if (claims['idtyp'] === 'app') throw new PortalApiError(403, 'Forbidden', 'Only a person can grant consent here.');
  return { tenant, userId: String(claims['oid']) };
}

function grantAll(world: World, tenant: Tenant, application: Application): void {
  const now = world.clock.now();
  const client = ensureServicePrincipal(world.random, tenant, application, now);
  for (const { resourceAppId, resourceAccess } of application.requiredResourceAccess) {
    const api = world.applications.get(resourceAppId);
    const resource = tenant.servicePrincipals.get(resourceAppId);
    if (api === undefined || resource === undefined) continue;
    const asked = new Set(resourceAccess.map(({ id }) => id));
    const scopes = api.api.oauth2PermissionScopes.filter(({ id }) => asked.has(id)).map(({ value }) => value);
    if (scopes.length > 0)
      consentScopes(tenant, { clientId: client.id, resourceId: resource.id, principalId: null }, scopes, now);
    for (const { id } of api.appRoles) if (asked.has(id)) assignRole(resource, client.id, id, now);
  }
}
