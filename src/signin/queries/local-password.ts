import { type Database, statement } from '#store';
import { isShutOut } from './shut-out.ts';

/** The local links of an authority, which are sign-in names, each with its account, and its password where it has one. */
const localNames = (db: Database, p: { organizationId: string; authority: string }) =>
  db
    .selectFrom('account_link')
    .innerJoin('account', (join) =>
      join.onRef('account.id', '=', 'account_link.account_id').on('account.organization_id', '=', p.organizationId),
    )
    .leftJoin('local_password', (join) =>
      join
        .onRef('local_password.account_id', '=', 'account_link.account_id')
        .on('local_password.organization_id', '=', p.organizationId),
    )
    .select([
      'account_link.id as linkId',
      'account_link.object_id as signInName',
      'account.id as accountId',
      'account.user_name as userName',
      'account.name as name',
      'account.email as email',
      'account.disabled as disabled',
      'local_password.hash as hash',
      'local_password.set_at as passwordSetAt',
    ])
    .where('account_link.organization_id', '=', p.organizationId)
    .where('account_link.authority', '=', p.authority);

/** The account of a sign-in name. */
export const findLocalAccount = statement(
  'signin.findLocalAccount',
  (db, p: { organizationId: string; authority: string; objectId: string }) =>
    localNames(db, p).where('account_link.object_id', '=', p.objectId),
);

/** The sign-in name of an account. */
export const findLocalName = statement(
  'signin.findLocalName',
  (db, p: { organizationId: string; accountId: string; authority: string }) =>
    localNames(db, p).where('account_link.account_id', '=', p.accountId).orderBy('account_link.id').limit(1),
);

/** Sets the password of an account, in place of the one it had. */
export const savePassword = statement(
  'signin.savePassword',
  (db, p: { organizationId: string; accountId: string; hash: string; at: number }) =>
    db
      .insertInto('local_password')
      .values({ organization_id: p.organizationId, account_id: p.accountId, hash: p.hash, set_at: p.at })
      .onConflict((conflict) =>
        conflict.columns(['organization_id', 'account_id']).doUpdateSet({ hash: p.hash, set_at: p.at }),
      ),
);

/**
 * Keeps a password as it is, or under newer parameters, until the transaction ends; gives no row where it was changed or removed
 * since it was looked at.
 */
export const holdPassword = statement(
  'signin.holdPassword',
  (db, p: { organizationId: string; accountId: string; was: string; hash: string }) =>
    db
      .updateTable('local_password')
      .set({ hash: p.hash })
      .where('organization_id', '=', p.organizationId)
      .where('account_id', '=', p.accountId)
      .where('hash', '=', p.was)
      .returning('account_id'),
);

export const removePassword = statement(
  'signin.removePassword',
  (db, p: { organizationId: string; accountId: string }) =>
    db
      .deleteFrom('local_password')
      .where('organization_id', '=', p.organizationId)
      .where('account_id', '=', p.accountId)
      .returning('account_id'),
);

/** Writes down when a local sign-in was; gives no row where the account is disabled or gone, or shut out by the directory of a link. */
export const touchLocalAccount = statement(
  'signin.touchLocalAccount',
  (db, p: { organizationId: string; accountId: string; at: number }) =>
    db
      .updateTable('account')
      .set({ last_sign_in_at: p.at })
      .where('organization_id', '=', p.organizationId)
      .where('id', '=', p.accountId)
      .where('disabled', '=', 0)
      .where(({ not }) => not(isShutOut(p, { account: 'account.id', exceptLink: undefined })))
      .returning('id'),
);

export const touchLocalLink = statement(
  'signin.touchLocalLink',
  (db, p: { organizationId: string; linkId: string; at: number }) =>
    db
      .updateTable('account_link')
      .set({ last_sign_in_at: p.at })
      .where('organization_id', '=', p.organizationId)
      .where('id', '=', p.linkId),
);
