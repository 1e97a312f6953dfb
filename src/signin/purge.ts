import type { DueOutcome, DueWork, World } from '#store';
import { lockRules } from './local/lock-rules.ts';
import { removeExpiredSessions } from './queries/end-sessions.ts';
import { findAnyInvitation, removeExpiredInvitations } from './queries/invitation.ts';
import { findAnyLocal, removeExpiredAttempts } from './queries/local-attempts.ts';
import { removeExpiredLocalLinks } from './queries/local-link.ts';
import { removeExpiredChallenges } from './queries/passkey.ts';
import { removeProductsOfSessions } from './queries/product-session.ts';
import { findAnySession } from './queries/session.ts';
import { findAnySignInRequest, removeExpiredSignInRequests } from './queries/sign-in-request.ts';
import { removeExpiredSignInTests } from './queries/sign-in-test.ts';
import { removeOldUserNames } from './queries/user-name.ts';

/** Expired rows are removed about this often. */
export const purgeEveryMs = 3_600_000;

/** So many rows of a kind go in one transaction. */
const atOnce = 500;

/** How long a test's result can be read. */
const testResultMs = 7 * 86_400_000;

/** How long the list shows an invitation after its end. */
const invitationKeptMs = 30 * 86_400_000;

/** Removes what expired of an organization's sign-ins, sessions, links and tests; comes again while any are left. */
export async function purgeSignIns(world: World, work: DueWork): Promise<DueOutcome> {
  const { organizationId } = work;
  const now = world.now();
  return world.store.write(async (tx) => {
    const some = { organizationId, now, limit: atOnce };
    const requests = await tx.run(removeExpiredSignInRequests, some);
    const sessions = await tx.run(removeExpiredSessions, some);
    const sessionIds = JSON.stringify(sessions.map(({ id }) => id));
    if (sessions.length > 0) await tx.run(removeProductsOfSessions, { organizationId, sessionIds });
    await tx.run(removeExpiredSignInTests, { organizationId, now: now - testResultMs });
    await tx.run(removeExpiredInvitations, { organizationId, before: now - invitationKeptMs });
    await tx.run(removeOldUserNames, { organizationId, now });
    await tx.run(removeExpiredLocalLinks, { organizationId, now });
    await tx.run(removeExpiredChallenges, { organizationId, now });
    await tx.run(removeExpiredAttempts, { organizationId, now: now - lockRules.forgetMs });
    if (Math.max(requests.length, sessions.length) === atOnce) return { again: 0 };
    const left = await tx.run(findAnySignInRequest, { organizationId });
    left.push(...(await tx.run(findAnySession, { organizationId })));
    left.push(...(await tx.run(findAnyLocal, { organizationId })));
    left.push(...(await tx.run(findAnyInvitation, { organizationId })));
    return left.length > 0 ? { again: purgeEveryMs } : undefined;
  });
}
