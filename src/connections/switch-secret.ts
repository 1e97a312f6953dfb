import type { Secret } from '#contract';
import { EntraError } from '#entra';
import { type Cause, record } from '#events';
import { notFound, Problem } from '#http';
import { ProviderError } from '#openid';
import { only } from '#store';
import { proofOf, recipientOf, secretPlace } from './client-proofs.ts';
import { readSettings } from './connection.ts';
import type { EntraWorld } from './entra-world.ts';
import { proveClient, refusalProblem } from './prove-client.ts';
import { findConnection, lockConnection } from './queries/connection.ts';
import { activateSecret, findSecret, retireSecrets } from './queries/secret.ts';
import { toSecret } from './secrets.ts';

/**
 * K4: proves a secret or a certificate at the provider and, where it is taken, uses it from now on. The one before stays
 * valid for sign-ins under way. What is refused changes nothing.
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
  if (secret.recipient !== recipientOf(settings))
    throw new Problem('wrong-state', {
      detail: `this was entrusted for ${secret.recipient}, and the connection is to another provider now`,
      remedy: 'set the secret of the provider that it is to now',
    });
  const opened = {
    value: world.sealer.open(secret.value, secretPlace(organizationId, id)),
    certificate: secret.certificate,
  };
  try {
    const proof = proofOf(world, settings.clientAuthentication, settings.clientId ?? '', opened);
    await proveClient(world, { id: connectionId, settings }, proof);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    await recordRefusal(world, cause, organizationId, connectionId, secret, error);
    throw await refusalProblem(error, settings);
  }
  return adoptSecret(world, cause, organizationId, connectionId, secret);
}

/** Uses a secret or certificate that has proven itself from now on. Throws `not-found` where it is gone. */
export function adoptSecret(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  connectionId: string,
  { id, kind }: { id: string; kind: string },
): Promise<Secret> {
  return world.store.write(async (tx) => {
    await tx.run(lockConnection, { organizationId, id: connectionId });
    await tx.run(retireSecrets, { organizationId, connectionId, kind, except: id });
    const row = only(await tx.run(activateSecret, { organizationId, connectionId, id, at: world.now() }));
    if (row === undefined) throw notFound('secret', id);
    await record(world, tx, cause, {
      organizationId,
      type: 'secret.activated',
      subject: { type: 'secret', id, name: row.name },
      data: { connection: connectionId, kind, hint: row.hint },
    });
    return toSecret(world.now())(row);
  });
}

async function recordRefusal(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  connectionId: string,
  secret: { id: string; name: string },
  error: ProviderError,
): Promise<void> {
  await world.store.write((tx) =>
    record(world, tx, cause, {
      organizationId,
      type: 'secret.refused',
      subject: { type: 'secret', id: secret.id, name: secret.name },
      data: {
        connection: connectionId,
        aadsts: error instanceof EntraError ? (error.codes[0] ?? null) : null,
        error: error.error,
        correlationId: error instanceof EntraError ? (error.correlationId ?? null) : null,
      },
    }),
  );
}
