import { randomBytes } from 'node:crypto';
import type { Resolver } from 'node:dns/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Config, readConfig } from '#config';
import { type EntraWorld, withEntra } from '#connections';
import { type Dialect, migrate, openStore, rawStatement } from '#store';

/** The databases that tests run on: SQLite always, PostgreSQL where `TEST_POSTGRES_URL` names one. */
export const dialects: readonly Dialect[] =
  process.env['TEST_POSTGRES_URL'] === undefined ? ['sqlite'] : ['sqlite', 'postgres'];

/** A world on a fresh database of its own, for one test file. */
export interface TestWorld extends EntraWorld {
  /** The clock; tests move it. */
  clock: { now: number };
  /** Runs SQL of the test's own, in a transaction. */
  execute(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** What a test may set of its world. */
export interface TestWorldOptions {
  settings?: Record<string, string>;
  fetch?: typeof globalThis.fetch;
  /** Answers for names, instead of the machine's own. */
  dns?: Resolver;
  /** Where the clock stands at first; it stands still. Without it the world lives in real time. */
  now?: number;
  /** Hears every log line. */
  log?: (about: object, message: string) => void;
  /** Splits the tables by organization (PostgreSQL). */
  partitions?: number;
}

/** Opens a world on a fresh SQLite folder or a fresh PostgreSQL database; `close` removes it. */
export async function openTestWorld(dialect: Dialect, options: TestWorldOptions = {}): Promise<TestWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-test-'));
  const template = options.partitions === undefined ? process.env['TEST_POSTGRES_TEMPLATE'] : undefined;
  const database = dialect === 'postgres' ? await createTestDatabase(template) : undefined;
  const config: Config = readConfig({
    PORTICO_DATA: join(folder, 'data'),
    PORTICO_LOG_LEVEL: 'silent',
    PORTICO_SEALING_KEYS: randomBytes(32).toString('base64'),
    ...(database === undefined ? {} : { PORTICO_DATABASE_URL: database.url }),
    ...options.settings,
  });
  const { store, sealer } = openStore(config);
  const clock = { now: options.now ?? 0 };
  const now = options.now === undefined ? Date.now : () => clock.now;
  await migrate(store, now(), options.partitions);
  const toScreen = process.env['TEST_LOG'] === undefined ? undefined : console.error;
  const say = (about: object, message: string) => {
    toScreen?.(message, about);
    options.log?.(about, message);
  };
  const log = { debug: say, info: say, warn: say, error: say };
  const world = withEntra(
    { config, store, sealer, now, fetch: options.fetch ?? fetch, log },
    async (world, about) => (await import('#signin')).signAssertion(world, about),
    options.dns,
  );
  return {
    ...world,
    clock,
    execute: async (sql) => {
      await store.write((tx) => tx.run(rawStatement(sql), {}));
    },
    close: async () => {
      await store.close();
      await database?.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A fresh database on the PostgreSQL of the tests: empty, or a copy of another one. It is copied file by file: PostgreSQL's own
 * choice, block by block through its log, takes ten times as much processor time.
 */
export async function createTestDatabase(template?: string): Promise<{ url: string; drop(): Promise<void> }> {
  const server = process.env['TEST_POSTGRES_URL'] ?? '';
  const name = `test_${randomBytes(8).toString('hex')}`;
  await runSql(server, `create database ${name} template ${template ?? 'template1'} strategy file_copy`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runSql(server, `drop database ${name} with (force)`) };
}

/** Makes the database that test worlds copy, since a copy costs less than making every table anew; gives its name. */
export async function makeTemplate(): Promise<string> {
  const { url } = await createTestDatabase();
  const config = readConfig({ PORTICO_DATABASE_URL: url, PORTICO_SEALING_KEYS: randomBytes(32).toString('base64') });
  const { store } = openStore(config);
  await migrate(store, 0);
  await store.close();
  return new URL(url).pathname.slice(1);
}

async function runSql(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
