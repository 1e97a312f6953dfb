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

/** Values by name, as a statement takes them. */
export type Values = Readonly<Record<string, string | number | Uint8Array | null>>;

/** SQL for one database, and how to line its values up. */
export interface Compiled {
  sql: string;
  /** Names of the values it takes. */
  takes: readonly string[];
  bind: (values: Values) => (string | number | Uint8Array | null)[];
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

/** SQL as it stands, without values and without a name: for tables and savepoints, which are no business of an operation. */
export const rawStatement = (sql: string): Statement<Values, never> => ({
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
  build: (db: Kysely<Tables>, p: Params, dialect: Dialect) => Compilable<Output>,
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

/** Stands for a value in the tree that Kysely compiles. */
class Parameter {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

function compile<Params extends Values, Output>(
  name: string,
  build: (db: Kysely<Tables>, p: Params, dialect: Dialect) => Compilable<Output>,
  dialect: Dialect,
): Compiled {
  const p = new Proxy({} as Params, { get: (_, parameter) => new Parameter(String(parameter)) });
  const { sql, parameters } = build(builders[dialect], p, dialect).compile();
  const names = parameters.map((it) =>
    it instanceof Parameter ? it.name : { constant: it as string | number | null },
  );
  return {
    sql,
    takes: [...new Set(names.filter((it) => typeof it === 'string'))],
    bind: (values) =>
      names.map((it) => {
        if (typeof it !== 'string') return it.constant;
        const value = values[it];
        if (value === undefined) throw new Error(`statement ${name} was given no ${it}`);
        return value;
      }),
  };
}

const builders: Record<Dialect, Kysely<Tables>> = {
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
