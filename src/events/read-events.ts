import type { Event, Page } from '#contract';
import { idAt, only, toPage, type World } from '#store';
import {
  findEvent,
  findEventOfRequest,
  listNewest,
  listNewestOfType,
  listOldest,
  listOldestOfType,
} from './queries/event.ts';

type Row = {
  id: string;
  position: number | null;
  type: string;
  version: number;
  at: number;
  actor: string;
  organization_id: string;
  subject_type: string;
  subject_id: string;
  subject_name: string | null;
  request_id: string | null;
  data: string;
};

/** An event as REST and webhooks tell it. */
const toEvent = (row: Row): Event => ({
  id: row.id,
  position: row.position ?? 0,
  type: row.type as Event['type'],
  version: row.version,
  time: new Date(row.at).toISOString(),
  organization: row.organization_id,
  actor: JSON.parse(row.actor),
  subject: { type: row.subject_type, id: row.subject_id, name: row.subject_name },
  requestId: row.request_id,
  data: JSON.parse(row.data),
});

/** Which events, and which page of them. */
export interface EventQuery {
  type?: string | undefined;
  order: 'newest' | 'oldest';
  cursor?: string | undefined;
  limit: number;
}

/**
 * A page of an organization's events. Oldest first it is a feed: the cursor of its last page, kept, finds what comes
 * later, and nothing is skipped.
 */
export async function listEvents(world: World, organizationId: string, query: EventQuery): Promise<Page<Event>> {
  const { type, limit } = query;
  const cursor = query.cursor === undefined ? undefined : Number(query.cursor);
  const at = { organizationId, limit: limit + 1 };
  if (query.order === 'oldest') {
    const after = cursor ?? 0;
    const rows =
      type === undefined
        ? await world.store.read(listOldest, { ...at, after })
        : await world.store.read(listOldestOfType, { ...at, after, type });
    const items = rows.slice(0, limit).map(toEvent);
    return { items, nextCursor: String(items.at(-1)?.position ?? after) };
  }
  const before = cursor ?? Number.MAX_SAFE_INTEGER;
  const rows =
    type === undefined
      ? await world.store.read(listNewest, { ...at, before })
      : await world.store.read(listNewestOfType, { ...at, before, type });
  return toPage(rows, limit, toEvent, (row) => row.position ?? 0);
}

/** An event by its id. */
export async function getEvent(world: World, organizationId: string, id: string): Promise<Event | undefined> {
  const row = only(await world.store.read(findEvent, { organizationId, id }));
  return row === undefined ? undefined : toEvent(row);
}

/** A request is over by then; clocks of two machines differ by less. */
const longestRequestMs = 60_000;

/** The event of a type that a request left behind, found by the time in the request's id; undefined where there is none. */
export async function getEventOfRequest(
  world: World,
  organizationId: string,
  { requestId, type }: { requestId: string; type: Event['type'] },
): Promise<Event | undefined> {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(requestId)) return undefined;
  const at = Number.parseInt(requestId.slice(0, 8) + requestId.slice(9, 13), 16);
  const [from, to] = [idAt(at - longestRequestMs), idAt(at + longestRequestMs)];
  const row = only(await world.store.read(findEventOfRequest, { organizationId, from, to, requestId, type }));
  return row === undefined ? undefined : toEvent(row);
}
