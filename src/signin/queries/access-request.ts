import { statement } from '#store';

const columns = [
  'id',
  'connection_id',
  'authority',
  'object_id',
  'name',
  'email',
  'preferred_username',
  'claims',
  'state',
  'role',
  'words',
  'decided_by',
  'created_at',
  'decided_at',
] as const;

/** Notes that a person asks to be let in, unless it is noted already; then it gives no row. */
export const insertAccessRequest = statement(
  'signin.insertAccessRequest',
  (
    db,
    p: {
      organizationId: string;
      id: string;
      askedAt: string;
      authority: string;
      objectId: string;
      name: string | null;
      email: string | null;
      preferredUsername: string | null;
      claims: string;
      at: number;
    },
  ) =>
    db
      .insertInto('access_request')
      .values({
        organization_id: p.organizationId,
        id: p.id,
        connection_id: p.askedAt,
        authority: p.authority,
        object_id: p.objectId,
        name: p.name,
        email: p.email,
        preferred_username: p.preferredUsername,
        claims: p.claims,
        state: 'waiting',
        created_at: p.at,
      })
      .onConflict((conflict) => conflict.columns(['organization_id', 'authority', 'object_id']).doNothing())
      .returning('id'),
);

export const findAccessRequestOf = statement(
  'signin.findAccessRequestOf',
  (db, p: { organizationId: string; authority: string; objectId: string }) =>
    db
      .selectFrom('access_request')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('authority', '=', p.authority)
      .where('object_id', '=', p.objectId),
);

export const findAccessRequest = statement(
  'signin.findAccessRequest',
  (db, p: { organizationId: string; id: string }) =>
    db
      .selectFrom('access_request')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('id', '=', p.id),
);

export const listAccessRequests = statement(
  'signin.listAccessRequests',
  (db, p: { organizationId: string; state: string; after: string; limit: number }) =>
    db
      .selectFrom('access_request')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('state', '=', p.state)
      .where('id', '>', p.after)
      .orderBy('id')
      .limit(p.limit),
);

/** Decides on a request that waits; gives no row where it was decided on already. */
export const decideAccessRequest = statement(
  'signin.decideAccessRequest',
  (
    db,
    p: {
      organizationId: string;
      id: string;
      decision: string;
      role: string | null;
      words: string | null;
      decidedBy: string | null;
      at: number;
    },
  ) =>
    db
      .updateTable('access_request')
      .set({ state: p.decision, role: p.role, words: p.words, decided_by: p.decidedBy, decided_at: p.at })
      .where('organization_id', '=', p.organizationId)
      .where('id', '=', p.id)
      .where('state', '=', 'waiting')
      .returning(columns),
);

export const removeAccessRequest = statement(
  'signin.removeAccessRequest',
  (db, p: { organizationId: string; id: string }) =>
    db
      .deleteFrom('access_request')
      .where('organization_id', '=', p.organizationId)
      .where('id', '=', p.id)
      .returning(['id', 'name', 'state']),
);

/** Removes the requests of those who came by a connection, decided on or not. */
export const removeAccessRequestsAt = statement(
  'signin.removeAccessRequestsAt',
  (db, p: { organizationId: string; connectionId: string }) =>
    db
      .deleteFrom('access_request')
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId),
);
