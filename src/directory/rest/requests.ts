import type { Page, RecordedRequest, RecordedRequestDetail } from '#contract';
import { notFound } from '#http';
import type { Change } from '#scim';
import { only, type PageQuery, toPage, type World } from '#store';
import { findRequest, listRequests, listRequestsAbout, listRequestsOfKind } from '../queries/request.ts';

interface Row {
  id: string;
  at: number;
  method: string;
  path: string;
  status: number;
  microseconds: number;
  token_name: string | null;
  resource_id: string | null;
  outcome: string;
}

const toRequest = (row: Row): RecordedRequest => ({
  id: row.id,
  at: new Date(row.at).toISOString(),
  method: row.method,
  path: row.path,
  status: row.status,
  ms: row.microseconds / 1000,
  token: row.token_name,
  resourceId: row.resource_id,
  outcome: row.outcome,
});

/** After every id. */
const newest = '~';

/** P8: a page of recorded requests, newest first; all of them, or those of one outcome, or about one user or group. */
export async function pageOfRequests(
  world: World,
  organizationId: string,
  directoryId: string,
  query: PageQuery & { outcome: 'all' | 'changed' | 'refused'; resource?: string | undefined },
): Promise<Page<RecordedRequest>> {
  const values = { organizationId, directoryId, before: query.cursor ?? newest, limit: query.limit + 1 };
  const kind = query.outcome === 'all' ? '' : query.outcome;
  const rows =
    query.resource !== undefined
      ? await world.store.read(listRequestsAbout, { ...values, resourceId: query.resource, kind })
      : kind === ''
        ? await world.store.read(listRequests, values)
        : await world.store.read(listRequestsOfKind, { ...values, kind });
  return toPage(rows, query.limit, toRequest, (row) => row.id);
}

/** A recorded request with both bodies and the change it made. Throws `not-found`. */
export async function getRequest(
  world: World,
  organizationId: string,
  directoryId: string,
  id: string,
): Promise<RecordedRequestDetail> {
  const row = only(await world.store.read(findRequest, { organizationId, directoryId, id }));
  if (row === undefined) throw notFound('recorded request', id);
  const changes: Change[] = row.changes === null ? [] : JSON.parse(row.changes);
  return {
    ...toRequest(row),
    request: row.request,
    answer: row.answer,
    changes: changes.map(({ path, before, after }) => ({ path, before: before ?? null, after: after ?? null })),
  };
}
