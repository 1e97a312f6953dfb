import { randomInt } from 'node:crypto';
import type { Dialect, Transaction } from '#store';
import { type Directory, scopeOf } from './exchange.ts';
import { moveAnchor } from './queries/anchor.ts';
import { addToCounts } from './queries/count.ts';

/** The shards of the counts: as many changes can be under way at once without one waiting for another's count. */
export const shardsOf = (dialect: Dialect): number => (dialect === 'postgres' ? 16 : 1);

/** What became more, or less; with the id of the user or the group that came or went, or the ids of the users that came. */
type More =
  | { activeUsers: number }
  | { users: number; activeUsers: number; id: string }
  | { users: number; activeUsers: number; ids: readonly string[] }
  | { groups: number; id: string };

/**
 * Adds to the counts of a directory. The last thing a transaction does: whoever comes next waits for this row only until
 * the commit. What lies before the last anchor is counted there too (`anchors.ts` says why that is right).
 */
export async function count(tx: Transaction, directory: Directory, more: More): Promise<void> {
  const { users, activeUsers, groups, id, ids } = { users: 0, activeUsers: 0, groups: 0, id: '', ids: [], ...more };
  if (users === 0 && activeUsers === 0 && groups === 0) return;
  const scope = scopeOf(directory);
  const shard = randomInt(shardsOf(tx.dialect));
  const [anchored] = await tx.run(addToCounts, { ...scope, shard, users, activeUsers, groups });
  if (anchored === undefined) return;
  for (const resourceId of ids) {
    if (resourceId <= anchored.usersAnchored)
      await tx.run(moveAnchor, { ...scope, resourceType: 'User', resourceId, more: 1 });
  }
  if (id === '') return;
  if (users !== 0 && id <= anchored.usersAnchored) {
    await tx.run(moveAnchor, { ...scope, resourceType: 'User', resourceId: id, more: users });
  }
  if (groups !== 0 && id <= anchored.groupsAnchored) {
    await tx.run(moveAnchor, { ...scope, resourceType: 'Group', resourceId: id, more: groups });
  }
}
