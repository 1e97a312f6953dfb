import type { Expiry } from '#contract';
import { byItself, record } from '#events';
import { becomesDue, type DueOutcome, type DueWork, type Transaction, type World } from '#store';
import { listCredentials, markCredentialWarned } from './queries/credential.ts';
import { listSecrets, markSecretWarned } from './queries/secret.ts';

const day = 86_400_000;

/** K3: days before the end at which it is announced. */
const warningDays = [90, 60, 30, 14, 7, 1] as const;

/** Whole days until a time; negative once it is over. */
export const daysUntil = (time: number, now: number): number => Math.floor((time - now) / day);

/** What is over: it is announced after all the days before. */
export const over = -1;

/**
 * The threshold at which an ending is to be announced now: the days of the nearest one that it has passed, or {@link over};
 * undefined where it has passed none, or was announced at it already (`warnedDays`).
 */
export function announcementDue(
  ending: { expiresAt: number; warnedDays: number | null },
  now: number,
): number | undefined {
  const left = daysUntil(ending.expiresAt, now);
  const threshold = left < 0 ? over : warningDays.findLast((days) => left <= days);
  if (threshold === undefined || (ending.warnedDays !== null && ending.warnedDays <= threshold)) return undefined;
  return threshold;
}

/** What ends is looked at this often, in milliseconds. */
export const lookEveryMs = 3_600_000;

interface Ending {
  kind: Expiry['kind'];
  id: string;
  name: string;
  expiresAt: number;
  warnedDays: number | null;
}

/** Everything of a connection that ends some day and is in use or about to be. */
async function listEndings(reader: Pick<Transaction, 'run'>, organizationId: string, id: string): Promise<Ending[]> {
  const secrets = await reader.run(listSecrets, { organizationId, connectionId: id, after: '', limit: 1000 });
  const of = { organizationId, directoryId: id, after: '', limit: 1000 };
  const tokens = await reader.run(listCredentials, { ...of, kind: 'token' });
  const clientSecrets = await reader.run(listCredentials, { ...of, kind: 'clientSecret' });
  return [
    ...secrets.flatMap((it) =>
      it.expires_at === null || it.state === 'previous'
        ? []
        : [{ kind: 'secret' as const, id: it.id, name: it.name, expiresAt: it.expires_at, warnedDays: it.warned_days }],
    ),
    ...tokens.flatMap(endingOf('token')),
    ...clientSecrets.flatMap(endingOf('clientSecret')),
  ];
}

const endingOf =
  (kind: 'token' | 'clientSecret') =>
  (it: { id: string; name: string; expires_at: number; warned_days: number | null; revoked_at: number | null }) =>
    it.revoked_at !== null
      ? []
      : [{ kind, id: it.id, name: it.name, expiresAt: it.expires_at, warnedDays: it.warned_days }];

/** How an ending stands in events. */
const typeOf = { secret: 'secret', token: 'token', clientSecret: 'client_secret' } as const;

/** Notes that an ending was announced. */
const mark = (tx: Transaction, organizationId: string, id: string, { kind, ...of }: Ending, days: number) =>
  kind === 'secret'
    ? tx.run(markSecretWarned, { organizationId, connectionId: id, id: of.id, days })
    : tx.run(markCredentialWarned, { organizationId, directoryId: id, kind, id: of.id, days });

/** What of a connection ends first, or null. */
export async function soonestExpiry(world: World, organizationId: string, id: string): Promise<Expiry | null> {
  const endings = await listEndings({ run: world.store.read }, organizationId, id);
  const [first] = endings.sort((a, b) => a.expiresAt - b.expiresAt);
  if (first === undefined) return null;
  const { kind, name, expiresAt } = first;
  return {
    kind,
    id: first.id,
    name,
    expiresAt: new Date(expiresAt).toISOString(),
    daysLeft: daysUntil(expiresAt, world.now()),
  };
}

/** Has the endings of a connection watched from now on. */
export const watchExpiry = (tx: Transaction, organizationId: string, id: string): Promise<void> =>
  becomesDue(tx, { kind: 'connections.expiry', organizationId, subject: id });

/** Announces each ending once at each threshold that it has passed, and when it is over; looks again within the hour. */
export async function announceExpiry(world: World, work: DueWork): Promise<DueOutcome> {
  const { organizationId, subject: id } = work;
  const now = world.now();
  return world.store.write(async (tx) => {
    const endings = await listEndings(tx, organizationId, id);
    for (const ending of endings) {
      const left = daysUntil(ending.expiresAt, now);
      const threshold = announcementDue(ending, now);
      if (threshold === undefined) continue;
      const type = typeOf[ending.kind];
      await mark(tx, organizationId, id, ending, threshold);
      await record(world, tx, byItself, {
        organizationId,
        type: left < 0 ? `${type}.expired` : `${type}.expiring`,
        subject: { type, id: ending.id, name: ending.name },
        data: { connection: id, daysLeft: left, expiresAt: new Date(ending.expiresAt).toISOString() },
      });
    }
    return endings.length > 0 ? { again: lookEveryMs } : undefined;
  });
}
