import { statement } from '../statement.ts';

/** Whether an organization has any account: one row where it has. */
export const findAnyAccount = statement('store.findAnyAccount', (db, p: { organizationId: string }) =>
  db.selectFrom('account').select('id').where('organization_id', '=', p.organizationId).limit(1),
);
