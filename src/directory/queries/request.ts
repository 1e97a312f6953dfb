import { sql, statement, textRows } from '#store';

type Scope = { organizationId: string; directoryId: string };

const columns = [
  'id',
  'at',
  'method',
  'path',
  'status',
  'microseconds',
  'token_id',
  'token_name',
  'user_agent',
  'resource_id',
  'kind',
  'outcome',
  'request',
  'answer',
  'changes',
] as const;

/** Records requests, given as JSON: one that changed something, or many that only read. */
export const insertRequests = statement('directory.insertRequests', (db, p: Scope & { rows: string }, dialect) =>
  db
    .insertInto('scim_request')
    .columns(['organization_id', 'directory_id', ...columns])
    .expression((eb) =>
      eb
        .selectFrom(textRows(dialect, p.rows, columns).as('given'))
        .select((inner) => [
          inner.cast<string>(inner.val(p.organizationId), 'text').as('organization_id'),
          inner.cast<string>(inner.val(p.directoryId), 'text').as('directory_id'),
          'given.id',
          sql<number>`cast(given.at as bigint)`.as('at'),
          'given.method',
          'given.path',
          sql<number>`cast(given.status as bigint)`.as('status'),
          sql<number>`cast(given.microseconds as bigint)`.as('microseconds'),
          'given.token_id',
          'given.token_name',
          'given.user_agent',
          'given.resource_id',
          'given.kind',
          'given.outcome',
          'given.request',
          'given.answer',
          'given.changes',
        ]),
    ),
);

const listed = [
  'id',
  'at',
  'method',
  'path',
  'status',
  'microseconds',
  'token_name',
  'resource_id',
  'outcome',
] as const;

/** Recorded requests, newest first, before the one where the page before ended. */
export const listRequests = statement('directory.listRequests', (db, p: Scope & { before: string; limit: number }) =>
  db
    .selectFrom('scim_request')
    .select(listed)
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', '<', p.before)
    .orderBy('id', 'desc')
    .limit(p.limit),
);

/** The same, of one kind. */
export const listRequestsOfKind = statement(
  'directory.listRequestsOfKind',
  (db, p: Scope & { kind: string; before: string; limit: number }) =>
    db
      .selectFrom('scim_request')
      .select(listed)
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('kind', '=', p.kind)
      .where('id', '<', p.before)
      .orderBy('id', 'desc')
      .limit(p.limit),
);

/** The same, about one user or group; `kind` empty takes all kinds. */
export const listRequestsAbout = statement(
  'directory.listRequestsAbout',
  (db, p: Scope & { resourceId: string; kind: string; before: string; limit: number }) =>
    db
      .selectFrom('scim_request')
      .select(listed)
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('resource_id', '=', p.resourceId)
      .where((eb) => eb.or([eb(eb.cast<string>(eb.val(p.kind), 'text'), '=', ''), eb('kind', '=', p.kind)]))
      .where('id', '<', p.before)
      .orderBy('id', 'desc')
      .limit(p.limit),
);

export const findRequest = statement('directory.findRequest', (db, p: Scope & { id: string }) =>
  db
    .selectFrom('scim_request')
    .select([...listed, 'request', 'answer', 'changes'])
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', '=', p.id),
);

/** Forgets some of the requests that were recorded before `before`, an id; gives those it forgot. */
export const forgetRequests = statement(
  'directory.forgetRequests',
  (db, p: Scope & { before: string; limit: number }) =>
    db
      .deleteFrom('scim_request')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('scim_request as q')
          .select('q.id')
          .where('q.organization_id', '=', p.organizationId)
          .where('q.directory_id', '=', p.directoryId)
          .where('q.id', '<', p.before)
          .orderBy('q.id')
          .limit(p.limit),
      )
      .returning('id'),
);
