import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startPostgres } from './postgres.ts';

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  await client.connect();
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
}

test('a throw-away PostgreSQL is durable, ours alone, and sorts by language until it is stopped', async () => {
  const { url, stop } = await startPostgres();
  const sql = `select current_setting('fsync') as fsync, current_setting('listen_addresses') as listens, 'a' < 'B' as by_language,
    (select rolsuper from pg_roles where rolname = current_user) as superuser`;
  try {
    assert.deepEqual(await ask(url, sql), { fsync: 'on', listens: '127.0.0.1', by_language: true, superuser: true });
    const stranger = new URL(url);
    stranger.password = 'guessed';
    await assert.rejects(ask(stranger.href, sql), { code: '28P01' });
  } finally {
    await stop();
  }
  await assert.rejects(ask(url, sql), { code: 'ECONNREFUSED' });
});

test('a throw-away PostgreSQL ends with a process that was killed', async () => {
  const start = `import { startPostgres } from ${JSON.stringify(new URL('./postgres.ts', import.meta.url).href)};
    console.log((await startPostgres()).url);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', start]);
  const [line] = await once(child.stdout, 'data');
  const url = String(line).trim();
  assert.deepEqual(await ask(url, 'select 1 as one'), { one: 1 });
  child.kill('SIGKILL');
  const deadline = Date.now() + 10_000;
  let refused = false;
  while (!refused && Date.now() < deadline) {
    await sleep(50);
    refused = await ask(url, 'select 1').then(
      () => false,
      (error) => error.code === 'ECONNREFUSED',
    );
  }
  assert.equal(refused, true);
});
