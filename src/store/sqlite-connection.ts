import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Value } from './statement.ts';

/** How many prepared statements are kept; registered ones are fewer, filters add their own. */
const mostPrepared = 1000;

type Prepared = (values: readonly Value[]) => Record<string, unknown>[];

/** Values for the parameters of a statement that is run once for each row: a field of the row stands where `fields` names one. */
export interface EachRow {
  fields: readonly (string | undefined)[];
  /** A JSON array of objects. */
  rows: string;
}

/** A connection to the embedded database, in whatever thread it was opened. */
export interface Connection {
  all(sql: string, values: readonly Value[], each?: EachRow): Record<string, unknown>[];
  exec(sql: string): void;
  /** Whether a transaction is open; none is once the connection is closed. */
  isInTransaction(): boolean;
  /** Takes back the transaction that is open, if any. */
  rollback(): void;
  close(): void;
}

/**
 * Connects to a database (WAL, `synchronous=FULL`). What is committed goes from the log into the file when the log has 16 MB:
 * often enough that the log stays small, and seldom enough that a page which many commits changed is carried over once.
 */
export function connect(path: string, options: { readOnly: boolean; cacheKb: number }): Connection {
  const database = new DatabaseSync(path, { timeout: 5000 });
  database.exec(
    `pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma temp_store = memory;
     pragma wal_autocheckpoint = 4000; pragma cache_size = -${options.cacheKb}`,
  );
  if (options.readOnly) database.exec('pragma query_only = on');
  const prepared = new Map<string, Prepared>();
  const prepare = (sql: string): Prepared => {
    const found = prepared.get(sql);
    if (found !== undefined) return found;
    if (prepared.size >= mostPrepared) for (const oldest of prepared.keys()) return remember(oldest, sql);
    return remember(undefined, sql);
  };
  const remember = (forget: string | undefined, sql: string): Prepared => {
    if (forget !== undefined) prepared.delete(forget);
    const made = preparedFrom(database.prepare(sql));
    prepared.set(sql, made);
    return made;
  };
  return {
    all: (sql, values, each) => {
      const run = prepare(sql);
      if (each === undefined) return run(values);
      const rows: Record<string, Value>[] = JSON.parse(each.rows);
      return rows.flatMap((row) =>
        run(each.fields.map((field, index) => (field === undefined ? values[index] : row[field]) ?? null)),
      );
    },
    exec: (sql) => database.exec(sql),
    isInTransaction: () => database.isOpen && database.isTransaction,
    rollback: () => {
      if (database.isTransaction) database.exec('rollback');
    },
    close: () => database.close(),
  };
}

/** Runs a statement. Its rows are taken as arrays: what the driver makes objects of is slow to read, and these are all of one shape. */
function preparedFrom(statement: StatementSync): Prepared {
  statement.setReturnArrays(true);
  const names = statement.columns().map(({ name }) => name);
  return (values) =>
    (statement.all(...values) as unknown as Value[][]).map((row) => {
      const named: Record<string, unknown> = {};
      for (let index = 0; index < names.length; index++) named[names[index] as string] = row[index];
      return named;
    });
}
