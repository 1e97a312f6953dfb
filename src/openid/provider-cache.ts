import { discoverProvider, MetadataError, type Provider } from './discover-provider.ts';
import { createDocumentCache } from './document-cache.ts';

/** Metadata documents of providers already read: asked anew after an hour, kept for a day where asking fails. */
export interface ProviderCache {
  /** The provider at an address; its issuer has to be exactly the one given. Throws {@link MetadataError}. */
  resolve(address: { readonly metadataUrl: string; readonly issuer: string }): Promise<Provider>;
}

/** Makes an empty cache; its owner shares it between whoever signs people in. */
export function createProviderCache({
  fetch,
  now,
  mayBePlain,
}: {
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly mayBePlain: (origin: string) => boolean;
}): ProviderCache {
  const cache = createDocumentCache<Provider>({
    now,
    isPassing: (error) => error instanceof MetadataError && error.transient,
  });
  return {
    async resolve({ metadataUrl, issuer }) {
      const address = { metadataUrl, issuer };
      const provider = await cache.get(JSON.stringify(address), () => discoverProvider(address, fetch, mayBePlain));
      if (provider.issuer === issuer) return provider;
      throw new MetadataError('wrongIssuer', `${metadataUrl} says its issuer is ${provider.issuer}, not ${issuer}`);
    },
  };
}
