import { extendDue, freeLeases, leaseDue, putDue, removeDue, returnDue } from './queries/due.ts';
import type { Store, Transaction } from './store.ts';
import type { World } from './world.ts';

/** A piece of due work as its handler sees it. */
export interface DueWork {
  kind: string;
  organizationId: string;
  subject: string;
  /** This one included. */
  attempts: number;
}

/**
 * Does one piece of work; undefined strikes it off. `again` has it due anew in so many milliseconds, with attempts counted
 * from one; `retryIn` likewise, with attempts counted on. Throwing has it tried again, later each time.
 */
export type DueHandler<In extends World = World> = (world: In, work: DueWork) => Promise<DueOutcome>;
export type DueOutcome = undefined | { again: number } | { retryIn: number };

/** Puts work on the list in the transaction that makes it necessary: due in `in` milliseconds, at once by default. */
export async function becomesDue(
  tx: Pick<Transaction, 'run'>,
  work: { kind: string; organizationId: string; subject: string; in?: number },
): Promise<void> {
  await tx.run(putDue, {
    kind: work.kind,
    organizationId: work.organizationId,
    subject: work.subject,
    in: work.in ?? 0,
  });
}

/**
 * Takes back the leases of a server that was killed. Only for the embedded database: the lock on its folder proves that
 * no other server is at work.
 */
export async function takeBackLeases(store: Store): Promise<void> {
  if (store.dialect === 'sqlite') await store.write((tx) => tx.run(freeLeases, {}));
}

const leaseMs = 30_000;
const pollMs = 200;
const atOnce = 16;

/** Works off what is due, as one of any number of machines, until stopped. */
export interface Worker {
  /** Something may have become due: look now rather than at the next poll. */
  wake(): void;
  /** Waits for what is under way, then stops. */
  stop(): Promise<void>;
}

/** Starts working off due work by the handlers of its kinds. */
export function startWorker<In extends World>(
  world: In,
  handlers: Readonly<Record<string, DueHandler<In>>>,
  owner: string,
): Worker {
  let stopped = false;
  let wakeUp: () => void = () => undefined;
  const underWay = new Set<Promise<void>>();

  const loop = (async () => {
    while (!stopped) {
      const found = await leaseSome(world, owner, atOnce - underWay.size);
      for (const work of found) {
        const doing = doOne(world, handlers, owner, work).finally(() => {
          underWay.delete(doing);
          wakeUp();
        });
        underWay.add(doing);
      }
      if (found.length === 0 || underWay.size >= atOnce) await sleep(pollMs, (wake) => (wakeUp = wake));
    }
    await Promise.all(underWay);
  })();

  return {
    wake: () => wakeUp(),
    stop: async () => {
      stopped = true;
      wakeUp();
      await loop;
    },
  };
}

type Leased = DueWork & { generation: number };

async function leaseSome(world: World, owner: string, limit: number): Promise<Leased[]> {
  try {
    return limit <= 0 ? [] : await world.store.write((tx) => tx.run(leaseDue, { lease: owner, leaseMs, limit }));
  } catch (error) {
    world.log.error({ error }, 'due work could not be looked up');
    return [];
  }
}

async function doOne<In extends World>(
  world: In,
  handlers: Readonly<Record<string, DueHandler<In>>>,
  owner: string,
  work: Leased,
): Promise<void> {
  const { kind, organizationId, subject, generation } = work;
  const extending = setInterval(() => void extend(world.store, owner), leaseMs / 3);
  let next: DueOutcome;
  try {
    const handler = handlers[kind];
    if (handler === undefined) throw new Error(`nobody does work of kind ${kind}`);
    next = await handler(world, work);
  } catch (error) {
    world.log.error({ error, kind, subject, attempts: work.attempts }, 'due work failed and will be tried again');
    next = { retryIn: Math.min(1000 * 2 ** Math.min(work.attempts, 10), 600_000) };
  } finally {
    clearInterval(extending);
  }
  try {
    await world.store.write(async (tx) => {
      const leased = { kind, organizationId, subject, lease: owner, generation };
      if (next === undefined && (await tx.run(removeDue, leased)).length > 0) return;
      const wait = next === undefined ? 0 : 'again' in next ? next.again : next.retryIn;
      const attempts = next !== undefined && 'retryIn' in next ? work.attempts : 0;
      await tx.run(returnDue, { ...leased, in: wait, attempts });
    });
  } catch (error) {
    world.log.error({ error, kind, subject }, 'due work could not be struck off; it will be done again');
  }
}

async function extend(store: Store, owner: string): Promise<void> {
  await store.write((tx) => tx.run(extendDue, { lease: owner, leaseMs })).catch(() => undefined);
}

function sleep(ms: number, onWake: (wake: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    onWake(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
