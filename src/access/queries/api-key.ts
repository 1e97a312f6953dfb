import { statement } from '#store';

const columns = ['id', 'name', 'rights', 'organization_id', 'created_at', 'expires_at', 'last_used_at'] as const;

export const insertKey = statement(
  'access.insertKey',
  (
    db,
    p: {
      id: string;
      name: string;
      rights: string;
      organizationId: string | null;
      hash: string;
      at: number;
      expiresAt: number;
    },
  ) =>
    db
      .insertInto('api_key')
      .values({
        id: p.id,
        name: p.name,
        rights: p.rights,
        organization_id: p.organizationId,
        hash: p.hash,
        created_at: p.at,
        expires_at: p.expiresAt,
      })
      .returning(columns),
);

export const findKey = statement('access.findKey', (db, p: { id: string }) =>
  db.selectFrom('api_key').select(columns).select('hash').where('id', '=', p.id),
);

export const listKeys = statement('access.listKeys', (db, p: { after: string; limit: number }) =>
  db.selectFrom('api_key').select(columns).where('id', '>', p.after).orderBy('id').limit(p.limit),
);

export const touchKey = statement('access.touchKey', (db, p: { id: string; at: number }) =>
  db.updateTable('api_key').set({ last_used_at: p.at }).where('id', '=', p.id),
);

export const removeKey = statement('access.removeKey', (db, p: { id: string }) =>
  db.deleteFrom('api_key').where('id', '=', p.id).returning('name'),
);

/** The keys that are narrowed to an organization, when it goes. */
export const removeKeysOf = statement('access.removeKeysOf', (db, p: { organizationId: string }) =>
  db.deleteFrom('api_key').where('organization_id', '=', p.organizationId).returning(['id', 'name']),
);
