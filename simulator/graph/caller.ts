import type { JWTPayload } from 'jose';
import { graphAppId } from '../applications/permissions.ts';
import { holdsRole } from '../directory/directory-roles.ts';
import type { Tenant } from '../directory/tenant.ts';
import { clouds } from '../hosts/clouds.ts';
import { microsoftHosts } from '../hosts/names.ts';
import { bearerToken, type Exchange } from '../http/exchange.ts';
import { isFor } from '../token/access-token.ts';
import { openToken } from '../token/sign.ts';
import type { World } from '../world.ts';
import { checkContinuousAccess } from './continuous-access.ts';
import { GraphError } from './graph-error.ts';
import { feltPermissions } from './replication.ts';

/** Who calls Graph: an app for itself, or for a user. */
export type Caller = {
  readonly tenant: Tenant;
  readonly appId: string;
  /** Object id of the user, or of the enterprise app when it acts for itself. */
  readonly objectId: string;
  /** The signed-in user of a delegated token; undefined when the app acts for itself. */
  readonly userId: string | undefined;
  /** Application permissions of an app-only token, delegated ones otherwise. */
  readonly permissions: ReadonlySet<string>;
};

/** One Graph request with its proven caller. */
export type GraphCall = { readonly world: World; readonly exchange: Exchange; readonly caller: Caller };

/** Opens the bearer token. Throws 401 InvalidAuthenticationToken when it is missing, not ours, expired, or for another API. */
export async function readCaller(world: World, exchange: Exchange): Promise<Caller> {
  const token = bearerToken(exchange);
  if (token === undefined) throw unauthenticated('Access token is empty.');
  const claims = await openToken(world, token);
  if (claims === undefined)
    throw unauthenticated('Access token validation failure. The token is malformed, expired or not signed here.');
  const tenant = world.tenants.get(String(claims['tid']));
  if (tenant === undefined) throw unauthenticated('Access token validation failure. Unknown tenant.');
  const host = exchange.url.hostname;
  const isOtherCloud = microsoftHosts.has(host) && !clouds[tenant.cloud].graphHosts.includes(host);
  if (isOtherCloud || !isFor(world, graphAppId, tenant.cloud, claims.aud))
    throw unauthenticated('Access token validation failure. Invalid audience.');
  checkContinuousAccess(world, exchange, tenant, claims);
  return callerOf(world, tenant, claims);
}

/** Whom the claims of an access token, v1 as Graph and Exchange have them, speak for. */
export function callerOf(world: World, tenant: Tenant, claims: JWTPayload): Caller {
  const appOnly = claims['idtyp'] === 'app';
  const roles = Array.isArray(claims['roles']) ? claims['roles'].map(String) : [];
  return {
    tenant,
    appId: String(claims['appid']),
    objectId: String(claims['oid']),
    userId: appOnly ? undefined : String(claims['oid']),
    permissions: feltPermissions(world, tenant, claims, appOnly ? roles : String(claims['scp'] ?? '').split(' ')),
  };
}

/**
 * Demands one of some permissions to read, as the directory words it: 403 Authorization_RequestDenied. `Directory.AccessAsUser.All`
 * stands for what the signed-in person may do himself: every member may read the directory.
 */
export function requirePermission({ caller }: GraphCall, ...anyOf: readonly string[]): void {
  if (anyOf.some((name) => caller.permissions.has(name))) return;
  const { permissions, tenant, userId } = caller;
  const isMember = userId !== undefined && tenant.users.get(userId)?.userType === 'Member';
  if (permissions.has('Directory.AccessAsUser.All') && (isMember || holdsRole(tenant, userId ?? ''))) return;
  throw new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}

function unauthenticated(message: string): GraphError {
  return new GraphError(401, 'InvalidAuthenticationToken', message, { 'www-authenticate': 'Bearer' });
}
