import { statement } from '#store';
import { isShutOut } from './shut-out.ts';

const columns = ['id', 'account_id', 'name', 'backed_up', 'created_at', 'last_used_at'] as const;

/** Adds a passkey, unless it is known already; then it gives no row. */
export const insertPasskey = statement(
  'signin.insertPasskey',
  (
    db,
    p: {
      organizationId: string;
      id: string;
      accountId: string;
      name: string;
      publicKey: string;
      counter: number;
      transports: string;
      backedUp: number;
      at: number;
    },
  ) =>
    db
      .insertInto('passkey')
      .values({
        organization_id: p.organizationId,
        id: p.id,
        account_id: p.accountId,
        name: p.name,
        public_key: p.publicKey,
        counter: p.counter,
        transports: p.transports,
        backed_up: p.backedUp,
        created_at: p.at,
      })
      .onConflict((conflict) => conflict.columns(['organization_id', 'id']).doNothing())
      .returning('id'),
);

/** A passkey with its account, whether the directory of a link has shut that out, and the link by which the account signs in here. */
export const findPasskey = statement(
  'signin.findPasskey',
  (db, p: { organizationId: string; accountId: string; id: string; authority: string }) =>
    db
      .selectFrom('passkey')
      .innerJoin('account', (join) =>
        join.onRef('account.id', '=', 'passkey.account_id').on('account.organization_id', '=', p.organizationId),
      )
      .innerJoin('account_link', (join) =>
        join
          .onRef('account_link.account_id', '=', 'passkey.account_id')
          .on('account_link.organization_id', '=', p.organizationId)
          .on('account_link.authority', '=', p.authority),
      )
      .select([
        'passkey.public_key as publicKey',
        'passkey.counter as counter',
        'passkey.name as passkeyName',
        'account_link.id as linkId',
        'account.id as accountId',
        'account.user_name as userName',
        'account.name as name',
        'account.email as email',
        'account.disabled as disabled',
      ])
      .select(({ case: choose }) =>
        choose()
          .when(isShutOut(p, { account: 'account.id', exceptLink: undefined }))
          .then(1)
          .else(0)
          .end()
          .as('shutOut'),
      )
      .where('passkey.organization_id', '=', p.organizationId)
      .where('passkey.account_id', '=', p.accountId)
      .where('passkey.id', '=', p.id)
      .orderBy('account_link.id')
      .limit(1),
);

export const listPasskeys = statement(
  'signin.listPasskeys',
  (db, p: { organizationId: string; accountId: string; after: string; limit: number }) =>
    db
      .selectFrom('passkey')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('account_id', '=', p.accountId)
      .where('id', '>', p.after)
      .orderBy('id')
      .limit(p.limit),
);

/** Writes down a use; gives no row where the passkey was removed meanwhile. */
export const updatePasskeyUse = statement(
  'signin.updatePasskeyUse',
  (db, p: { organizationId: string; accountId: string; id: string; counter: number; backedUp: number; at: number }) =>
    db
      .updateTable('passkey')
      .set({ counter: p.counter, backed_up: p.backedUp, last_used_at: p.at })
      .where('organization_id', '=', p.organizationId)
      .where('account_id', '=', p.accountId)
      .where('id', '=', p.id)
      .returning('id'),
);

export const updatePasskeyName = statement(
  'signin.updatePasskeyName',
  (db, p: { organizationId: string; accountId: string; id: string; name: string }) =>
    db
      .updateTable('passkey')
      .set({ name: p.name })
      .where('organization_id', '=', p.organizationId)
      .where('account_id', '=', p.accountId)
      .where('id', '=', p.id)
      .returning('id'),
);

export const removePasskey = statement(
  'signin.removePasskey',
  (db, p: { organizationId: string; accountId: string; id: string }) =>
    db
      .deleteFrom('passkey')
      .where('organization_id', '=', p.organizationId)
      .where('account_id', '=', p.accountId)
      .where('id', '=', p.id)
      .returning('name'),
);

export const removePasskeysOfAccount = statement(
  'signin.removePasskeysOfAccount',
  (db, p: { organizationId: string; accountId: string }) =>
    db.deleteFrom('passkey').where('organization_id', '=', p.organizationId).where('account_id', '=', p.accountId),
);

/** Uses a challenge up; says whether it was us who did. */
export const consumeChallenge = statement(
  'signin.consumeChallenge',
  (db, p: { organizationId: string; hash: string; expiresAt: number }) =>
    db
      .insertInto('passkey_use')
      .values({ organization_id: p.organizationId, hash: p.hash, expires_at: p.expiresAt })
      .onConflict((conflict) => conflict.columns(['organization_id', 'hash']).doNothing())
      .returning('hash'),
);

export const removeExpiredChallenges = statement(
  'signin.removeExpiredChallenges',
  (db, p: { organizationId: string; now: number }) =>
    db.deleteFrom('passkey_use').where('organization_id', '=', p.organizationId).where('expires_at', '<', p.now),
);
