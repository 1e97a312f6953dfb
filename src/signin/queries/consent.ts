import { statement } from '#store';

const columns = ['client_id as clientId', 'scopes', 'created_at as createdAt', 'updated_at as updatedAt'] as const;

type Of = { organizationId: string; accountId: string };

export const findConsent = statement('signin.findConsent', (db, p: Of & { clientId: string }) =>
  db
    .selectFrom('consent')
    .select(columns)
    .where('organization_id', '=', p.organizationId)
    .where('account_id', '=', p.accountId)
    .where('client_id', '=', p.clientId),
);

export const listConsentsOf = statement('signin.listConsentsOf', (db, p: Of & { limit: number }) =>
  db
    .selectFrom('consent')
    .select(columns)
    .where('organization_id', '=', p.organizationId)
    .where('account_id', '=', p.accountId)
    .orderBy('client_id')
    .limit(p.limit),
);

export const putConsent = statement(
  'signin.putConsent',
  (db, p: Of & { clientId: string; scopes: string; at: number }) =>
    db
      .insertInto('consent')
      .values({
        organization_id: p.organizationId,
        account_id: p.accountId,
        client_id: p.clientId,
        scopes: p.scopes,
        created_at: p.at,
        updated_at: p.at,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['organization_id', 'account_id', 'client_id'])
          .doUpdateSet((eb) => ({ scopes: eb.ref('excluded.scopes'), updated_at: eb.ref('excluded.updated_at') })),
      ),
);

export const removeConsent = statement('signin.removeConsent', (db, p: Of & { clientId: string }) =>
  db
    .deleteFrom('consent')
    .where('organization_id', '=', p.organizationId)
    .where('account_id', '=', p.accountId)
    .where('client_id', '=', p.clientId)
    .returning('client_id as clientId'),
);
