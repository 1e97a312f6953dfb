import { createHash } from 'node:crypto';
import { findLive } from '#connections';
import type { Message, SendMessage } from '#contract';
import { type Cause, record } from '#events';
import { Problem } from '#http';
import { becomesDue, newId, only, type Transaction, type World } from '#store';
import { foldAddress } from './change-mailbox.ts';
import { type MailboxRow, subjectOf } from './mailbox.ts';
import { toMessage } from './message.ts';
import { insertBody } from './queries/body.ts';
import { findMailboxByAddress } from './queries/mailbox.ts';
import { findByIdempotencyKey, insertQueued } from './queries/message.ts';

/**
 * E6: takes a message into the outbox; when this resolves it is on disk and will be sent. The same idempotency key gives
 * the message that it made before, in whatever state that is; with another content it is `key-reused`.
 */
export async function sendMessage(
  world: World,
  cause: Cause,
  organizationId: string,
  connectionId: string,
  input: SendMessage,
  idempotencyKey: string | undefined,
): Promise<Message> {
  const live = await findLive(world, organizationId, connectionId);
  const mailOut = live === undefined ? 'paused' : live.settings.mailOut ? 'on' : 'off';
  const key = idempotencyKey ?? null;
  const contentHash = hashOf(input);
  const at = world.now();
  const id = newId(at);
  return world.store.write(async (tx) => {
    const before = key === null ? undefined : await findRepeated(tx, organizationId, connectionId, key, contentHash);
    if (before !== undefined) return before;
    const addressFolded = foldAddress(input.mailbox);
    const mailbox = only(await tx.run(findMailboxByAddress, { organizationId, connectionId, addressFolded }));
    const from = requireSendable(mailOut, mailbox, connectionId, input.mailbox);
    const row = only(
      await tx.run(insertQueued, {
        organizationId,
        connectionId,
        id,
        mailboxId: from.id,
        from: from.address,
        to: JSON.stringify(input.to),
        cc: JSON.stringify(input.cc),
        subject: input.subject,
        internetMessageId: `<${id}@${new URL(world.config.url).hostname}>`,
        idempotencyKey: key,
        contentHash,
        at,
      }),
    );
    if (row === undefined) {
      const raced = key === null ? undefined : await findRepeated(tx, organizationId, connectionId, key, contentHash);
      if (raced === undefined) throw new Error('the message was not inserted');
      return raced;
    }
    await tx.run(insertBody, {
      organizationId,
      connectionId,
      id,
      text: input.text ?? null,
      html: input.html ?? null,
      headers: '[]',
      attachments: '[]',
      cut: 0,
    });
    await becomesDue(tx, { kind: 'mail.send', organizationId, subject: subjectOf({ connectionId, id: from.id }) });
    await record(world, tx, cause, {
      organizationId,
      type: 'message.queued',
      subject: { type: 'message', id, name: input.subject },
      data: { connection: connectionId, mailbox: from.address, recipients: input.to.length + input.cc.length },
    });
    return toMessage(row);
  });
}

/** The message that the same idempotency key made before; undefined where there is none. */
async function findRepeated(
  tx: Transaction,
  organizationId: string,
  connectionId: string,
  idempotencyKey: string,
  contentHash: string,
): Promise<Message | undefined> {
  const found = only(await tx.run(findByIdempotencyKey, { organizationId, connectionId, idempotencyKey }));
  if (found === undefined) return undefined;
  if (found.content_hash !== contentHash) {
    throw new Problem('key-reused', {
      detail: `this Idempotency-Key made the message ${found.id} of another content before`,
      remedy: 'make a new key for a new message',
    });
  }
  return toMessage(found);
}

function requireSendable(
  mailOut: 'on' | 'off' | 'paused',
  mailbox: MailboxRow | undefined,
  connectionId: string,
  address: string,
): MailboxRow {
  if (mailOut === 'paused')
    throw new Problem('wrong-state', {
      detail: `the connection ${connectionId} is not active`,
      remedy: 'activate the connection first',
    });
  if (mailOut === 'off')
    throw new Problem('wrong-state', {
      detail: `the connection ${connectionId} sends no mail`,
      remedy: 'switch mailOut on, test the connection and activate it',
    });
  if (mailbox !== undefined) return mailbox;
  throw new Problem('wrong-state', {
    detail: `the connection ${connectionId} has no mailbox ${address}`,
    remedy: 'add the mailbox, or name one of those it has',
    errors: [{ field: 'mailbox', detail: 'is not a mailbox of this connection' }],
  });
}

/** Tells whether two messages are the same to send; addresses count without case. */
const hashOf = ({ mailbox, to, cc, subject, text, html }: SendMessage): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        foldAddress(mailbox),
        to.map(foldAddress),
        cc.map(foldAddress),
        subject,
        text ?? null,
        html ?? null,
      ]),
    )
    .digest('base64url');
