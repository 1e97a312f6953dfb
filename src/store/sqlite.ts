import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Statement, Values } from './statement.ts';
import { type Store, StoreUnavailable, type Transaction } from './store.ts';
import { createTogether } from './together.ts';

interface Waiting {
  run(): Promise<void>;
  settle(failure?: unknown): void;
}

/** How long a shared commit may gather writes before it goes to disk, in milliseconds: the event loop is held meanwhile. */
const longestTurn = 8;

/** How many prepared statements are kept; registered ones are fewer, filters add their own. */
const mostPrepared = 1000;

/**
 * Opens the embedded database (node:sqlite, WAL, `synchronous=FULL`: an acknowledged write survives kill -9 and power
 * loss). Writes that arrive in one turn of the event loop share a commit, each in a savepoint of its own; reads have
 * their own connection.
 */
export function openSqlite(path: string): Store {
  const writer = connect(path, false);
  const reader = connect(path, true);
  const runOn = (connection: Connection) =>
    async function run<Params extends Values, Row>(statement: Statement<Params, Row>, params: Params): Promise<Row[]> {
      const { sql, bind } = statement.compile('sqlite');
      return connection.all(sql, bind(params)) as Row[];
    };
  const tx: Transaction = { dialect: 'sqlite', run: runOn(writer) };
  const waiting: Waiting[] = [];
  let scheduled = false;

  async function commitTogether(): Promise<void> {
    const started = performance.now();
    const done: Waiting[] = [];
    try {
      writer.exec('begin immediate');
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        done.push(next);
        await next.run();
        if (performance.now() - started > longestTurn) break;
      }
      writer.exec('commit');
      for (const one of done) one.settle();
    } catch (error) {
      writer.rollback();
      for (const one of done) one.settle(new StoreUnavailable(error));
    }
    if (waiting.length > 0) setImmediate(commitTogether);
    else scheduled = false;
  }

  const write: Store['write'] = (work) =>
    new Promise((resolve, reject) => {
      let outcome: () => void = () => undefined;
      waiting.push({
        run: async () => {
          writer.exec('savepoint one');
          try {
            const result = await withoutWaiting(work(tx));
            writer.exec('release one');
            outcome = () => resolve(result);
          } catch (error) {
            writer.exec('rollback to one');
            writer.exec('release one');
            outcome = () => reject(error);
          }
        },
        settle: (failure) => (failure === undefined ? outcome() : reject(failure)),
      });
      if (!scheduled) {
        scheduled = true;
        setImmediate(commitTogether);
      }
    });

  return {
    dialect: 'sqlite',
    read: runOn(reader),
    write,
    together: createTogether(write, 1),
    execute: async (sql) => writer.exec(sql),
    close: async () => {
      while (scheduled) await new Promise(setImmediate);
      reader.close();
      writer.close();
    },
  };
}

/**
 * The statements of this database answer at once, so a write is through before the event loop turns. One that is not
 * waits for something else, and everybody behind it would wait as well.
 */
async function withoutWaiting<T>(work: Promise<T>): Promise<T> {
  let turned: NodeJS.Immediate | undefined;
  const turn = new Promise<never>((_, reject) => {
    turned = setImmediate(() => reject(new Error('a write waited for something other than its own statements')));
  });
  try {
    return await Promise.race([work, turn]);
  } finally {
    clearImmediate(turned);
  }
}

interface Connection {
  all(sql: string, values: (string | number | Uint8Array | null)[]): unknown[];
  exec(sql: string): void;
  rollback(): void;
  close(): void;
}

function connect(path: string, readOnly: boolean): Connection {
  const database = new DatabaseSync(path, { timeout: 5000 });
  database.exec(
    'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory',
  );
  if (readOnly) database.exec('pragma query_only = on');
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const found = prepared.get(sql);
    if (found !== undefined) return found;
    if (prepared.size >= mostPrepared) for (const oldest of prepared.keys()) return remember(oldest, sql);
    return remember(undefined, sql);
  };
  const remember = (forget: string | undefined, sql: string): StatementSync => {
    if (forget !== undefined) prepared.delete(forget);
    const statement = database.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  return {
    all: (sql, values) => prepare(sql).all(...values),
    exec: (sql) => database.exec(sql),
    rollback: () => {
      if (database.isTransaction) database.exec('rollback');
    },
    close: () => database.close(),
  };
}
