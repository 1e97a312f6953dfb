import { insertRows, statement, textList } from '#store';

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
  'about',
  'kind',
  'facet',
  'outcome',
  'request',
  'request_loss',
  'answer',
  'changes',
] as const;

/** Records requests, given as JSON: one that changed something, or many that only read. */
export const insertRequests = statement('directory.insertRequests', (db, p: Scope & { rows: string }, dialect) =>
  insertRows(db.insertInto('scim_request'), dialect, p.rows, columns, {
    organization_id: p.organizationId,
    directory_id: p.directoryId,
  }),
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
  'kind',
  'outcome',
] as const;

/** Ids are time-ordered: those of a span of time lie from `from` on and before `before`. */
type Span = Scope & { from: string; before: string; limit: number };

/** Recorded requests, newest first, before the one where the page before ended. */
export const listRequests = statement('directory.listRequests', (db, p: Span) =>
  db
    .selectFrom('scim_request')
    .select(listed)
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', '>=', p.from)
    .where('id', '<', p.before)
    .orderBy('id', 'desc')
    .limit(p.limit),
);

/** The same, of one facet. */
export const listRequestsOfFacet = statement('directory.listRequestsOfFacet', (db, p: Span & { facet: string }) =>
  db
    .selectFrom('scim_request')
    .select(listed)
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('facet', '=', p.facet)
    .where('id', '>=', p.from)
    .where('id', '<', p.before)
    .orderBy('id', 'desc')
    .limit(p.limit),
);

/** The first facet after another one. */
export const findNextFacet = statement('directory.findNextFacet', (db, p: Scope & { after: string }) =>
  db
    .selectFrom('scim_request')
    .select('facet')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('facet', '>', p.after)
    .orderBy('facet')
    .limit(1),
);

/** Recorded requests about one user or group, newest first; `facets` is a JSON array, empty for all. */
export const listRequestsAbout = statement(
  'directory.listRequestsAbout',
  (db, p: Span & { resourceId: string; facets: string }, dialect) =>
    db
      .selectFrom('scim_request')
      .select(listed)
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('resource_id', '=', p.resourceId)
      .where((eb) =>
        eb.or([
          eb(eb.cast<string>(eb.val(p.facets), 'text'), '=', '[]'),
          eb('facet', 'in', textList(dialect, p.facets)),
        ]),
      )
      .where('id', '>=', p.from)
      .where('id', '<', p.before)
      .orderBy('id', 'desc')
      .limit(p.limit),
);

/** The same, in which the client wrote one name. */
export const listRequestsNaming = statement(
  'directory.listRequestsNaming',
  (db, p: Span & { about: string; facets: string }, dialect) =>
    db
      .selectFrom('scim_request')
      .select(listed)
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('about', '=', p.about)
      .where((eb) =>
        eb.or([
          eb(eb.cast<string>(eb.val(p.facets), 'text'), '=', '[]'),
          eb('facet', 'in', textList(dialect, p.facets)),
        ]),
      )
      .where('id', '>=', p.from)
      .where('id', '<', p.before)
      .orderBy('id', 'desc')
      .limit(p.limit),
);

/** The first name in a range of names. */
export const findNextName = statement(
  'directory.findNextName',
  (db, p: Scope & { from: string; to: string; after: string }) =>
    db
      .selectFrom('scim_request')
      .select('about')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('about', '>=', p.from)
      .where('about', '<', p.to)
      .where('about', '>', p.after)
      .orderBy('about')
      .limit(1),
);

/** The user or group that a name stood for when it was written last. */
export const findNamed = statement('directory.findNamed', (db, p: Scope & { about: string }) =>
  db
    .selectFrom('scim_request')
    .select('resource_id')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('about', '=', p.about)
    .where('resource_id', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1),
);

export const findRequest = statement('directory.findRequest', (db, p: Scope & { id: string }) =>
  db
    .selectFrom('scim_request')
    .select([...listed, 'request', 'request_loss', 'answer', 'changes'])
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
