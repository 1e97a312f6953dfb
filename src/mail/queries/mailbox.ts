import { forUpdate, statement } from '#store';

const columns = [
  'organization_id',
  'connection_id',
  'id',
  'address',
  'name',
  'types',
  'receive',
  'poll_seconds',
  'receive_from',
  'delta_link',
  'round',
  'last_polled_at',
  'fault',
  'faults',
  'held_until',
  'version',
  'created_at',
  'updated_at',
] as const;

/** Adds a mailbox; says whether its address was free in the connection. */
export const insertMailbox = statement(
  'mail.insertMailbox',
  (
    db,
    p: {
      organizationId: string;
      connectionId: string;
      id: string;
      address: string;
      addressFolded: string;
      name: string;
      types: string;
      receive: number;
      pollSeconds: number;
      receiveFrom: number;
      at: number;
    },
  ) =>
    db
      .insertInto('mailbox')
      .values({
        organization_id: p.organizationId,
        connection_id: p.connectionId,
        id: p.id,
        address: p.address,
        address_folded: p.addressFolded,
        name: p.name,
        types: p.types,
        receive: p.receive,
        poll_seconds: p.pollSeconds,
        receive_from: p.receiveFrom,
        round: 0,
        faults: 0,
        version: 1,
        created_at: p.at,
        updated_at: p.at,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning(columns),
);

export const findMailbox = statement(
  'mail.findMailbox',
  (db, p: { organizationId: string; connectionId: string; id: string }) =>
    db
      .selectFrom('mailbox')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id),
);

/** The mailbox, locked for the change that follows in the same transaction. */
export const lockMailbox = statement(
  'mail.lockMailbox',
  (db, p: { organizationId: string; connectionId: string; id: string }, dialect) =>
    forUpdate(
      db
        .selectFrom('mailbox')
        .select(columns)
        .where('organization_id', '=', p.organizationId)
        .where('connection_id', '=', p.connectionId)
        .where('id', '=', p.id),
      dialect,
    ),
);

export const findMailboxByAddress = statement(
  'mail.findMailboxByAddress',
  (db, p: { organizationId: string; connectionId: string; addressFolded: string }) =>
    db
      .selectFrom('mailbox')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('address_folded', '=', p.addressFolded),
);

export const listMailboxes = statement(
  'mail.listMailboxes',
  (db, p: { organizationId: string; connectionId: string; after: string; limit: number }) =>
    db
      .selectFrom('mailbox')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '>', p.after)
      .orderBy('id')
      .limit(p.limit),
);

export const updateMailbox = statement(
  'mail.updateMailbox',
  (
    db,
    p: {
      organizationId: string;
      connectionId: string;
      id: string;
      name: string;
      types: string;
      receive: number;
      pollSeconds: number;
      receiveFrom: number;
      deltaLink: string | null;
      at: number;
    },
  ) =>
    db
      .updateTable('mailbox')
      .set((eb) => ({
        name: p.name,
        types: p.types,
        receive: p.receive,
        poll_seconds: p.pollSeconds,
        receive_from: p.receiveFrom,
        delta_link: p.deltaLink,
        round: eb('round', '+', 1),
        updated_at: p.at,
        version: eb('version', '+', 1),
      }))
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id)
      .returning(columns),
);

/** Keeps where the next poll begins; says whether nobody else polled or changed the mailbox since `round`. */
export const movePoll = statement(
  'mail.movePoll',
  (
    db,
    p: {
      organizationId: string;
      connectionId: string;
      id: string;
      round: number;
      deltaLink: string;
      lastPolledAt: number | null;
    },
  ) =>
    db
      .updateTable('mailbox')
      .set((eb) => ({
        delta_link: p.deltaLink,
        round: eb('round', '+', 1),
        last_polled_at: p.lastPolledAt,
        fault: null,
        faults: 0,
      }))
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id)
      .where('round', '=', p.round)
      .returning('round'),
);

/** Has the next poll begin anew, with what arrived since a time. */
export const restartPoll = statement(
  'mail.restartPoll',
  (db, p: { organizationId: string; connectionId: string; id: string; round: number; receiveFrom: number }) =>
    db
      .updateTable('mailbox')
      .set((eb) => ({ delta_link: null, receive_from: p.receiveFrom, round: eb('round', '+', 1) }))
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id)
      .where('round', '=', p.round)
      .returning(columns),
);

/** Keeps why a poll failed, in words. */
export const markMailboxFault = statement(
  'mail.markMailboxFault',
  (db, p: { organizationId: string; connectionId: string; id: string; fault: string }) =>
    db
      .updateTable('mailbox')
      .set((eb) => ({ fault: p.fault, faults: eb('faults', '+', 1) }))
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id)
      .returning('faults'),
);

/** Keeps until when the server wants to hear nothing about a mailbox. */
export const holdMailbox = statement(
  'mail.holdMailbox',
  (db, p: { organizationId: string; connectionId: string; id: string; heldUntil: number }) =>
    db
      .updateTable('mailbox')
      .set({ held_until: p.heldUntil })
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id),
);

export const removeMailbox = statement(
  'mail.removeMailbox',
  (db, p: { organizationId: string; connectionId: string; id: string }) =>
    db
      .deleteFrom('mailbox')
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id)
      .returning('address'),
);

export const removeMailboxes = statement(
  'mail.removeMailboxes',
  (db, p: { organizationId: string; connectionId: string }) =>
    db
      .deleteFrom('mailbox')
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId),
);
