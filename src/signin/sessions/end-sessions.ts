import { organizationOf } from '#connections';
import { byItself, type Cause, type CausedFact, recordAll } from '#events';
import { type DueOutcome, type DueWork, only, type Transaction, type World } from '#store';
import { removeAccessRequestsAt } from '../queries/access-request.ts';
import {
  findLastOfSome,
  removeInvalidBetween,
  removeInvalidOfAccount,
  removeSessionsBetween,
  removeSessionsOfAccount,
  removeSessionsOfAccountUntil,
} from '../queries/end-sessions.ts';
import { removeInvitationsTo } from '../queries/invitation.ts';
import { productsAreToBeTold } from './tell-product.ts';

/** A session whose row was just removed. */
export interface Ended {
  id: string;
  accountId: string;
  connectionId: string;
}

/** Why a session ended, as its event says. */
export type Why =
  | 'signed out'
  | 'ended by the person'
  | 'ended by an operator'
  | 'signed out at the tenant'
  | 'link removed'
  | 'account disabled'
  | 'account deleted'
  | 'another person signed in'
  | 'credentials changed'
  | 'switched off by the directory'
  | 'local sign-in switched off'
  | 'connection paused, deleted, switched off, or for others only';

/** So many are ended by one transaction. */
const atOnce = 500;

/**
 * Tells of sessions whose rows were removed in this transaction: an event for each, which says how many milliseconds it took since
 * `arrivedAt` where that is known, and their products, which is due work.
 */
export async function recordEnds(
  world: World,
  tx: Transaction,
  cause: Cause,
  organizationId: string,
  ended: readonly Ended[],
  why: Why,
  arrivedAt?: number,
): Promise<void> {
  if (ended.length === 0) return;
  const took = arrivedAt === undefined ? {} : { ms: Math.max(0, world.now() - arrivedAt) };
  const facts = ended.map(
    ({ id, accountId, connectionId }): CausedFact => ({
      cause,
      type: 'session.ended',
      subject: { type: 'session', id },
      data: { account: accountId, connection: connectionId === '' ? null : connectionId, why, ...took },
    }),
  );
  await recordAll(world, tx, organizationId, facts);
  await productsAreToBeTold(tx, organizationId, ended, arrivedAt ?? world.now());
}

/**
 * S17: ends the sessions of an account that its directory left invalid: due work, told by whom and when it became due. Of a user who was
 * switched off those until then end, also where the user is switched on again by now.
 */
export async function endInvalidSessions(world: World, { organizationId, subject }: DueWork): Promise<DueOutcome> {
  const [accountId = '', arrivedAt = '', requestId = '', until] = subject.split('/');
  const cause: Cause = { ...byItself, requestId: requestId === '' ? null : requestId };
  await world.store.write(async (tx) => {
    const of = { organizationId, accountId };
    const off = until === undefined ? [] : await tx.run(removeSessionsOfAccountUntil, { ...of, until: Number(until) });
    const ended = [...off, ...(await tx.run(removeInvalidOfAccount, { ...of, now: world.now() }))];
    await recordEnds(world, tx, cause, organizationId, ended, 'switched off by the directory', Number(arrivedAt));
  });
  return undefined;
}

/**
 * Ends the sessions that are not valid any more, after a change of a connection or of local sign-in, whatever made them so: due work.
 * Those of other connections are of people whom the directory of this one shut out. Who waits to come by a connection that is gone waits in vain.
 */
export async function sweepSessions(world: World, { organizationId, subject }: DueWork): Promise<DueOutcome> {
  const [connectionId = '', arrivedAt = ''] = subject.split('/');
  for await (const { after, upTo } of portionsOf(world, organizationId)) {
    await world.store.write(async (tx) => {
      const now = world.now();
      const ended = await tx.run(removeInvalidBetween, { organizationId, after, upTo, now });
      // The sweep of a connection can be the first to find what ended because local sign-in was switched off.
      const isLocal = (it: (typeof ended)[number]) => it.connectionId === '' && it.localSignIn === 0;
      const record = (of: Ended[], why: Why) =>
        recordEnds(world, tx, byItself, organizationId, of, why, Number(arrivedAt));
      await record(ended.filter(isLocal), 'local sign-in switched off');
      const others = ended.filter((it) => !isLocal(it));
      await record(others, 'connection paused, deleted, switched off, or for others only');
    });
  }
  const isGone = connectionId !== '' && (await organizationOf(world, connectionId)) === undefined;
  if (isGone)
    await world.store.write(async (tx) => {
      await tx.run(removeInvitationsTo, { organizationId, connectionId });
      await tx.run(removeAccessRequestsAt, { organizationId, connectionId });
    });
  return undefined;
}

/** Ends all sessions of an account, or of an organization; gives how many. Of an organization's, those that are there when it is asked. */
export async function endAllSessions(
  world: World,
  cause: Cause,
  organizationId: string,
  accountId: string | undefined,
): Promise<{ ended: number }> {
  const why = 'ended by an operator';
  if (accountId !== undefined) {
    return world.store.write(async (tx) => {
      const ended = await tx.run(removeSessionsOfAccount, { organizationId, accountId });
      await recordEnds(world, tx, cause, organizationId, ended, why);
      return { ended: ended.length };
    });
  }
  let count = 0;
  for await (const { after, upTo } of portionsOf(world, organizationId)) {
    count += await world.store.write(async (tx) => {
      const ended = await tx.run(removeSessionsBetween, { organizationId, after, upTo });
      await recordEnds(world, tx, cause, organizationId, ended, why);
      return ended.length;
    });
  }
  return { ended: count };
}

/** The sessions of an organization in portions that one transaction can take, as ranges of their ids. */
async function* portionsOf(world: World, organizationId: string): AsyncGenerator<{ after: string; upTo: string }> {
  for (let after = ''; ; ) {
    const upTo = only(await world.store.read(findLastOfSome, { organizationId, after, limit: atOnce }))?.id;
    if (upTo === undefined || upTo === null) return;
    yield { after, upTo };
    after = upTo;
  }
}
