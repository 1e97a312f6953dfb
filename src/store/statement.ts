import {
  type Compilable,
  type DeleteResult,
  DummyDriver,
  type InsertResult,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type UpdateResult,
} from 'kysely';
import type { Tables } from './tables/index.ts';

/** The two databases. */
export type Dialect = 'sqlite' | 'postgres';

/** A value as a statement takes it. */
export type Value = string | number | Uint8Array | null;

/** Values by name. */
export type Values = Readonly<Record<string, Value>>;

/** SQL for one database, and how to line its values up. */
export interface Compiled {
  sql: string;
  /** Names of the values it takes. */
  takes: readonly string[];
  /** The values in the order of the SQL's parameters; a field of a row is null where it is run for each row. */
  bind: (values: Values) => Value[];
  /** The statement is run once for each row of a JSON array: the name of that value, and the field at each parameter. */
  each?: { rows: string; fields: readonly (string | undefined)[] };
}

/**
 * A statement with a name: built once by Kysely, compiled once for each database, executed by the store. Every one is
 * exported from a `queries` folder, so that tests find them all.
 */
export interface Statement<Params extends Values, Row> {
  readonly name: string;
  compile(dialect: Dialect): Compiled;
  /** Only for types: what it takes and what its rows are. */
  readonly of?: { params: Params; row: Row };
}

/**
 * SQL as it stands, without values and without a name: for tables and savepoints, which are no business of an operation,
 * and for tests.
 */
export const rawStatement = (sql: string): Statement<Values, Record<string, unknown>> => ({
  name: '',
  compile: () => ({ sql, takes: [], bind: () => [] }),
});

type RowOfResult<Output> = Output extends InsertResult | UpdateResult | DeleteResult ? never : Output;

/**
 * Declares a statement. `build` sees the tables, its parameters as if they were values, and the database's name for the
 * few places where the two differ.
 */
export function statement<Params extends Values, Output>(
  name: string,
  build: (db: Database, p: Params, dialect: Dialect) => Compilable<Output>,
): Statement<Params, RowOfResult<Output>> {
  const compiled: Partial<Record<Dialect, Compiled>> = {};
  return {
    name,
    compile: (dialect) => {
      compiled[dialect] ??= compile(name, build, dialect);
      return compiled[dialect];
    },
  };
}

/** The tables, as statements are built on them. */
export type Database = Kysely<Tables>;

/**
 * SQLite looks at the value of a bare `limit ?` when it plans, and so plans anew each time one is bound, which costs more than
 * most queries; behind an expression it does not look.
 */
const withSteadyLimit = (sql: string): string => sql.replaceAll(/\blimit \?/g, 'limit ? + 0');

/** Stands for a value in the tree that Kysely compiles. */
class Parameter {
  readonly name: string;
  /** The field of a row, where the value is a JSON array of rows and the statement is run once for each. */
  readonly field: string | undefined;
  constructor(name: string, field?: string) {
    this.name = name;
    this.field = field;
  }
}

/** A field of the rows that a parameter carries as a JSON array of objects: on SQLite the statement is then run once for each. */
export function fieldOf<Type>(rows: string, field: string): Type {
  const parameter: unknown = rows;
  if (!(parameter instanceof Parameter)) throw new Error('only a parameter has fields');
  return new Parameter(parameter.name, field) as Type;
}

function compile<Params extends Values, Output>(
  name: string,
  build: (db: Database, p: Params, dialect: Dialect) => Compilable<Output>,
  dialect: Dialect,
): Compiled {
  const p = new Proxy({} as Params, { get: (_, parameter) => new Parameter(String(parameter)) });
  const { sql, parameters } = build(builders[dialect], p, dialect).compile();
  const given = parameters.map((it) => (it instanceof Parameter ? it : { constant: it as Value }));
  const rows = given.find((it) => it instanceof Parameter && it.field !== undefined);
  return {
    sql: dialect === 'sqlite' ? withSteadyLimit(sql) : sql,
    takes: [...new Set(given.flatMap((it) => (it instanceof Parameter ? [it.name] : [])))],
    bind: (values) =>
      given.map((it) => {
        if (!(it instanceof Parameter)) return it.constant;
        const value = values[it.name];
        if (value === undefined) throw new Error(`statement ${name} was given no ${it.name}`);
        return it.field === undefined ? value : null;
      }),
    ...(rows instanceof Parameter
      ? { each: { rows: rows.name, fields: given.map((it) => (it instanceof Parameter ? it.field : undefined)) } }
      : {}),
  };
}

const builders: Record<Dialect, Database> = {
  sqlite: new Kysely({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }),
  postgres: new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }),
};
