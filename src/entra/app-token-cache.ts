import { type AppToken, type AppTokenRequest, requestAppToken } from './app-token.ts';
import { EntraError } from './entra-error.ts';

const renewMs = 5 * 60_000;
const leastMs = 30_000;

/** App-only tokens already had, by tenant, client, proof and scope. */
export interface AppTokenCache {
  /**
   * A token with time left: renewed five minutes before its end, one request for concurrent callers. While Entra is out of
   * reach a token that still has half a minute is used on. Throws EntraError. `proofId` names the proof without being it.
   */
  get(request: AppTokenRequest & { readonly proofId: string }): Promise<AppToken>;
  /** Forgets a token that was refused, so that the next call asks for another. */
  forget(token: AppToken): void;
}

/** Makes an empty cache; its owner shares it between whoever calls Graph. */
export function createAppTokenCache({
  fetch,
  now,
}: {
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
}): AppTokenCache {
  const tokens = new Map<string, AppToken>();
  const underWay = new Map<string, Promise<AppToken>>();

  async function renew(key: string, request: AppTokenRequest): Promise<AppToken> {
    try {
      const token = await requestAppToken({ ...request, fetch, now });
      for (const [other, { expiresAt }] of tokens) if (expiresAt <= now()) tokens.delete(other);
      tokens.set(key, token);
      return token;
    } catch (error) {
      const kept = tokens.get(key);
      if (error instanceof EntraError && error.transient && kept && kept.expiresAt - now() > leastMs) return kept;
      throw error;
    } finally {
      underWay.delete(key);
    }
  }

  return {
    async get(request) {
      const { cloud, tenant, clientId, proofId, scope } = request;
      const key = JSON.stringify([cloud.loginOrigin, tenant.toLowerCase(), clientId, proofId, scope]);
      const kept = tokens.get(key);
      if (kept && kept.expiresAt - now() > renewMs) return kept;
      const renewing = underWay.get(key) ?? renew(key, request);
      underWay.set(key, renewing);
      return renewing;
    },
    forget(token) {
      for (const [key, kept] of tokens) if (kept === token) tokens.delete(key);
    },
  };
}
