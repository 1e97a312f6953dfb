import type { webcrypto } from 'node:crypto';
import { importJWK, type JWK } from 'jose';
import { askProvider, ProviderError, readProviderError } from './provider-error.ts';
import { type SigningAlgorithm, signingAlgorithms } from './signing-algorithms.ts';

const freshMs = 60 * 60_000;
const lifeMs = 24 * 60 * 60_000;
const forcedMs = 5 * 60_000;
const afterFailureMs = 5_000;

/** One signing key of a provider. */
export interface SigningKey {
  readonly key: webcrypto.CryptoKey;
  /** The key's own `issuer` member: a template, or the only issuer it signs for; undefined where the set has none. */
  readonly issuer: string | undefined;
}

/**
 * The signing keys of providers by their JWKS address, as Microsoft asks (entra-docs signing-key-rollover.md): by kid, a
 * life of 24 h, asked anew each hour and at an unknown kid, the latter at most once in 5 min; the last good set is kept.
 */
export interface KeyCache {
  /**
   * The key with that kid that signs by this algorithm, RS256 unless told; undefined where the set has none. Without a kid
   * the only one that does (OpenID Connect Core §10.1). Throws {@link ProviderError} where no set can be had.
   */
  find(jwksUri: string, kid: string | undefined, algorithm?: SigningAlgorithm): Promise<SigningKey | undefined>;
}

interface KnownKey {
  readonly kid: string | undefined;
  readonly jwk: JWK;
  readonly issuer: string | undefined;
  /** By algorithm: an RSA key may sign by two. */
  readonly imported: Map<SigningAlgorithm, SigningKey | undefined>;
}

interface KeySet {
  keys: readonly KnownKey[];
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
    async find(jwksUri, kid, algorithm = 'RS256') {
      const fresh = { keys: [], readAt: never, forcedAt: never, failedAt: never, failure: undefined };
      const set = sets.get(jwksUri) ?? { ...fresh, reading: undefined };
      sets.set(jwksUri, set);
      const mayAsk = now() - set.failedAt >= afterFailureMs;
      const age = now() - set.readAt;
      if (age >= lifeMs) {
        if (mayAsk || set.reading) await refresh(set, jwksUri);
        if (now() - set.readAt >= lifeMs) throw set.failure;
      } else if (select(set.keys, kid, algorithm) === undefined && mayAsk && now() - set.forcedAt >= forcedMs) {
        set.forcedAt = now();
        await refresh(set, jwksUri);
      } else if (set.reading && select(set.keys, kid, algorithm) === undefined) {
        await set.reading;
      } else if (age >= freshMs && mayAsk) {
        // Nobody waits for the hourly look: the set at hand is good for a day.
        void refresh(set, jwksUri);
      }
      const found = select(set.keys, kid, algorithm);
      return found === undefined ? undefined : importKey(found, algorithm);
    },
  };
}

/** The key of that kid; without one, the only key that signs by the algorithm. */
function select(keys: readonly KnownKey[], kid: string | undefined, algorithm: SigningAlgorithm): KnownKey | undefined {
  const fitting = keys.filter((it) => fits(it.jwk, algorithm) && (kid === undefined || it.kid === kid));
  return kid === undefined && fitting.length > 1 ? undefined : fitting[0];
}

function fits(jwk: JWK, algorithm: SigningAlgorithm): boolean {
  const { kty, crv } = signingAlgorithms[algorithm];
  const declared = jwk.alg === 'Ed25519' ? 'EdDSA' : jwk.alg;
  return jwk.kty === kty && (crv === undefined || jwk.crv === crv) && (declared ?? algorithm) === algorithm;
}

async function importKey(known: KnownKey, algorithm: SigningAlgorithm): Promise<SigningKey | undefined> {
  if (!known.imported.has(algorithm)) {
    const { kty, n, e, crv, x, y } = known.jwk;
    const members = { kty, n, e, crv, x, y };
    const jwk = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
    const key = await importJWK(jwk, algorithm).catch(() => undefined);
    known.imported.set(algorithm, key instanceof CryptoKey ? { key, issuer: known.issuer } : undefined);
  }
  return known.imported.get(algorithm);
}

async function readKeys(fetch: typeof globalThis.fetch, jwksUri: string): Promise<readonly KnownKey[]> {
  const answer = await askProvider(fetch, jwksUri, { headers: { accept: 'application/json' } });
  if (answer.status !== 200) throw readProviderError(answer);
  const listed = typeof answer.json === 'object' && answer.json !== null && 'keys' in answer.json && answer.json.keys;
  if (!Array.isArray(listed)) {
    throw new ProviderError({ error: 'unreadable', description: `${jwksUri} is not a key set`, httpStatus: 200 });
  }
  const keys = listed.filter(isSigningKey).map((jwk) => ({
    kid: typeof jwk.kid === 'string' ? jwk.kid : undefined,
    jwk,
    issuer: typeof jwk.issuer === 'string' ? jwk.issuer : undefined,
    imported: new Map(),
  }));
  if (keys.length === 0) {
    throw new ProviderError({
      error: 'unreadable',
      description: `${jwksUri} holds no public signing key`,
      httpStatus: 200,
    });
  }
  return keys;
}

/** A public key for signatures by one of our algorithms. */
function isSigningKey(jwk: unknown): jwk is JWK & { readonly issuer?: unknown } {
  if (typeof jwk !== 'object' || jwk === null) return false;
  const members = new Map<string, unknown>(Object.entries(jwk));
  if ((members.get('use') ?? 'sig') !== 'sig') return false;
  return Object.values(signingAlgorithms).some(
    ({ kty, crv, needs }) =>
      members.get('kty') === kty &&
      (crv === undefined || members.get('crv') === crv) &&
      needs.every((name) => typeof members.get(name) === 'string'),
  );
}
