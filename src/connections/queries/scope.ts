import { statement } from '#store';

/** Takes an id for a connection; says whether it was free. A deleted connection's id stays taken. */
export const insertScope = statement(
  'connections.insertScope',
  (db, p: { connectionId: string; organizationId: string }) =>
    db
      .insertInto('connection_scope')
      .values({ connection_id: p.connectionId, organization_id: p.organizationId })
      .onConflict((conflict) => conflict.column('connection_id').doNothing())
      .returning('connection_id'),
);

export const findScope = statement('connections.findScope', (db, p: { connectionId: string }) =>
  db
    .selectFrom('connection_scope')
    .select('organization_id')
    .where('connection_id', '=', p.connectionId)
    .where('deleted_at', 'is', null),
);

export const listScopes = statement('connections.listScopes', (db, p: { after: string; limit: number }) =>
  db
    .selectFrom('connection_scope')
    .select(['connection_id', 'organization_id'])
    .where('connection_id', '>', p.after)
    .where('deleted_at', 'is', null)
    .orderBy('connection_id')
    .limit(p.limit),
);

export const removeScope = statement('connections.removeScope', (db, p: { connectionId: string; at: number }) =>
  db.updateTable('connection_scope').set({ deleted_at: p.at }).where('connection_id', '=', p.connectionId),
);
