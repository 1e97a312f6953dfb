import { randomBytes } from 'node:crypto';
import { decodeProtectedHeader, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { World } from '../world.ts';
import type { Claims } from './claims.ts';

/** How long id_tokens and access tokens live, in seconds. */
export const tokenLifetime = 3600;

/** Signs claims with the active key; times are the simulator's. */
export function signToken(world: World, claims: Claims): Promise<string> {
  const key = world.keys.active();
  const now = Math.floor(world.clock.now() / 1000);
  const times = { iat: now, nbf: now, exp: now + tokenLifetime };
  return new SignJWT({ ...times, ...claims, uti: randomBytes(16).toString('base64url') })
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: key.kid })
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
