import type { webcrypto } from 'node:crypto';
import { importJWK } from 'jose';
import { askEntra, EntraError, readEntraError } from './entra-error.ts';

const freshMs = 60 * 60_000;
const lifeMs = 24 * 60 * 60_000;
const forcedMs = 5 * 60_000;
const afterFailureMs = 5_000;

/** One signing key of a tenant. */
export interface SigningKey {
  readonly key: webcrypto.CryptoKey;
  /** The key's own `issuer` member: a template, or the only issuer it signs for; undefined where the set has none. */
  readonly issuer: string | undefined;
}

/**
 * The signing keys of tenants by their JWKS address, as Microsoft asks (entra-docs signing-key-rollover.md): by kid, a
 * life of 24 h, asked anew each hour and at an unknown kid, the latter at most once in 5 min; the last good set is kept.
 */
export interface KeyCache {
  /** The key with that kid; undefined where the set has none. Throws {@link EntraError} where no set can be had. */
  find(jwksUri: string, kid: string): Promise<SigningKey | undefined>;
}

interface KeySet {
  keys: ReadonlyMap<string, SigningKey>;
  readAt: number;
  forcedAt: number;
  failedAt: number;
  failure: unknown;
  reading: Promise<void> | undefined;
}

/** Makes an empty cache; its owner shares it between whoever validates tokens. */
export function createKeyCache({
  fetch,
  now,
}: {
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
}): KeyCache {
  const sets = new Map<string, KeySet>();
  const never = Number.NEGATIVE_INFINITY;

  function refresh(set: KeySet, jwksUri: string): Promise<void> {
    set.reading ??= readKeys(fetch, jwksUri)
      .then((keys) => {
        set.keys = keys;
        set.readAt = now();
      })
      .catch((error: unknown) => {
        set.failedAt = now();
        set.failure = error;
      })
      .finally(() => {
        set.reading = undefined;
      });
    return set.reading;
  }

  return {
    async find(jwksUri, kid) {
      const fresh = { keys: new Map(), readAt: never, forcedAt: never, failedAt: never, failure: undefined };
      const set = sets.get(jwksUri) ?? { ...fresh, reading: undefined };
      sets.set(jwksUri, set);
      const mayAsk = now() - set.failedAt >= afterFailureMs;
      const age = now() - set.readAt;
      if (age >= lifeMs) {
        if (mayAsk || set.reading) await refresh(set, jwksUri);
        if (now() - set.readAt >= lifeMs) throw set.failure;
      } else if (!set.keys.has(kid) && mayAsk && now() - set.forcedAt >= forcedMs) {
        set.forcedAt = now();
        await refresh(set, jwksUri);
      } else if (set.reading && !set.keys.has(kid)) {
        await set.reading;
      } else if (age >= freshMs && mayAsk) {
        // Nobody waits for the hourly look: the set at hand is good for a day.
        void refresh(set, jwksUri);
      }
      return set.keys.get(kid);
    },
  };
}

async function readKeys(fetch: typeof globalThis.fetch, jwksUri: string): Promise<ReadonlyMap<string, SigningKey>> {
  const answer = await askEntra(fetch, jwksUri, { headers: { accept: 'application/json' } });
  if (answer.status !== 200) throw readEntraError(answer);
  const listed = typeof answer.json === 'object' && answer.json !== null && 'keys' in answer.json && answer.json.keys;
  if (!Array.isArray(listed)) {
    throw new EntraError({ error: 'unreadable', description: `${jwksUri} is not a key set`, httpStatus: 200 });
  }
  const keys = new Map<string, SigningKey>();
  for (const jwk of listed) {
    if (!isRsaSigningKey(jwk)) continue;
    const key = await importJWK({ kty: 'RSA', n: jwk.n, e: jwk.e }, 'RS256').catch(() => undefined);
    if (!(key instanceof CryptoKey)) continue;
    keys.set(jwk.kid, { key, issuer: typeof jwk.issuer === 'string' ? jwk.issuer : undefined });
  }
  if (keys.size === 0) {
    throw new EntraError({ error: 'unreadable', description: `${jwksUri} holds no RSA signing key`, httpStatus: 200 });
  }
  return keys;
}

interface RsaSigningKey {
  readonly kid: string;
  readonly n: string;
  readonly e: string;
  readonly issuer?: unknown;
}

function isRsaSigningKey(jwk: unknown): jwk is RsaSigningKey {
  if (typeof jwk !== 'object' || jwk === null) return false;
  const members = new Map<string, unknown>(Object.entries(jwk));
  const isText = ['kid', 'n', 'e'].every((name) => typeof members.get(name) === 'string');
  return isText && (members.get('use') ?? 'sig') === 'sig';
}
