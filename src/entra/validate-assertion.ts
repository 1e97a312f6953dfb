import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { type KeyCache, type SigningKey, TokenRefused } from '#openid';
import { asEntraError } from './entra-error.ts';

const skewSeconds = 60;
const maxLength = 20_000;

/** What an assertion is held against. */
export interface AssertionExpectation {
  /** Of the tenant's v2 endpoint, exact. */
  readonly issuer: string;
  readonly jwksUri: string;
  readonly tenantId: string;
  readonly subject: string;
  /** With or without `/.default`: the documentation gives both. */
  readonly audience: string;
  readonly keys: KeyCache;
  readonly now: () => number;
}

/** An audience without the ending that the documentation gives at one place and not at the other. */
export const plainAudience = (audience: string): string => audience.replace(/\/\.default$/, '');

/** What an assertion says of itself, before anything of it is believed. Throws {@link TokenRefused} for what is no JWT. */
export function readAssertion(assertion: string): JWTPayload {
  try {
    if (assertion.length <= maxLength) return decodeJwt(assertion);
  } catch {
    // Said below, together with what is too long.
  }
  throw new TokenRefused('malformed', 'the assertion is not a signed JWT');
}

/**
 * Validates an assertion by which Entra's provisioning service authenticates (RFC 7523 §3; Workload Identity Federation for
 * SCIM provisioning): RS256 by a key of the tenant, issuer, subject, audience and tenant as set, and its time with 60 s of
 * skew. Gives when it ends, in milliseconds. Throws {@link TokenRefused}, which names claim, expected and seen value;
 * EntraError where the keys cannot be had.
 */
export async function validateAssertion(assertion: string, expected: AssertionExpectation): Promise<number> {
  const { sub, aud, tid, exp, iss } = await verify(assertion, await findKey(assertion, expected), expected);
  requireClaim('issuer', 'iss', expected.issuer, iss);
  requireClaim('subject', 'sub', expected.subject, sub);
  const audience = typeof aud === 'string' ? plainAudience(aud) : aud;
  requireClaim('audience', 'aud', plainAudience(expected.audience), audience);
  if (tid !== undefined) requireClaim('tenant', 'tid', expected.tenantId, tid);
  return Number(exp) * 1000;
}

function requireClaim(code: TokenRefused['code'], claim: string, expected: string, seen: unknown): void {
  if (seen !== expected)
    throw new TokenRefused(code, `${claim} of the assertion: expected ${expected}, seen ${shown(seen)}`);
}

/** What somebody else wrote, fit for a sentence. */
const shown = (seen: unknown): string => (seen === undefined ? 'none' : JSON.stringify(seen).slice(0, 200));

async function findKey(assertion: string, { keys, jwksUri, issuer }: AssertionExpectation): Promise<SigningKey> {
  const { alg, kid } = readHeader(assertion);
  if (alg !== 'RS256') throw new TokenRefused('algorithm', `alg of the assertion: expected RS256, seen ${shown(alg)}`);
  const key = typeof kid === 'string' ? await keys.find(jwksUri, kid).catch(asEntraError) : undefined;
  if (key === undefined)
    throw new TokenRefused('unknownKey', `kid of the assertion: expected one of ${jwksUri}, seen ${shown(kid)}`);
  if (key.issuer !== undefined && !key.issuer.includes('{tenantid}') && key.issuer !== issuer)
    throw new TokenRefused('keyIssuer', `the assertion is signed with a key that only ${key.issuer} may use`);
  return key;
}

function readHeader(assertion: string): { readonly alg?: unknown; readonly kid?: unknown } {
  try {
    return decodeProtectedHeader(assertion);
  } catch {
    throw new TokenRefused('malformed', 'the assertion is not a signed JWT');
  }
}

async function verify(assertion: string, { key }: SigningKey, { now }: AssertionExpectation): Promise<JWTPayload> {
  const currentDate = new Date(now());
  try {
    const { payload } = await jwtVerify(assertion, key, {
      algorithms: ['RS256'],
      currentDate,
      clockTolerance: skewSeconds,
      requiredClaims: ['exp', 'iss', 'sub', 'aud'],
    });
    return payload;
  } catch (error) {
    throw refusalOf(error, currentDate.toISOString());
  }
}

function refusalOf(error: unknown, now: string): TokenRefused {
  const cause = { cause: error };
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return new TokenRefused('signature', 'the signature of the assertion does not match its key', cause);
  if (error instanceof errors.JWTExpired)
    return new TokenRefused(
      'expired',
      `exp of the assertion: expected after ${now}, seen ${timeOf(error.payload.exp)}`,
      cause,
    );
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf')
    return new TokenRefused(
      'notYetValid',
      `nbf of the assertion: expected before ${now}, seen ${timeOf(error.payload.nbf)}`,
      cause,
    );
  if (error instanceof errors.JWTClaimValidationFailed)
    return new TokenRefused('malformed', `${error.claim} of the assertion: ${error.reason}`, cause);
  return new TokenRefused('malformed', 'the assertion is not a signed JWT', cause);
}

const timeOf = (seconds: number | undefined): string =>
  seconds === undefined || !Number.isFinite(seconds) || Math.abs(seconds) > 8e12
    ? shown(seconds)
    : new Date(seconds * 1000).toISOString();
