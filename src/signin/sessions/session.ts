import type { Page, Session } from '#contract';
import { byItself, type Cause } from '#events';
import { cookieOf, isSecretOf, mintCredential, notFound, parseCredential, type Source } from '#http';
import { only, type PageQuery, type Together, type Transaction, toPage, type World } from '#store';
import { removeOtherSessions, removeSession, removeSessionOfAccount } from '../queries/end-sessions.ts';
import { findSession, insertSession, listSessions, renewSession, touchSessions } from '../queries/session.ts';
import { deviceOf } from './device-of.ts';
import { recordEnds } from './end-sessions.ts';
import { openPlaces, type Places } from './places.ts';

/** The cookie of a session. */
export const sessionCookie = '__Host-portico_session';

/** "Last seen" is written at most this often. */
const touchMs = 60_000;

/** A session that is valid now, with the person whose it is. */
export interface ValidSession {
  organizationId: string;
  id: string;
  accountId: string;
  linkId: string;
  connectionId: string;
  /** Epoch milliseconds of the person's last authentication at the provider; 0 where it does not tell. */
  authenticatedAt: number;
  /** Epoch milliseconds at which the last sign-in ended here: it may have gone by a session that the provider had. */
  signedInAt: number;
  expiresAt: number;
  /** Who vouched: the issuer of the proof that it began with. */
  issuer: string;
  logoutHint: string | null;
  userName: string;
  name: string | null;
  email: string | null;
  emailVerified: boolean;
  tenantId: string | null;
  objectId: string;
  /** The roles of the account and of the proof that it signed in by. */
  roles: readonly string[];
  /** The groups that the proof told of; null where it told of none. */
  groups: readonly string[] | null;
  /** The authentication contexts that the sign-in satisfied, between blanks; null where it satisfied none. */
  acr: string | null;
  /** How the person authenticated (RFC 8176), between blanks; null where nobody says. */
  amr: string | null;
  /** The provisioned user that the link remembers, and its directory; null where there is none. */
  userId: string | null;
  directoryId: string;
  preferredUsername: string | null;
}

/** Thousands of sessions can be in use: those of a moment share a commit. */
const touching: Together<{ organizationId: string; id: string; at: number }, void> = {
  name: 'touch sessions',
  run: async (tx, touched) => {
    const [{ organizationId, at } = { organizationId: '', at: 0 }] = touched;
    const ids = JSON.stringify([...new Set(touched.map(({ id }) => id))]);
    await tx.run(touchSessions, { organizationId, ids, at });
    return touched.map(() => undefined);
  },
};

async function readSession(
  world: World,
  organizationId: string,
  id: string,
): Promise<(ValidSession & { hash: string }) | undefined> {
  const row = only(await world.store.read(findSession, { organizationId, id, now: world.now() }));
  if (row === undefined) return undefined;
  const at = world.now();
  if (at - row.lastSeenAt > touchMs) await world.store.together(touching, organizationId, { organizationId, id, at });
  const roles: string[] = JSON.parse(row.roles);
  return {
    ...row,
    organizationId,
    emailVerified: row.emailVerified === 1,
    roles: [...new Set(row.role === null ? roles : [row.role, ...roles])].sort(),
    groups: row.groups === null ? null : JSON.parse(row.groups),
  };
}

/**
 * A session by its id, while it is valid: one statement that also asks the directory whether the person is still active.
 * Asking counts as use.
 */
export const findValidSession = (world: World, organizationId: string, id: string): Promise<ValidSession | undefined> =>
  readSession(world, organizationId, id);

/** The valid session that a browser brings along in its cookie. */
export async function sessionOfRequest(world: World, headers: Headers): Promise<ValidSession | undefined> {
  const cookie = readSessionCookie(cookieOf({ headers }, sessionCookie));
  if (cookie === undefined) return undefined;
  const session = await readSession(world, cookie.organizationId, cookie.id);
  return session !== undefined && isSecretOf(cookie.secret, session.hash) ? session : undefined;
}

/** The cookie names the organization too: sessions are kept with it. */
function readSessionCookie(
  value: string | undefined,
): { organizationId: string; id: string; secret: string } | undefined {
  const at = value?.indexOf('.') ?? -1;
  if (value === undefined || at < 1 || at > 64) return undefined;
  const credential = parseCredential('session', value.slice(at + 1));
  return credential === undefined ? undefined : { organizationId: value.slice(0, at), ...credential };
}

/** What a session is made of. */
export interface NewSession {
  organizationId: string;
  accountId: string;
  linkId: string;
  connectionId: string;
  userId: string | null;
  roles: readonly string[];
  groups: readonly string[] | null;
  /** The authentication contexts that were satisfied, between blanks. */
  acr: string | null;
  /** How the person authenticated (RFC 8176), between blanks. */
  amr: string | null;
  /** Epoch milliseconds of the person's authentication at the provider; 0 where it does not tell. */
  authenticatedAt: number;
  /** Epoch milliseconds at which it is over at the latest. */
  expiresAt: number;
  idleMs: number;
  issuer: string;
  sid: string | null;
  logoutHint: string | null;
}

/**
 * Starts a session in the transaction given, or goes on with the browser's own one where it is of the same account and
 * link: always under a new secret, so that a cookie planted before the sign-in opens nothing. Gives the cookie's value.
 */
export async function startSession(
  world: World,
  tx: Transaction,
  source: Source,
  it: NewSession,
  before: ValidSession | undefined,
): Promise<{ id: string; cookie: string }> {
  const { id: newId, value, hash } = mintCredential('session');
  const at = world.now();
  const written = {
    ...it,
    hash,
    at,
    roles: JSON.stringify(it.roles),
    groups: it.groups === null ? null : JSON.stringify(it.groups),
    address: source.address,
    userAgent: source.userAgent,
  };
  const goesOn =
    before?.organizationId === it.organizationId &&
    before.linkId === it.linkId &&
    before.connectionId === it.connectionId;
  if (goesOn) {
    const renewed = await tx.run(renewSession, { ...written, id: before.id });
    if (renewed.length > 0) {
      return { id: before.id, cookie: `${it.organizationId}.${value.replace(newId, before.id)}` };
    }
  }
  tx.send(insertSession, { ...written, id: newId });
  return { id: newId, cookie: `${it.organizationId}.${value}` };
}

/** Ends a session that its own person wants to end; it may have ended already. */
export function endOwnSession(
  world: World,
  source: Source,
  session: ValidSession,
  why: 'signed out' | 'another person signed in',
): Promise<void> {
  return world.store.write(async (tx) => {
    const { organizationId, id } = session;
    const ended = await tx.run(removeSession, { organizationId, id });
    await recordEnds(world, tx, causeOfPerson(source, session), organizationId, ended, why);
  });
}

/** What events say of a person; without a session nobody knows who it is. */
export const causeOfPerson = (
  source: Source | undefined,
  person: { accountId: string; name: string | null; userName: string } | undefined,
): Cause =>
  source === undefined
    ? byItself
    : {
        actor: {
          type: 'person',
          id: person?.accountId ?? null,
          name: person?.name ?? person?.userName ?? null,
          address: source.address,
          userAgent: source.userAgent,
        },
        requestId: source.requestId,
      };

/** A page of the valid sessions of an account. */
export async function pageOfSessions(
  world: World,
  organizationId: string,
  accountId: string,
  query: PageQuery,
): Promise<Page<Session>> {
  const rows = await world.store.read(listSessions, {
    organizationId,
    accountId,
    after: query.cursor ?? '',
    limit: query.limit + 1,
    now: world.now(),
  });
  const places = await openPlaces(world);
  return toPage(rows, query.limit, toSession(places), (row) => row.id);
}

const toSession =
  ({ placeOf }: Places) =>
  (row: {
    id: string;
    accountId: string;
    connectionId: string;
    createdAt: number;
    lastSeenAt: number;
    expiresAt: number;
    address: string | null;
    userAgent: string | null;
  }): Session => ({
    id: row.id,
    account: row.accountId,
    connection: row.connectionId === '' ? null : row.connectionId,
    createdAt: new Date(row.createdAt).toISOString(),
    lastSeenAt: new Date(row.lastSeenAt).toISOString(),
    expiresAt: new Date(row.expiresAt).toISOString(),
    address: row.address,
    place: placeOf(row.address),
    device: deviceOf(row.userAgent),
    userAgent: row.userAgent,
  });

/** Ends other sessions of a person's account than the one that it asks by: one, or all. They may have ended already. */
export function endOtherSessions(world: World, source: Source, session: ValidSession, other?: string): Promise<void> {
  return world.store.write(async (tx) => {
    const { organizationId, accountId, id } = session;
    const ended =
      other === undefined
        ? await tx.run(removeOtherSessions, { organizationId, accountId, exceptId: id })
        : await tx.run(removeSessionOfAccount, { organizationId, accountId, id: other });
    await recordEnds(world, tx, causeOfPerson(source, session), organizationId, ended, 'ended by the person');
  });
}

/** Ends a session of an account. Throws `not-found`. */
export function endSession(
  world: World,
  cause: Cause,
  organizationId: string,
  accountId: string,
  id: string,
): Promise<void> {
  return world.store.write(async (tx) => {
    const ended = await tx.run(removeSessionOfAccount, { organizationId, accountId, id });
    if (ended.length === 0) throw notFound('session', id);
    await recordEnds(world, tx, cause, organizationId, ended, 'ended by an operator');
  });
}
