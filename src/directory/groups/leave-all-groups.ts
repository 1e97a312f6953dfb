import type { Transaction } from '#store';
import { type Directory, scopeOf } from '../exchange.ts';
import { countOneLess, lockGroupsOf, removeMemberships } from '../queries/membership.ts';

/** Takes somebody who is deleted out of all groups; gives how many those were. */
export async function leaveAllGroups(
  tx: Transaction,
  directory: Directory,
  memberValue: string,
  at: number,
): Promise<number> {
  const scope = scopeOf(directory);
  if ((await tx.run(lockGroupsOf, { ...scope, memberValue })).length === 0) return 0;
  const left = await tx.run(removeMemberships, { ...scope, memberValue });
  await tx.run(countOneLess, { ...scope, ids: JSON.stringify(left.map(({ group_id }) => group_id)), at });
  return left.length;
}
