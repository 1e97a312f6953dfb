import { statement } from '#store';

const columns = ['id', 'name', 'expires_at', 'warned_days', 'created_at', 'last_used_at', 'revoked_at'] as const;

export const insertToken = statement(
  'connections.insertToken',
  (
    db,
    p: {
      organizationId: string;
      directoryId: string;
      id: string;
      name: string;
      hash: string;
      expiresAt: number;
      at: number;
    },
  ) =>
    db
      .insertInto('token')
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

export const findToken = statement(
  'connections.findToken',
  (db, p: { organizationId: string; directoryId: string; id: string }) =>
    db
      .selectFrom('token')
      .select(columns)
      .select('hash')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('id', '=', p.id),
);

export const listTokens = statement(
  'connections.listTokens',
  (db, p: { organizationId: string; directoryId: string; after: string; limit: number }) =>
    db
      .selectFrom('token')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('id', '>', p.after)
      .orderBy('id')
      .limit(p.limit),
);

export const touchToken = statement(
  'connections.touchToken',
  (db, p: { organizationId: string; directoryId: string; id: string; at: number }) =>
    db
      .updateTable('token')
      .set({ last_used_at: p.at })
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('id', '=', p.id),
);

export const revokeToken = statement(
  'connections.revokeToken',
  (db, p: { organizationId: string; directoryId: string; id: string; at: number }) =>
    db
      .updateTable('token')
      .set({ revoked_at: p.at })
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('id', '=', p.id)
      .where('revoked_at', 'is', null)
      .returning('name'),
);

export const markTokenWarned = statement(
  'connections.markTokenWarned',
  (db, p: { organizationId: string; directoryId: string; id: string; days: number }) =>
    db
      .updateTable('token')
      .set({ warned_days: p.days })
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('id', '=', p.id),
);

export const removeTokens = statement(
  'connections.removeTokens',
  (db, p: { organizationId: string; directoryId: string }) =>
    db.deleteFrom('token').where('organization_id', '=', p.organizationId).where('directory_id', '=', p.directoryId),
);
