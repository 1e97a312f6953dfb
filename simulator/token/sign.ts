import { randomBytes } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { consumersTenantId } from '../directory/personal-accounts.ts';
import { numberOf, textOf } from '../faults/faults.ts';
import type { World } from '../world.ts';
import type { Claims } from './claims.ts';
import { insertIssuedToken } from './issued-tokens.ts';

/** How long id_tokens and access tokens live, in seconds. */
export const tokenLifetime = 3600;

/** Signs claims with the active key, those about personal accounts with theirs; times are the simulator's. Faults of key and clock strike what is not for Microsoft's own APIs. */
export async function signToken(world: World, claims: Claims): Promise<string> {
  const isRead = !String(claims['aud']).startsWith('https://');
  const skew = isRead ? world.faults.strike('clock-skew') : undefined;
  // Twice, for the next key is published before it signs.
  if (isRead && world.faults.strike('key-rotated') !== undefined) for (const _ of [1, 2]) await world.keys.rotate();
  const stranger = isRead && world.faults.strike('unknown-kid') !== undefined;
  const key = claims['tid'] === consumersTenantId ? await world.keys.ofConsumers() : world.keys.active();
  const seconds = (skew && numberOf(skew, 'seconds')) ?? 0;
  const now = Math.floor(world.clock.now() / 1000) + (skew && textOf(skew, 'clock') === 'slow' ? -seconds : seconds);
  const times = { iat: now, nbf: now, exp: now + tokenLifetime };
  const payload = { ...times, ...claims, uti: randomBytes(16).toString('base64url') };
  const kid = stranger ? randomBytes(20).toString('base64url') : key.kid;
  insertIssuedToken(world, kid, payload);
  const named = claims['ver'] === '1.0' ? { x5t: kid, kid } : { kid };
  return new SignJWT(payload).setProtectedHeader({ typ: 'JWT', alg: 'RS256', ...named }).sign(key.privateKey);
}

/** Opens a token this simulator signed; undefined when it did not, or when its time is over. */
export async function openToken(world: World, token: string): Promise<JWTPayload | undefined> {
  const opened = await judgeToken(world, token);
  return opened.fault === undefined ? opened.claims : undefined;
}

/** What comes of a token that is presented here; `time` is one of this simulator whose time is over or not come. */
export type OpenedToken =
  | { readonly fault: undefined; readonly claims: JWTPayload }
  | { readonly fault: 'malformed' | 'signature' | 'time' };

/** Opens a token and says what is wrong with it. */
export async function judgeToken(world: World, token: string): Promise<OpenedToken> {
  let kid: string | undefined;
  try {
    kid = decodeProtectedHeader(token).kid;
    decodeJwt(token);
  } catch {
    return { fault: 'malformed' };
  }
  const key = world.keys.find(kid ?? '');
  if (key === undefined) return { fault: 'signature' };
  try {
    const times = { currentDate: new Date(world.clock.now()), clockTolerance: 300 };
    return { fault: undefined, claims: (await jwtVerify(token, key.publicKey, times)).payload };
  } catch (error) {
    return { fault: error instanceof errors.JWSSignatureVerificationFailed ? 'signature' : 'time' };
  }
}
