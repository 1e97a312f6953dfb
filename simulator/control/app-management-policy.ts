import { changedPolicy, policyShape } from '../graph/app-management-policy.ts';
import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { World } from '../world.ts';
import { readBody } from './read-body.ts';
import { tenantOf } from './tenants.ts';

/** What a tenant forbids about secrets and certificates: the same that Graph's default app management policy says. */
export function appManagementPolicyRoutes(world: World): Routes {
  const path = '/tenants/:tenant/app-management-policy';
  return {
    [`GET ${path}`]: (_exchange, key) => json(200, changedPolicy(tenantOf(world, key).appManagementPolicy, {})),
    [`PATCH ${path}`]: (exchange, key) => {
      const tenant = tenantOf(world, key);
      tenant.appManagementPolicy = changedPolicy(tenant.appManagementPolicy, readBody(exchange, policyShape));
      return json(200, tenant.appManagementPolicy);
    },
    [`DELETE ${path}`]: (_exchange, key) => {
      tenantOf(world, key).appManagementPolicy = null;
      return { status: 204 };
    },
  };
}
