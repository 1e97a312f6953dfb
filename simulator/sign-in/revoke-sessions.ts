import { revokeRefreshTokens } from '../token/grants.ts';
import type { World } from '../world.ts';

/**
 * Ends what a person is signed in by (Graph's revokeSignInSessions, a changed or reset password): the sessions of all browsers,
 * and every refresh token, which is AADSTS50173 from now on. Access tokens live on until their end,
 * but for clients that understand claims challenges.
 */
export function revokeSessions(world: World, userId: string): void {
  const now = world.clock.now();
  revokeRefreshTokens(world.grants, userId, now);
  for (const { users, signIn } of world.tenants.values()) if (users.has(userId)) signIn.validFrom.set(userId, now);
  for (const { accounts } of world.sessions.values()) accounts.delete(userId);
}
