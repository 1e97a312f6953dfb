import { statement } from '#store';

export const insertLocalLink = statement(
  'signin.insertLocalLink',
  (db, p: { organizationId: string; id: string; accountId: string; hash: string; at: number; expiresAt: number }) =>
    db.insertInto('local_link').values({
      organization_id: p.organizationId,
      id: p.id,
      account_id: p.accountId,
      hash: p.hash,
      created_at: p.at,
      expires_at: p.expiresAt,
    }),
);

export const findLocalLink = statement('signin.findLocalLink', (db, p: { organizationId: string; id: string }) =>
  db
    .selectFrom('local_link')
    .select(['account_id', 'hash', 'expires_at'])
    .where('organization_id', '=', p.organizationId)
    .where('id', '=', p.id),
);

/** Uses a link up; says whether it was us who did. */
export const consumeLocalLink = statement('signin.consumeLocalLink', (db, p: { organizationId: string; id: string }) =>
  db.deleteFrom('local_link').where('organization_id', '=', p.organizationId).where('id', '=', p.id).returning('id'),
);

/** Takes the links of an account back that were not used. */
export const removeLocalLinks = statement(
  'signin.removeLocalLinks',
  (db, p: { organizationId: string; accountId: string }) =>
    db.deleteFrom('local_link').where('organization_id', '=', p.organizationId).where('account_id', '=', p.accountId),
);

export const removeExpiredLocalLinks = statement(
  'signin.removeExpiredLocalLinks',
  (db, p: { organizationId: string; now: number }) =>
    db.deleteFrom('local_link').where('organization_id', '=', p.organizationId).where('expires_at', '<', p.now),
);
