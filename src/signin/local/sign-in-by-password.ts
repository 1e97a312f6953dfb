import { record, recordFailedAuthentication } from '#events';
import type { Source } from '#http';
import { countTowards, findWait, type Limit, networkOf, only, type World } from '#store';
import { findLocalAccount, holdPassword } from '../queries/local-password.ts';
import { causeOfPerson } from '../sessions/session.ts';
import { attemptsOf, beginAttempt, forgetAttempts } from './attempts.ts';
import { knownDevice } from './device-cookie.ts';
import type { PasswordHasher } from './password-hash.ts';
import { foldSignInName, localAuthority } from './sign-in-name.ts';
import { type SigningIn, startLocalSession } from './start-local-session.ts';

/** Wrong passwords from one address, whatever the names: who tries one password on many accounts meets it. */
const wrongFromAddress: Limit = { name: 'wrong passwords', most: 200, windowMs: 3_600_000 };

/** How a sign-in by password ended. What is refused says the same whether or not somebody has the name. */
export type PasswordOutcome =
  | { cookies: string[] }
  | { refused: 'wrong' }
  | { refused: 'locked'; until: number }
  | { refused: 'too many'; waitMs: number };

/** Milliseconds that an address has to wait after too many wrong passwords in an hour, or 0. */
const waitAfterWrongPasswords = (world: World, address: string): Promise<number> =>
  findWait(world.store, wrongFromAddress, networkOf(address));

/**
 * Signs a person in by name and password. The name is looked up after the attempt was counted, and a password is hashed
 * whether or not there is one to compare it with. Throws `TooBusy`.
 */
export async function signInByPassword(
  world: World,
  hasher: PasswordHasher,
  browser: SigningIn,
  given: { organizationId: string; signInName: string; password: string },
): Promise<PasswordOutcome> {
  const { source, headers } = browser;
  const { organizationId, password } = given;
  const signInName = foldSignInName(given.signInName);
  const waitMs = await waitAfterWrongPasswords(world, source.address);
  if (waitMs > 0) return { refused: 'too many', waitMs };
  const of = attemptsOf(organizationId, signInName, knownDevice(world, headers, organizationId, signInName));
  const attempt = await beginAttempt(world, of);
  if (attempt.locked)
    return fail(world, source, organizationId, 'the name is locked', { refused: 'locked', until: attempt.until });
  const account = only(
    await world.store.read(findLocalAccount, { organizationId, authority: localAuthority, objectId: signInName }),
  );
  const { right, outdated } = await hasher.verify(password, account?.hash);
  if (account === undefined || !right || account.disabled === 1) {
    if (attempt.locksUntil !== undefined)
      await announceLock(world, source, organizationId, account, {
        attempts: attempt.attempts,
        until: new Date(attempt.locksUntil).toISOString(),
        knownBrowser: of.device !== '',
      });
    const why =
      account === undefined
        ? 'nobody has the name'
        : `${right ? 'disabled' : account.hash === null ? 'no password' : 'wrong password'}, account ${account.accountId}`;
    return fail(
      world,
      source,
      organizationId,
      why,
      attempt.locksUntil === undefined ? { refused: 'wrong' } : { refused: 'locked', until: attempt.locksUntil },
    );
  }
  const { hash: was } = account;
  const hash = outdated ? await hasher.hash(password) : was;
  const cookies = await startLocalSession(
    world,
    browser,
    { ...account, organizationId, signInName, by: 'password' },
    async (tx) => {
      // What was looked at has to be the password still: replaced in this moment, it opens nothing.
      if (was === null || hash === null) return false;
      const held = await tx.run(holdPassword, { organizationId, accountId: account.accountId, was, hash });
      if (held.length === 0) return false;
      await forgetAttempts(tx, of);
      return true;
    },
  );
  if (cookies !== undefined) return { cookies };
  const why = `the password or the account was changed in this moment, account ${account.accountId}`;
  return fail(world, source, organizationId, why, { refused: 'wrong' });
}

async function fail(
  world: World,
  source: Source,
  organizationId: string,
  why: string,
  outcome: Exclude<PasswordOutcome, { cookies: string[] }>,
): Promise<PasswordOutcome> {
  await countTowards(world.store, wrongFromAddress, networkOf(source.address));
  const waitMs = await recordFailedAuthentication(world, source, { organizationId, door: 'password', why });
  return waitMs > 0 ? { refused: 'too many', waitMs } : outcome;
}

/** Writes down as much where nobody has the name: how long an answer takes would tell otherwise. */
const announceLock = (
  world: World,
  source: Source,
  organizationId: string,
  account: { accountId: string; name: string | null; userName: string } | undefined,
  lock: { attempts: number; until: string; knownBrowser: boolean },
): Promise<unknown> =>
  world.store.write((tx) =>
    record(
      world,
      tx,
      causeOfPerson(source, undefined),
      account === undefined
        ? {
            organizationId,
            type: 'authentication.failed',
            subject: { type: 'door', id: 'password' },
            data: { door: 'password', why: 'a name that nobody has is locked', ...lock },
          }
        : {
            organizationId,
            type: 'account.locked',
            subject: { type: 'account', id: account.accountId, name: account.name ?? account.userName },
            data: { reason: 'wrong passwords', ...lock },
          },
    ),
  );
