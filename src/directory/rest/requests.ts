import type { Page, RecordedRequest, RecordedRequestDetail } from '#contract';
import { notFound } from '#http';
import { only, toPage, type World } from '#store';
import { changesMade, changesShown } from '../changes-shown.ts';
import { findRequest } from '../queries/request.ts';
import { findRequests, type RequestListed, type RequestQuery } from './find-requests.ts';

const toRequest = (row: RequestListed): RecordedRequest => ({
  id: row.id,
  at: new Date(row.at).toISOString(),
  method: row.method,
  path: row.path,
  status: row.status,
  ms: row.microseconds / 1000,
  token: row.token_name,
  resourceId: row.resource_id,
  kind: row.kind as RecordedRequest['kind'],
  outcome: row.outcome,
});

/** P8: a page of recorded requests, newest first; all of them, or those that were looked for. */
export async function pageOfRequests(
  world: World,
  organizationId: string,
  directoryId: string,
  query: RequestQuery,
): Promise<Page<RecordedRequest>> {
  const rows = await findRequests(world, { organizationId, directoryId }, query);
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
  return {
    ...toRequest(row),
    request: row.request,
    answer: row.answer,
    changes: changesShown(changesMade({ ...row, changes: row.changes === null ? undefined : JSON.parse(row.changes) })),
  };
}
