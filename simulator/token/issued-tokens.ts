import type { World } from '../world.ts';
import type { Claims } from './claims.ts';

/** What a token that was given out says; the token itself is not kept. */
export type IssuedToken = { readonly at: number; readonly kid: string; readonly claims: Claims };

/** So many are kept, the newest ones. */
const kept = 200;

/** Keeps the claims of a token, and forgets the oldest ones. */
export function insertIssuedToken(world: World, kid: string, claims: Claims): void {
  world.tokens.push({ at: world.clock.now(), kid, claims });
  if (world.tokens.length > kept * 2) world.tokens.splice(0, world.tokens.length - kept);
}
