import { statement } from '#store';

/** Notes that a connection signs in the people of an authority, unless it does already. */
export const insertAuthority = statement(
  'connections.insertAuthority',
  (db, p: { organizationId: string; connectionId: string; authority: string }) =>
    db
      .insertInto('connection_authority')
      .values({ organization_id: p.organizationId, connection_id: p.connectionId, authority: p.authority })
      .onConflict((conflict) => conflict.columns(['organization_id', 'connection_id', 'authority']).doNothing()),
);

export const removeAuthorities = statement(
  'connections.removeAuthorities',
  (db, p: { organizationId: string; connectionId: string }) =>
    db
      .deleteFrom('connection_authority')
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .returning('authority'),
);
