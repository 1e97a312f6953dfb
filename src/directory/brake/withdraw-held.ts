import { record } from '#events';
import { only, type World } from '#store';
import { type Exchange, scopeOf } from '../exchange.ts';
import { findHeldChange, lockBrake, removeHeldChange, updateBrake } from '../queries/brake.ts';

/** A body that says something of `active`, by its name alone, with its URN, or as a path. */
const saysActive = /\bactive"/i;

/**
 * P9: asked when a change of a user went through. One that says that the user is active takes back the wish that the brake
 * holds, for the client's newest word counts: a release must not switch off who was taken into scope again meanwhile.
 */
export async function withdrawHeld(world: World, exchange: Exchange, userId: string): Promise<void> {
  if (exchange.body === null || !saysActive.test(exchange.body.text)) return;
  const scope = scopeOf(exchange.directory);
  const known = only(await world.store.read(findHeldChange, { ...scope, userId }));
  if (known?.state !== 'held') return;
  await world.store.write(async (tx) => {
    const { held: before, heldSince } = only(await tx.run(lockBrake, scope)) ?? { held: 0, heldSince: null };
    const removed = only(await tx.run(removeHeldChange, { ...scope, userId, state: 'held' }));
    if (removed === undefined) return;
    const held = before - 1;
    await tx.run(updateBrake, { ...scope, held, heldSince: held === 0 ? null : heldSince });
    const { organizationId, id: directory } = exchange.directory;
    await record(world, tx, exchange.cause, {
      organizationId,
      type: 'brake.withdrawn',
      subject: { type: 'user', id: userId },
      data: { directory, held },
    });
  });
}
