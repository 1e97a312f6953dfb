import { createHash } from 'node:crypto';
import { becomesDue, only, type Transaction, type World } from '#store';
import { purgeEveryMs } from '../purge.ts';
import {
  consumeArtifact,
  findArtifact,
  findArtifactByUid,
  findTokenOfGrant,
  insertArtifact,
  putArtifact,
  removeArtifact,
  removeArtifactsOfGrant,
} from '../queries/provider-artifact.ts';

/** The session that a grant, or the provider's own session, belongs to: it is worth nothing without it. */
export interface SessionRef {
  organizationId: string;
  sessionId: string;
}

/** A thing that the provider keeps: a code, a token, a grant, an interaction, its session. */
export interface Artifact {
  payload: Record<string, unknown>;
  session: SessionRef | undefined;
  /** Epoch milliseconds. */
  createdAt: number;
}

/** Under which key a thing is kept. */
export const keyOf = (kind: string, id: string): string =>
  createHash('sha256').update(`${kind}:${id}`).digest('base64url');

const placeOf = (id: string) => ({ table: 'provider_artifact', organizationId: '', id, column: 'payload' });

/** What is read stays readable this long after its end, so that its end can be told from its never having been. */
export const keptAfterEndMs = 3_600_000;

interface Row {
  payload: string;
  created_at: number;
  consumed_at: number | null;
  organization_id: string | null;
  session_id: string | null;
}

function toArtifact(world: World, id: string, row: Row): Artifact {
  const payload: Record<string, unknown> = JSON.parse(world.sealer.open(row.payload, placeOf(id)));
  if (row.consumed_at !== null) payload['consumed'] = Math.floor(row.consumed_at / 1000);
  const { organization_id: organizationId, session_id: sessionId } = row;
  return {
    payload,
    createdAt: row.created_at,
    session: organizationId === null || sessionId === null ? undefined : { organizationId, sessionId },
  };
}

/** A change of what is kept, to be made in a transaction; says whether it could be made. */
export type Change = (tx: Transaction) => Promise<boolean>;

type Thing = readonly [
  world: World,
  kind: string,
  id: string,
  payload: Readonly<Record<string, unknown>>,
  session: SessionRef | undefined,
  /** Epoch milliseconds. */
  expiresAt: number,
];

/** Keeps a thing, or its new state. The payload is sealed, as it holds tokens and what people asked for. */
export const keeping = (...thing: Thing): Change => keep(false, thing);

/** Keeps a thing unless it is there already: can be done by nobody else then. */
export const keepingOnce = (...thing: Thing): Change => keep(true, thing);

function keep(once: boolean, [world, kind, id, payload, session, expiresAt]: Thing): Change {
  const key = keyOf(kind, id);
  const { grantId } = payload;
  const row = {
    id: key,
    kind,
    payload: world.sealer.seal(JSON.stringify(payload), placeOf(key)),
    grantId: typeof grantId === 'string' ? keyOf('Grant', grantId) : null,
    uid: nameOf(kind, payload),
    organizationId: session?.organizationId ?? null,
    sessionId: session?.sessionId ?? null,
    at: world.now(),
    expiresAt,
  };
  return async (tx) => {
    if ((await tx.run(once ? insertArtifact : putArtifact, row)).length === 0) return false;
    // One in 64 sees to it that old rows go: a row that every request wrote would make them queue.
    if (key.startsWith('A')) {
      await becomesDue(tx, { kind: 'signin.purgeProvider', organizationId: '', subject: '', in: purgeEveryMs });
    }
    return true;
  };
}

/** Finds a thing by its id; undefined where there is none. Whether it expired is for the reader to see. */
export async function loadArtifact(world: World, kind: string, id: string): Promise<Artifact | undefined> {
  const key = keyOf(kind, id);
  const row = only(await world.store.read(findArtifact, { id: key }));
  return row === undefined ? undefined : toArtifact(world, key, row);
}

/** Finds an access token with the session of its grant, in one statement; undefined where token, grant or session is missing. */
export async function loadToken(
  world: World,
  token: string,
): Promise<{ payload: Record<string, unknown>; session: SessionRef } | undefined> {
  const key = keyOf('AccessToken', token);
  const row = only(await world.store.read(findTokenOfGrant, { id: key, now: world.now() }));
  if (row === undefined) return undefined;
  const { payload, session } = toArtifact(world, key, row);
  return session === undefined ? undefined : { payload, session };
}

/** Second names of things: the provider's session has one, and a device's code the one that people enter. */
const names: Readonly<Record<string, 'uid' | 'userCode'>> = { Session: 'uid', DeviceCode: 'userCode' };

function nameOf(kind: string, payload: Readonly<Record<string, unknown>>): string | null {
  const name = names[kind];
  const value = name === undefined ? undefined : payload[name];
  return name !== undefined && typeof value === 'string' ? keyOf(name, value) : null;
}

/** Finds a thing by its second name. */
export async function loadArtifactByName(
  world: World,
  kind: string,
  name: 'uid' | 'userCode',
  value: string,
): Promise<Artifact | undefined> {
  const row = only(await world.store.read(findArtifactByUid, { kind, uid: keyOf(name, value) }));
  return row === undefined ? undefined : toArtifact(world, row.id, row);
}

/** Uses a thing up, once: can be done by nobody else then. */
export const using =
  (world: World, kind: string, id: string): Change =>
  async (tx) =>
    (await tx.run(consumeArtifact, { id: keyOf(kind, id), at: world.now() })).length > 0;

/** Forgets a thing. */
export const dropping =
  (kind: string, id: string): Change =>
  async (tx) => {
    await tx.run(removeArtifact, { id: keyOf(kind, id) });
    return true;
  };

/** Forgets everything of one kind that came of a grant. */
export const droppingOfGrant =
  (kind: string, grantId: string): Change =>
  async (tx) => {
    await tx.run(removeArtifactsOfGrant, { kind, grantId: keyOf('Grant', grantId) });
    return true;
  };
