import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MemberChange } from '#scim';
import type { World } from '#store';
import { type Directory, scopeOf } from '../exchange.ts';
import { listMemberValues } from '../queries/membership.ts';
import { rowsAtOnce } from './change-members.ts';

/**
 * Where a whole list of members is put in the place of another and either is too long for one transaction: the difference
 * instead, found out page by page.
 */
export async function planReplacement(
  world: World,
  directory: Directory,
  groupId: string,
  members: number,
  change: MemberChange,
): Promise<MemberChange[]> {
  const atOnce = rowsAtOnce(world.store.dialect);
  if (change.kind !== 'replace' || (members <= atOnce && change.values.length <= atOnce)) return [change];
  const missing = new Map(change.values.map((member) => [member.value, member]));
  const gone: string[] = [];
  for (let after = ''; ; await nextTurn()) {
    const rows = await world.store.read(listMemberValues, { ...scopeOf(directory), groupId, after, limit: 5000 });
    for (const { value } of rows) if (!missing.delete(value)) gone.push(value);
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.value;
  }
  return [
    { kind: 'remove', values: gone },
    { kind: 'add', values: [...missing.values()] },
  ];
}
