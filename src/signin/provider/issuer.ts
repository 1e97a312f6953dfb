import type { World } from '#store';

/** Below which path the provider answers; the public address and this are the issuer. */
export const providerPath = '/oidc';

/** The provider's issuer (OpenID Connect Discovery 1.0 §3). */
export const issuerOf = (world: Pick<World, 'config'>): string => `${world.config.url}${providerPath}`;
