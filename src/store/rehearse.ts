import { rawStatement } from './statement.ts';
import type { Store, Transaction } from './store.ts';
import { createTogether } from './together.ts';

/** Ends a rehearsal: nothing of it stays. */
class Rehearsed extends Error {}

/** A rehearsal that writes more often than was allowed; it leaves nothing either. */
export class RehearsalTooLong extends Error {}

/**
 * Runs work as it would go now, and takes all of it back. The work is given a store of its own: what it reads and writes
 * there is one transaction, in which each write has a savepoint, so that it sees what it wrote. As long as it runs it
 * holds the locks it takes, and on SQLite everybody; so it may write `mostWrites` times. Throws what the work throws, and
 * {@link RehearsalTooLong}.
 */
export async function rehearse<T>(store: Store, mostWrites: number, work: (copy: Store) => Promise<T>): Promise<T> {
  let result: { value: T } | undefined;
  try {
    await store.write(async (tx) => {
      const copy = copyOn(tx, mostWrites);
      result = { value: await work(copy.store) };
      if (copy.isOver()) throw new RehearsalTooLong();
      throw new Rehearsed();
    });
  } catch (error) {
    if (error instanceof Rehearsed && result !== undefined) return result.value;
    throw error;
  }
  throw new Error('a rehearsal was committed');
}

const savepoint = rawStatement('savepoint step');
const release = rawStatement('release savepoint step');
const takeBack = rawStatement('rollback to savepoint step');

function copyOn(tx: Transaction, mostWrites: number): { store: Store; isOver: () => boolean } {
  let writes = 0;
  const write: Store['write'] = async (work) => {
    writes += 1;
    if (writes > mostWrites) throw new RehearsalTooLong();
    await tx.run(savepoint, {});
    try {
      const result = await work(tx);
      await tx.run(release, {});
      return result;
    } catch (error) {
      await tx.run(takeBack, {});
      await tx.run(release, {});
      throw error;
    }
  };
  const store: Store = {
    dialect: tx.dialect,
    read: (statement, params) => tx.run(statement, params),
    write,
    together: createTogether(write, 1),
    close: () => Promise.resolve(),
  };
  return { store, isOver: () => writes > mostWrites };
}
