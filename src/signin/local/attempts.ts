import { becomesDue, only, type Transaction, type World } from '#store';
import { purgeEveryMs } from '../purge.ts';
import { countAttempt, findAttempts, lockName, removeAttempts } from '../queries/local-attempts.ts';
import { lockRules } from './lock-rules.ts';
import { hashOfName } from './sign-in-name.ts';

/** Whose attempts are counted together: those by one name, from one browser that is known or from all others. */
export interface AttemptsOf {
  organizationId: string;
  nameHash: string;
  device: string;
}

/** Where attempts by a name are counted; `device` is the known browser, if it is one. */
export const attemptsOf = (organizationId: string, name: string, device: string | undefined): AttemptsOf => ({
  organizationId,
  nameHash: hashOfName(name),
  device: device ?? '',
});

/** What became of an attempt that was about to be made. */
export type Attempted =
  /** The name is locked until then. */
  | { locked: true; until: number }
  /** It may be made; where it fails, the name is locked from now on. */
  | { locked: false; locksUntil: number | undefined; attempts: number };

/**
 * Counts an attempt before it is made, so that many at once are no more guesses than the same one after the other. It makes
 * no difference whether anybody has the name.
 */
export async function beginAttempt(world: World, of: AttemptsOf): Promise<Attempted> {
  const at = world.now();
  return world.store.write(async (tx) => {
    const counted = only(await tx.run(countAttempt, { ...of, at, forgetBefore: at - lockRules.forgetMs }));
    if (counted === undefined) {
      const [row] = await tx.run(findAttempts, { ...of });
      return { locked: true, until: row?.locked_until ?? at };
    }
    const { attempts, locks } = counted;
    if (attempts === 1)
      await becomesDue(tx, {
        kind: 'signin.purge',
        organizationId: of.organizationId,
        subject: '',
        in: purgeEveryMs,
      });
    if (attempts % lockRules.after !== 0) return { locked: false, locksUntil: undefined, attempts };
    const until = at + Math.min(lockRules.longestMs, lockRules.firstMs * 2 ** Math.min(locks, 20));
    await tx.run(lockName, { ...of, locks: locks + 1, until });
    return { locked: false, locksUntil: until, attempts };
  });
}

/** Forgets the attempts after one that succeeded. */
export const forgetAttempts = (tx: Transaction, of: AttemptsOf): Promise<unknown> => tx.run(removeAttempts, { ...of });
