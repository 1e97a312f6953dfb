import type { Client, ClientChange, ClientInput, ClientKind, ClientSettings, Page } from '#contract';
import { type Cause, deployment, record } from '#events';
import { notFound, Problem } from '#http';
import { newId, only, type PageQuery, toPage, type World } from '#store';
import {
  findClient,
  findClientByIdentifier,
  insertClient,
  listClients,
  removeClient,
  updateClient,
} from '../queries/client.ts';
import { endsNext, type KeptSecret, mintSecret, secretsOf, shownSecret, watchSecrets } from './client-secrets.ts';
import { checkSettings, usualSettings } from './client-settings.ts';

/** A row of a client, as it is kept. */
export interface ClientRow {
  id: string;
  name: string;
  kind: string;
  settings: string;
  secrets: string;
  identifier: string | null;
  version: number;
  created_at: number;
  updated_at: number;
}

/** A client with what only the provider needs of it. */
export interface KnownClient extends ClientSettings {
  id: string;
  kind: ClientKind;
  secrets: readonly KeptSecret[];
}

/** Reads a row of a client. */
export const readClient = (row: ClientRow): KnownClient => {
  const settings: Omit<ClientSettings, 'name' | 'identifier'> = JSON.parse(row.settings);
  return {
    id: row.id,
    kind: row.kind as ClientKind,
    name: row.name,
    ...settings,
    identifier: row.identifier,
    secrets: secretsOf(row),
  };
};

function toClient(row: ClientRow, now: number): Client {
  const secrets = secretsOf(row);
  const next = endsNext(secrets, now);
  return {
    ...readClient(row),
    secrets: secrets.map((it) => shownSecret(it, now)),
    nextExpiry: next === undefined ? null : shownSecret(next, now),
    version: row.version,
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
  };
}

/** What events tell of a client. */
const subjectOfClient = (client: { id: string; name: string }) => ({
  type: 'client',
  id: client.id,
  name: client.name,
});

/** A page of the clients of the provider. */
export async function pageOfClients(world: World, query: PageQuery): Promise<Page<Client>> {
  const rows = await world.store.read(listClients, { after: query.cursor ?? '', limit: query.limit + 1 });
  return toPage(
    rows,
    query.limit,
    (row) => toClient(row, world.now()),
    (row) => row.id,
  );
}

/** A client. Throws `not-found`. */
export async function getClient(world: World, id: string): Promise<Client> {
  const row = only(await world.store.read(findClient, { id }));
  if (row === undefined) throw notFound('client', id);
  return toClient(row, world.now());
}

/** Adds a client. Its secret, where it has one, is in this answer only. */
export function createClient(
  world: World,
  cause: Cause,
  { kind = 'web', ...input }: ClientInput,
): Promise<Client & { secret: string | null }> {
  const settings = { ...usualSettings(kind), ...given(input), name: input.name };
  checkSettings(kind, settings);
  const at = world.now();
  const minted = settings.authentication === 'secret' ? mintSecret(world, undefined) : undefined;
  return world.store.write(async (tx) => {
    const secrets = JSON.stringify(minted === undefined ? [] : [minted.kept]);
    const row = only(await tx.run(insertClient, { id: newId(at), kind, secrets, at, ...written(settings) }));
    if (row === undefined) throw identifierTaken(settings.identifier);
    if (minted !== undefined) await watchSecrets(tx, row.id);
    await record(world, tx, cause, {
      organizationId: deployment,
      type: 'client.created',
      subject: subjectOfClient(row),
    });
    return { ...toClient(row, at), secret: minted?.value ?? null };
  });
}

/** Changes a client. */
export function changeClient(
  world: World,
  cause: Cause,
  id: string,
  change: ClientChange,
  version: number | undefined,
): Promise<Client> {
  return world.store.write(async (tx) => {
    const found = only(await tx.run(findClient, { id }));
    if (found === undefined) throw notFound('client', id);
    const { secrets: _, id: __, kind, ...before } = readClient(found);
    const next: ClientSettings = { ...before, ...given(change) };
    checkSettings(kind, next);
    const { identifier } = next;
    if (identifier !== null && identifier !== before.identifier) {
      if ((await tx.run(findClientByIdentifier, { identifier })).length > 0) throw identifierTaken(identifier);
    }
    const row = only(
      await tx.run(updateClient, { id, version: version ?? found.version, at: world.now(), ...written(next) }),
    );
    if (row === undefined)
      throw new Problem('version-changed', { detail: 'the client was changed meanwhile', remedy: 'read it again' });
    await record(world, tx, cause, {
      organizationId: deployment,
      type: 'client.updated',
      subject: subjectOfClient(row),
      data: { before, after: next },
    });
    return toClient(row, world.now());
  });
}

/** Removes a client: from the commit on it gets no tokens, and those it has are worth nothing. */
export function deleteClient(world: World, cause: Cause, id: string): Promise<void> {
  return world.store.write(async (tx) => {
    const removed = only(await tx.run(removeClient, { id }));
    if (removed === undefined) throw notFound('client', id);
    await record(world, tx, cause, {
      organizationId: deployment,
      type: 'client.deleted',
      subject: subjectOfClient({ id, name: removed.name }),
    });
  });
}

const written = ({ name, identifier, ...settings }: ClientSettings) => ({
  name,
  identifier,
  settings: JSON.stringify(settings),
});

/** What was said, without what was not. */
const given = (change: Partial<ClientSettings> | ClientChange): Partial<ClientSettings> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

const identifierTaken = (identifier: string | null): Problem =>
  new Problem('conflict', {
    detail: `another API has the identifier ${identifier}`,
    remedy: 'choose another one, or change the other API first',
    errors: [{ field: 'identifier', detail: 'is taken' }],
  });
