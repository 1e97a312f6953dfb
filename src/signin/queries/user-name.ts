import { statement } from '#store';

/** Takes a user name for an account; gives no row where an account has it, or had it. */
export const insertUserName = statement(
  'signin.insertUserName',
  (db, p: { organizationId: string; folded: string; userName: string; accountId: string }) =>
    db
      .insertInto('user_name')
      .values({
        organization_id: p.organizationId,
        folded: p.folded,
        user_name: p.userName,
        account_id: p.accountId,
        past: 0,
      })
      .onConflict((conflict) => conflict.columns(['organization_id', 'folded']).doNothing())
      .returning('folded'),
);

export const findUserName = statement('signin.findUserName', (db, p: { organizationId: string; folded: string }) =>
  db
    .selectFrom('user_name')
    .select(['account_id', 'past'])
    .where('organization_id', '=', p.organizationId)
    .where('folded', '=', p.folded),
);

/** The account of a name is deleted: the name is nobody's, and kept. */
export const leaveUserName = statement(
  'signin.leaveUserName',
  (db, p: { organizationId: string; folded: string; at: number; keptUntil: number }) =>
    db
      .updateTable('user_name')
      .set({ past: 1, left_at: p.at, kept_until: p.keptUntil })
      .where('organization_id', '=', p.organizationId)
      .where('folded', '=', p.folded),
);

export const listPastUserNames = statement(
  'signin.listPastUserNames',
  (db, p: { organizationId: string; after: string; limit: number }) =>
    db
      .selectFrom('user_name')
      .select(['folded', 'user_name', 'account_id', 'left_at', 'kept_until'])
      .where('organization_id', '=', p.organizationId)
      .where('past', '=', 1)
      .where('folded', '>', p.after)
      .orderBy('folded')
      .limit(p.limit),
);

/** Gives a past name free. */
export const removePastUserName = statement(
  'signin.removePastUserName',
  (db, p: { organizationId: string; folded: string }) =>
    db
      .deleteFrom('user_name')
      .where('organization_id', '=', p.organizationId)
      .where('folded', '=', p.folded)
      .where('past', '=', 1)
      .returning(['user_name', 'account_id']),
);

/** Gives past names free that were kept long enough. */
export const removeOldUserNames = statement(
  'signin.removeOldUserNames',
  (db, p: { organizationId: string; now: number }) =>
    db.deleteFrom('user_name').where('organization_id', '=', p.organizationId).where('kept_until', '<', p.now),
);
