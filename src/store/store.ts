import type { Dialect, Statement, Values } from './statement.ts';
import type { Together } from './together.ts';

/** One durable transaction. A write waits for nothing but its own statements. */
export interface Transaction {
  readonly dialect: Dialect;
  /** Runs a statement and gives its rows; a write gives those it returns. */
  run<Params extends Values, Row>(statement: Statement<Params, Row>, params: Params): Promise<Row[]>;
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
 * A transaction that `end` closes: a statement that comes later, of work that went on after it had failed, must not slip into
 * whatever runs on the connection by then.
 */
export function openTransaction(dialect: Dialect, run: Transaction['run']): { tx: Transaction; end: () => void } {
  let ended = false;
  return {
    tx: {
      dialect,
      run: (statement, params) =>
        ended ? Promise.reject(new Error('the transaction of this statement has ended')) : run(statement, params),
    },
    end: () => {
      ended = true;
    },
  };
}

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
