import { statement } from '#store';

const columns = ['id', 'name', 'expires_at', 'warned_days', 'created_at', 'last_used_at', 'revoked_at'] as const;

/** `kind` is `token` or `clientSecret`: each credential is good for one thing. */
type Scope = { organizationId: string; directoryId: string; kind: string };

export const insertCredential = statement(
  'connections.insertCredential',
  (db, p: Scope & { id: string; name: string; hash: string; expiresAt: number; at: number }) =>
    db
      .insertInto('credential')
      .values({
        organization_id: p.organizationId,
        directory_id: p.directoryId,
        kind: p.kind,
        id: p.id,
        name: p.name,
        hash: p.hash,
        expires_at: p.expiresAt,
        created_at: p.at,
      })
      .returning(columns),
);

export const findCredential = statement('connections.findCredential', (db, p: Scope & { id: string }) =>
  db
    .selectFrom('credential')
    .select(columns)
    .select('hash')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('kind', '=', p.kind)
    .where('id', '=', p.id),
);

export const listCredentials = statement(
  'connections.listCredentials',
  (db, p: Scope & { after: string; limit: number }) =>
    db
      .selectFrom('credential')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('kind', '=', p.kind)
      .where('id', '>', p.after)
      .orderBy('id')
      .limit(p.limit),
);

/** Notes that a credential is used; says so only where it was not revoked meanwhile. */
export const touchCredential = statement('connections.touchCredential', (db, p: Scope & { id: string; at: number }) =>
  db
    .updateTable('credential')
    .set({ last_used_at: p.at })
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('kind', '=', p.kind)
    .where('id', '=', p.id)
    .where('revoked_at', 'is', null)
    .returning('id'),
);

export const revokeCredential = statement('connections.revokeCredential', (db, p: Scope & { id: string; at: number }) =>
  db
    .updateTable('credential')
    .set({ revoked_at: p.at })
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('kind', '=', p.kind)
    .where('id', '=', p.id)
    .where('revoked_at', 'is', null)
    .returning('name'),
);

export const markCredentialWarned = statement(
  'connections.markCredentialWarned',
  (db, p: Scope & { id: string; days: number }) =>
    db
      .updateTable('credential')
      .set({ warned_days: p.days })
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('kind', '=', p.kind)
      .where('id', '=', p.id),
);

export const removeCredentials = statement(
  'connections.removeCredentials',
  (db, p: { organizationId: string; directoryId: string }) =>
    db
      .deleteFrom('credential')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId),
);
