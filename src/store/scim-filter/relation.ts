import { type RawBuilder, sql } from 'kysely';
import type { ResolvedComparison } from '#scim';
import type { Dialect, Values } from '../statement.ts';
import { isUnbounded } from './shape.ts';

/** A piece of SQL. */
export type Sql = RawBuilder<unknown>;

/** Where a filter is turned into SQL: the database, the scope, and the parameters, which are there by name. */
export interface Place {
  dialect: Dialect;
  resourceType: 'User' | 'Group';
  p: Values & { organizationId: string; directoryId: string; baseUrl: string };
  /** The number of a comparison: its parameters bear it. */
  numberOf(comparison: ResolvedComparison): number;
  /** Whether few resources are left to be looked at: each is asked by itself, rather than all be found that might fit. */
  few?: boolean;
}

/** A query that finds resources, ending in its conditions, and the column that is their id. */
export interface Finding {
  query: Sql;
  id: Sql;
}

/** The resource `r` is one of those that a query finds. `offset 0` keeps PostgreSQL from making a join of it that finds all. */
export function isFound({ few, dialect }: Place, { query, id }: Finding): Sql {
  if (few !== true) return sql`r.id in (${query})`;
  return dialect === 'postgres'
    ? sql`exists (${query} and ${id} = r.id offset 0)`
    : sql`exists (${query} and ${id} = r.id)`;
}

/** One value of a row that can be compared. `numeric` columns hold times, and 1 or 0. */
export interface Column {
  sql: Sql;
  nullable?: boolean;
  numeric?: boolean;
}

export const yes: Sql = sql`1 = 1`;
export const no: Sql = sql`1 = 0`;

/** Joins conditions by `and` or `or`. */
export const joined = (kind: 'and' | 'or', terms: readonly Sql[]): Sql =>
  sql`(${sql.join(terms, sql.raw(` ${kind} `))})`;

/** A value that is there stands in the relation of a comparison. */
export function relation(place: Place, column: Column, comparison: ResolvedComparison): Sql {
  const { operator } = comparison;
  const number = place.numberOf(comparison);
  const { [`key${number}`]: text, [`number${number}`]: integer, [`end${number}`]: end } = place.p;
  const value = column.numeric === true ? integer : text;
  switch (operator) {
    case 'eq':
      return sql`${column.sql} = ${value}`;
    case 'ne':
      return sql`${column.sql} <> ${value}`;
    case 'gt':
      return sql`${column.sql} > ${value}`;
    case 'ge':
      return sql`${column.sql} >= ${value}`;
    case 'lt':
      return sql`${column.sql} < ${value}`;
    case 'le':
      return sql`${column.sql} <= ${value}`;
    case 'sw':
      return isUnbounded(comparison)
        ? sql`${column.sql} >= ${text}`
        : sql`(${column.sql} >= ${text} and ${column.sql} < ${end})`;
    case 'co':
      return place.dialect === 'postgres'
        ? sql`strpos(${column.sql}, ${text}) > 0`
        : sql`instr(${column.sql}, ${text}) > 0`;
    case 'ew':
      return isUnbounded(comparison) ? yes : endsWith(place, column, number);
  }
}

function endsWith({ dialect, p }: Place, column: Column, number: number): Sql {
  const { [`key${number}`]: text, [`length${number}`]: length } = p;
  return dialect === 'postgres'
    ? sql`right(${column.sql}, ${length}::integer) = ${text}`
    : sql`substr(${column.sql}, -${length}) = ${text}`;
}

/** A comparison with the one value of a column; absence is no value, and never unknown. */
export function columnHolds(place: Place, column: Column, comparison: ResolvedComparison): Sql {
  const holds = relation(place, column, comparison);
  if (column.nullable !== true) return holds;
  return comparison.operator === 'ne'
    ? sql`(${column.sql} is null or ${holds})`
    : sql`(${column.sql} is not null and ${holds})`;
}

/** A column has a value that is not empty. */
export function columnPresent({ sql: column, numeric, nullable }: Column): Sql {
  if (numeric === true) return nullable === true ? sql`${column} is not null` : yes;
  return nullable === true ? sql`(${column} is not null and ${column} <> '')` : sql`${column} <> ''`;
}
