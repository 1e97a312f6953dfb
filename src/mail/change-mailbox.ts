import type { BodyOf, CreateMailbox, entries, Mailbox } from '#contract';
import { type Cause, record } from '#events';
import { notFound, Problem } from '#http';
import { becomesDue, newId, only, type World } from '#store';
import { type MailboxPlace, type MailboxRow, subjectOf, toMailbox } from './mailbox.ts';
import { insertMailbox, lockMailbox, removeMailbox, updateMailbox } from './queries/mailbox.ts';
import { tidyMs } from './remove-deleted-mail.ts';

/** What may be changed of a mailbox. */
export type ChangeMailbox = BodyOf<(typeof entries)['mailboxes.update']>;

/** Adds a mailbox. Where it receives, it begins with what arrives from now on. */
export function createMailbox(
  world: World,
  cause: Cause,
  organizationId: string,
  connectionId: string,
  input: CreateMailbox,
): Promise<Mailbox> {
  const at = world.now();
  const place = { organizationId, connectionId, id: newId(at) };
  return world.store.write(async (tx) => {
    const row = only(
      await tx.run(insertMailbox, {
        ...place,
        address: input.address,
        addressFolded: foldAddress(input.address),
        name: input.name ?? input.address.slice(0, 50),
        types: JSON.stringify([...new Set(input.types)]),
        receive: input.receive ? 1 : 0,
        pollSeconds: input.pollSeconds,
        receiveFrom: wholeSecond(at),
        at,
      }),
    );
    if (row === undefined) {
      throw new Problem('conflict', {
        detail: `the connection has the mailbox ${input.address} already`,
        remedy: 'change that one, or give another address',
        errors: [{ field: 'address', detail: 'is taken' }],
      });
    }
    await becomesDue(tx, { kind: 'mail.tidy', organizationId, subject: connectionId, in: tidyMs });
    if (input.receive) await becomesDue(tx, { kind: 'mail.receive', organizationId, subject: subjectOf(place) });
    await record(world, tx, cause, factOf('mailbox.created', row, { receive: input.receive, types: input.types }));
    return toMailbox(row);
  });
}

/** Changes a mailbox. Receiving that is switched on begins with what arrives from then on. */
export function changeMailbox(
  world: World,
  cause: Cause,
  place: MailboxPlace,
  change: ChangeMailbox,
  version: number | undefined,
): Promise<Mailbox> {
  return world.store.write(async (tx) => {
    const before = requireMailbox(await tx.run(lockMailbox, place), place.id, version);
    const receive = change.receive ?? before.receive === 1;
    const begins = receive && before.receive === 0;
    const at = world.now();
    const row = only(
      await tx.run(updateMailbox, {
        ...place,
        name: change.name ?? before.name,
        types: change.types === undefined ? before.types : JSON.stringify([...new Set(change.types)]),
        receive: receive ? 1 : 0,
        pollSeconds: change.pollSeconds ?? before.poll_seconds,
        receiveFrom: begins ? wholeSecond(at) : before.receive_from,
        deltaLink: begins ? null : before.delta_link,
        at,
      }),
    );
    if (row === undefined) throw new Error('the mailbox vanished under its lock');
    if (receive) {
      const { organizationId } = place;
      await becomesDue(tx, { kind: 'mail.receive', organizationId, subject: subjectOf(place) });
    }
    await record(world, tx, cause, factOf('mailbox.updated', row, { change }));
    return toMailbox(row);
  });
}

/** Removes a mailbox. Its messages stay; those still queued fail. */
export function deleteMailbox(
  world: World,
  cause: Cause,
  place: MailboxPlace,
  version: number | undefined,
): Promise<void> {
  return world.store.write(async (tx) => {
    const row = requireMailbox(await tx.run(lockMailbox, place), place.id, version);
    await tx.run(removeMailbox, place);
    await becomesDue(tx, { kind: 'mail.send', organizationId: place.organizationId, subject: subjectOf(place) });
    await record(world, tx, cause, factOf('mailbox.deleted', row, {}));
  });
}

/** Servers tell in whole seconds when a message arrived. */
const wholeSecond = (time: number): number => Math.floor(time / 1000) * 1000;

/** An address as it is compared: without case. */
export const foldAddress = (address: string): string => address.toLowerCase();

function requireMailbox(rows: readonly MailboxRow[], id: string, version: number | undefined): MailboxRow {
  const row = only(rows);
  if (row === undefined) throw notFound('mailbox', id);
  if (version !== undefined && version !== row.version)
    throw new Problem('version-changed', { detail: 'the mailbox was changed meanwhile', remedy: 'read it again' });
  return row;
}

const factOf = (
  type: 'mailbox.created' | 'mailbox.updated' | 'mailbox.deleted',
  row: MailboxRow,
  data: Record<string, unknown>,
) => ({
  organizationId: row.organization_id,
  type,
  subject: { type: 'mailbox', id: row.id, name: row.address },
  data: { connection: row.connection_id, ...data },
});
