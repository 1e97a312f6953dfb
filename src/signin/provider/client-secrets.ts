import { announcementDue, daysUntil, lookEveryMs, over } from '#connections';
import type { Client, EventType } from '#contract';
import { byItself, type Cause, deployment, record } from '#events';
import { isSecretOf, mintCredential, notFound, Problem, parseCredential } from '#http';
import { becomesDue, type DueOutcome, type DueWork, only, type Transaction, type World } from '#store';
import { lockClient, markSecretsWarned, updateClientSecrets } from '../queries/client.ts';

/** A secret of a client as it is kept: by its hash. Times are epoch milliseconds. */
export interface KeptSecret {
  id: string;
  hash: string;
  createdAt: number;
  expiresAt: number;
  /** At which of the days before its end it was last announced; null: at none. */
  warnedDays: number | null;
}

const year = 365 * 86_400_000;
const usualMs = 2 * year;
const longestMs = 10 * year;
/** Enough to have two in use while every place of a product changes from one to the other, and some to spare. */
const most = 10;

/** The secrets of a row. */
export const secretsOf = ({ secrets }: { secrets: string }): KeptSecret[] => JSON.parse(secrets);

/** A secret without its value. */
export const shownSecret = ({ id, createdAt, expiresAt }: KeptSecret, now: number): Client['secrets'][number] => ({
  id,
  createdAt: new Date(createdAt).toISOString(),
  expiresAt: new Date(expiresAt).toISOString(),
  daysLeft: daysUntil(expiresAt, now),
});

/** The secret that ends next; where all are over, the one that ended last. */
export function endsNext(secrets: readonly KeptSecret[], now: number): KeptSecret | undefined {
  const byEnd = secrets.toSorted((one, other) => one.expiresAt - other.expiresAt);
  return byEnd.find(({ expiresAt }) => expiresAt > now) ?? byEnd.at(-1);
}

/** Makes a secret. `expiresAt` is ISO 8601; two years ahead where it is not said. Throws `invalid-request`. */
export function mintSecret(world: World, expiresAt: string | undefined): { kept: KeptSecret; value: string } {
  const { id, value, hash } = mintCredential('client');
  const now = world.now();
  const ends = expiresAt === undefined ? now + usualMs : Date.parse(expiresAt);
  if (ends <= now || ends > now + longestMs) {
    const errors = [{ field: 'expiresAt', detail: 'must be ahead, by 10 years at most' }];
    throw new Problem('invalid-request', { detail: 'a secret cannot end then', errors });
  }
  return { kept: { id, hash, createdAt: now, expiresAt: ends, warnedDays: null }, value };
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
    const row = only(await tx.run(lockClient, { id: clientId }));
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
    await watchSecrets(tx, clientId);
    await tell(world, tx, cause, row, 'client.secret_added', kept);
    return { ...shownSecret(kept, world.now()), value };
  });
}

/** Removes a secret of a client: from the commit on it opens nothing. Throws `not-found`. */
export function removeSecret(world: World, cause: Cause, clientId: string, id: string): Promise<void> {
  return world.store.write(async (tx) => {
    const row = only(await tx.run(lockClient, { id: clientId }));
    if (row === undefined) throw notFound('client', clientId);
    const secrets = secretsOf(row);
    const removed = secrets.find((secret) => secret.id === id);
    if (removed === undefined) throw notFound('secret', id);
    const others = secrets.filter((secret) => secret !== removed);
    await keep(world, tx, row, others);
    await tell(world, tx, cause, row, 'client.secret_removed', removed);
  });
}

/** Has the ends of a client's secrets watched from now on. */
export const watchSecrets = (tx: Transaction, clientId: string): Promise<void> =>
  becomesDue(tx, { kind: 'signin.clientSecrets', organizationId: '', subject: clientId });

/** Announces each secret of a client once at each threshold that it has passed, and when it is over; looks again within the hour. */
export function announceSecrets(world: World, { subject: clientId }: DueWork): Promise<DueOutcome> {
  const now = world.now();
  return world.store.write(async (tx) => {
    const row = only(await tx.run(lockClient, { id: clientId }));
    if (row === undefined) return undefined;
    const secrets = secretsOf(row);
    const due = secrets.flatMap((secret) => {
      const days = announcementDue(secret, now);
      return days === undefined ? [] : [{ secret, days }];
    });
    for (const { secret, days } of due) {
      secret.warnedDays = days;
      await tell(world, tx, byItself, row, days === over ? 'client.secret_expired' : 'client.secret_expiring', secret);
    }
    if (due.length > 0) await tx.run(markSecretsWarned, { id: clientId, secrets: JSON.stringify(secrets) });
    return secrets.some(({ warnedDays }) => warnedDays !== over) ? { again: lookEveryMs } : undefined;
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
  type: EventType & `client.secret_${string}`,
  secret: KeptSecret,
): Promise<string> =>
  record(world, tx, cause, {
    organizationId: deployment,
    type,
    subject: { type: 'client', id, name },
    data: {
      secret: secret.id,
      daysLeft: daysUntil(secret.expiresAt, world.now()),
      expiresAt: new Date(secret.expiresAt).toISOString(),
    },
  });

/** What a presented secret is: one of these, one of these that is over, or none. Takes the same time whichever it is. */
export function judgeSecret(
  secrets: readonly KeptSecret[],
  presented: string,
  now: number,
): 'right' | 'wrong' | { ended: KeptSecret } {
  const credential = parseCredential('client', presented);
  const kept = secrets.find(({ id }) => id === credential?.id);
  if (credential === undefined || kept === undefined || !isSecretOf(credential.secret, kept.hash)) return 'wrong';
  return kept.expiresAt > now ? 'right' : { ended: kept };
}
