import { statement } from '#store';

const columns = ['id', 'name', 'expires_at', 'warned_days', 'created_at', 'last_used_at', 'revoked_at'] as const;

type Scope = { organizationId: string; directoryId: string };

export const insertClientSecret = statement(
  'connections.insertClientSecret',
  (db, p: Scope & { id: string; name: string; hash: string; expiresAt: number; at: number }) =>
    db
      .insertInto('client_secret')
      .values({
        organization_id: p.organizationId,
        directory_id: p.directoryId,
        id: p.id,
        name: p.name,
        hash: p.hash,
        expires_at: p.expiresAt,
        created_at: p.at,
      })
      .returning(columns),
);

export const findClientSecret = statement('connections.findClientSecret', (db, p: Scope & { id: string }) =>
  db
    .selectFrom('client_secret')
    .select(columns)
    .select('hash')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', '=', p.id),
);

export const listClientSecrets = statement(
  'connections.listClientSecrets',
  (db, p: Scope & { after: string; limit: number }) =>
    db
      .selectFrom('client_secret')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('id', '>', p.after)
      .orderBy('id')
      .limit(p.limit),
);

/** Notes that a client secret is used; says so only where it was not revoked meanwhile. */
export const touchClientSecret = statement(
  'connections.touchClientSecret',
  (db, p: Scope & { id: string; at: number }) =>
    db
      .updateTable('client_secret')
      .set({ last_used_at: p.at })
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('id', '=', p.id)
      .where('revoked_at', 'is', null)
      .returning('id'),
);

export const revokeClientSecret = statement(
  'connections.revokeClientSecret',
  (db, p: Scope & { id: string; at: number }) =>
    db
      .updateTable('client_secret')
      .set({ revoked_at: p.at })
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('id', '=', p.id)
      .where('revoked_at', 'is', null)
      .returning('name'),
);

export const markClientSecretWarned = statement(
  'connections.markClientSecretWarned',
  (db, p: Scope & { id: string; days: number }) =>
    db
      .updateTable('client_secret')
      .set({ warned_days: p.days })
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('id', '=', p.id),
);

export const removeClientSecrets = statement('connections.removeClientSecrets', (db, p: Scope) =>
  db
    .deleteFrom('client_secret')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId),
);
