import { type InsertQueryBuilder, type InsertResult, sql } from 'kysely';
import { type Database, type Dialect, fieldOf } from './statement.ts';
import { type Tables, tables } from './tables/index.ts';

type TableName = keyof typeof tables;

/**
 * Inserts the rows of a JSON array of objects, whose fields are named like the columns; columns in `same` are alike in all.
 * PostgreSQL takes all rows at once. On SQLite the statement is run for each of them: an insert of one row needs no journal
 * of its own, so that is several times as fast.
 */
export function insertRows<Name extends TableName>(
  db: Database,
  dialect: Dialect,
  name: Name,
  rows: string,
  columns: readonly (keyof Tables[Name] & string)[],
  same: Partial<Tables[Name]>,
): InsertQueryBuilder<Tables, Name, InsertResult> {
  const alike = Object.entries(same);
  const into = sql.join([...alike.map(([column]) => column), ...columns].map((column) => sql.ref(column)));
  const insert = db.insertInto<TableName>(name);
  const filled =
    dialect === 'sqlite'
      ? sql`(${into}) values (${sql.join([...alike.map(([, value]) => value), ...columns.map((column) => fieldOf(rows, column))])})`
      : sql`(${into}) select ${sql.join([
          ...alike.map(([column, value]) => sql`cast(${value} as ${sql.raw(typeOf(name, column))})`),
          ...columns.map((column) => sql.ref(`given.${column}`)),
        ])} from json_to_recordset(${rows}::json) as given (${sql.join(
          columns.map((column) => sql`${sql.ref(column)} ${sql.raw(typeOf(name, column))}`),
        )})`;
  return insert.expression(filled as never) as unknown as InsertQueryBuilder<Tables, Name, InsertResult>;
}

/** The type of a column on PostgreSQL, as rows given as JSON are read. */
function typeOf(name: TableName, column: string): string {
  const columns: Readonly<Record<string, string>> = tables[name].columns;
  return columns[column]?.startsWith('integer') ? 'bigint' : 'text';
}
