import { createHash } from 'node:crypto';
import { byItself, record } from '#events';
import { newId, type Transaction, type World } from '#store';
import type { MailboxRow } from './mailbox.ts';
import type { ReadMessage } from './mime/read-message.ts';
import { insertBody } from './queries/body.ts';
import { movePoll } from './queries/mailbox.ts';
import { insertReceived, listKnown } from './queries/message.ts';
import { type Arrived, type ArrivedPage, type IncomingTransport, TransportFault } from './transports/transport.ts';

/** After so many failed polls in a row, a message that cannot be read is taken in without its content. */
const patience = 5;
const longestSubject = 1000;

/**
 * Takes a page of arrived messages in, together with where the next begins. Where somebody else polled or changed the
 * mailbox meanwhile nothing of it stays: the page is read again from the place that is kept now.
 */
export async function takeIn(
  world: World,
  incoming: IncomingTransport,
  mailbox: MailboxRow,
  page: ArrivedPage,
): Promise<void> {
  const of = { organizationId: mailbox.organization_id, connectionId: mailbox.connection_id };
  const remoteIds = JSON.stringify(page.messages.map(({ id }) => id));
  const known = new Set(
    (await world.store.read(listKnown, { ...of, mailboxId: mailbox.id, remoteIds })).map((row) => row.remote_id),
  );
  const fresh = page.messages.filter(
    ({ id, receivedAt }) => !known.has(id) && (receivedAt ?? mailbox.receive_from) >= mailbox.receive_from,
  );
  const contents = new Map<string, ReadMessage | undefined>();
  for (const { id } of fresh) contents.set(id, await readContent(incoming, mailbox, id));
  await world.store.write(async (tx) => {
    const lastPolledAt = page.more ? mailbox.last_polled_at : world.now();
    const { id, round } = mailbox;
    const moved = await tx.run(movePoll, { ...of, id, round, deltaLink: page.link, lastPolledAt });
    if (moved.length === 0) return;
    const now = world.now();
    for (const [index, arrived] of fresh.entries()) {
      // Ids of one page grow as its messages do, so that a list shows them in their order.
      const messageId = newId(now + index);
      await insertArrived(world, tx, mailbox, messageId, arrived, contents.get(arrived.id));
    }
  });
}

async function readContent(
  incoming: IncomingTransport,
  mailbox: MailboxRow,
  id: string,
): Promise<ReadMessage | undefined> {
  try {
    const mime = await incoming.read(mailbox.address, id);
    if (mime === undefined) return undefined;
    return (await import('./mime/read-message.ts')).readMessage(mime);
  } catch (error) {
    const aboutThisOne = error instanceof TransportFault && ![401, 403, 429].includes(error.status);
    if (aboutThisOne && mailbox.faults >= patience) return undefined;
    throw error;
  }
}

async function insertArrived(
  world: World,
  tx: Transaction,
  mailbox: MailboxRow,
  messageId: string,
  arrived: Arrived,
  content: ReadMessage | undefined,
): Promise<void> {
  const { organization_id: organizationId, connection_id: connectionId } = mailbox;
  const subject = storable(arrived.subject).slice(0, longestSubject);
  const from = storable(arrived.from ?? '');
  const internetMessageId = arrived.internetMessageId === undefined ? null : storable(arrived.internetMessageId);
  const at = arrived.receivedAt ?? world.now();
  const inserted = await tx.run(insertReceived, {
    organizationId,
    connectionId,
    id: messageId,
    mailboxId: mailbox.id,
    from,
    to: JSON.stringify(content?.to ?? arrived.to),
    cc: JSON.stringify(content?.cc ?? []),
    subject,
    types: mailbox.types,
    internetMessageId,
    remoteId: arrived.id,
    arrival: arrivalOf(arrived),
    at,
    sentAt: arrived.sentAt ?? null,
  });
  if (inserted.length === 0) return;
  await tx.run(insertBody, {
    organizationId,
    connectionId,
    id: messageId,
    text: content?.text == null ? null : storable(content.text),
    html: content?.html == null ? null : storable(content.html),
    headers: JSON.stringify(content?.headers ?? []),
    attachments: JSON.stringify(content?.attachments ?? []),
    cut: content === undefined || content.cut ? 1 : 0,
  });
  const types: unknown = JSON.parse(mailbox.types);
  await record(world, tx, byItself, {
    organizationId,
    type: 'message.received',
    subject: { type: 'message', id: messageId, name: subject },
    data: {
      connection: connectionId,
      mailbox: mailbox.address,
      types,
      message: messageId,
      from,
      subject,
      internetMessageId,
      at: new Date(at).toISOString(),
    },
  });
}

/**
 * Recognises a message whose id at the server changed, as when a mailbox is moved. The Message-ID alone would not do: a
 * sender could hide a message behind the Message-ID of another.
 */
function arrivalOf({ internetMessageId, receivedAt, from, subject }: Arrived): string | null {
  if (internetMessageId === undefined || receivedAt === undefined) return null;
  const shown = JSON.stringify([internetMessageId, receivedAt, from ?? null, subject]);
  return createHash('sha256').update(shown).digest('base64url');
}

/** Text that both databases take: no NUL characters, no halves of surrogate pairs. JSON escapes both. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '');
