import {
  type AppTokenCache,
  createAppTokenCache,
  createKeyCache,
  createTenantCache,
  type KeyCache,
  type TenantCache,
} from '#entra';
import type { World } from '#store';

/** What was learned of Microsoft Entra and may be asked anew at any time: tenants, signing keys, app-only tokens. */
export interface Entra {
  readonly tenants: TenantCache;
  readonly keys: KeyCache;
  readonly appTokens: AppTokenCache;
}

/** The world of the rooms that talk to Microsoft Entra. */
export interface EntraWorld extends World {
  readonly entra: Entra;
}

/** Adds empty caches to a world. */
export function withEntra(world: World): EntraWorld {
  const { fetch, now } = world;
  return {
    ...world,
    entra: {
      tenants: createTenantCache({ fetch, now }),
      keys: createKeyCache({ fetch, now }),
      appTokens: createAppTokenCache({ fetch, now }),
    },
  };
}
