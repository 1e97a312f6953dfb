import type { User } from '../directory/tenant.ts';
import type { World } from '../world.ts';
import { policiesAllow, policiesAt } from './access-policies.ts';
import { organizationOf } from './organization.ts';
import { type AppIdentity, cachedRolePermissions } from './roles-of-app.ts';

/** Whether an app may do something in a mailbox, and if not, what keeps it out. */
export type AppAccess = 'granted' | 'noPermission' | 'policy';

/**
 * Asks whether an app may use a mailbox for one of some permissions: what was consented in Entra, narrowed by application
 * access policies, and what RBAC for Applications gives add up; so a token without roles may do.
 */
export function appAccess(
  world: World,
  app: AppIdentity & { readonly permissions: ReadonlySet<string> },
  owner: User,
  anyOf: readonly string[],
): AppAccess {
  // Asked first, for every call keeps the cache warm.
  const roles = cachedRolePermissions(world, app, owner);
  const consented = anyOf.some((name) => app.permissions.has(name));
  const policies = consented ? policiesAt(organizationOf(world, app.tenant.id), world.clock.now()) : [];
  if (consented && policiesAllow(policies, app.tenant, app.appId, owner)) return 'granted';
  if (anyOf.some((name) => roles.has(name))) return 'granted';
  return consented ? 'policy' : 'noPermission';
}

/** Whether somebody (an app's service principal in Exchange, or a user) has FullAccess or SendAs on a mailbox. */
export function hasMailboxRight(
  world: World,
  tenantId: string,
  right: 'fullAccess' | 'sendAs',
  trusteeId: string,
  owner: Pick<User, 'id'>,
): boolean {
  return organizationOf(world, tenantId)[right].get(owner.id)?.has(trusteeId) ?? false;
}
