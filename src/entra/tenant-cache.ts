import { createDocumentCache } from '#openid';
import type { Cloud } from './clouds.ts';
import { DiscoveryError, resolveTenant, type Tenant } from './resolve-tenant.ts';

/** Discovery documents already read: asked anew after an hour, kept for a day where asking fails. */
export interface TenantCache {
  /** The tenant, from the cache or by {@link resolveTenant}; concurrent callers share one request. Throws DiscoveryError. */
  resolve(authority: { readonly cloud: Cloud; readonly tenant: string }): Promise<Tenant>;
}

/** Makes an empty cache; its owner shares it between whoever signs people in. */
export function createTenantCache({
  fetch,
  now,
}: {
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
}): TenantCache {
  const cache = createDocumentCache<Tenant>({
    now,
    isPassing: (error) =>
      error instanceof DiscoveryError && (error.code === 'unreachable' || error.refusal?.transient === true),
  });
  return {
    resolve: (authority) =>
      cache.get(`${authority.cloud.loginOrigin}/${authority.tenant.toLowerCase()}`, () =>
        resolveTenant(authority, fetch),
      ),
  };
}
