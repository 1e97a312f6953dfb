import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { Dialect } from './statement.ts';

/** The database's own clock in epoch milliseconds: leases and limits go by it, so that machines need not agree. */
export const databaseNow = (dialect: Dialect): RawBuilder<number> =>
  dialect === 'postgres'
    ? sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`
    : sql<number>`cast(unixepoch('subsec') * 1000 as integer)`;

/** The elements of a JSON array of strings, for `where('id', 'in', textList(…))`: one statement for any number. */
export const textList = (dialect: Dialect, json: string): RawBuilder<string> =>
  dialect === 'postgres'
    ? sql<string>`(select value collate "C" from jsonb_array_elements_text(${json}::jsonb) as list (value))`
    : sql<string>`(select value from json_each(${json}))`;

/**
 * Whether a column is one of the strings of a JSON array, a few of them: PostgreSQL reckons with ten, and so looks each up in
 * the index where of a `textList` it expects so many that it would rather walk through a directory of some thousands.
 */
export const isAmong = (dialect: Dialect, column: string, json: string): RawBuilder<SqlBool> =>
  dialect === 'postgres'
    ? sql<SqlBool>`${sql.ref(column)} = any (array(select value collate "C" from jsonb_array_elements_text(${json}::jsonb) as list (value)))`
    : sql<SqlBool>`${sql.ref(column)} in (select value from json_each(${json}))`;

/**
 * The rows of a JSON array of objects as a derived table with text columns, for inserting or joining any number of rows
 * by one statement; to be named by `.as(…)`.
 */
export function textRows<Column extends string>(
  dialect: Dialect,
  json: string,
  columns: readonly Column[],
): RawBuilder<Record<Column, string>> {
  if (dialect === 'postgres') {
    const typed = sql.raw(columns.map((column) => `${column} text collate "C"`).join(', '));
    return sql`(select * from json_to_recordset(${json}::json) as rows (${typed}))`;
  }
  const picked = sql.raw(columns.map((column) => `value ->> '${column}' as ${column}`).join(', '));
  return sql`(select ${picked} from json_each(${json}))`;
}

/** Locks the rows that a transaction is about to change. SQLite has one writer and needs none. */
export function forUpdate<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  dialect: Dialect,
): SelectQueryBuilder<DB, TB, O> {
  return dialect === 'postgres' ? query.forUpdate() : query;
}
