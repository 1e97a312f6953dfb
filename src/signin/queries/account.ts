import { type ExpressionBuilder, statement, type Tables } from '#store';

export const accountColumns = [
  'organization_id',
  'id',
  'user_name',
  'name',
  'email',
  'email_verified',
  'told_by',
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
      nameFolded: string | null;
      email: string | null;
      emailFolded: string | null;
      emailVerified: number;
      toldBy: string | null;
      role: string | null;
      at: number;
      lastSignInAt: number | null;
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
        name_folded: p.nameFolded,
        email: p.email,
        email_folded: p.emailFolded,
        email_verified: p.emailVerified,
        told_by: p.toldBy,
        disabled: 0,
        role: p.role,
        created_at: p.at,
        last_sign_in_at: p.lastSignInAt,
      })
      .onConflict((conflict) => conflict.columns(['organization_id', 'user_name_folded']).doNothing())
      .returning(accountColumns),
);

/** 1 where one of an account's links is that of a provisioned user, else 0. */
export const isProvisioned = (eb: ExpressionBuilder<Tables, 'account'>, p: { organizationId: string }) =>
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
    .select(accountColumns)
    .select((eb) => isProvisioned(eb, p))
    .where('organization_id', '=', p.organizationId)
    .where('id', '=', p.id),
);

export const listAccounts = statement(
  'signin.listAccounts',
  (db, p: { organizationId: string; after: string; limit: number }) =>
    db
      .selectFrom('account')
      .select(accountColumns)
      .select((eb) => isProvisioned(eb, p))
      .where('organization_id', '=', p.organizationId)
      .where('id', '>', p.after)
      .orderBy('id')
      .limit(p.limit),
);

/** The like, of those that are disabled, or of those that are not. */
export const listAccountsByDisabled = statement(
  'signin.listAccountsByDisabled',
  (db, p: { organizationId: string; disabled: number; after: string; limit: number }) =>
    db
      .selectFrom('account')
      .select(accountColumns)
      .select((eb) => isProvisioned(eb, p))
      .where('organization_id', '=', p.organizationId)
      .where('disabled', '=', p.disabled)
      .where('id', '>', p.after)
      .orderBy('id')
      .limit(p.limit),
);

/** What each sign-in brings anew; gives no row where the account is disabled or gone. */
export const refreshAccount = statement(
  'signin.refreshAccount',
  (
    db,
    p: {
      organizationId: string;
      id: string;
      name: string | null;
      nameFolded: string | null;
      email: string | null;
      emailFolded: string | null;
      emailVerified: number;
      toldBy: string | null;
      at: number;
    },
  ) =>
    db
      .updateTable('account')
      .set({
        name: p.name,
        name_folded: p.nameFolded,
        email: p.email,
        email_folded: p.emailFolded,
        email_verified: p.emailVerified,
        told_by: p.toldBy,
        last_sign_in_at: p.at,
      })
      .where('organization_id', '=', p.organizationId)
      .where('id', '=', p.id)
      .where('disabled', '=', 0)
      .returning(accountColumns),
);

/** What an operator decides about an account. */
export const updateAccount = statement(
  'signin.updateAccount',
  (db, p: { organizationId: string; id: string; disabled: number; role: string | null }) =>
    db
      .updateTable('account')
      .set({ disabled: p.disabled, role: p.role })
      .where('organization_id', '=', p.organizationId)
      .where('id', '=', p.id)
      .returning(accountColumns),
);

export const removeAccount = statement('signin.removeAccount', (db, p: { organizationId: string; id: string }) =>
  db
    .deleteFrom('account')
    .where('organization_id', '=', p.organizationId)
    .where('id', '=', p.id)
    .returning(['id', 'name', 'user_name', 'user_name_folded']),
);
