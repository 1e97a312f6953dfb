import { statement } from '#store';

export const insertLink = statement(
  'access.insertLink',
  (db, p: { id: string; operatorId: string; hash: string; expiresAt: number }) =>
    db
      .insertInto('operator_link')
      .values({ id: p.id, operator_id: p.operatorId, hash: p.hash, expires_at: p.expiresAt }),
);

export const findLink = statement('access.findLink', (db, p: { id: string }) =>
  db.selectFrom('operator_link').select(['operator_id', 'hash', 'expires_at']).where('id', '=', p.id),
);

/** Uses a link up; says whether it was us. */
export const consumeLink = statement('access.consumeLink', (db, p: { id: string }) =>
  db.deleteFrom('operator_link').where('id', '=', p.id).returning('operator_id'),
);

export const removeLinksOf = statement('access.removeLinksOf', (db, p: { operatorId: string }) =>
  db.deleteFrom('operator_link').where('operator_id', '=', p.operatorId),
);
