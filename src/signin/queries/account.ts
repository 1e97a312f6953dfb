import { type ExpressionBuilder, statement, type Tables } from '#store';

const columns = [
  'organization_id',
  'id',
  'user_name',
  'name',
  'email',
  'email_verified',
  'disabled',
  'role',
  'created_at',
  'last_sign_in_at',
] as const;

/** Adds an account, unless its user name is taken; then it gives no row. */
export const insertAccount = statement(
  'signin.insertAccount',
  (
    db,
    p: {
      organizationId: string;
      id: string;
      userName: string;
      userNameFolded: string;
      name: string | null;
      email: string | null;
      emailVerified: number;
      role: string | null;
      at: number;
    },
  ) =>
    db
      .insertInto('account')
      .values({
        organization_id: p.organizationId,
        id: p.id,
        user_name: p.userName,
        user_name_folded: p.userNameFolded,
        name: p.name,
        email: p.email,
        email_verified: p.emailVerified,
        disabled: 0,
        role: p.role,
        created_at: p.at,
        last_sign_in_at: p.at,
      })
      .onConflict((conflict) => conflict.columns(['organization_id', 'user_name_folded']).doNothing())
      .returning(columns),
);

/** 1 where one of an account's links is that of a provisioned user, else 0. */
const isProvisioned = (eb: ExpressionBuilder<Tables, 'account'>, p: { organizationId: string }) =>
  eb
    .case()
    .when(
      eb.exists(
        eb
          .selectFrom('account_link as l')
          .select('l.id')
          .where('l.organization_id', '=', p.organizationId)
          .whereRef('l.account_id', '=', 'account.id')
          .where('l.user_id', 'is not', null),
      ),
    )
    .then(1)
    .else(0)
    .end()
    .as('provisioned');

export const findAccount = statement('signin.findAccount', (db, p: { organizationId: string; id: string }) =>
  db
    .selectFrom('account')
    .select(columns)
    .select((eb) => isProvisioned(eb, p))
    .where('organization_id', '=', p.organizationId)
    .where('id', '=', p.id),
);

export const findAccountByUserName = statement(
  'signin.findAccountByUserName',
  (db, p: { organizationId: string; userNameFolded: string }) =>
    db
      .selectFrom('account')
      .select('id')
      .where('organization_id', '=', p.organizationId)
      .where('user_name_folded', '=', p.userNameFolded),
);

export const listAccounts = statement(
  'signin.listAccounts',
  (db, p: { organizationId: string; after: string; limit: number }) =>
    db
      .selectFrom('account')
      .select(columns)
      .select((eb) => isProvisioned(eb, p))
      .where('organization_id', '=', p.organizationId)
      .where('id', '>', p.after)
      .orderBy('id')
      .limit(p.limit),
);

/** What each sign-in brings anew. */
export const refreshAccount = statement(
  'signin.refreshAccount',
  (
    db,
    p: {
      organizationId: string;
      id: string;
      name: string | null;
      email: string | null;
      emailVerified: number;
      at: number;
    },
  ) =>
    db
      .updateTable('account')
      .set({ name: p.name, email: p.email, email_verified: p.emailVerified, last_sign_in_at: p.at })
      .where('organization_id', '=', p.organizationId)
      .where('id', '=', p.id)
      .returning(columns),
);

export const updateAccountDisabled = statement(
  'signin.updateAccountDisabled',
  (db, p: { organizationId: string; id: string; disabled: number }) =>
    db
      .updateTable('account')
      .set({ disabled: p.disabled })
      .where('organization_id', '=', p.organizationId)
      .where('id', '=', p.id)
      .returning(columns),
);
