import { becomesDue, listAccountsWithSessions, type Transaction, type World } from '#store';
import { type Exchange, scopeOf } from './exchange.ts';

/** A user who may sign in no longer, as far as one change says. */
interface Leaving {
  id: string;
  externalId: string | null;
}

/**
 * S17: no session of a user who was switched off is valid from the commit on; that they are ended for good, and that products are told, becomes due
 * with it. Of users without a session nothing does. The subject tells by which request, and when that arrived; for who was switched off also
 * until when sessions began that are over, whether or not the user is switched on again by then.
 */
export async function endSessionsOf(
  world: World,
  tx: Transaction,
  exchange: Pick<Exchange, 'directory' | 'startedAt' | 'cause'>,
  users: readonly Leaving[],
  why: 'switched off' | 'left a group',
): Promise<void> {
  if (users.length === 0) return;
  const { directory, cause } = exchange;
  const accounts = await tx.run(listAccountsWithSessions, {
    ...scopeOf(directory),
    userIds: JSON.stringify(users.map(({ id }) => id)),
    externalIds: JSON.stringify(users.flatMap(({ externalId }) => externalId ?? [])),
  });
  if (accounts.length === 0) return;
  const { organizationId } = directory;
  const arrivedAt = arrivalOf(world, exchange);
  const off = why === 'switched off' ? `/${world.now()}` : '';
  for (const { accountId } of accounts) {
    const subject = `${accountId}/${arrivedAt}/${cause.requestId ?? ''}${off}`;
    await becomesDue(tx, { kind: 'signin.endSessions', organizationId, subject });
  }
}

/** When a request arrived, epoch milliseconds. */
const arrivalOf = (world: World, { startedAt }: Pick<Exchange, 'startedAt'>): number =>
  Math.round(world.now() - (performance.now() - startedAt));

/** Whom the groups of a directory let sign in changed for many at once: all its sessions are looked at. */
export async function endSessionsOfOutsiders(
  world: World,
  tx: Transaction,
  { organizationId, id }: Pick<Exchange['directory'], 'organizationId' | 'id'>,
): Promise<void> {
  await becomesDue(tx, { kind: 'signin.sweepSessions', organizationId, subject: `${id}/${world.now()}` });
}
