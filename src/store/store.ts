import type { Dialect, Statement, Values } from './statement.ts';
import type { Together } from './together.ts';

/** One durable transaction. A write waits for nothing but its own statements. */
export interface Transaction {
  readonly dialect: Dialect;
  /** Runs a statement and gives its rows; a write gives those it returns. */
  run<Params extends Values, Row>(statement: Statement<Params, Row>, params: Params): Promise<Row[]>;
  /**
   * Runs a statement that nothing of what follows depends on: nobody waits for it, so that it travels with the next one. Where it
   * fails, or `check` throws at its rows, the transaction does.
   */
  send<Params extends Values, Row>(
    statement: Statement<Params, Row>,
    params: Params,
    check?: (rows: readonly Row[]) => void,
  ): void;
}

/** The database. Operations see no more of it than this. */
export interface Store {
  readonly dialect: Dialect;
  /** Reads outside a transaction: sees everything that was acknowledged. */
  read<Params extends Values, Row>(statement: Statement<Params, Row>, params: Params): Promise<Row[]>;
  /**
   * Runs `work` in one transaction; when it resolves the change is on disk. If `work` throws nothing of it stays. It may
   * be run again after a deadlock, and must not wait for anything but its own statements.
   */
  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * Makes a change in one transaction with others of its kind that arrive at the same time: the same commit, and one statement
   * for the rows of all. `place` is the directory; changes of different ones never meet.
   */
  together<Item, Outcome>(kind: Together<Item, Outcome>, place: string, item: Item): Promise<Outcome>;
  close(): Promise<void>;
}

/**
 * Does the work of a transaction, all of whose statements have been run when it resolves; `givenUp` ends it early. A statement
 * that comes later, of work that went on after it had failed, must not slip into whatever runs on the connection by then: it is
 * refused.
 */
export async function doWork<T>(
  dialect: Dialect,
  run: Transaction['run'],
  work: (tx: Transaction) => Promise<T>,
  givenUp?: Promise<never>,
): Promise<T> {
  let ended = false;
  const sent: Promise<void>[] = [];
  const runOpen: Transaction['run'] = (statement, params) =>
    ended ? Promise.reject(new Error('the transaction of this statement has ended')) : run(statement, params);
  const send: Transaction['send'] = (statement, params, check) => {
    const done = runOpen(statement, params).then((rows) => check?.(rows));
    // Looked at below; until then its failure is nobody's.
    done.catch(() => undefined);
    sent.push(done);
  };
  try {
    const doing = work({ dialect, run: runOpen, send });
    const result = await (givenUp === undefined ? doing : Promise.race([doing, givenUp]));
    await Promise.all(sent);
    return result;
  } catch (error) {
    // PostgreSQL runs nothing more after a failure; why is what was sent to say.
    if (codeOf(error) === transactionAborted) await Promise.all(sent);
    throw error;
  } finally {
    ended = true;
  }
}

/** PostgreSQL: the transaction has failed already. */
const transactionAborted = '25P02';

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** The database can't be reached or refuses to work: never an answer about the domain. */
export class StoreUnavailable extends Error {
  constructor(cause: unknown) {
    super(`the database is not available: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** The only row, or undefined. */
export function only<Row>(rows: readonly Row[]): Row | undefined {
  if (rows.length > 1) throw new Error(`expected one row at most, found ${rows.length}`);
  return rows[0];
}
