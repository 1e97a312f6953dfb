import { createHash } from 'node:crypto';
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { KeyCache, SigningKey } from './key-cache.ts';
import { type SigningAlgorithm, signingAlgorithmOf, signingAlgorithms } from './signing-algorithms.ts';
import { TokenRefused } from './token-refused.ts';

const skewSeconds = 60;
const maxLength = 100_000;

/** What the signature, the audience and the time of an id token are held against. */
export interface TokenExpectation {
  readonly jwksUri: string;
  /** Those that the provider says it signs with. */
  readonly algorithms: readonly SigningAlgorithm[];
  readonly clientId: string;
  readonly keys: KeyCache;
  readonly now: () => number;
}

/** An id token whose signature, audience and time are right; issuer, subject and nonce are still to be looked at. */
export interface VerifiedToken {
  readonly claims: JWTPayload;
  readonly signingKey: SigningKey;
  readonly algorithm: SigningAlgorithm;
}

/**
 * Verifies an id token as far as it is the same for every provider (OpenID Connect Core §3.1.3.7): a key out of the set at
 * `jwksUri` and nowhere else (`jku`, `x5u` and `jwk` of the header count for nothing), an algorithm that was agreed on, this
 * one audience, time with 60 s of skew. Throws {@link TokenRefused}; ProviderError where the keys cannot be had.
 */
export async function verifyToken(token: string, expected: TokenExpectation): Promise<VerifiedToken> {
  const { signingKey, algorithm } = await findKey(token, expected);
  return { claims: await verify(token, signingKey, algorithm, expected), signingKey, algorithm };
}

/** Refuses claims that answer another sign-in. */
export function assertNonce(claims: JWTPayload, nonce: string): void {
  if (nonce !== '' && claims['nonce'] === nonce) return;
  throw new TokenRefused(
    'nonce',
    'the token answers another sign-in (its nonce is not the one that was sent). Start the sign-in again.',
  );
}

/**
 * Refuses claims whose hash of a code or of an access token (`c_hash`, `at_hash`; OpenID Connect Core §3.3.2.11) is not that
 * of the value beside them, or, where it is `needed`, that have none.
 */
export function assertHash(
  { claims, algorithm }: Pick<VerifiedToken, 'claims' | 'algorithm'>,
  name: 'c_hash' | 'at_hash',
  value: string | undefined,
  needed = false,
): void {
  const said = claims[name];
  if (said === undefined && !needed) return;
  if (value === undefined) return;
  const digest = createHash(signingAlgorithms[algorithm].hash).update(value).digest();
  if (said === digest.subarray(0, digest.length / 2).toString('base64url')) return;
  const what = name === 'c_hash' ? 'code' : 'access token';
  throw new TokenRefused('hash', `the token belongs to another ${what} than the one that came with it (${name}).`);
}

async function findKey(
  token: string,
  { jwksUri, algorithms, keys }: TokenExpectation,
): Promise<{ signingKey: SigningKey; algorithm: SigningAlgorithm }> {
  const header = readHeader(token);
  const algorithm = signingAlgorithmOf(header.alg);
  if (algorithm === undefined || !algorithms.includes(algorithm)) {
    throw new TokenRefused(
      'algorithm',
      `the token is signed with "${header.alg}"; this provider signs id tokens with ${algorithms.join(', ')} only.`,
    );
  }
  const kid = typeof header.kid === 'string' ? header.kid : undefined;
  const signingKey = await keys.find(jwksUri, kid, algorithm);
  if (signingKey === undefined) {
    throw new TokenRefused(
      'unknownKey',
      `the token is signed with a key (kid ${JSON.stringify(header.kid)?.slice(0, 200)}) that is not in ${jwksUri}.`,
    );
  }
  return { signingKey, algorithm };
}

function readHeader(token: string): { readonly alg?: unknown; readonly kid?: unknown } {
  try {
    if (token.length <= maxLength) return decodeProtectedHeader(token);
  } catch {
    // Said below, together with what is too long.
  }
  throw new TokenRefused('malformed', 'the id token is not a signed JWT.');
}

async function verify(
  token: string,
  { key }: SigningKey,
  algorithm: SigningAlgorithm,
  { clientId, now }: TokenExpectation,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: algorithm === 'EdDSA' ? ['EdDSA', 'Ed25519'] : [algorithm],
      audience: clientId,
      currentDate: new Date(now()),
      clockTolerance: skewSeconds,
      requiredClaims: ['exp', 'iat', 'iss', 'aud'],
    });
    if (Array.isArray(payload.aud) && payload.aud.length > 1) {
      throw new TokenRefused('audience', 'the token is meant for several applications at once.');
    }
    return payload;
  } catch (error) {
    throw error instanceof TokenRefused ? error : refusalOf(error, clientId);
  }
}

function refusalOf(error: unknown, clientId: string): TokenRefused {
  const cause = { cause: error };
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return new TokenRefused(
      'signature',
      "the token's signature does not match its key: it was changed or forged.",
      cause,
    );
  }
  if (error instanceof errors.JWTExpired) {
    return new TokenRefused(
      'expired',
      "the token has expired. If that happens each time, this machine's clock is ahead.",
      cause,
    );
  }
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf') {
    return new TokenRefused('notYetValid', "the token is not valid yet: this machine's clock is behind.", cause);
  }
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') {
    const aud = JSON.stringify(error.payload.aud);
    return new TokenRefused(
      'audience',
      `the token is meant for application ${aud}, this connection is ${clientId}.`,
      cause,
    );
  }
  const said = error instanceof Error ? error.message : String(error);
  return new TokenRefused('malformed', `the id token cannot be read: ${said}.`, cause);
}
