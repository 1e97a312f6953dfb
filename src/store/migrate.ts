import { migrations } from './migrations.ts';
import { statisticsSql } from './queries/statistics.ts';
import { rawStatement, statement } from './statement.ts';
import type { Store } from './store.ts';
import { createTableSql } from './table.ts';

const listDone = statement('store.listMigrations', (db) => db.selectFrom('migration').select('name'));
const insertDone = statement('store.insertMigration', (db, p: { name: string; at: number }) =>
  db.insertInto('migration').values({ name: p.name, at: p.at }),
);

/**
 * Brings the database forward to the newest migration, under a lock, all or nothing, and gives the names of those it ran.
 * `partitions` splits the tables by organization (PostgreSQL; for tests).
 */
export async function migrate(store: Store, now: number, partitions = 0): Promise<string[]> {
  const execute = (sql: string) => store.write((tx) => tx.run(rawStatement(sql), {}));
  await execute('create table if not exists migration (name text primary key, at bigint not null)');
  const isSqlite = store.dialect === 'sqlite';
  // SQLite makes its table of statistics by itself only, and reads it when a schema is read, or at this word.
  if (isSqlite) await execute('analyze migration');
  const ran = await store.write(async (tx) => {
    if (tx.dialect === 'postgres') await tx.run(rawStatement('lock table migration in exclusive mode'), {});
    const done = new Set((await tx.run(listDone, {})).map(({ name }) => name));
    const pending = migrations.filter(({ name }) => !done.has(name));
    for (const { name, tables } of pending) {
      const steps = Object.entries(tables).flatMap(([table, columns]) => [
        ...createTableSql(table, columns, tx.dialect, partitions),
        ...(isSqlite ? statisticsSql(table, columns) : []),
      ]);
      // They are carried out in this order, and travel together.
      await Promise.all([...steps.map((sql) => tx.run(rawStatement(sql), {})), tx.run(insertDone, { name, at: now })]);
    }
    return pending.map(({ name }) => name);
  });
  if (isSqlite) await execute('analyze sqlite_schema');
  return ran;
}
