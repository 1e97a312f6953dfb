import type { Table } from '../table.ts';

const rows = 1_000_000;

/**
 * What SQLite's planner is told of a table's indexes, instead of measuring: rows of one organization and one directory are
 * many, and each further column narrows them down. Untold it takes a key's first two columns for nearly as good as an index
 * made for the query, and walks through whole directories. The same plans on every database, empty or full. `noskipscan`:
 * a scope is always given, so trying all values of a column never pays.
 */
export function statisticsSql(name: string, { key, unique, index, unscoped }: Table): string[] {
  const keys: readonly (readonly [string, readonly string[]])[] = [
    [name, key],
    ...Object.values(unique ?? {}).map((columns, place) => [`sqlite_autoindex_${name}_${place + 2}`, columns] as const),
  ];
  const others = Object.entries(index ?? {}).map(([each, columns]) => [`${name}_by_${each}`, columns] as const);
  const insert = (indexName: string, estimates: readonly number[]) =>
    `insert into sqlite_stat1 (tbl, idx, stat) values ('${name}', '${indexName}', '${[rows, ...estimates, 'noskipscan'].join(' ')}')`;
  return [
    `delete from sqlite_stat1 where tbl = '${name}'`,
    ...keys.map(([each, columns]) => insert(each, [...narrowing(columns, unscoped).slice(0, -1), 1])),
    // Such an index also holds the key, by which its entries are told apart.
    ...others.map(([each, columns]) => {
      const rest = key.filter((column) => !columns.includes(column));
      return insert(each, [...narrowing(columns, unscoped), ...rest.map(() => 1)]);
    }),
  ];
}

const scopes: ReadonlySet<string> = new Set(['organization_id', 'connection_id', 'directory_id']);

/** Rows that are left by each column of an index in turn. */
function narrowing(columns: readonly string[], unscoped: string | undefined): number[] {
  let left = rows;
  return columns.map((column) => {
    if (unscoped !== undefined || !scopes.has(column)) left = Math.max(5, left / 100);
    return left;
  });
}
