import { statement } from '#store';

/** Keeps a signing key under its number, unless there is one; says whether it was us who did. */
export const insertProviderKey = statement(
  'signin.insertProviderKey',
  (db, p: { alg: string; number: number; kid: string; key: string; signsAt: number; at: number }) =>
    db
      .insertInto('provider_key')
      .values({ alg: p.alg, number: p.number, kid: p.kid, key: p.key, signs_at: p.signsAt, created_at: p.at })
      .onConflict((conflict) => conflict.columns(['alg', 'number']).doNothing())
      .returning('number'),
);

/** The signing keys, of each algorithm the newest first. */
export const listProviderKeys = statement('signin.listProviderKeys', (db, p: { limit: number }) =>
  db
    .selectFrom('provider_key')
    .select(['alg', 'number', 'kid', 'key', 'signs_at as signsAt', 'created_at as createdAt'])
    .where('alg', '>', '')
    .orderBy('alg', 'desc')
    .orderBy('number', 'desc')
    .limit(p.limit),
);

/** Forgets the keys of an algorithm that are older than a number. */
export const removeProviderKeys = statement('signin.removeProviderKeys', (db, p: { alg: string; below: number }) =>
  db.deleteFrom('provider_key').where('alg', '=', p.alg).where('number', '<', p.below).returning('kid'),
);
