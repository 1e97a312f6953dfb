import type { ConnectionSettings, Page, Secret } from '#contract';
import { checkClientSecret } from '#entra';
import { type Cause, record } from '#events';
import { notFound, Problem } from '#http';
import { newId, only, type PageQuery, toPage, type World } from '#store';
import { kindOf, recipientOf, secretPlace } from './client-proofs.ts';
import { readSettings } from './connection.ts';
import type { EntraWorld } from './entra-world.ts';
import { daysUntil, watchExpiry } from './expiry.ts';
import { makeCertificate, shownThumbprint } from './make-certificate.ts';
import { findConnection, lockConnection } from './queries/connection.ts';
import { findSecret, insertSecret, listSecrets, removeSecret } from './queries/secret.ts';
import { pasteProblem } from './starting-point.ts';

interface Row {
  id: string;
  kind: string;
  recipient: string;
  certificate: string | null;
  name: string;
  hint: string;
  state: string;
  expires_at: number | null;
  created_at: number;
  proven_at: number | null;
}

/** A secret or certificate as REST tells it; `now` counts the days left. */
export const toSecret =
  (now: number) =>
  (row: Row): Secret => ({
    id: row.id,
    kind: row.kind as Secret['kind'],
    recipient: row.recipient,
    name: row.name,
    hint: row.hint,
    certificate: row.certificate,
    thumbprint: row.certificate === null ? null : shownThumbprint(row.certificate),
    state: row.state as Secret['state'],
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at).toISOString(),
    daysLeft: row.expires_at === null ? null : daysUntil(row.expires_at, now),
    createdAt: new Date(row.created_at).toISOString(),
    provenAt: row.proven_at === null ? null : new Date(row.proven_at).toISOString(),
  });

/** A page of a connection's secrets and certificates, without values and keys. */
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

/** Stores a secret, sealed. It waits until it has proven itself. */
export async function setSecret(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  connectionId: string,
  input: { value: string; name?: string | undefined; expiresAt?: string | null | undefined },
): Promise<Secret> {
  const settings = await settingsOf(world, organizationId, connectionId);
  const checked =
    settings.provider === 'entra' ? checkClientSecret(input.value) : { ok: true as const, value: input.value.trim() };
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
  const name = input.name ?? `secret of ${new Date(at).toISOString().slice(0, 10)}`;
  const value = world.sealer.seal(checked.value, secretPlace(organizationId, id));
  const hint = checked.value.slice(0, 3);
  const recipient = recipientOf(settings);
  const made = { id, kind: 'secret' as const, recipient, name, hint, value, certificate: null, expiresAt, at };
  return insert(world, cause, organizationId, connectionId, made);
}

/** Makes a key, sealed, and a certificate for it. It waits until the provider has taken it. */
export async function makeOwnCertificate(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  connectionId: string,
  input: { name?: string | undefined; days: number },
): Promise<Secret> {
  const settings = await settingsOf(world, organizationId, connectionId);
  const at = world.now();
  const id = newId(at);
  const { certificate, key } = await makeCertificate(`Portico ${connectionId}`, at, input.days);
  const name = input.name ?? `certificate of ${new Date(at).toISOString().slice(0, 10)}`;
  const value = world.sealer.seal(key, secretPlace(organizationId, id));
  const hint = shownThumbprint(certificate).slice(0, 8);
  const expiresAt = Math.floor((at + input.days * 86_400_000) / 1000) * 1000;
  const recipient = recipientOf(settings);
  const made = { id, kind: 'certificate' as const, recipient, name, hint, value, certificate, expiresAt, at };
  return insert(world, cause, organizationId, connectionId, made);
}

/** The settings that a new secret is for: the draft's, where there is one. */
async function settingsOf(
  world: EntraWorld,
  organizationId: string,
  connectionId: string,
): Promise<ConnectionSettings> {
  const found = only(await world.store.read(findConnection, { organizationId, id: connectionId }));
  const settings = readSettings(found?.draft ?? found?.live ?? null);
  if (settings === null) throw notFound('connection', connectionId);
  if (recipientOf(settings) === '')
    throw new Problem('wrong-state', {
      detail: 'it is not known yet which provider the connection is to',
      remedy: 'give its issuer or metadata address as startFrom first',
    });
  return settings;
}

function insert(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  connectionId: string,
  made: {
    id: string;
    kind: Secret['kind'];
    recipient: string;
    name: string;
    hint: string;
    value: string;
    certificate: string | null;
    expiresAt: number | null;
    at: number;
  },
): Promise<Secret> {
  return world.store.write(async (tx) => {
    if ((await tx.run(findConnection, { organizationId, id: connectionId })).length === 0)
      throw notFound('connection', connectionId);
    const row = only(await tx.run(insertSecret, { organizationId, connectionId, ...made, state: 'waiting' }));
    if (row === undefined) throw new Error('the secret was not inserted');
    await watchExpiry(tx, organizationId, connectionId);
    await record(world, tx, cause, {
      organizationId,
      type: 'secret.set',
      subject: { type: 'secret', id: row.id, name: row.name },
      data: {
        connection: connectionId,
        kind: row.kind,
        hint: row.hint,
        expiresAt: row.expires_at === null ? null : new Date(row.expires_at).toISOString(),
      },
    });
    return toSecret(made.at)(row);
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
    const live = readSettings(connection?.live ?? null);
    const inUse = secret.state === 'current' && live !== null && kindOf(live.clientAuthentication) === secret.kind;
    if (inUse && connection?.state === 'active') {
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
