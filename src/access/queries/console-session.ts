import { statement } from '#store';

export const insertSession = statement(
  'access.insertSession',
  (db, p: { id: string; operatorId: string; hash: string; at: number; expiresAt: number }) =>
    db.insertInto('console_session').values({
      id: p.id,
      operator_id: p.operatorId,
      hash: p.hash,
      created_at: p.at,
      last_seen_at: p.at,
      expires_at: p.expiresAt,
    }),
);

/** A console session with its operator. */
export const findSession = statement('access.findSession', (db, p: { id: string }) =>
  db
    .selectFrom('console_session')
    .innerJoin('operator', 'operator.id', 'console_session.operator_id')
    .select([
      'console_session.hash as hash',
      'console_session.last_seen_at as last_seen_at',
      'console_session.expires_at as expires_at',
      'operator.id as operator_id',
      'operator.name as name',
      'operator.role as role',
    ])
    .where('console_session.id', '=', p.id),
);

export const touchSession = statement('access.touchSession', (db, p: { id: string; at: number }) =>
  db.updateTable('console_session').set({ last_seen_at: p.at }).where('id', '=', p.id),
);

export const removeSession = statement('access.removeSession', (db, p: { id: string }) =>
  db.deleteFrom('console_session').where('id', '=', p.id).returning('operator_id'),
);

export const removeSessionsOf = statement('access.removeSessionsOf', (db, p: { operatorId: string }) =>
  db.deleteFrom('console_session').where('operator_id', '=', p.operatorId),
);
