import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { openPostgres } from './postgres.ts';
import { rawStatement } from './statement.ts';
import { StoreUnavailable } from './store.ts';

const url = process.env['TEST_POSTGRES_URL'];
const wait = rawStatement('select pg_sleep(0.4)');
const one = rawStatement('select 1 as one');
/** So long the tests give a connection. */
const withinMs = 150;

test('a transaction waits for others as long as they take, a read for none (PostgreSQL)', {
  skip: url === undefined && 'there is no PostgreSQL here',
}, async () => {
  const store = openPostgres(url ?? '', 2, withinMs);
  try {
    await store.read(one, {});
    const startedAt = performance.now();
    const writes = [wait, wait, one].map((statement) => store.write((tx) => tx.run(statement, {})));
    assert.deepEqual(await store.read(one, {}), [{ one: 1 }]);
    assert.ok(performance.now() - startedAt < 400, 'the read waited for a transaction');
    assert.deepEqual((await Promise.all(writes))[2], [{ one: 1 }]);
    assert.ok(performance.now() - startedAt >= 800, 'there is one connection for transactions');
  } finally {
    await store.close();
  }
});

test('all who wait are told at once that there is no answer (PostgreSQL)', async () => {
  const mute = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const store = openPostgres(`postgres://127.0.0.1:${(mute.address() as AddressInfo).port}/nothing`, 2, withinMs);
  try {
    const startedAt = performance.now();
    const writes = Array.from({ length: 10 }, () => store.write((tx) => tx.run(one, {})));
    for (const outcome of await Promise.allSettled(writes))
      assert.ok(outcome.status === 'rejected' && outcome.reason instanceof StoreUnavailable);
    assert.ok(performance.now() - startedAt < 5 * withinMs, `${performance.now() - startedAt} ms`);
    await assert.rejects(
      store.write((tx) => tx.run(one, {})),
      StoreUnavailable,
      'the turn was given back',
    );
  } finally {
    await store.close();
    mute.close();
  }
});
