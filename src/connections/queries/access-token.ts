import { statement } from '#store';

type Scope = { organizationId: string; directoryId: string };

export const insertAccessToken = statement(
  'connections.insertAccessToken',
  (db, p: Scope & { id: string; hash: string; sourceId: string; sourceName: string; expiresAt: number; at: number }) =>
    db.insertInto('access_token').values({
      organization_id: p.organizationId,
      directory_id: p.directoryId,
      id: p.id,
      hash: p.hash,
      source_id: p.sourceId,
      source_name: p.sourceName,
      expires_at: p.expiresAt,
      created_at: p.at,
    }),
);

export const findAccessToken = statement('connections.findAccessToken', (db, p: Scope & { id: string }) =>
  db
    .selectFrom('access_token')
    .select(['hash', 'source_id as sourceId', 'source_name as sourceName', 'expires_at as expiresAt'])
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', '=', p.id),
);

/** Ends the access tokens that came of one client secret or one trust of assertions. */
export const removeAccessTokensOf = statement(
  'connections.removeAccessTokensOf',
  (db, p: Scope & { sourceId: string }) =>
    db
      .deleteFrom('access_token')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('source_id', '=', p.sourceId),
);

export const removeExpiredAccessTokens = statement(
  'connections.removeExpiredAccessTokens',
  (db, p: Scope & { now: number }) =>
    db
      .deleteFrom('access_token')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('expires_at', '<=', p.now),
);

export const findAnyAccessToken = statement('connections.findAnyAccessToken', (db, p: Scope) =>
  db
    .selectFrom('access_token')
    .select('id')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .limit(1),
);

export const removeAccessTokens = statement('connections.removeAccessTokens', (db, p: Scope) =>
  db
    .deleteFrom('access_token')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId),
);
