import { randomBytes } from 'node:crypto';
import { decodeProtectedHeader, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { numberOf, textOf } from '../faults/faults.ts';
import type { World } from '../world.ts';
import type { Claims } from './claims.ts';

/** How long id_tokens and access tokens live, in seconds. */
export const tokenLifetime = 3600;

/** Signs claims with the active key; times are the simulator's. Faults of key and clock strike what is not for Microsoft's own APIs. */
export async function signToken(world: World, claims: Claims): Promise<string> {
  const isRead = !String(claims['aud']).startsWith('https://');
  const skew = isRead ? world.faults.strike('clock-skew') : undefined;
  // Twice, for the next key is published before it signs.
  if (isRead && world.faults.strike('key-rotated') !== undefined) for (const _ of [1, 2]) await world.keys.rotate();
  const stranger = isRead && world.faults.strike('unknown-kid') !== undefined;
  const key = world.keys.active();
  const seconds = (skew && numberOf(skew, 'seconds')) ?? 0;
  const now = Math.floor(world.clock.now() / 1000) + (skew && textOf(skew, 'clock') === 'slow' ? -seconds : seconds);
  const times = { iat: now, nbf: now, exp: now + tokenLifetime };
  return new SignJWT({ ...times, ...claims, uti: randomBytes(16).toString('base64url') })
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: stranger ? randomBytes(20).toString('base64url') : key.kid })
    .sign(key.privateKey);
}

/** Opens a token this simulator signed; undefined when it did not, or when its time is over. */
export async function openToken(world: World, token: string): Promise<JWTPayload | undefined> {
  try {
    const key = world.keys.find(decodeProtectedHeader(token).kid ?? '');
    if (key === undefined) return undefined;
    const { payload } = await jwtVerify(token, key.publicKey, {
      currentDate: new Date(world.clock.now()),
      clockTolerance: 300,
    });
    return payload;
  } catch {
    return undefined;
  }
}
