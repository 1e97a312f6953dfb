import { type Database, type ExpressionBuilder, statement, type Tables } from '#store';
import { accountColumns, isProvisioned } from './account.ts';

type Sought = {
  organizationId: string;
  /** What the folded text begins with, and the first text that does not. */
  from: string;
  to: string;
  /** Where the page before ended: the folded text and the id. */
  afterText: string;
  after: string;
  limit: number;
};

type Folded = 'user_name_folded' | 'name_folded' | 'email_folded';
type Accounts = ExpressionBuilder<Tables, 'account'>;

const begins = (eb: Accounts, column: Folded, p: Sought) => eb.and([eb(column, '>=', p.from), eb(column, '<', p.to)]);

/** Accounts of which one text begins like this; those of which one of `before` does were found already. */
const byPrefix = (db: Database, p: Sought, column: Folded, before: readonly Folded[]) =>
  db
    .selectFrom('account')
    .select(accountColumns)
    .select(`${column} as found`)
    .select((eb) => isProvisioned(eb, p))
    .where('organization_id', '=', p.organizationId)
    .where((eb) => begins(eb, column, p))
    .where(column, '>=', p.afterText)
    .where((eb) => eb.or([eb(column, '>', p.afterText), eb('id', '>', p.after)]))
    .where((eb) => eb.and(before.map((it) => eb.or([eb(it, 'is', null), eb.not(begins(eb, it, p))]))))
    .orderBy(column)
    .orderBy('id')
    .limit(p.limit);

/** Accounts whose user name begins like this, in the order of the names. */
export const findAccountsByUserName = statement('signin.findAccountsByUserName', (db, p: Sought) =>
  byPrefix(db, p, 'user_name_folded', []),
);

/** Accounts whose name begins like this, and whose user name does not. */
export const findAccountsByName = statement('signin.findAccountsByName', (db, p: Sought) =>
  byPrefix(db, p, 'name_folded', ['user_name_folded']),
);

/** Accounts whose e-mail address begins like this, and neither name does. */
export const findAccountsByEmail = statement('signin.findAccountsByEmail', (db, p: Sought) =>
  byPrefix(db, p, 'email_folded', ['user_name_folded', 'name_folded']),
);
