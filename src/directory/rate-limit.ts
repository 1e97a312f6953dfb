import { randomUUID } from 'node:crypto';
import { ScimError } from '#scim';
import { only, type World } from '#store';
import { type Directory, scopeOf } from './exchange.ts';
import { askClock, listOtherDemand, putDemand, removeOldDemand } from './queries/demand.ts';

/** More requests than the directory's settings allow; `wait` is in milliseconds. */
export class TooManyRequests extends ScimError {
  readonly wait: number;
  constructor(perSecond: number, wait: number) {
    super(429, undefined, `this connection takes ${perSecond} requests a second; send the request again later`);
    this.wait = wait;
  }
}

/** Counts a request of a directory; throws {@link TooManyRequests}. Asks no database: that goes on behind the answers. */
export type RateLimit = (directory: Directory) => void;

/** What this machine knows of one directory. Times are of `performance.now()`. */
interface Meter {
  /** Requests a second that are for this machine. */
  share: number;
  /** Requests that may come at once, refilled by the share. */
  left: number;
  filledAt: number;
  asked: number;
  since: number;
  limit: number;
}

const secondMs = 1000;
/** After so long without a request nothing of a meter counts any more; nor does what another machine told. */
const forgottenMs = 3 * secondMs;
const machineGoneMs = 3_600_000;
const mostMeters = 10_000;
/** Below this part of the limit a machine keeps its demand to itself. */
const worthTelling = 0.05;

/**
 * P12: makes the limit of requests a second for each directory. Machines tell each other once a second how many they are asked
 * for, and divide the limit by that, so that together they keep it within about a second. The embedded database has one
 * machine, which tells nobody.
 */
export function createRateLimit(world: World): RateLimit {
  const machine = randomUUID();
  const meters = new Map<string, Meter>();
  const isAlone = world.store.dialect === 'sqlite';

  async function tell(directory: Directory, meter: Meter, demand: number): Promise<void> {
    const scope = scopeOf(directory);
    const others = await world.store.write(async (tx) => {
      const at = only(await tx.run(askClock, {}))?.now ?? 0;
      await tx.run(putDemand, { ...scope, machine, at, demand: Math.ceil(demand) });
      await tx.run(removeOldDemand, { ...scope, since: at - machineGoneMs });
      return tx.run(listOtherDemand, { ...scope, machine, since: at - forgottenMs });
    });
    meter.share = shareOf(
      meter.limit,
      demand,
      others.reduce((sum, it) => sum + it.demand, 0),
    );
  }

  function turnOver(directory: Directory, meter: Meter, now: number): void {
    const demand = (meter.asked * secondMs) / (now - meter.since);
    meter.asked = 0;
    meter.since = now;
    if (isAlone) return;
    if (demand < meter.limit * worthTelling) meter.share = meter.limit;
    else
      tell(directory, meter, demand).catch((error: unknown) =>
        world.log.warn({ error }, 'the limit of requests could not be shared with the other machines'),
      );
  }

  return (directory) => {
    const limit = directory.settings.requestsPerSecond;
    const now = performance.now();
    let meter = meters.get(directory.id);
    if (meter === undefined || meter.limit !== limit || now - meter.filledAt > forgottenMs) {
      meter = { share: limit, left: limit, filledAt: now, asked: 0, since: now, limit };
      if (meters.size >= mostMeters) meters.clear();
      meters.set(directory.id, meter);
    }
    meter.left = Math.min(meter.share, meter.left + ((now - meter.filledAt) * meter.share) / secondMs);
    meter.filledAt = now;
    meter.asked++;
    if (now - meter.since >= secondMs) turnOver(directory, meter, now);
    if (meter.left < 1) throw new TooManyRequests(limit, secondMs);
    meter.left--;
  };
}

/** What of a limit is for one machine: what the others leave, or its part of what is asked for where that is too much. */
export function shareOf(limit: number, own: number, others: number): number {
  const asked = own + others;
  return Math.max(1, asked <= limit ? limit - others : (limit * own) / asked);
}
