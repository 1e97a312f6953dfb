import type { MemberChange } from '#scim';
import { type Dialect, filterValues, type Transaction } from '#store';
import { type Directory, scopeOf } from '../exchange.ts';
import { removeMembersWhere } from '../queries/member-filter.ts';
import { insertMembers, removeMembers, removeOtherMembers } from '../queries/membership.ts';

/** What became of a group's members: those who are new and those who are gone, and what is left to be done. */
export interface MembersChanged {
  added: readonly string[];
  removed: readonly string[];
  rest: readonly MemberChange[];
}

/**
 * How many membership rows one transaction writes. SQLite holds everybody up while it works, so that a large change is made
 * in pieces there; PostgreSQL takes any number by one statement.
 */
export const rowsAtOnce = (dialect: Dialect): number => (dialect === 'sqlite' ? 500 : Number.MAX_SAFE_INTEGER);

/** Makes as many changes of members as one transaction may; what is left is the next one's. */
export async function changeMembers(
  tx: Transaction,
  directory: Directory,
  groupId: string,
  changes: readonly MemberChange[],
): Promise<MembersChanged> {
  const added: string[] = [];
  const removed: string[] = [];
  let room = rowsAtOnce(tx.dialect);
  const rest = [...changes];
  for (let change = rest.shift(); change !== undefined; change = rest.shift()) {
    if (room <= 0) {
      rest.unshift(change);
      break;
    }
    const done = await changeSome(tx, directory, groupId, change, room);
    added.push(...done.added);
    removed.push(...done.removed);
    rest.unshift(...done.rest);
    room -= Math.max(1, done.touched);
  }
  return { added, removed, rest };
}

async function changeSome(
  tx: Transaction,
  directory: Directory,
  groupId: string,
  change: MemberChange,
  room: number,
): Promise<MembersChanged & { touched: number }> {
  const scope = { ...scopeOf(directory), groupId };
  const nothing = { added: [], removed: [], rest: [] };
  switch (change.kind) {
    case 'add': {
      const members = change.values.slice(0, room);
      const later = change.values.slice(room);
      const rows = await tx.run(insertMembers, { ...scope, members: JSON.stringify(members) });
      const rest: MemberChange[] = later.length > 0 ? [{ kind: 'add', values: later }] : [];
      return { ...nothing, added: idsOf(rows), rest, touched: members.length };
    }
    case 'remove': {
      const values = change.values.slice(0, room);
      const later = change.values.slice(room);
      const rows = await tx.run(removeMembers, { ...scope, values: JSON.stringify(values) });
      const rest: MemberChange[] = later.length > 0 ? [{ kind: 'remove', values: later }] : [];
      return { ...nothing, removed: idsOf(rows), rest, touched: values.length };
    }
    case 'removeAll':
    case 'replace': {
      const kept = change.kind === 'replace' ? change.values : [];
      const values = JSON.stringify(kept.map(({ value }) => value));
      const rows = await tx.run(removeOtherMembers, { ...scope, values, limit: room });
      const add: MemberChange[] = kept.length > 0 ? [{ kind: 'add', values: kept }] : [];
      return { ...nothing, removed: idsOf(rows), rest: rows.length < room ? add : [change], touched: rows.length };
    }
    case 'removeWhere': {
      const values = { ...filterValues(change.filter), ...scope, baseUrl: directory.baseUrl, limit: room };
      const rows = await tx.run(removeMembersWhere(change.filter), values);
      return { ...nothing, removed: idsOf(rows), rest: rows.length < room ? [] : [change], touched: rows.length };
    }
  }
}

const idsOf = (rows: readonly { member_value: string }[]): string[] => rows.map(({ member_value }) => member_value);
