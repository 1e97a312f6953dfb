import { type Tenant, transitiveGroups, type User } from '../directory/tenant.ts';
import type { ApplicationAccessPolicy, ExchangeOrganization } from './organization.ts';

/** So many policies a tenant has room for, about. */
export const mostPolicies = 300;

/** The policies that requests feel at an instant; those an administrator sees, without one. */
export function policiesAt(
  { applicationAccessPolicies }: ExchangeOrganization,
  now?: number,
): ApplicationAccessPolicy[] {
  return applicationAccessPolicies.filter((policy) =>
    now === undefined
      ? !policy.removed
      : policy.effectiveFrom <= now && (policy.effectiveUntil === undefined || policy.effectiveUntil > now),
  );
}

/**
 * Whether application access policies let an app's permissions reach a mailbox: no DenyAccess has it, and where there is a
 * RestrictAccess for the app, one of them has it; a scope is a user, or a group with those nested in it (New-ApplicationAccessPolicy, five rules).
 */
export function policiesAllow(
  policies: readonly ApplicationAccessPolicy[],
  tenant: Tenant,
  appId: string,
  user: User,
): boolean {
  const own = policies.filter(({ appIds }) => appIds.includes(appId) || appIds.includes('*'));
  const groups = own.length === 0 ? [] : transitiveGroups(tenant, user.id);
  const scopes = new Set([user.id, ...groups.map(({ id }) => id)]);
  const having = own.filter(({ policyScopeGroupId }) => scopes.has(policyScopeGroupId));
  if (having.some(({ accessRight }) => accessRight === 'DenyAccess')) return false;
  const restricted = own.some(({ accessRight }) => accessRight === 'RestrictAccess');
  return !restricted || having.length > 0;
}
