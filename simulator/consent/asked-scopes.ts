import type { Application } from '../applications/application.ts';
import { consentedScopes } from '../applications/consent.ts';
import { microsoftTenantId } from '../applications/first-party.ts';
import { graphAppId } from '../applications/permissions.ts';
import { ensureServicePrincipal } from '../applications/register.ts';
import type { Tenant } from '../directory/tenant.ts';
import type { Scopes } from '../sign-in/scopes.ts';
import type { World } from '../world.ts';

/** Scope names by the app id of the API that publishes them. */
export type ScopesByApi = Readonly<Record<string, readonly string[]>>;

/**
 * What an app asks somebody to consent to: OpenID Connect's scopes, which are Graph's, and those of the API; `.default` stands
 * for all that the registration lists, of whichever API.
 */
export function askedScopes(world: World, application: Application, scopes: Scopes): ScopesByApi {
  const asked: Record<string, readonly string[]> = {};
  const add = (appId: string, names: readonly string[]): void => {
    if (names.length > 0) asked[appId] = [...new Set([...(asked[appId] ?? []), ...names])];
  };
  for (const { openid, resourceAppId, resource } of [scopes, ...(scopes.others ?? [])]) {
    add(graphAppId, openid);
    if (!resource.includes('.default')) add(resourceAppId, resource);
    else for (const [appId, names] of Object.entries(listedScopes(world, application))) add(appId, names);
  }
  return asked;
}

/** The delegated permissions that a registration lists (requiredResourceAccess). */
export function listedScopes(world: World, application: Application): ScopesByApi {
  const listed = application.requiredResourceAccess.map(({ resourceAppId, resourceAccess }) => {
    const published = world.applications.get(resourceAppId)?.api.oauth2PermissionScopes ?? [];
    const ids = resourceAccess.filter(({ type }) => type === 'Scope').map(({ id }) => id);
    const names = published.filter(({ id }) => ids.includes(id)).map(({ value }) => value);
    return [resourceAppId, names] as const;
  });
  return Object.fromEntries(listed.filter(([, names]) => names.length > 0));
}

/** What of it nobody has consented to yet, neither for all nor this person for himself, nor the API for its own clients. */
export function missingScopes(
  world: World,
  tenant: Tenant,
  application: Application,
  userId: string,
  asked: ScopesByApi,
): ScopesByApi {
  if (application.homeTenantId === microsoftTenantId) return {};
  const clientId = ensureServicePrincipal(world.random, tenant, application, world.clock.now()).id;
  const missing = Object.entries(asked).map(([appId, names]) => {
    const api = world.applications.get(appId);
    const resourceId = tenant.servicePrincipals.get(appId)?.id ?? '';
    const given = consentedScopes(tenant, clientId, resourceId, userId);
    const trusted = api?.api.preAuthorizedApplications.find((each) => each.appId === application.appId);
    for (const { id, value } of api?.api.oauth2PermissionScopes ?? [])
      if (trusted?.delegatedPermissionIds.includes(id)) given.add(value);
    return [appId, names.filter((name) => !given.has(name))] as const;
  });
  return Object.fromEntries(missing.filter(([, names]) => names.length > 0));
}
