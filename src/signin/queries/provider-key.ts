import { statement } from '#store';

/** Keeps a signing key under its number, unless there is one. */
export const insertProviderKey = statement(
  'signin.insertProviderKey',
  (db, p: { number: number; kid: string; key: string; at: number }) =>
    db
      .insertInto('provider_key')
      .values({ number: p.number, kid: p.kid, key: p.key, created_at: p.at })
      .onConflict((conflict) => conflict.column('number').doNothing()),
);

/** The signing keys, the newest first. */
export const listProviderKeys = statement('signin.listProviderKeys', (db, p: { limit: number }) =>
  db
    .selectFrom('provider_key')
    .select(['number', 'kid', 'key'])
    .where('number', '>', 0)
    .orderBy('number', 'desc')
    .limit(p.limit),
);
