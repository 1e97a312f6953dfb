import { organizationOf } from '#connections';
import type { DueOutcome, DueWork, World } from '#store';
import { removeBodies } from './queries/body.ts';
import { removeMailboxes } from './queries/mailbox.ts';
import { removeSomeMessages } from './queries/message.ts';
import { removeAttempts } from './queries/outbox.ts';

/** How often is looked whether a connection is still there. */
export const tidyMs = 3_600_000;
/** Messages removed in one transaction: few enough not to hold anybody else up. */
const atOnce = 100;

/** Removes the mailboxes and messages of a connection that was deleted. */
export async function removeDeletedMail(world: World, work: DueWork): Promise<DueOutcome> {
  const { organizationId, subject: connectionId } = work;
  if ((await organizationOf(world, connectionId)) !== undefined) return { again: tidyMs };
  const of = { organizationId, connectionId };
  await world.store.write((tx) => tx.run(removeMailboxes, of));
  for (let removed = atOnce; removed > 0; ) {
    removed = await world.store.write(async (tx) => {
      const ids = (await tx.run(removeSomeMessages, { ...of, limit: atOnce })).map(({ id }) => id);
      const messageIds = JSON.stringify(ids);
      await tx.run(removeBodies, { ...of, messageIds });
      await tx.run(removeAttempts, { ...of, messageIds });
      return ids.length;
    });
  }
  return undefined;
}
