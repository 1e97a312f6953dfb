import { Resolver } from 'node:dns/promises';
import { type AppTokenCache, createAppTokenCache, createTenantCache, type TenantCache } from '#entra';
import { createKeyCache, createProviderCache, type KeyCache, type ProviderCache } from '#openid';
import type { World } from '#store';

/** What was learned of Microsoft Entra and may be asked anew at any time: tenants, app-only tokens. */
export interface Entra {
  readonly tenants: TenantCache;
  readonly keys: KeyCache;
  readonly appTokens: AppTokenCache;
}

/** Signs a JWT in the name of `/oidc`, for somebody who trusts that issuer; valid for `seconds`. */
export type SignAssertion = (
  world: World,
  about: { subject: string; audience: string; seconds: number },
) => Promise<string>;

/** The world of the rooms that talk to Microsoft Entra and to other providers. */
export interface EntraWorld extends World {
  readonly entra: Entra;
  /** Metadata documents of other OpenID providers; their keys are in `entra.keys`, which knows no difference. */
  readonly providers: ProviderCache;
  readonly signAssertion: SignAssertion;
  /** The TXT records of a name, each as its parts; fails as Node's resolver does. */
  readonly resolveTxt: (name: string) => Promise<string[][]>;
}

/** Whether an origin may be asked by http: the simulated tenant, and all where addresses inside are allowed. */
export const mayBePlain =
  ({ config }: Pick<World, 'config'>) =>
  (origin: string): boolean =>
    config.allowPrivateAddresses ||
    (config.simulatorUrl !== undefined && new URL(config.simulatorUrl).origin === origin);

const nobodySigns: SignAssertion = () => Promise.reject(new Error('nobody signs assertions here'));

/** Adds empty caches to a world, who signs assertions in it, and the DNS of the machine unless another is given. */
export function withEntra(
  world: World,
  signAssertion: SignAssertion = nobodySigns,
  dns = new Resolver({ timeout: 3000, tries: 2 }),
): EntraWorld {
  const { fetch, now } = world;
  return {
    ...world,
    resolveTxt: (name) => dns.resolveTxt(name),
    entra: {
      tenants: createTenantCache({ fetch, now }),
      keys: createKeyCache({ fetch, now }),
      appTokens: createAppTokenCache({ fetch, now }),
    },
    providers: createProviderCache({ fetch, now, mayBePlain: mayBePlain(world) }),
    signAssertion,
  };
}
