import { statement, textList } from '#store';

const columns = [
  'id',
  'connection_id',
  'mailbox_id',
  'direction',
  'state',
  'from_address',
  'to_addresses',
  'cc_addresses',
  'subject',
  'types',
  'internet_message_id',
  'at',
  'sent_at',
  'attempts',
] as const;

/** Takes a message into the outbox; says whether its idempotency key was free in the connection. */
export const insertQueued = statement(
  'mail.insertQueued',
  (
    db,
    p: {
      organizationId: string;
      connectionId: string;
      id: string;
      mailboxId: string;
      from: string;
      to: string;
      cc: string;
      subject: string;
      internetMessageId: string;
      idempotencyKey: string | null;
      contentHash: string;
      at: number;
    },
  ) =>
    db
      .insertInto('message')
      .values({
        organization_id: p.organizationId,
        connection_id: p.connectionId,
        id: p.id,
        mailbox_id: p.mailboxId,
        direction: 'out',
        state: 'queued',
        from_address: p.from,
        to_addresses: p.to,
        cc_addresses: p.cc,
        subject: p.subject,
        types: '[]',
        internet_message_id: p.internetMessageId,
        idempotency_key: p.idempotencyKey,
        content_hash: p.contentHash,
        at: p.at,
        next_at: p.at,
        attempts: 0,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning(columns),
);

/** Takes an arrived message in; says whether it was not there yet, by the server's id and by what its arrival shows. */
export const insertReceived = statement(
  'mail.insertReceived',
  (
    db,
    p: {
      organizationId: string;
      connectionId: string;
      id: string;
      mailboxId: string;
      from: string;
      to: string;
      cc: string;
      subject: string;
      types: string;
      internetMessageId: string | null;
      remoteId: string;
      arrival: string | null;
      at: number;
      sentAt: number | null;
    },
  ) =>
    db
      .insertInto('message')
      .values({
        organization_id: p.organizationId,
        connection_id: p.connectionId,
        id: p.id,
        mailbox_id: p.mailboxId,
        direction: 'in',
        state: 'received',
        from_address: p.from,
        to_addresses: p.to,
        cc_addresses: p.cc,
        subject: p.subject,
        types: p.types,
        internet_message_id: p.internetMessageId,
        remote_id: p.remoteId,
        arrival: p.arrival,
        at: p.at,
        sent_at: p.sentAt,
        attempts: 0,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning(columns),
);

export const findMessage = statement(
  'mail.findMessage',
  (db, p: { organizationId: string; connectionId: string; id: string }) =>
    db
      .selectFrom('message')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id),
);

export const findByIdempotencyKey = statement(
  'mail.findByIdempotencyKey',
  (db, p: { organizationId: string; connectionId: string; idempotencyKey: string }) =>
    db
      .selectFrom('message')
      .select(columns)
      .select('content_hash')
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('idempotency_key', '=', p.idempotencyKey),
);

export const listMessages = statement(
  'mail.listMessages',
  (db, p: { organizationId: string; connectionId: string; before: string; limit: number }) =>
    db
      .selectFrom('message')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '<', p.before)
      .orderBy('id', 'desc')
      .limit(p.limit),
);

export const listMessagesByDirection = statement(
  'mail.listMessagesByDirection',
  (db, p: { organizationId: string; connectionId: string; direction: string; before: string; limit: number }) =>
    db
      .selectFrom('message')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('direction', '=', p.direction)
      .where('id', '<', p.before)
      .orderBy('id', 'desc')
      .limit(p.limit),
);

export const listMessagesByState = statement(
  'mail.listMessagesByState',
  (db, p: { organizationId: string; connectionId: string; state: string; before: string; limit: number }) =>
    db
      .selectFrom('message')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('state', '=', p.state)
      .where('id', '<', p.before)
      .orderBy('id', 'desc')
      .limit(p.limit),
);

/** Which of these messages of the server are known already. */
export const listKnown = statement(
  'mail.listKnown',
  (db, p: { organizationId: string; connectionId: string; mailboxId: string; remoteIds: string }, dialect) =>
    db
      .selectFrom('message')
      .select('remote_id')
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('mailbox_id', '=', p.mailboxId)
      .where('remote_id', 'in', textList(dialect, p.remoteIds)),
);

/** Removes some messages of a connection, `limit` at most; says which. */
export const removeSomeMessages = statement(
  'mail.removeSomeMessages',
  (db, p: { organizationId: string; connectionId: string; limit: number }) =>
    db
      .deleteFrom('message')
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('message')
          .select('id')
          .where('organization_id', '=', p.organizationId)
          .where('connection_id', '=', p.connectionId)
          .limit(p.limit),
      )
      .returning('id'),
);
