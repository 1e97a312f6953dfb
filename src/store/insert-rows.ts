import { type InsertQueryBuilder, type InsertQueryNode, type InsertResult, sql } from 'kysely';
import { type Dialect, fieldOf } from './statement.ts';
import { type Tables, tables } from './tables/index.ts';

/**
 * Completes an insert with the rows of a JSON array of objects, whose fields are named like the columns; columns in `same`
 * are alike in all. PostgreSQL takes all rows at once. On SQLite the statement is run for each of them: an insert of one row
 * needs no journal of its own, so that is several times as fast.
 */
export function insertRows<Name extends keyof Tables>(
  insert: InsertQueryBuilder<Tables, Name, InsertResult>,
  dialect: Dialect,
  rows: string,
  columns: readonly (keyof Tables[Name] & string)[],
  same: Partial<Tables[Name]>,
): InsertQueryBuilder<Tables, Name, InsertResult> {
  const alike = Object.entries(same);
  const into = sql.join([...alike.map(([column]) => column), ...columns].map((column) => sql.ref(column)));
  if (dialect === 'sqlite') {
    const values = [...alike.map(([, value]) => value), ...columns.map((column) => fieldOf(rows, column))];
    return insert.expression(sql`(${into}) values (${sql.join(values)})` as never);
  }
  const types: Readonly<Record<string, string>> = tables[tableOf(insert)].columns;
  const typeOf = (column: string) => sql.raw(types[column]?.startsWith('integer') ? 'bigint' : 'text');
  const values = [
    ...alike.map(([column, value]) => sql`cast(${value} as ${typeOf(column)})`),
    ...columns.map((column) => sql.ref(`given.${column}`)),
  ];
  const fields = columns.map((column) => sql`${sql.ref(column)} ${typeOf(column)}`);
  const given = sql`json_to_recordset(${rows}::json) as given (${sql.join(fields)})`;
  return insert.expression(sql`(${into}) select ${sql.join(values)} from ${given}` as never);
}

/** The table that an insert is into. */
function tableOf(insert: { toOperationNode(): InsertQueryNode }): keyof typeof tables {
  const name = insert.toOperationNode().into?.table.identifier.name;
  if (name === undefined || !(name in tables)) throw new Error(`there is no table ${name}`);
  return name as keyof typeof tables;
}
