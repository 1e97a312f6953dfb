import { randomUUID } from 'node:crypto';
import type { Application } from '../applications/application.ts';
import { consentedRoles } from '../applications/consent.ts';
import { microsoftTenantId } from '../applications/first-party.ts';
import { armAppId, exchangeAppId, graphAppId } from '../applications/permissions.ts';
import type { Tenant, User } from '../directory/tenant.ts';
import { type CloudName, clouds } from '../hosts/clouds.ts';
import { issuerOf, stsIssuerOf } from '../sign-in/authority.ts';
import { readRequestedClaims } from '../sign-in/requested-claims.ts';
import type { World } from '../world.ts';
import { type Claims, emailClaims, pairwiseSubject } from './claims.ts';
import type { Client } from './client-authentication.ts';
import { directoryRolesOf, groupAndRoleClaims } from './group-claims.ts';
import { identityProvider, optionalClaims } from './optional-claims.ts';
import { signToken } from './sign.ts';
import type { TokenRequest } from './token-request.ts';

/** Whom an access token is for. */
export type Bearer = {
  readonly tenant: Tenant;
  readonly client: Client;
  readonly resourceAppId: string;
  /** The API as the request named it. */
  readonly identifier: string;
  /** The user with the scopes he granted; absent for an app-only token. */
  readonly delegated?: Delegated;
};

/** A user and what he granted. */
type Delegated = {
  readonly user: User;
  readonly scopes: readonly string[];
  readonly sid: string;
  readonly amr: readonly string[];
  readonly authenticatedAt: number;
  /** Authentication contexts the token says it fulfils. */
  readonly contexts?: readonly string[];
};

/**
 * Makes an access token in the version the API wants: Graph and Exchange tokens are v1, and opaque to everybody else
 * (Microsoft identity platform, access tokens).
 */
export function makeAccessToken({ world, exchange, form }: TokenRequest, bearer: Bearer): Promise<string> {
  const api = world.applications.get(bearer.resourceAppId);
  const { capabilities } = readRequestedClaims(form.get('claims'));
  const { delegated } = bearer;
  return signToken(world, {
    ...(api?.api.requestedAccessTokenVersion === 2 ? versionTwo(bearer, exchange.origin) : versionOne(bearer)),
    ...(delegated === undefined ? appOnly(bearer, api) : userClaims(bearer, api, delegated, exchange.address)),
    tid: bearer.tenant.id,
    ...(capabilities.length === 0 ? {} : { xms_cc: capabilities }),
  });
}

/** How the client proved itself, as `appidacr` and `azpacr` say it. */
const proofs = { none: '0', secret: '1', assertion: '2' } as const;

function versionOne({ tenant, client, resourceAppId, identifier }: Bearer): Claims {
  return {
    aud: audienceOf(resourceAppId, tenant.cloud, identifier),
    iss: stsIssuerOf(tenant),
    ver: '1.0',
    appid: client.application.appId,
    app_displayname: client.application.displayName,
    appidacr: proofs[client.proof],
  };
}

function versionTwo({ tenant, client, resourceAppId }: Bearer, origin: string): Claims {
  const iss = issuerOf(origin, tenant);
  return { aud: resourceAppId, iss, ver: '2.0', azp: client.application.appId, azpacr: proofs[client.proof] };
}

/** App-only: the enterprise app is the subject; `roles` are the permissions an admin consented to. */
function appOnly({ tenant, client }: Bearer, api: Application | undefined): Claims {
  const principal = tenant.servicePrincipals.get(client.application.appId);
  const roles = principal && api ? consentedRoles(tenant, principal, api) : [];
  const id = principal?.id ?? randomUUID();
  return { ...tokenType(api, 'app'), oid: id, sub: id, ...(roles.length === 0 ? {} : { roles }) };
}

function userClaims(
  { tenant, client, resourceAppId }: Bearer,
  api: Application | undefined,
  delegated: Delegated,
  address: string,
): Claims {
  const { user, scopes, sid, amr, contexts = [] } = delegated;
  const names =
    api?.api.requestedAccessTokenVersion === 2
      ? { preferred_username: user.userPrincipalName }
      : {
          upn: user.userPrincipalName,
          unique_name: user.userPrincipalName,
          ...(user.givenName === null ? {} : { given_name: user.givenName }),
          ...(user.surname === null ? {} : { family_name: user.surname }),
          acr: '1',
          amr,
          ipaddr: address,
        };
  return {
    ...tokenType(api, 'user'),
    oid: user.id,
    sub: pairwiseSubject(resourceAppId, user.id),
    name: user.displayName,
    ...names,
    scp: scopes.join(' '),
    sid,
    ...(contexts.length === 0 ? {} : { acrs: contexts }),
    ...(isMicrosofts(api) ? { wids: directoryRolesOf(tenant, user) } : {}),
    ...identityProvider({ tenant, user }),
    ...(api === undefined || isMicrosofts(api) ? {} : ownClaims(api, tenant, delegated)),
    // What userinfo needs to answer with the app's own pairwise subject.
    ...(resourceAppId === graphAppId ? { xms_st: { sub: pairwiseSubject(client.application.appId, user.id) } } : {}),
  };
}

/** What the registration of an own API asks for in its tokens. */
function ownClaims(api: Application, tenant: Tenant, { user, sid, authenticatedAt }: Delegated): Claims {
  const { accessToken } = api.optionalClaims;
  return {
    ...emailClaims(api, tenant, user, accessToken, false),
    ...optionalClaims(accessToken, { tenant, user, sid, authenticatedAt }),
    ...groupAndRoleClaims(api, tenant, user, { token: 'accessToken' }),
  };
}

const isMicrosofts = (api: Application | undefined): boolean => api?.homeTenantId === microsoftTenantId;

/** `idtyp` stands in the tokens of Microsoft's APIs; others ask for it by an optional claim, and for users' tokens apart. */
function tokenType(api: Application | undefined, type: 'app' | 'user'): Claims {
  const asked = api?.optionalClaims.accessToken.find(({ name }) => name === 'idtyp');
  const wanted = asked !== undefined && (type === 'app' || asked.additionalProperties.includes('include_user_token'));
  return isMicrosofts(api) || wanted ? { idtyp: type } : {};
}

/** What stands in `aud` of a v1 token: the API as it was asked for, or the name it has in the tenant's cloud. */
function audienceOf(resourceAppId: string, cloud: CloudName, identifier: string): string {
  if (identifier !== '' && !isOfAnotherCloud(cloud, identifier)) return identifier;
  const { graphHosts, exchangeHost, armHosts } = clouds[cloud];
  const audiences: Readonly<Record<string, string>> = {
    [graphAppId]: `https://${graphHosts[0]}`,
    [exchangeAppId]: `https://${exchangeHost}`,
    [armAppId]: `https://${armHosts[0]}/`,
  };
  return audiences[resourceAppId] ?? `api://${resourceAppId}`;
}

/** Whether a v1 token is for this API in that cloud, by whichever of its names `aud` has it. */
export function isFor(world: World, resourceAppId: string, cloud: CloudName, audience: unknown): boolean {
  const bare = (name: string): string => name.replace(/\/+$/, '').toLowerCase();
  const uris = world.applications.get(resourceAppId)?.identifierUris ?? [];
  const names = [resourceAppId, `api://${resourceAppId}`, ...uris].map(bare);
  return names.includes(bare(String(audience))) && !isOfAnotherCloud(cloud, String(audience));
}

function isOfAnotherCloud(cloud: CloudName, identifier: string): boolean {
  const host = URL.canParse(identifier) ? new URL(identifier).hostname : '';
  return Object.entries(clouds).some(
    ([name, { graphHosts, armHosts, exchangeHost }]) =>
      name !== cloud && [...graphHosts, ...armHosts, exchangeHost].includes(host),
  );
}
