import { statement } from '#store';

const columns = ['id', 'name', 'local_sign_in', 'version', 'created_at', 'updated_at'] as const;

export const insertOrganization = statement(
  'connections.insertOrganization',
  (db, p: { id: string; name: string; at: number }) =>
    db
      .insertInto('organization')
      .values({ id: p.id, name: p.name, local_sign_in: 0, version: 1, created_at: p.at, updated_at: p.at })
      .returning(columns),
);

export const findOrganization = statement('connections.findOrganization', (db, p: { organizationId: string }) =>
  db.selectFrom('organization').select(columns).where('id', '=', p.organizationId),
);

export const listOrganizations = statement('connections.listOrganizations', (db, p: { after: string; limit: number }) =>
  db.selectFrom('organization').select(columns).where('id', '>', p.after).orderBy('id').limit(p.limit),
);

export const updateOrganization = statement(
  'connections.updateOrganization',
  (db, p: { organizationId: string; version: number; name: string; localSignIn: number; at: number }) =>
    db
      .updateTable('organization')
      .set((eb) => ({ name: p.name, local_sign_in: p.localSignIn, updated_at: p.at, version: eb('version', '+', 1) }))
      .where('id', '=', p.organizationId)
      .where('version', '=', p.version)
      .returning(columns),
);

export const removeOrganization = statement('connections.removeOrganization', (db, p: { organizationId: string }) =>
  db.deleteFrom('organization').where('id', '=', p.organizationId).returning('name'),
);

/** The organizations whose people may sign in without another provider, by id. */
export const listLocalOrganizations = statement('connections.listLocalOrganizations', (db, p: { limit: number }) =>
  db.selectFrom('organization').select(['id', 'name']).where('local_sign_in', '=', 1).orderBy('id').limit(p.limit),
);
