import { createReader } from './sqlite-reader.ts';
import { startWriter } from './sqlite-writer.ts';
import type { Statement, Values } from './statement.ts';
import { doWork, type Store, StoreUnavailable } from './store.ts';
import { createTogether } from './together.ts';

interface Waiting {
  run(): Promise<void>;
  settle(failure?: unknown): void;
}

/** How long a shared commit may gather writes before it goes to disk, in milliseconds. */
const longestTurn = 8;

/**
 * Opens the embedded database (node:sqlite, WAL, `synchronous=FULL`: an acknowledged write survives kill -9 and power
 * loss). It has one writer, in a thread of its own; writes that arrive while it is busy share the next commit, each in a
 * savepoint of its own. Reads have their own connection, in this thread, and see what was committed.
 */
export function openSqlite(path: string): Store {
  const reader = createReader(path);
  let giveUp: ((error: Error) => void) | undefined;
  // Whoever waits for something else than the database holds up everybody behind: it is refused.
  const writer = startWriter(path, () =>
    giveUp?.(new Error('a write waited for something other than its own statements')),
  );
  async function run<Params extends Values, Row>(statement: Statement<Params, Row>, params: Params): Promise<Row[]> {
    const { sql, bind, each } = statement.compile('sqlite');
    const values = bind(params);
    const rows = each === undefined ? {} : { each: { fields: each.fields, rows: String(params[each.rows]) } };
    return (await writer.ask({ kind: 'all', sql, values, ...rows })) as Row[];
  }
  // Carried out in order, so nothing waits for it; where it fails, the commit does.
  const step = (command: Parameters<typeof writer.ask>[0]) => void writer.ask(command).catch(() => undefined);
  const waiting: Waiting[] = [];
  let scheduled = false;
  let committed: Promise<void> = Promise.resolve();

  /** Makes one transaction after the other as long as somebody waits. While one is on its way to disk the next is begun. */
  async function commitAll(): Promise<void> {
    while (waiting.length > 0) {
      const started = performance.now();
      const done: Waiting[] = [];
      step({ kind: 'begin' });
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        done.push(next);
        await next.run();
        if (performance.now() - started > longestTurn) break;
      }
      const settleAll = (failure?: unknown) => {
        reader.lookAnew();
        for (const one of done) one.settle(failure);
      };
      committed = writer.ask({ kind: 'commit' }).then(
        () => settleAll(),
        (error: unknown) => settleAll(new StoreUnavailable(error)),
      );
    }
    scheduled = false;
  }

  const write: Store['write'] = (work) =>
    new Promise((resolve, reject) => {
      let outcome: () => void = () => undefined;
      waiting.push({
        run: async () => {
          step({ kind: 'step', sql: 'savepoint one' });
          const late = new Promise<never>((_, reject) => {
            giveUp = reject;
          });
          try {
            const result = await doWork('sqlite', run, work, late);
            outcome = () => resolve(result);
          } catch (error) {
            step({ kind: 'step', sql: 'rollback to one' });
            outcome = () => reject(error);
          }
          giveUp = undefined;
          step({ kind: 'step', sql: 'release one' });
        },
        settle: (failure) => (failure === undefined ? outcome() : reject(failure)),
      });
      if (!scheduled) {
        scheduled = true;
        setImmediate(commitAll);
      }
    });

  return {
    dialect: 'sqlite',
    read: async (statement, params) => {
      const { sql, bind } = statement.compile('sqlite');
      return reader.all(sql, bind(params)) as never;
    },
    write,
    together: createTogether(write, 2),
    close: async () => {
      while (scheduled) await new Promise(setImmediate);
      await committed;
      reader.close();
      await writer.close();
    },
  };
}
