import type { Cloud } from './clouds.ts';
import { DiscoveryError, resolveTenant, type Tenant } from './resolve-tenant.ts';

const freshMs = 60 * 60_000;
const lifeMs = 24 * 60 * 60_000;

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
  const known = new Map<string, { readonly tenant: Tenant; readonly readAt: number }>();
  const underWay = new Map<string, Promise<Tenant>>();

  async function read(key: string, authority: { readonly cloud: Cloud; readonly tenant: string }): Promise<Tenant> {
    try {
      const tenant = await resolveTenant(authority, fetch);
      known.set(key, { tenant, readAt: now() });
      return tenant;
    } catch (error) {
      const kept = known.get(key);
      const passing = error instanceof DiscoveryError && (error.code === 'unreachable' || error.refusal?.transient);
      if (passing && kept && now() - kept.readAt < lifeMs) return kept.tenant;
      throw error;
    } finally {
      underWay.delete(key);
    }
  }

  return {
    async resolve(authority) {
      const key = `${authority.cloud.loginOrigin}/${authority.tenant.toLowerCase()}`;
      const kept = known.get(key);
      if (kept && now() - kept.readAt < freshMs) return kept.tenant;
      const reading = underWay.get(key) ?? read(key, authority);
      underWay.set(key, reading);
      return reading;
    },
  };
}
