import { type Cause, record } from '#events';
import { Problem } from '#http';
import { becomesDue, only, type Transaction, type World } from '#store';
import { decideHeldOf, decideSomeHeld, forgetDepartures, lockBrake, updateBrake } from '../queries/brake.ts';
import { minuteOf } from './hold-back.ts';

/** Which held changes: those of some users, or all. */
export interface Which {
  users?: readonly string[] | undefined;
  all: boolean;
}

/** So long a dropped change is refused, in milliseconds. */
const refusedMs = 86_400_000;
/** So many are decided in one transaction, with one event. */
const atOnce = 1000;

/**
 * P9: releases held changes, which are then made one after another by whoever made the request for them; one that was
 * dropped may be released by its user too. Releasing all says that this mass departure is meant: the brake counts anew.
 */
export async function releaseHeld(
  world: World,
  cause: Cause,
  organizationId: string,
  directoryId: string,
  which: Which,
): Promise<{ released: number; held: number }> {
  const { count, held } = await decide(world, cause, { organizationId, directoryId }, which, 'released');
  return { released: count, held };
}

/**
 * P9: drops held changes. For a day they are refused with 403 when the client asks again, which Entra does each cycle: what
 * was just found wrong must not pass in small portions while the scope is put right there. Afterwards the brake judges anew.
 */
export async function dropHeld(
  world: World,
  cause: Cause,
  organizationId: string,
  directoryId: string,
  which: Which,
): Promise<{ dropped: number; held: number }> {
  const { count, held } = await decide(world, cause, { organizationId, directoryId }, which, 'dropped');
  return { dropped: count, held };
}

type Scope = { organizationId: string; directoryId: string };
type Decision = 'released' | 'dropped';

async function decide(
  world: World,
  cause: Cause,
  scope: Scope,
  which: Which,
  decision: Decision,
): Promise<{ count: number; held: number }> {
  if (which.all === (which.users !== undefined)) {
    const detail = 'name users, or say all';
    throw new Problem('invalid-request', { detail, errors: [{ field: 'users', detail }] });
  }
  for (let count = 0; ; ) {
    const step = await world.store.write((tx) => decideSome(world, tx, cause, scope, which, decision));
    count += step.count;
    if (step.count < atOnce) return { count, held: step.held };
  }
}

async function decideSome(
  world: World,
  tx: Transaction,
  cause: Cause,
  scope: Scope,
  { users, all }: Which,
  decision: Decision,
): Promise<{ count: number; held: number }> {
  const { held: before, heldSince } = only(await tx.run(lockBrake, scope)) ?? { held: 0, heldSince: null };
  const at = world.now();
  const refusedUntil = decision === 'dropped' ? at + refusedMs : null;
  const values = { ...scope, state: decision, decidedBy: JSON.stringify(cause), refusedUntil };
  const of = { ...values, userIds: JSON.stringify(users ?? []) };
  const wereHeld = all
    ? await tx.run(decideSomeHeld, { ...values, limit: atOnce })
    : await tx.run(decideHeldOf, { ...of, from: 'held' });
  const wereDropped = !all && decision === 'released' ? await tx.run(decideHeldOf, { ...of, from: 'dropped' }) : [];
  const count = wereHeld.length + wereDropped.length;
  const held = before - wereHeld.length;
  await tx.run(updateBrake, { ...scope, held, heldSince: held === 0 ? null : heldSince });
  if (all && decision === 'released') await tx.run(forgetDepartures, { ...scope, before: minuteOf(at) + 1 });
  if (count === 0) return { count, held };
  const { organizationId, directoryId } = scope;
  await record(world, tx, cause, {
    organizationId,
    type: `brake.${decision}`,
    subject: { type: 'directory', id: directoryId },
    data: {
      directory: directoryId,
      users: count,
      held,
      ...(refusedUntil === null ? {} : { refusedUntil: new Date(refusedUntil).toISOString() }),
    },
  });
  if (decision === 'released')
    await becomesDue(tx, { kind: 'directory.release', organizationId, subject: directoryId });
  return { count, held };
}
