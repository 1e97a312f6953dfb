import type { AccessRequest, Page } from '#contract';
import { type Cause, record } from '#events';
import { notFound, Problem, type Source } from '#http';
import { newId, only, type PageQuery, toPage, type World } from '#store';
import {
  decideAccessRequest,
  findAccessRequest,
  insertAccessRequest,
  listAccessRequests,
  removeAccessRequest,
} from '../queries/access-request.ts';
import { causeOfPerson } from '../sessions/session.ts';
import { SignInRefused } from '../sign-in-refused.ts';
import type { PersonAtConnection } from './sign-in-person.ts';

/** So many requests of an organization wait at most: who signs in is not always a friend. */
const mostWaiting = 500;

type Row = NonNullable<(typeof findAccessRequest)['of']>['row'];

const toRequest = (row: Row): AccessRequest => ({
  id: row.id,
  connection: row.connection_id,
  authority: row.authority,
  objectId: row.object_id,
  name: row.name,
  email: row.email,
  preferredUsername: row.preferred_username,
  claims: JSON.parse(row.claims),
  state: row.state as AccessRequest['state'],
  role: row.role,
  words: row.words,
  decidedBy: row.decided_by,
  createdAt: new Date(row.created_at).toISOString(),
  decidedAt: row.decided_at === null ? null : new Date(row.decided_at).toISOString(),
});

/** Notes that a person who was proved asks to be let in; again while it waits changes nothing. Throws {@link SignInRefused} where too many wait. */
export async function askForAccess(
  world: World,
  source: Source,
  { organizationId, connectionId, person }: PersonAtConnection,
): Promise<void> {
  const at = world.now();
  const id = newId(at);
  const { authority, objectId, name = null, email = null, preferredUsername = null } = person;
  const { emailVerified, emailReason, guest = null, roles } = person;
  await world.store.write(async (tx) => {
    const waiting = await tx.run(listAccessRequests, {
      organizationId,
      state: 'waiting',
      after: '',
      limit: mostWaiting,
    });
    const added = await tx.run(insertAccessRequest, {
      organizationId,
      id,
      askedAt: connectionId,
      authority,
      objectId,
      name,
      email,
      preferredUsername,
      claims: JSON.stringify({ emailVerified, emailReason, guest, roles }),
      at,
    });
    if (added.length === 0) return;
    if (waiting.length >= mostWaiting) throw new SignInRefused('access_full');
    await record(world, tx, causeOfPerson(source, undefined), {
      organizationId,
      type: 'access.requested',
      subject: { type: 'access request', id, name: name ?? preferredUsername },
      data: { connection: connectionId, authority, object: objectId },
    });
  });
}

/** A page of the requests in one state, oldest first. */
export async function pageOfAccessRequests(
  world: World,
  organizationId: string,
  query: PageQuery & { state: AccessRequest['state'] },
): Promise<Page<AccessRequest>> {
  const rows = await world.store.read(listAccessRequests, {
    organizationId,
    state: query.state,
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  return toPage(rows, query.limit, toRequest, (row) => row.id);
}

/** A request. Throws `not-found`. */
export async function getAccessRequest(world: World, organizationId: string, id: string): Promise<AccessRequest> {
  const row = only(await world.store.read(findAccessRequest, { organizationId, id }));
  if (row === undefined) throw notFound('access request', id);
  return toRequest(row);
}

/** Lets a person in at the next sign-in, or tells it why not. Throws `wrong-state` where that was decided already. */
export function decideOnAccess(
  world: World,
  cause: Cause,
  organizationId: string,
  id: string,
  {
    decision,
    role = null,
    words = null,
  }: { decision: 'approved' | 'declined'; role?: string | null | undefined; words?: string | null | undefined },
): Promise<AccessRequest> {
  return world.store.write(async (tx) => {
    const decidedBy = cause.actor.name ?? cause.actor.id ?? null;
    const at = world.now();
    const row = only(await tx.run(decideAccessRequest, { organizationId, id, decision, role, words, decidedBy, at }));
    if (row === undefined) {
      const found = only(await tx.run(findAccessRequest, { organizationId, id }));
      if (found === undefined) throw notFound('access request', id);
      throw new Problem('wrong-state', {
        detail: `the request was ${found.state} already${found.decided_by === null ? '' : ` by ${found.decided_by}`}`,
        remedy: 'delete it, so that the person can ask again',
      });
    }
    await record(world, tx, cause, {
      organizationId,
      type: `access.${decision}`,
      subject: { type: 'access request', id, name: row.name ?? row.preferred_username },
      data: { connection: row.connection_id, authority: row.authority, object: row.object_id, role },
    });
    return toRequest(row);
  });
}

/** Forgets a request, decided or not: the person can ask again. Throws `not-found`. */
export function deleteAccessRequest(world: World, cause: Cause, organizationId: string, id: string): Promise<void> {
  return world.store.write(async (tx) => {
    const removed = only(await tx.run(removeAccessRequest, { organizationId, id }));
    if (removed === undefined) throw notFound('access request', id);
    await record(world, tx, cause, {
      organizationId,
      type: 'access.forgotten',
      subject: { type: 'access request', id, name: removed.name },
      data: { state: removed.state },
    });
  });
}
