import type { Client } from '#contract';
import { type Cause, deployment, record } from '#events';
import { isSecretOf, mintCredential, notFound, Problem, parseCredential } from '#http';
import { only, type Transaction, type World } from '#store';
import { findClient, updateClientSecrets } from '../queries/client.ts';

/** A secret of a client as it is kept: by its hash. Times are epoch milliseconds. */
export interface KeptSecret {
  id: string;
  hash: string;
  createdAt: number;
  expiresAt: number;
}

const year = 365 * 86_400_000;
const usualMs = 2 * year;
const longestMs = 10 * year;
/** Enough to have two in use while every place of a product changes from one to the other, and some to spare. */
const most = 10;

/** The secrets of a row. */
export const secretsOf = ({ secrets }: { secrets: string }): KeptSecret[] => JSON.parse(secrets);

/** A secret without its value. */
export const shownSecret = ({ id, createdAt, expiresAt }: KeptSecret): Client['secrets'][number] => ({
  id,
  createdAt: new Date(createdAt).toISOString(),
  expiresAt: new Date(expiresAt).toISOString(),
});

/** Makes a secret. `expiresAt` is ISO 8601; two years ahead where it is not said. Throws `invalid-request`. */
export function mintSecret(world: World, expiresAt: string | undefined): { kept: KeptSecret; value: string } {
  const { id, value, hash } = mintCredential('client');
  const now = world.now();
  const ends = expiresAt === undefined ? now + usualMs : Date.parse(expiresAt);
  if (ends <= now || ends > now + longestMs) {
    const errors = [{ field: 'expiresAt', detail: 'must be ahead, by 10 years at most' }];
    throw new Problem('invalid-request', { detail: 'a secret cannot end then', errors });
  }
  return { kept: { id, hash, createdAt: now, expiresAt: ends }, value };
}

/** Adds a secret beside those that a client has, so that a product changes from one to the other without a gap. */
export function addSecret(
  world: World,
  cause: Cause,
  clientId: string,
  { expiresAt }: { expiresAt?: string | undefined },
): Promise<Client['secrets'][number] & { value: string }> {
  const { kept, value } = mintSecret(world, expiresAt);
  return world.store.write(async (tx) => {
    const row = only(await tx.run(findClient, { id: clientId }));
    if (row === undefined) throw notFound('client', clientId);
    const { authentication }: { authentication: string } = JSON.parse(row.settings);
    if (authentication !== 'secret') {
      throw new Problem('conflict', {
        detail: `the client authenticates by ${authentication}, not by a secret`,
        remedy: 'set authentication to secret first, where its kind may have one',
      });
    }
    const secrets = [...secretsOf(row), kept];
    if (secrets.length > most) {
      const remedy = 'remove those that are out of use';
      throw new Problem('conflict', { detail: `a client has ${most} secrets at most`, remedy });
    }
    await keep(world, tx, row, secrets);
    await tell(world, tx, cause, row, 'client.secret_added', kept);
    return { ...shownSecret(kept), value };
  });
}

/** Removes a secret of a client: from the commit on it opens nothing. Throws `not-found`. */
export function removeSecret(world: World, cause: Cause, clientId: string, id: string): Promise<void> {
  return world.store.write(async (tx) => {
    const row = only(await tx.run(findClient, { id: clientId }));
    if (row === undefined) throw notFound('client', clientId);
    const secrets = secretsOf(row);
    const removed = secrets.find((secret) => secret.id === id);
    if (removed === undefined) throw notFound('secret', id);
    const others = secrets.filter((secret) => secret !== removed);
    await keep(world, tx, row, others);
    await tell(world, tx, cause, row, 'client.secret_removed', removed);
  });
}

async function keep(
  world: World,
  tx: Transaction,
  { id, version }: { id: string; version: number },
  secrets: readonly KeptSecret[],
): Promise<void> {
  const kept = await tx.run(updateClientSecrets, { id, version, secrets: JSON.stringify(secrets), at: world.now() });
  if (kept.length > 0) return;
  throw new Problem('version-changed', { detail: 'the client was changed meanwhile', remedy: 'try again' });
}

const tell = (
  world: World,
  tx: Transaction,
  cause: Cause,
  { id, name }: { id: string; name: string },
  type: 'client.secret_added' | 'client.secret_removed',
  secret: KeptSecret,
): Promise<string> =>
  record(world, tx, cause, {
    organizationId: deployment,
    type,
    subject: { type: 'client', id, name },
    data: { secret: secret.id, expiresAt: new Date(secret.expiresAt).toISOString() },
  });

/** Whether a presented secret is one of these and not over. Takes the same time whichever it is. */
export function isOneOf(secrets: readonly KeptSecret[], presented: string, now: number): boolean {
  const credential = parseCredential('client', presented);
  const kept = secrets.find(({ id }) => id === credential?.id);
  if (credential === undefined || kept === undefined) return false;
  return isSecretOf(credential.secret, kept.hash) && kept.expiresAt > now;
}
