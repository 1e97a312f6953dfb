import { record } from '#events';
import type { ResourceChange } from '#scim';
import type { Transaction, World } from '#store';
import { describeChanges, eventChanges } from '../describe-changes.ts';
import { endSessionsOf } from '../end-sessions.ts';
import type { Exchange } from '../exchange.ts';
import type { UserColumns } from '../user-columns.ts';
import { entraRename, shownUserName } from './soft-deleted-name.ts';

interface Row {
  id: string;
  user_name: string;
  external_id: string | null;
  active: number;
}

/** What Entra did to a user name by itself, when it deleted or restored the user. */
const renameOf = (row: Row, columns: UserColumns) =>
  entraRename({ userName: row.user_name, externalId: row.external_id }, columns);

const withoutName = (changes: ResourceChange['changes']) => changes.filter(({ path }) => path !== 'userName');

/** What a change of one user did, in a sentence. */
export function describeUserChange(row: Row, columns: UserColumns, changes: ResourceChange['changes']): string {
  const byEntra = renameOf(row, columns);
  const whom = `the user ${shownUserName(columns.userName, columns.externalId)}`;
  if (byEntra === undefined) return describeChanges(whom, row.active, columns.active, changes);
  const others = withoutName(changes);
  const what = others.length === 0 ? `Kept ${whom}.` : describeChanges(whom, row.active, columns.active, others);
  return byEntra === 'deleted in Entra'
    ? `${what} Deleted in Entra, which can restore the user for 30 days and put the object id before the user name.`
    : `${what} Restored in Entra, which took the object id from the user name again.`;
}

/** Tells a change of one user: switched on or off, and what else changed, each as an event. */
export async function recordUserChange(
  world: World,
  tx: Transaction,
  exchange: Exchange,
  row: Row,
  columns: UserColumns,
  changes: ResourceChange['changes'],
): Promise<void> {
  const { directory, cause } = exchange;
  const { id, active: wasActive } = row;
  const renamed = renameOf(row, columns);
  const because = renamed === undefined ? {} : { because: renamed };
  const subject = { type: 'user', id, name: shownUserName(columns.userName, columns.externalId) };
  const fact = { organizationId: directory.organizationId, subject };
  if (columns.active === 0 && wasActive === 1) {
    await endSessionsOf(world, tx, exchange, [{ id, externalId: columns.externalId }], 'switched off');
  }
  if (columns.active !== wasActive) {
    const ms = Math.round(performance.now() - exchange.startedAt);
    const type = columns.active === 1 ? 'user.reactivated' : 'user.deactivated';
    await record(world, tx, cause, {
      ...fact,
      type,
      data: { directory: directory.id, externalId: columns.externalId, ms, ...because },
    });
  }
  const others = (renamed === undefined ? changes : withoutName(changes)).filter(({ path }) => path !== 'active');
  if (others.length > 0 || columns.active === wasActive) {
    const data = { directory: directory.id, externalId: columns.externalId, changes: eventChanges(others), ...because };
    await record(world, tx, cause, { ...fact, type: 'user.updated', data });
  }
}
