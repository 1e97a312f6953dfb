import type { Message, MessageDetail, Page } from '#contract';
import { notFound } from '#http';
import { only, type PageQuery, toPage, type World } from '#store';
import { findBody } from './queries/body.ts';
import { findMessage, listMessages, listMessagesByDirection, listMessagesByState } from './queries/message.ts';
import { listAttempts } from './queries/outbox.ts';

/** A message as it is stored, without its bodies. */
export interface MessageRow {
  id: string;
  connection_id: string;
  mailbox_id: string;
  direction: string;
  state: string;
  from_address: string;
  to_addresses: string;
  cc_addresses: string;
  subject: string;
  types: string;
  internet_message_id: string | null;
  at: number;
  sent_at: number | null;
  attempts: number;
}

/** A message as REST tells it. */
export const toMessage = (row: MessageRow): Message => ({
  id: row.id,
  connection: row.connection_id,
  mailbox: row.mailbox_id,
  direction: row.direction as Message['direction'],
  state: row.state as Message['state'],
  from: row.from_address,
  to: JSON.parse(row.to_addresses),
  cc: JSON.parse(row.cc_addresses),
  subject: row.subject,
  types: JSON.parse(row.types),
  internetMessageId: row.internet_message_id,
  at: new Date(row.at).toISOString(),
  sentAt: row.sent_at === null ? null : new Date(row.sent_at).toISOString(),
  attempts: row.attempts,
});

/** A message with its bodies and attempts. Throws `not-found`. */
export async function getMessage(
  world: World,
  organizationId: string,
  connectionId: string,
  id: string,
): Promise<MessageDetail> {
  const row = only(await world.store.read(findMessage, { organizationId, connectionId, id }));
  if (row === undefined) throw notFound('message', id);
  const of = { organizationId, connectionId, messageId: id };
  const body = only(await world.store.read(findBody, of));
  const attempts = await world.store.read(listAttempts, of);
  return {
    ...toMessage(row),
    text: body?.text ?? null,
    html: body?.html ?? null,
    cut: body?.cut === 1,
    headers: JSON.parse(body?.headers ?? '[]'),
    attachments: JSON.parse(body?.attachments ?? '[]'),
    attemptList: attempts.map((it) => ({
      number: it.number,
      at: new Date(it.at).toISOString(),
      outcome: it.outcome as MessageDetail['attemptList'][number]['outcome'],
      status: it.status,
      detail: it.detail,
      retryAt: it.retry_at === null ? null : new Date(it.retry_at).toISOString(),
    })),
  };
}

/** Which messages, and which page of them. */
export interface MessageQuery extends PageQuery {
  direction?: Message['direction'] | undefined;
  state?: Message['state'] | undefined;
}

/** A page of a connection's messages, newest first. */
export async function pageOfMessages(
  world: World,
  organizationId: string,
  connectionId: string,
  { direction, state, cursor, limit }: MessageQuery,
): Promise<Page<Message>> {
  if (direction !== undefined && state !== undefined && (direction === 'in') !== (state === 'received'))
    return { items: [] };
  const at = { organizationId, connectionId, before: cursor ?? '~', limit: limit + 1 };
  const rows =
    state !== undefined
      ? await world.store.read(listMessagesByState, { ...at, state })
      : direction !== undefined
        ? await world.store.read(listMessagesByDirection, { ...at, direction })
        : await world.store.read(listMessages, at);
  return toPage(rows, limit, toMessage, (row) => row.id);
}
