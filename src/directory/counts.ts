import { randomInt } from 'node:crypto';
import type { Transaction } from '#store';
import { type Directory, scopeOf } from './exchange.ts';
import { addToCounts } from './queries/count.ts';

/** As many changes as this can be under way at once without one waiting for another's count. */
const shards = 16;

/**
 * Adds to the counts of a directory. The last thing a transaction does: whoever comes next waits for this row only until
 * the commit.
 */
export async function count(
  tx: Transaction,
  directory: Directory,
  more: { users?: number; activeUsers?: number; groups?: number },
): Promise<void> {
  const { users = 0, activeUsers = 0, groups = 0 } = more;
  if (users === 0 && activeUsers === 0 && groups === 0) return;
  const shard = tx.dialect === 'postgres' ? randomInt(shards) : 0;
  await tx.run(addToCounts, { ...scopeOf(directory), shard, users, activeUsers, groups });
}
