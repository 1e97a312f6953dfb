import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { becomesDue, countTowards, type DueWork, findWait, rawStatement, startWorker } from '#store';
import { until } from '../until.ts';
import { dialects, openTestWorld, type TestWorld } from '../world.ts';

for (const dialect of dialects) {
  describe(`due work (${dialect})`, () => {
    let world: TestWorld;
    before(async () => {
      world = await openTestWorld(dialect);
    });
    after(() => world.close());

    const put = (kind: string, subject: string, wait = 0) =>
      world.store.write((tx) => becomesDue(tx, { kind, organizationId: 'org', subject, in: wait }));

    test('each piece is done once, with four workers at it', async () => {
      const done: string[] = [];
      const handler = async (_: unknown, work: DueWork) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        done.push(work.subject);
        return undefined;
      };
      const workers = ['a', 'b', 'c', 'd'].map((owner) => startWorker(world, { once: handler }, owner));
      await Promise.all(Array.from({ length: 60 }, (_, index) => put('once', `${index}`)));
      await until('60 are done', () => done.length >= 60);
      await new Promise((resolve) => setTimeout(resolve, 300));
      await Promise.all(workers.map((worker) => worker.stop()));
      assert.equal(done.length, 60);
      assert.equal(new Set(done).size, 60);
    });

    test('work of one organization that is done leaves the same work of another', async () => {
      const done: string[] = [];
      const handler = async (_: unknown, work: DueWork) => {
        done.push(work.organizationId);
        return done.length === 1 ? undefined : { again: 3_600_000 };
      };
      await world.store.write(async (tx) => {
        for (const organizationId of ['one', 'two'])
          await becomesDue(tx, { kind: 'alike', organizationId, subject: 'x', in: 0 });
      });
      const worker = startWorker(world, { alike: handler }, 'alike');
      await until('both are done', () => done.length === 2);
      await worker.stop();
      const left = await world.store.write((tx) =>
        tx.run(rawStatement("select organization_id from due where kind = 'alike'"), {}),
      );
      assert.deepEqual(
        left.map((row) => row['organization_id']),
        [done[1]],
      );
    });

    test('work that throws is tried again, with its attempts counted', async () => {
      const attempts: number[] = [];
      const worker = startWorker(
        world,
        {
          stumbles: async (_, work) => {
            attempts.push(work.attempts);
            return work.attempts < 3 ? { retryIn: 1 } : undefined;
          },
        },
        'stumbling',
      );
      await put('stumbles', 'x');
      await until('three attempts are made', () => attempts.length === 3);
      await worker.stop();
      assert.deepEqual(attempts, [1, 2, 3]);
    });

    test('work put on the list while it is being done is done once more', async () => {
      let times = 0;
      const worker = startWorker(
        world,
        {
          busy: async () => {
            times++;
            if (times === 1) await put('busy', 'x');
            return undefined;
          },
        },
        'busy',
      );
      await put('busy', 'x');
      await until('it is done twice', () => times === 2);
      await new Promise((resolve) => setTimeout(resolve, 300));
      await worker.stop();
      assert.equal(times, 2);
    });

    test('work that is due later waits', async () => {
      const started = performance.now();
      let at = 0;
      const worker = startWorker(
        world,
        {
          later: async () => {
            at = performance.now();
            return undefined;
          },
        },
        'later',
      );
      await put('later', 'x', 400);
      await until('it is done', () => at > 0);
      await worker.stop();
      assert.ok(at - started >= 380, `it was done after ${at - started} ms`);
    });

    test('the same subject in two organizations is two pieces of work', async () => {
      const done: string[] = [];
      const put = (organizationId: string, wait: number) =>
        world.store.write((tx) => becomesDue(tx, { kind: 'twins', organizationId, subject: 'x', in: wait }));
      await put('now', 0);
      await put('once more', 0);
      await put('later', 60_000);
      const worker = startWorker(
        world,
        {
          twins: async (_, { organizationId }) => {
            done.push(organizationId);
            if (organizationId === 'now') return { again: 60_000 };
            await new Promise((resolve) => setTimeout(resolve, 100));
            return undefined;
          },
        },
        'twins',
      );
      await until('two are done', () => done.length >= 2);
      await new Promise((resolve) => setTimeout(resolve, 500));
      await worker.stop();
      assert.deepEqual(done.sort(), ['now', 'once more']);
      const left = await world.store.read(
        rawStatement("select organization_id, lease from due where kind = 'twins' order by organization_id"),
        {},
      );
      assert.deepEqual(
        left.map((row) => [row['organization_id'], row['lease']]),
        [
          ['later', null],
          ['now', null],
        ],
      );
    });

    test('a limit is reached after its number, for that one only, and says how long to wait', async () => {
      const limit = { name: 'test', most: 3, windowMs: 60_000 };
      for (let count = 0; count < 3; count++) {
        assert.equal(await findWait(world.store, limit, '192.0.2.1'), 0);
        await countTowards(world.store, limit, '192.0.2.1');
      }
      const wait = await findWait(world.store, limit, '192.0.2.1');
      assert.ok(wait > 50_000 && wait <= 60_000, `wait is ${wait}`);
      assert.equal(await findWait(world.store, limit, '192.0.2.2'), 0);
    });

    test('a limit begins anew when its window is over', async () => {
      const limit = { name: 'short', most: 1, windowMs: 1000 };
      await countTowards(world.store, limit, 'x');
      assert.notEqual(await findWait(world.store, limit, 'x'), 0);
      await new Promise((resolve) => setTimeout(resolve, 1100));
      assert.equal(await findWait(world.store, limit, 'x'), 0);
      await countTowards(world.store, limit, 'x');
      assert.notEqual(await findWait(world.store, limit, 'x'), 0);
    });
  });
}
