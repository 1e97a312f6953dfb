import type { Dialect } from './statement.ts';

/**
 * What a column holds. Text compares bytewise on both databases, so that memory, SQLite and PostgreSQL agree; times are
 * epoch milliseconds; yes and no are 1 and 0. A trailing `?` allows null.
 */
export type ColumnType = 'text' | 'integer' | 'bytes' | 'text?' | 'integer?' | 'bytes?';

/** A table as data: its columns, its key, what is unique and what is indexed. */
export interface Table<Columns extends Record<string, ColumnType> = Record<string, ColumnType>> {
  columns: Columns;
  key: readonly string[];
  unique?: Readonly<Record<string, readonly string[]>>;
  index?: Readonly<Record<string, readonly string[]>>;
  /**
   * Columns with values that few rows share: how many different ones there are for each row. Of a large table PostgreSQL
   * looks at a sample, takes rare values for far fewer than they are, and then plans anew at each call.
   */
  distinct?: Readonly<Record<string, number>>;
  /** Why the key does not begin with organization_id; such tables are not split by organization. */
  unscoped?: string;
}

interface TypeOf {
  text: string;
  integer: number;
  bytes: Uint8Array;
  'text?': string | null;
  'integer?': number | null;
  'bytes?': Uint8Array | null;
}

/** The row of a table. */
export type RowOf<T> = T extends Table<infer Columns> ? { [Name in keyof Columns]: TypeOf[Columns[Name]] } : never;

interface Named<Name extends string> {
  key: readonly Name[];
  unique?: Readonly<Record<string, readonly Name[]>>;
  index?: Readonly<Record<string, readonly Name[]>>;
  distinct?: Readonly<{ [Column in Name]?: number }>;
}

/** Keeps the literal types of a table's columns, and holds its keys to their names. */
export const table = <const Columns extends Record<string, ColumnType>>(
  it: Table<Columns> & Named<keyof Columns & string>,
): Table<Columns> => it;

const types: Record<Dialect, Record<'text' | 'integer' | 'bytes', string>> = {
  sqlite: { text: 'text', integer: 'integer', bytes: 'blob' },
  postgres: { text: 'text collate "C"', integer: 'bigint', bytes: 'bytea' },
};

/**
 * The statements that create a table. With `partitions` (PostgreSQL) it is split by hash of the organization: what a
 * distributed PostgreSQL does, and what shows in a test that every statement stays in one part.
 */
export function createTableSql(name: string, it: Table, dialect: Dialect, partitions = 0): string[] {
  const columns = Object.entries(it.columns).map(([column, type]) => {
    const optional = type.endsWith('?');
    const base = (optional ? type.slice(0, -1) : type) as 'text' | 'integer' | 'bytes';
    return `${column} ${types[dialect][base]}${optional ? '' : ' not null'}`;
  });
  const unique = Object.values(it.unique ?? {}).map((names) => `unique (${names.join(', ')})`);
  const body = [...columns, `primary key (${it.key.join(', ')})`, ...unique].join(',\n  ');
  const split = partitions > 0 && it.unscoped === undefined;
  const tail = dialect === 'sqlite' ? ' strict, without rowid' : split ? ' partition by hash (organization_id)' : '';
  const statements = [`create table ${name} (\n  ${body}\n)${tail}`];
  for (let part = 0; split && part < partitions; part++) {
    statements.push(
      `create table ${name}_p${part} partition of ${name} for values with (modulus ${partitions}, remainder ${part})`,
    );
  }
  for (const [index, names] of Object.entries(it.index ?? {})) {
    statements.push(`create index ${name}_by_${index} on ${name} (${names.join(', ')})`);
  }
  if (dialect === 'postgres') {
    for (const [column, share] of Object.entries(it.distinct ?? {}))
      statements.push(`alter table ${name} alter column ${column} set (n_distinct = ${-share})`);
  }
  return statements;
}
