import type { Page, Secret } from '#contract';
import { checkClientSecret, EntraError } from '#entra';
import { type Cause, record } from '#events';
import { notFound, Problem } from '#http';
import { newId, only, type PageQuery, toPage, type World } from '#store';
import { readSettings } from './connection.ts';
import type { EntraWorld } from './entra-world.ts';
import { daysUntil, watchExpiry } from './expiry.ts';
import { proveSecret, refusalProblem, secretPlace } from './present-secret.ts';
import { findConnection, lockConnection } from './queries/connection.ts';
import {
  activateSecret,
  findSecret,
  insertSecret,
  listSecrets,
  removeSecret,
  retireSecrets,
} from './queries/secret.ts';
import { pasteProblem } from './starting-point.ts';

interface Row {
  id: string;
  name: string;
  hint: string;
  state: string;
  expires_at: number | null;
  created_at: number;
  proven_at: number | null;
}

const toSecret =
  (now: number) =>
  (row: Row): Secret => ({
    id: row.id,
    name: row.name,
    hint: row.hint,
    state: row.state as Secret['state'],
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at).toISOString(),
    daysLeft: row.expires_at === null ? null : daysUntil(row.expires_at, now),
    createdAt: new Date(row.created_at).toISOString(),
    provenAt: row.proven_at === null ? null : new Date(row.proven_at).toISOString(),
  });

/** A page of a connection's secrets, without their values. */
export async function pageOfSecrets(
  world: World,
  organizationId: string,
  connectionId: string,
  query: PageQuery,
): Promise<Page<Secret>> {
  const rows = await world.store.read(listSecrets, {
    organizationId,
    connectionId,
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  return toPage(rows, query.limit, toSecret(world.now()), (row) => row.id);
}

/** Stores a secret, sealed. It waits until it has proven itself by a token. */
export function setSecret(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  connectionId: string,
  input: { value: string; name?: string | undefined; expiresAt?: string | null | undefined },
): Promise<Secret> {
  const checked = checkClientSecret(input.value);
  if (!checked.ok) throw pasteProblem('value', checked.fault);
  const at = world.now();
  const id = newId(at);
  const expiresAt = input.expiresAt == null ? null : Date.parse(input.expiresAt);
  if (expiresAt !== null && expiresAt <= at) {
    throw new Problem('invalid-request', {
      detail: 'this secret is over already',
      errors: [{ field: 'expiresAt', detail: 'lies in the past' }],
    });
  }
  const hint = checked.value.slice(0, 3);
  const name = input.name ?? `secret of ${new Date(at).toISOString().slice(0, 10)}`;
  const value = world.sealer.seal(checked.value, secretPlace(organizationId, id));
  return world.store.write(async (tx) => {
    if ((await tx.run(findConnection, { organizationId, id: connectionId })).length === 0)
      throw notFound('connection', connectionId);
    const row = only(
      await tx.run(insertSecret, {
        organizationId,
        connectionId,
        id,
        name,
        hint,
        value,
        state: 'waiting',
        expiresAt,
        at,
      }),
    );
    if (row === undefined) throw new Error('the secret was not inserted');
    await watchExpiry(tx, organizationId, connectionId);
    await record(world, tx, cause, {
      organizationId,
      type: 'secret.set',
      subject: { type: 'secret', id, name },
      data: {
        connection: connectionId,
        hint,
        expiresAt: row.expires_at === null ? null : new Date(row.expires_at).toISOString(),
      },
    });
    return toSecret(at)(row);
  });
}

/**
 * K4: asks for a token with a secret and, where Microsoft Entra gives one, uses that secret from now on. The one before
 * stays valid for sign-ins under way. Refused secrets change nothing.
 */
export async function switchSecret(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  connectionId: string,
  id: string,
): Promise<Secret> {
  const secret = only(await world.store.read(findSecret, { organizationId, connectionId, id }));
  if (secret === undefined) throw notFound('secret', id);
  const connection = only(await world.store.read(findConnection, { organizationId, id: connectionId }));
  const settings = readSettings(connection?.draft ?? connection?.live ?? null);
  if (settings === null) throw notFound('connection', connectionId);
  const value = world.sealer.open(secret.value, secretPlace(organizationId, id));
  try {
    await proveSecret(world, settings, value);
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    await recordRefusal(world, cause, organizationId, connectionId, secret, error);
    throw await refusalProblem(error, settings);
  }
  return world.store.write(async (tx) => {
    await tx.run(lockConnection, { organizationId, id: connectionId });
    await tx.run(retireSecrets, { organizationId, connectionId, except: id });
    const row = only(await tx.run(activateSecret, { organizationId, connectionId, id, at: world.now() }));
    if (row === undefined) throw notFound('secret', id);
    await record(world, tx, cause, {
      organizationId,
      type: 'secret.activated',
      subject: { type: 'secret', id, name: row.name },
      data: { connection: connectionId, hint: row.hint },
    });
    return toSecret(world.now())(row);
  });
}

/** Removes a secret that is not in use. */
export function deleteSecret(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  connectionId: string,
  id: string,
): Promise<void> {
  return world.store.write(async (tx) => {
    const secret = only(await tx.run(findSecret, { organizationId, connectionId, id }));
    if (secret === undefined) throw notFound('secret', id);
    const connection = only(await tx.run(lockConnection, { organizationId, id: connectionId }));
    if (secret.state === 'current' && connection?.state === 'active') {
      throw new Problem('wrong-state', {
        detail: 'this secret is in use',
        remedy: 'switch to another secret first, or pause the connection',
      });
    }
    await tx.run(removeSecret, { organizationId, connectionId, id });
    await record(world, tx, cause, {
      organizationId,
      type: 'secret.removed',
      subject: { type: 'secret', id, name: secret.name },
      data: { connection: connectionId },
    });
  });
}

async function recordRefusal(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  connectionId: string,
  secret: { id: string; name: string },
  error: EntraError,
): Promise<void> {
  await world.store.write((tx) =>
    record(world, tx, cause, {
      organizationId,
      type: 'secret.refused',
      subject: { type: 'secret', id: secret.id, name: secret.name },
      data: {
        connection: connectionId,
        aadsts: error.codes[0] ?? null,
        error: error.error,
        correlationId: error.correlationId ?? null,
      },
    }),
  );
}
