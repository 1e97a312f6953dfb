import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { connect, type EachRow } from './sqlite-connection.ts';
import type { Value } from './statement.ts';

/**
 * What the writer is told. `begin` opens a transaction; where that fails everything fails until `commit`, which leaves none
 * open in any case. `all` and `step` (of a savepoint) belong into one: a writer that was started anew meanwhile refuses
 * them.
 */
type Command =
  | { kind: 'all'; sql: string; values: readonly Value[]; each?: EachRow }
  | { kind: 'step'; sql: string }
  | { kind: 'begin' | 'commit' | 'close' };

type Outcome = { rows: Record<string, unknown>[] } | { error: { message: string; code: unknown; errcode: unknown } };

/**
 * The one writer of an embedded database, in a thread of its own: neither a long statement nor the way to the disk holds up
 * the requests that only read. Commands are carried out in the order in which they were given.
 */
export interface Writer {
  ask(command: Command): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(rows: Record<string, unknown>[]): void;
  reject(error: unknown): void;
}

/** Memory of the thread, in MB: it holds one batch of rows at a time. */
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 };

/**
 * Starts the thread; `onIdle` is called when everything was answered and, a turn of the event loop later, nothing more is
 * asked. If the thread ends by itself what was under way fails, and whatever is asked next starts another one.
 */
export function startWriter(path: string, onIdle: () => void): Writer {
  let thread: Worker | undefined;
  const waiting: Waiting[] = [];
  let told: Command[] = [];

  function start(): Worker {
    const worker = new Worker(import.meta.filename, { workerData: { sqliteWriter: path }, resourceLimits });
    const end = (error: unknown) => {
      if (thread !== worker) return;
      thread = undefined;
      told = [];
      for (const one of waiting.splice(0)) one.reject(error);
    };
    worker.on('message', (outcomes: Outcome[]) => {
      for (const outcome of outcomes) {
        const one = waiting.shift();
        if ('rows' in outcome) one?.resolve(outcome.rows);
        else one?.reject(Object.assign(new Error(outcome.error.message), outcome.error));
      }
      if (waiting.length > 0) return;
      // A process with nothing else to do may end while nothing is asked.
      worker.unref();
      setImmediate(() => waiting.length === 0 && onIdle());
    });
    worker.on('error', end);
    worker.on('exit', () => end(new Error('the writer of the database ended')));
    return worker;
  }

  const tell = () => {
    if (told.length === 0) return;
    thread ??= start();
    thread.ref();
    thread.postMessage(told);
    told = [];
  };
  const ask = (command: Command) =>
    new Promise<Record<string, unknown>[]>((resolve, reject) => {
      waiting.push({ resolve, reject });
      // What is asked in one go is told in one message: when whoever was answered has asked what comes next.
      if (told.push(command) === 1) queueMicrotask(() => process.nextTick(tell));
    });
  return {
    ask,
    close: async () => {
      if (thread === undefined) return;
      const ended = once(thread, 'exit');
      await ask({ kind: 'close' });
      thread?.ref();
      await ended;
    },
  };
}

/** What the thread does. */
function write(path: string, port: NonNullable<typeof parentPort>): void {
  let connection: ReturnType<typeof connect> | undefined;
  let failed: unknown;
  const opened = () => (connection ??= connect(path, { readOnly: false, cacheKb: 16_000 }));
  const closeAll = () => {
    connection?.close();
    // Nothing holds the thread any longer; it ends when this was answered.
    port.unref();
  };
  const carryOut = (command: Command): Record<string, unknown>[] => {
    if (command.kind === 'commit') {
      const error = failed;
      failed = undefined;
      try {
        if (error !== undefined) throw error;
        opened().exec('commit');
      } finally {
        // Whatever did not go through leaves nothing behind for the next transaction.
        opened().rollback();
      }
      return [];
    }
    if (failed !== undefined) throw failed;
    const isPart = command.kind === 'all' || command.kind === 'step';
    if (isPart && !opened().isInTransaction()) throw new Error('no transaction is open');
    if (command.kind === 'all') return opened().all(command.sql, command.values, command.each);
    if (command.kind === 'step') opened().exec(command.sql);
    else if (command.kind === 'begin') opened().exec('begin immediate');
    else closeAll();
    return [];
  };
  port.on('message', (commands: Command[]) => {
    port.postMessage(
      commands.map((command): Outcome => {
        try {
          return { rows: carryOut(command) };
        } catch (error) {
          if (command.kind === 'begin') failed = error;
          const { message, code, errcode } = error as Error & { code?: unknown; errcode?: unknown };
          return { error: { message, code, errcode } };
        }
      }),
    );
  });
}

if (!isMainThread && parentPort !== null && typeof workerData?.sqliteWriter === 'string')
  write(workerData.sqliteWriter, parentPort);
