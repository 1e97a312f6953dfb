import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';

const create = (table) => [
  `create table if not exists ${table} (id text primary key, name text not null unique, external_id text, email text, document text not null)`,
  `create index if not exists ${table}_by_external_id on ${table} (external_id)`,
  `create index if not exists ${table}_by_email on ${table} (email)`,
];

/** Two tables with a document for each row, on PostgreSQL by `pg` or on SQLite by `node:sqlite`. */
export async function openTables(kind, database) {
  const run = kind === 'postgres' ? openPostgres(database) : openSqlite(database);
  for (const table of ['users', 'groups']) for (const sql of create(table)) await run(sql, []);
  return {
    insert: async (table, id, { name, externalId, email }, document) => {
      const sql = `insert into ${table} (id, name, external_id, email, document) values ($1, $2, $3, $4, $5) on conflict (name) do nothing returning id`;
      return (await run(sql, [id, name, externalId, email, document])).length > 0;
    },
    update: (table, id, { name, externalId, email }, document) =>
      run(`update ${table} set name = $2, external_id = $3, email = $4, document = $5 where id = $1`, [
        id,
        name,
        externalId,
        email,
        document,
      ]),
    remove: (table, id) => run(`delete from ${table} where id = $1`, [id]),
    find: async (table, column, value) =>
      (await run(`select document from ${table} where ${column} = $1`, [value])).map(({ document }) => document),
    all: async (table) => (await run(`select document from ${table} order by id`, [])).map(({ document }) => document),
  };
}

function openPostgres(url) {
  const pool = new pg.Pool({ connectionString: url });
  return async (sql, values) => (await pool.query(sql, values)).rows;
}

function openSqlite(path) {
  const database = new DatabaseSync(path);
  database.exec('pragma journal_mode = wal; pragma synchronous = full');
  const prepared = new Map();
  return async (sql, values) => {
    const statement = prepared.get(sql) ?? database.prepare(sql.replaceAll(/\$(\d)/g, '?$1'));
    prepared.set(sql, statement);
    return statement.all(...values);
  };
}
