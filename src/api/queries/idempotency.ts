import { statement } from '#store';

/** Takes a key for a request; says whether it was free. */
export const reserveKey = statement(
  'api.reserveKey',
  (db, p: { callerId: string; key: string; requestHash: string; at: number }) =>
    db
      .insertInto('idempotency')
      .values({ caller_id: p.callerId, key: p.key, request_hash: p.requestHash, at: p.at })
      .onConflict((conflict) => conflict.columns(['caller_id', 'key']).doNothing())
      .returning('key'),
);

export const findKeyUse = statement('api.findKeyUse', (db, p: { callerId: string; key: string }) =>
  db
    .selectFrom('idempotency')
    .select(['request_hash', 'at', 'status', 'answer'])
    .where('caller_id', '=', p.callerId)
    .where('key', '=', p.key),
);

export const keepAnswer = statement(
  'api.keepAnswer',
  (db, p: { callerId: string; key: string; status: number; answer: string }) =>
    db
      .updateTable('idempotency')
      .set({ status: p.status, answer: p.answer })
      .where('caller_id', '=', p.callerId)
      .where('key', '=', p.key),
);

export const releaseKey = statement('api.releaseKey', (db, p: { callerId: string; key: string }) =>
  db.deleteFrom('idempotency').where('caller_id', '=', p.callerId).where('key', '=', p.key),
);

export const forgetKeys = statement('api.forgetKeys', (db, p: { callerId: string; before: number }) =>
  db.deleteFrom('idempotency').where('caller_id', '=', p.callerId).where('at', '<', p.before),
);
