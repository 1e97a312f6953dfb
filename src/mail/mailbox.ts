import type { Mailbox, Page } from '#contract';
import { notFound } from '#http';
import { only, type PageQuery, toPage, type World } from '#store';
import { findMailbox, listMailboxes } from './queries/mailbox.ts';

/** A mailbox as it is stored. */
export interface MailboxRow {
  organization_id: string;
  connection_id: string;
  id: string;
  address: string;
  name: string;
  types: string;
  receive: number;
  poll_seconds: number;
  receive_from: number;
  delta_link: string | null;
  round: number;
  last_polled_at: number | null;
  fault: string | null;
  faults: number;
  held_until: number | null;
  version: number;
  created_at: number;
  updated_at: number;
}

/** Where a mailbox lies: what due work and queries about it go by. */
export type MailboxPlace = Readonly<{ organizationId: string; connectionId: string; id: string }>;

/** The subject of due work about a mailbox. */
export const subjectOf = ({ connectionId, id }: Omit<MailboxPlace, 'organizationId'>): string =>
  `${connectionId}/${id}`;

/** The mailbox that due work is about. */
export function placeOf(work: { organizationId: string; subject: string }): MailboxPlace {
  const [connectionId = '', id = ''] = work.subject.split('/');
  return { organizationId: work.organizationId, connectionId, id };
}

/** A mailbox as REST tells it. */
export const toMailbox = (row: MailboxRow): Mailbox => ({
  id: row.id,
  connection: row.connection_id,
  address: row.address,
  name: row.name,
  types: JSON.parse(row.types),
  receive: row.receive === 1,
  pollSeconds: row.poll_seconds,
  receiveFrom: new Date(row.receive_from).toISOString(),
  lastPolledAt: row.last_polled_at === null ? null : new Date(row.last_polled_at).toISOString(),
  fault: row.fault,
  version: row.version,
  createdAt: new Date(row.created_at).toISOString(),
  updatedAt: new Date(row.updated_at).toISOString(),
});

/** A mailbox. Throws `not-found`. */
export async function getMailbox(world: World, place: MailboxPlace): Promise<Mailbox> {
  const row = only(await world.store.read(findMailbox, place));
  if (row === undefined) throw notFound('mailbox', place.id);
  return toMailbox(row);
}

/** A page of a connection's mailboxes. */
export async function pageOfMailboxes(
  world: World,
  organizationId: string,
  connectionId: string,
  query: PageQuery,
): Promise<Page<Mailbox>> {
  const rows = await world.store.read(listMailboxes, {
    organizationId,
    connectionId,
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  return toPage(rows, query.limit, toMailbox, (row) => row.id);
}
