import { armAppId } from '../applications/permissions.ts';
import type { Tenant, User } from '../directory/tenant.ts';
import { CodedError } from '../http/coded-error.ts';
import { type Answer, bearerToken, type Exchange, json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { accountAt, homeOf } from '../sign-in/accounts.ts';
import { isFor } from '../token/access-token.ts';
import { openToken } from '../token/sign.ts';
import type { World } from '../world.ts';

/** A refusal in the words of Azure Resource Manager. */
export class ArmError extends CodedError {}

/** The answer to a refused request. */
export function armRefusal({ status, code, message }: ArmError): Answer {
  const headers: Record<string, string> = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
  return json(status, { error: { code, message } }, headers);
}

/**
 * As much of Azure Resource Manager as command line clients need to sign in: the tenants somebody belongs to, and the
 * subscriptions he has, which are none (Azure CLI takes any refusal here for a failed sign-in).
 */
export function armRoutes(world: World): Routes {
  return {
    'GET /tenants': async (exchange) => {
      const { tenant, user } = await readCaller(world, exchange);
      const home = user === undefined ? { tenant, user } : homeOf(world, tenant, user);
      return json(200, {
        value: tenantsOf(world, home).map(({ id, name, domain, domains }) => ({
          id: `/tenants/${id}`,
          tenantId: id,
          countryCode: 'SE',
          displayName: name,
          domains,
          defaultDomain: domain,
          tenantCategory: id === home.tenant.id ? 'Home' : 'ProjectedBy',
          tenantType: 'AAD',
        })),
      });
    },
    'GET /subscriptions': async (exchange) => {
      await readCaller(world, exchange);
      return json(200, { value: [], count: { type: 'Total', value: 0 } });
    },
  };
}

/** Whose token it is; an app for itself has no user. */
type Caller = { readonly tenant: Tenant; readonly user: User | undefined };

/** The tenant somebody lives in, and those he is a guest of. */
function tenantsOf(world: World, { tenant, user }: Caller): Tenant[] {
  if (user === undefined) return [tenant];
  const others = [...world.tenants.values()].filter(
    (other) =>
      other.id !== tenant.id &&
      accountAt(world, { path: other.id, tenant: other, cloud: other.cloud }, { tenant, user }) !== undefined,
  );
  return [tenant, ...others];
}

async function readCaller(world: World, exchange: Exchange): Promise<Caller> {
  const token = bearerToken(exchange);
  if (token === undefined)
    throw new ArmError(401, 'AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.");
  const claims = await openToken(world, token);
  if (claims === undefined)
    throw new ArmError(401, 'InvalidAuthenticationToken', 'The access token is invalid or has expired.');
  const tenant = world.tenants.get(String(claims['tid']));
  if (tenant === undefined || !isFor(world, armAppId, tenant.cloud, claims.aud))
    throw new ArmError(
      401,
      'InvalidAuthenticationTokenAudience',
      `The access token has been obtained for wrong audience or resource '${String(claims.aud)}'.`,
    );
  return { tenant, user: tenant.users.get(String(claims['oid'])) };
}
