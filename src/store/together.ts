import { type Store, StoreUnavailable, type Transaction } from './store.ts';

/**
 * A kind of change that is made together with others of its kind. `run` makes some of them in one transaction and gives an
 * outcome for each, in their order; what it refuses of one is an outcome too, since throwing would undo them all.
 */
export interface Together<Item, Outcome> {
  name: string;
  run(tx: Transaction, items: readonly Item[]): Promise<readonly Outcome[]>;
}

interface Waiting {
  item: unknown;
  resolve(outcome: unknown): void;
  reject(error: unknown): void;
}

/** So many of one kind and place go into one transaction. */
const most = 50;

/**
 * Makes changes of one kind together: what arrives while `underWay` transactions of them run goes into the next one. Where
 * one of them makes the others fail, each is tried again by itself.
 */
export function createTogether(write: Store['write'], underWay: number): Store['together'] {
  const queues = new Map<string, { waiting: Waiting[]; running: number }>();

  async function runSome(kind: Together<unknown, unknown>, queue: { waiting: Waiting[] }): Promise<void> {
    let taken: Waiting[] = [];
    const make = (some: readonly Waiting[]) => (tx: Transaction) =>
      kind.run(
        tx,
        some.map(({ item }) => item),
      );
    const settle = (some: readonly Waiting[], outcomes: readonly unknown[]) => {
      for (const [index, { resolve }] of some.entries()) resolve(outcomes[index]);
    };
    try {
      // Taken when the transaction has begun, so that nothing that arrived meanwhile waits for the next.
      const outcomes = await write((tx) => {
        if (taken.length === 0) taken = queue.waiting.splice(0, most);
        return taken.length === 0 ? Promise.resolve([]) : make(taken)(tx);
      });
      settle(taken, outcomes);
    } catch (error) {
      if (taken.length === 0) taken = queue.waiting.splice(0, most);
      if (error instanceof StoreUnavailable || taken.length === 1) for (const { reject } of taken) reject(error);
      else for (const one of taken) await write(make([one])).then((it) => settle([one], it), one.reject);
    }
  }

  return <Item, Outcome>(kind: Together<Item, Outcome>, place: string, item: Item) =>
    new Promise<Outcome>((resolve, reject) => {
      const key = `${kind.name} ${place}`;
      const queue = queues.get(key) ?? { waiting: [], running: 0 };
      queues.set(key, queue);
      queue.waiting.push({ item, resolve: resolve as Waiting['resolve'], reject });
      const next = async () => {
        if (queue.waiting.length === 0 || queue.running >= underWay) return;
        queue.running += 1;
        await runSome(kind as Together<unknown, unknown>, queue);
        queue.running -= 1;
        if (queue.waiting.length > 0) void next();
        else if (queue.running === 0) queues.delete(key);
      };
      void next();
    });
}
