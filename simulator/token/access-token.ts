import { randomUUID } from 'node:crypto';
import type { Application } from '../applications/application.ts';
import { consentedRoles } from '../applications/consent.ts';
import { armAppId, exchangeAppId, graphAppId } from '../applications/permissions.ts';
import type { Tenant, User } from '../directory/tenant.ts';
import { type CloudName, clouds } from '../hosts/clouds.ts';
import { issuerOf, stsIssuerOf } from '../sign-in/authority.ts';
import type { World } from '../world.ts';
import { type Claims, pairwiseSubject } from './claims.ts';
import { signToken } from './sign.ts';

/** Whom an access token is for. */
export type AccessTokenRequest = {
  readonly origin: string;
  readonly tenant: Tenant;
  readonly application: Application;
  readonly resourceAppId: string;
  /** The user with the scopes he granted; absent for an app-only token. */
  readonly delegated?: { readonly user: User; readonly scopes: readonly string[]; readonly sid: string };
};

/**
 * Makes an access token in the version the API wants: Graph and Exchange tokens are v1, and opaque to everybody else
 * (Microsoft identity platform, access tokens).
 */
export function makeAccessToken(world: World, request: AccessTokenRequest): Promise<string> {
  const api = world.applications.get(request.resourceAppId);
  return signToken(world, {
    ...(api?.api.requestedAccessTokenVersion === 2 ? versionTwo(request) : versionOne(request)),
    ...(request.delegated === undefined ? appOnly(request, api) : delegated(request, request.delegated)),
    tid: request.tenant.id,
  });
}

function versionOne({ tenant, application, resourceAppId }: AccessTokenRequest): Claims {
  return {
    aud: audienceOf(resourceAppId, tenant.cloud),
    iss: stsIssuerOf(tenant),
    ver: '1.0',
    appid: application.appId,
    app_displayname: application.displayName,
    appidacr: '1',
  };
}

function versionTwo({ origin, tenant, application, resourceAppId }: AccessTokenRequest): Claims {
  return { aud: resourceAppId, iss: issuerOf(origin, tenant), ver: '2.0', azp: application.appId, azpacr: '1' };
}

/** App-only: the enterprise app is the subject; `roles` are the permissions an admin consented to. */
function appOnly({ tenant, application }: AccessTokenRequest, api: Application | undefined): Claims {
  const principal = tenant.servicePrincipals.get(application.appId);
  const roles = principal && api ? consentedRoles(tenant, principal, api) : [];
  const id = principal?.id ?? randomUUID();
  return { idtyp: 'app', oid: id, sub: id, ...(roles.length === 0 ? {} : { roles }) };
}

function delegated(
  { application, resourceAppId }: AccessTokenRequest,
  on: NonNullable<AccessTokenRequest['delegated']>,
): Claims {
  return {
    idtyp: 'user',
    oid: on.user.id,
    sub: pairwiseSubject(resourceAppId, on.user.id),
    upn: on.user.userPrincipalName,
    unique_name: on.user.userPrincipalName,
    name: on.user.displayName,
    scp: on.scopes.join(' '),
    sid: on.sid,
    // What userinfo needs to answer with the app's own pairwise subject.
    client_sub: pairwiseSubject(application.appId, on.user.id),
  };
}

/** What stands in `aud` of a v1 token of a tenant in that cloud. */
export function audienceOf(resourceAppId: string, cloud: CloudName): string {
  const { graphHosts, exchangeHost, armHosts } = clouds[cloud];
  const audiences: Readonly<Record<string, string>> = {
    [graphAppId]: `https://${graphHosts[0]}`,
    [exchangeAppId]: `https://${exchangeHost}`,
    [armAppId]: `https://${armHosts[0]}/`,
  };
  return audiences[resourceAppId] ?? `api://${resourceAppId}`;
}
