import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { connect, type EachRow } from './sqlite-connection.ts';
import type { Value } from './statement.ts';

/** What the writer is told. `begin` opens a transaction; where that fails everything fails until `commit` or `rollback`. */
type Command =
  | { kind: 'all'; sql: string; values: readonly Value[]; each?: EachRow }
  | { kind: 'exec'; sql: string }
  | { kind: 'begin' | 'commit' | 'rollback' | 'close' };

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

/**
 * Starts the thread; `onIdle` is called when everything was answered and, a turn of the event loop later, nothing more is
 * asked. If the thread ends by itself every command fails, and the database with it.
 */
export function startWriter(path: string, onIdle: () => void): Writer {
  const worker = new Worker(import.meta.filename, { workerData: { sqliteWriter: path } });
  const waiting: Waiting[] = [];
  let told: Command[] = [];
  let ended: unknown;
  const end = (error: unknown) => {
    ended ??= error;
    for (const one of waiting.splice(0)) one.reject(ended);
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
  worker.unref();
  const tell = () => {
    worker.postMessage(told);
    told = [];
  };
  const ask = (command: Command) =>
    new Promise<Record<string, unknown>[]>((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      if (waiting.length === 0) worker.ref();
      waiting.push({ resolve, reject });
      // What is asked in one go is told in one message.
      if (told.push(command) === 1) queueMicrotask(tell);
    });
  return {
    ask,
    close: async () => {
      await ask({ kind: 'close' });
      await worker.terminate();
    },
  };
}

/** What the thread does. */
function write(path: string, port: NonNullable<typeof parentPort>): void {
  let connection: ReturnType<typeof connect> | undefined;
  let failed: unknown;
  const opened = () => (connection ??= connect(path, { readOnly: false, cacheKb: 32_000 }));
  const carryOut = (command: Command): Record<string, unknown>[] => {
    if (command.kind === 'rollback' || command.kind === 'commit') {
      const error = failed;
      failed = undefined;
      if (command.kind === 'rollback') opened().rollback();
      else if (error !== undefined) throw error;
      else opened().exec('commit');
      return [];
    }
    if (failed !== undefined) throw failed;
    if (command.kind === 'all') return opened().all(command.sql, command.values, command.each);
    if (command.kind === 'exec') opened().exec(command.sql);
    else if (command.kind === 'begin') opened().exec('begin immediate');
    else connection?.close();
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
