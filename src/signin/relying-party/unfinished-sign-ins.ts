import { countManyTowards, findWait, type Limit, networkOf, perPortico, type World } from '#store';

/** What this machine has seen is written down, and what all have seen is looked at, once in so long. */
const everyMs = 1000;
/** So long a person may take, and the window of the limit. */
const windowMs = 600_000;
/** So many addresses are remembered in between. */
const mostAddresses = 10_000;

/** Sign-ins that were started and not finished, by the address they came from: what fills tables and wears the provider out. */
interface UnfinishedSignIns {
  /** Milliseconds to wait before an address may start another, or 0; counts it where it may. */
  start(address: string): Promise<number>;
  /** One of an address is finished: it counts no more. */
  finish(address: string): void;
}

/**
 * Counts unfinished sign-ins in the store, so that all machines see them, but once a second for each address rather than once
 * for each sign-in: when many people sign in at once, those who finish make up for those who start.
 */
function countUnfinished(world: World): UnfinishedSignIns {
  const limit: Limit = { name: 'unfinished sign-ins', most: world.config.unfinishedSignIns, windowMs };
  /** Since it was last written down: started less finished; and how long an address waits, as it was last looked up. */
  const open = new Map<string, number>();
  const known = new Map<string, number>();
  let isDue = false;
  const write = async (): Promise<void> => {
    isDue = false;
    const counts = [...open];
    open.clear();
    known.clear();
    for (const [address, count] of counts) if (count !== 0) await countManyTowards(world.store, limit, address, count);
  };
  const count = (address: string, by: number): void => {
    open.set(address, (open.get(address) ?? 0) + by);
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      write().catch((error: unknown) => world.log.warn({ error }, 'unfinished sign-ins could not be counted'));
    }, everyMs).unref();
  };
  return {
    start: async (of) => {
      const address = networkOf(of);
      const found = known.get(address) ?? (await findWait(world.store, limit, address));
      if (known.size < mostAddresses) known.set(address, found);
      const waitMs = (open.get(address) ?? 0) >= limit.most ? everyMs : found;
      if (waitMs === 0) count(address, 1);
      return waitMs;
    },
    finish: (address) => count(networkOf(address), -1),
  };
}

/** The counter of unfinished sign-ins: all doors count with the same one. */
export const unfinishedSignIns = perPortico(countUnfinished);
