import { forUpdate, statement } from '#store';

const columns = [
  'organization_id',
  'id',
  'state',
  'live',
  'draft',
  'previous',
  'draft_tested_at',
  'version',
  'created_at',
  'updated_at',
] as const;

export const insertConnection = statement(
  'connections.insertConnection',
  (db, p: { organizationId: string; id: string; draft: string; at: number }) =>
    db
      .insertInto('connection')
      .values({
        organization_id: p.organizationId,
        id: p.id,
        state: 'draft',
        draft: p.draft,
        version: 1,
        created_at: p.at,
        updated_at: p.at,
      })
      .returning(columns),
);

export const findConnection = statement('connections.findConnection', (db, p: { organizationId: string; id: string }) =>
  db.selectFrom('connection').select(columns).where('organization_id', '=', p.organizationId).where('id', '=', p.id),
);

/** The connection, locked for the change that follows in the same transaction. */
export const lockConnection = statement(
  'connections.lockConnection',
  (db, p: { organizationId: string; id: string }, dialect) =>
    forUpdate(
      db
        .selectFrom('connection')
        .select(columns)
        .where('organization_id', '=', p.organizationId)
        .where('id', '=', p.id),
      dialect,
    ),
);

export const listConnections = statement(
  'connections.listConnections',
  (db, p: { organizationId: string; after: string; limit: number }) =>
    db
      .selectFrom('connection')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('id', '>', p.after)
      .orderBy('id')
      .limit(p.limit),
);

export const updateConnection = statement(
  'connections.updateConnection',
  (
    db,
    p: {
      organizationId: string;
      id: string;
      state: string;
      live: string | null;
      draft: string | null;
      previous: string | null;
      draftTestedAt: number | null;
      at: number;
    },
  ) =>
    db
      .updateTable('connection')
      .set((eb) => ({
        state: p.state,
        live: p.live,
        draft: p.draft,
        previous: p.previous,
        draft_tested_at: p.draftTestedAt,
        updated_at: p.at,
        version: eb('version', '+', 1),
      }))
      .where('organization_id', '=', p.organizationId)
      .where('id', '=', p.id)
      .returning(columns),
);

export const removeConnection = statement(
  'connections.removeConnection',
  (db, p: { organizationId: string; id: string }) =>
    db.deleteFrom('connection').where('organization_id', '=', p.organizationId).where('id', '=', p.id).returning('id'),
);
