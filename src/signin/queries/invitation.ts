import { statement } from '#store';

const columns = [
  'id',
  'connection_id',
  'name',
  'email',
  'role',
  'invited_by',
  'created_at',
  'expires_at',
  'used_at',
  'account_id',
] as const;

export const insertInvitation = statement(
  'signin.insertInvitation',
  (
    db,
    p: {
      organizationId: string;
      id: string;
      connectionId: string;
      hash: string;
      name: string;
      email: string | null;
      role: string | null;
      invitedBy: string | null;
      at: number;
      expiresAt: number;
    },
  ) =>
    db
      .insertInto('account_invitation')
      .values({
        organization_id: p.organizationId,
        id: p.id,
        connection_id: p.connectionId,
        hash: p.hash,
        name: p.name,
        email: p.email,
        role: p.role,
        invited_by: p.invitedBy,
        created_at: p.at,
        expires_at: p.expiresAt,
      })
      .returning(columns),
);

/** An invitation that was not used, with what its secret is proved by. */
export const findInvitation = statement('signin.findInvitation', (db, p: { organizationId: string; id: string }) =>
  db
    .selectFrom('account_invitation')
    .select(['connection_id', 'hash', 'expires_at'])
    .where('organization_id', '=', p.organizationId)
    .where('id', '=', p.id)
    .where('used_at', 'is', null),
);

export const listInvitations = statement(
  'signin.listInvitations',
  (db, p: { organizationId: string; after: string; limit: number }) =>
    db
      .selectFrom('account_invitation')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('id', '>', p.after)
      .orderBy('id')
      .limit(p.limit),
);

/** Uses an invitation up for an account; gives no row where it is over, was taken back, or is for another connection. */
export const consumeInvitation = statement(
  'signin.consumeInvitation',
  (db, p: { organizationId: string; id: string; connectionId: string; accountId: string; at: number }) =>
    db
      .updateTable('account_invitation')
      .set({ used_at: p.at, account_id: p.accountId })
      .where('organization_id', '=', p.organizationId)
      .where('id', '=', p.id)
      .where('connection_id', '=', p.connectionId)
      .where('used_at', 'is', null)
      .where('expires_at', '>', p.at)
      .returning(['name', 'role']),
);

export const removeInvitation = statement('signin.removeInvitation', (db, p: { organizationId: string; id: string }) =>
  db
    .deleteFrom('account_invitation')
    .where('organization_id', '=', p.organizationId)
    .where('id', '=', p.id)
    .returning(['name', 'connection_id', 'used_at']),
);

/** Removes the invitations to a connection, used or not. */
export const removeInvitationsTo = statement(
  'signin.removeInvitationsTo',
  (db, p: { organizationId: string; connectionId: string }) =>
    db
      .deleteFrom('account_invitation')
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId),
);

export const removeExpiredInvitations = statement(
  'signin.removeExpiredInvitations',
  (db, p: { organizationId: string; before: number }) =>
    db
      .deleteFrom('account_invitation')
      .where('organization_id', '=', p.organizationId)
      .where('expires_at', '<', p.before),
);

/** Whether any invitation is written down. */
export const findAnyInvitation = statement('signin.findAnyInvitation', (db, p: { organizationId: string }) =>
  db.selectFrom('account_invitation').select('id').where('organization_id', '=', p.organizationId).limit(1),
);
