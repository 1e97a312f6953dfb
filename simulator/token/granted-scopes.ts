import type { Application, ServicePrincipal } from '../applications/application.ts';
import { consentedScopes } from '../applications/consent.ts';
import type { Tenant } from '../directory/tenant.ts';
import { AadstsError } from '../sign-in/aadsts.ts';
import type { World } from '../world.ts';
import type { Grant } from './grants.ts';

/** The part of a grant that says what is asked of which API for whom. */
type Asked = Pick<Grant, 'userId' | 'resourceAppId' | 'resourceScopes' | 'openidScopes'>;

/** The scopes of the API: those asked for, or for `.default` all that was consented to. */
export function scopesToUse(world: World, tenant: Tenant, client: Application, asked: Asked): readonly string[] {
  if (!asked.resourceScopes.includes('.default')) return asked.resourceScopes;
  const openid = ['openid', 'profile', 'email', 'offline_access'];
  return [...consented(world, tenant, client, asked)].filter((name) => !openid.includes(name));
}

/**
 * Whether somebody consented to what is asked; who signs in to a page is asked there, all others are refused.
 * Throws AADSTS65001 with the suberror that tells clients to ask interactively.
 */
export function checkConsent(world: World, tenant: Tenant, client: Application, asked: Asked): void {
  const given = consented(world, tenant, client, asked);
  const names = asked.resourceScopes.length === 0 ? asked.openidScopes : asked.resourceScopes;
  const missing = names.filter((name) => (name === '.default' ? given.size === 0 : !given.has(name)));
  if (missing.length === 0) return;
  throw new AadstsError(
    65001,
    `The user or administrator has not consented to use the application with ID '${client.appId}' named '${client.displayName}'. ` +
      'Send an interactive authorization request for this user and resource',
    { error: 'invalid_grant', suberror: 'consent_required' },
  );
}

/** The enterprise app of an API in a tenant. Throws AADSTS500011 where there is none, 500014 where it is disabled. */
export function findApi(world: World, tenant: Tenant, resourceAppId: string, identifier: string): ServicePrincipal {
  const principal = tenant.servicePrincipals.get(resourceAppId);
  const name = world.applications.get(resourceAppId)?.displayName ?? identifier;
  if (principal === undefined)
    throw new AadstsError(
      500011,
      `The resource principal named '${identifier}' was not found in the tenant '${tenant.name}'`,
    );
  if (!principal.accountEnabled)
    throw new AadstsError(500014, `The service principal for resource '${identifier}' (${name}) is disabled`);
  return principal;
}

/** What the tenant, the person, or the API itself (pre-authorized clients) lets the client do. */
function consented(world: World, tenant: Tenant, client: Application, asked: Asked): Set<string> {
  const idOf = (appId: string): string => tenant.servicePrincipals.get(appId)?.id ?? '';
  const given = consentedScopes(tenant, idOf(client.appId), idOf(asked.resourceAppId), asked.userId);
  const api = world.applications.get(asked.resourceAppId)?.api;
  const trusted = api?.preAuthorizedApplications.find(({ appId }) => appId === client.appId)?.delegatedPermissionIds;
  for (const { id, value } of api?.oauth2PermissionScopes ?? []) if (trusted?.includes(id)) given.add(value);
  return given;
}
