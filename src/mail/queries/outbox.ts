import { statement, textList } from '#store';

/**
 * Takes the message of a mailbox that has waited longest for this run: one that is queued and due, or one whose attempt
 * another run began and left, since whoever holds the lease of the mailbox is the only one at work on it.
 */
export const claimMessage = statement(
  'mail.claimMessage',
  (db, p: { organizationId: string; connectionId: string; mailboxId: string; claim: string; now: number }, dialect) => {
    const oldest = db
      .selectFrom('message')
      .select('id')
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('mailbox_id', '=', p.mailboxId)
      .where('next_at', '<=', p.now)
      .where((eb) => eb.or([eb('state', '=', 'queued'), eb('claim', '!=', p.claim)]))
      .orderBy('next_at')
      .limit(1);
    return db
      .with('oldest', () => (dialect === 'postgres' ? oldest.forUpdate().skipLocked() : oldest))
      .updateTable('message')
      .from('oldest')
      .set((eb) => ({
        state: 'sending',
        claim: p.claim,
        attempts: eb('message.attempts', '+', 1),
        tried_from: eb.fn.coalesce('message.tried_from', eb.val(p.now)),
      }))
      .where('message.organization_id', '=', p.organizationId)
      .where('message.connection_id', '=', p.connectionId)
      .whereRef('message.id', '=', 'oldest.id')
      .returning([
        'message.id as id',
        'message.from_address as from_address',
        'message.to_addresses as to_addresses',
        'message.cc_addresses as cc_addresses',
        'message.subject as subject',
        'message.internet_message_id as internet_message_id',
        'message.at as at',
        'message.attempts as attempts',
        'message.tried_from as tried_from',
        'message.progress as progress',
      ]);
  },
);

/** Keeps how far an attempt has come; says whether the message is still this attempt's. */
export const keepProgress = statement(
  'mail.keepProgress',
  (
    db,
    p: {
      organizationId: string;
      connectionId: string;
      id: string;
      claim: string;
      attempts: number;
      progress: string;
    },
  ) =>
    db
      .updateTable('message')
      .set({ progress: p.progress })
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id)
      .where('claim', '=', p.claim)
      .where('attempts', '=', p.attempts)
      .where('state', '=', 'sending')
      .returning('id'),
);

/** Ends an attempt; says whether the message was still this attempt's. */
export const settleMessage = statement(
  'mail.settleMessage',
  (
    db,
    p: {
      organizationId: string;
      connectionId: string;
      id: string;
      claim: string;
      attempts: number;
      state: string;
      nextAt: number | null;
      sentAt: number | null;
      progress: string | null;
    },
  ) =>
    db
      .updateTable('message')
      .set({ state: p.state, next_at: p.nextAt, sent_at: p.sentAt, progress: p.progress })
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id)
      .where('claim', '=', p.claim)
      .where('attempts', '=', p.attempts)
      .where('state', '=', 'sending')
      .returning('id'),
);

/** When the next message of a mailbox is due; nothing where none waits. */
export const findNextDue = statement(
  'mail.findNextDue',
  (db, p: { organizationId: string; connectionId: string; mailboxId: string }) =>
    db
      .selectFrom('message')
      .select('next_at')
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('mailbox_id', '=', p.mailboxId)
      .where('next_at', 'is not', null)
      .orderBy('next_at')
      .limit(1),
);

export const insertAttempt = statement(
  'mail.insertAttempt',
  (db, p: { organizationId: string; connectionId: string; messageId: string; number: number; at: number }) =>
    db.insertInto('message_attempt').values({
      organization_id: p.organizationId,
      connection_id: p.connectionId,
      message_id: p.messageId,
      number: p.number,
      at: p.at,
      outcome: 'started',
      detail: '',
    }),
);

export const settleAttempt = statement(
  'mail.settleAttempt',
  (
    db,
    p: {
      organizationId: string;
      connectionId: string;
      messageId: string;
      number: number;
      outcome: string;
      status: number | null;
      detail: string;
      retryAt: number | null;
    },
  ) =>
    db
      .updateTable('message_attempt')
      .set({ outcome: p.outcome, status: p.status, detail: p.detail, retry_at: p.retryAt })
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('message_id', '=', p.messageId)
      .where('number', '=', p.number),
);

/** Closes what an earlier attempt left open: the server it ran on stopped in the middle. */
export const closeLeftAttempts = statement(
  'mail.closeLeftAttempts',
  (db, p: { organizationId: string; connectionId: string; messageId: string; number: number; detail: string }) =>
    db
      .updateTable('message_attempt')
      .set({ outcome: 'retry', detail: p.detail })
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('message_id', '=', p.messageId)
      .where('number', '<', p.number)
      .where('outcome', '=', 'started'),
);

export const listAttempts = statement(
  'mail.listAttempts',
  (db, p: { organizationId: string; connectionId: string; messageId: string }) =>
    db
      .selectFrom('message_attempt')
      .select(['number', 'at', 'outcome', 'status', 'detail', 'retry_at'])
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('message_id', '=', p.messageId)
      .orderBy('number'),
);

export const removeAttempts = statement(
  'mail.removeAttempts',
  (db, p: { organizationId: string; connectionId: string; messageIds: string }, dialect) =>
    db
      .deleteFrom('message_attempt')
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('message_id', 'in', textList(dialect, p.messageIds)),
);
