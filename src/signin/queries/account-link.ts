import { forUpdate, statement } from '#store';
import { isShutOut } from './shut-out.ts';

/** Links a person to an account, unless the person is linked already; then it gives no row. */
export const insertLink = statement(
  'signin.insertLink',
  (
    db,
    p: {
      organizationId: string;
      id: string;
      accountId: string;
      connectionId: string;
      authority: string;
      tenantId: string | null;
      objectId: string;
      issuer: string;
      subject: string;
      preferredUsername: string | null;
      userId: string | null;
      at: number;
      lastSignInAt: number | null;
    },
  ) =>
    db
      .insertInto('account_link')
      .values({
        organization_id: p.organizationId,
        id: p.id,
        account_id: p.accountId,
        connection_id: p.connectionId,
        authority: p.authority,
        tenant_id: p.tenantId,
        object_id: p.objectId,
        issuer: p.issuer,
        subject: p.subject,
        preferred_username: p.preferredUsername,
        user_id: p.userId,
        created_at: p.at,
        last_sign_in_at: p.lastSignInAt,
      })
      .onConflict((conflict) => conflict.columns(['organization_id', 'authority', 'object_id']).doNothing())
      .returning('id'),
);

/** The link of a person, with the account, and whether the directory and the user that it remembers are still there, and whether another link is shut out. */
export const findLinkedAccount = statement(
  'signin.findLinkedAccount',
  (db, p: { organizationId: string; authority: string; objectId: string }) =>
    db
      .selectFrom('account_link')
      .innerJoin('account', (join) =>
        join.onRef('account.id', '=', 'account_link.account_id').on('account.organization_id', '=', p.organizationId),
      )
      .leftJoin('scim_user', (join) =>
        join
          .onRef('scim_user.directory_id', '=', 'account_link.connection_id')
          .onRef('scim_user.id', '=', 'account_link.user_id')
          .on('scim_user.organization_id', '=', p.organizationId),
      )
      .leftJoin('connection', (join) =>
        join
          .onRef('connection.id', '=', 'account_link.connection_id')
          .on('connection.organization_id', '=', p.organizationId),
      )
      .select([
        'account_link.id as linkId',
        'connection.id as directory',
        'account_link.connection_id as linkConnectionId',
        'account_link.user_id as userId',
        'scim_user.active as userActive',
        'account.id as accountId',
        'account.user_name as userName',
        'account.name as name',
        'account.email as email',
        'account.email_verified as emailVerified',
        'account.told_by as toldBy',
        'account.disabled as disabled',
        'account.role as role',
      ])
      .select(({ case: choose }) =>
        choose()
          .when(isShutOut(p, { account: 'account_link.account_id', exceptLink: 'account_link.id' }))
          .then(1)
          .else(0)
          .end()
          .as('shutOutElsewhere'),
      )
      .select(({ case: choose, and, eb, exists, selectFrom }) =>
        choose()
          .when(
            and([
              eb('account.told_by', '<>', eb.ref('account_link.authority')),
              exists(
                selectFrom('account_link as telling')
                  .select('telling.id')
                  .where('telling.organization_id', '=', p.organizationId)
                  .whereRef('telling.account_id', '=', 'account_link.account_id')
                  .whereRef('telling.authority', '=', 'account.told_by'),
              ),
            ]),
          )
          .then(1)
          .else(0)
          .end()
          .as('toldElsewhere'),
      )
      .where('account_link.organization_id', '=', p.organizationId)
      .where('account_link.authority', '=', p.authority)
      .where('account_link.object_id', '=', p.objectId),
);

/** What each sign-in brings anew. */
export const refreshLink = statement(
  'signin.refreshLink',
  (
    db,
    p: {
      organizationId: string;
      id: string;
      linkConnectionId: string;
      issuer: string;
      subject: string;
      preferredUsername: string | null;
      userId: string | null;
      at: number;
    },
  ) =>
    db
      .updateTable('account_link')
      .set({
        connection_id: p.linkConnectionId,
        issuer: p.issuer,
        subject: p.subject,
        preferred_username: p.preferredUsername,
        user_id: p.userId,
        last_sign_in_at: p.at,
      })
      .where('organization_id', '=', p.organizationId)
      .where('id', '=', p.id),
);

export const listLinks = statement(
  'signin.listLinks',
  (db, p: { organizationId: string; accountId: string; after: string; limit: number }) =>
    db
      .selectFrom('account_link')
      .select(['id', 'connection_id', 'authority', 'object_id', 'user_id', 'preferred_username'])
      .select(['created_at', 'last_sign_in_at'])
      .where('organization_id', '=', p.organizationId)
      .where('account_id', '=', p.accountId)
      .where('id', '>', p.after)
      .orderBy('id')
      .limit(p.limit),
);

export const removeLink = statement(
  'signin.removeLink',
  (db, p: { organizationId: string; accountId: string; id: string }) =>
    db
      .deleteFrom('account_link')
      .where('organization_id', '=', p.organizationId)
      .where('account_id', '=', p.accountId)
      .where('id', '=', p.id)
      .returning(['authority', 'object_id']),
);

export const removeLinksOfAccount = statement(
  'signin.removeLinksOfAccount',
  (db, p: { organizationId: string; accountId: string }) =>
    db
      .deleteFrom('account_link')
      .where('organization_id', '=', p.organizationId)
      .where('account_id', '=', p.accountId)
      .returning(['id', 'authority', 'object_id']),
);

/** The account that a user of a directory is linked to, if any. */
export const findAccountOfUser = statement(
  'signin.findAccountOfUser',
  (db, p: { organizationId: string; directoryId: string; userId: string }) =>
    db
      .selectFrom('account_link')
      .select('account_id as accountId')
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.directoryId)
      .where('user_id', '=', p.userId)
      .orderBy('id')
      .limit(1),
);

/** An account, kept as it is until the transaction ends, so that its links change one after the other. */
export const lockAccount = statement(
  'signin.lockAccount',
  (db, p: { organizationId: string; accountId: string }, dialect) =>
    forUpdate(
      db
        .selectFrom('account')
        .select('disabled')
        .where('organization_id', '=', p.organizationId)
        .where('id', '=', p.accountId),
      dialect,
    ),
);
