import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readConfig } from '#config';
import { migrate, only, openStore, sql, statement, textList, textRows } from '#store';
import { dialects, openTestWorld, type TestWorld } from '../world.ts';

const insert = statement('test.insert', (db, p: { id: string; name: string }) =>
  db
    .insertInto('organization')
    .values({ id: p.id, name: p.name, local_sign_in: 0, version: 1, created_at: 0, updated_at: 0 })
    .returning('id'),
);
const find = statement('test.find', (db, p: { id: string }) =>
  db.selectFrom('organization').select(['id', 'name', 'version']).where('id', '=', p.id),
);
const addOne = statement('test.addOne', (db, p: { id: string }) =>
  db
    .updateTable('organization')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', p.id)
    .returning('version'),
);
const listFrom = statement('test.listFrom', (db, p: { from: string }) =>
  db.selectFrom('organization').select('id').where('id', '>=', p.from).orderBy('id'),
);
const listAmong = statement('test.listAmong', (db, p: { ids: string }, dialect) =>
  db.selectFrom('organization').select('id').where('id', 'in', textList(dialect, p.ids)).orderBy('id'),
);
const listRows = statement('test.listRows', (db, p: { rows: string }, dialect) =>
  db
    .selectFrom(textRows(dialect, p.rows, ['id', 'name']).as('given'))
    .select(['given.id as id', 'given.name as name'])
    .orderBy('given.id'),
);

const findRows = statement('test.findRows', (db, p: { table: string }) =>
  db.selectNoFrom(
    sql<number>`(select c.reltuples from pg_class c where c.relname = ${p.table} and c.relnamespace = current_schema()::regnamespace)`.as(
      'known',
    ),
  ),
);

for (const dialect of dialects) {
  describe(`a transaction (${dialect})`, () => {
    let world: TestWorld;
    before(async () => {
      world = await openTestWorld(dialect);
    });
    after(() => world.close());

    test('who is told of a commit sees it, whatever was read in the same turn of the event loop before', async () => {
      const { store } = world;
      const id = 'turn';
      await store.write((tx) => tx.run(insert, { id, name: id }));
      // Timers come before messages in a turn. While this thread stands still another one commits.
      const reads: Promise<unknown>[] = [];
      const reading = setInterval(() => {
        reads.push(store.read(find, { id }));
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      });
      const seen: unknown[] = [];
      for (let version = 2; version < 12; version++) {
        const [row] = await store.write((tx) => tx.run(addOne, { id }));
        seen.push([row?.version, only(await store.read(find, { id }))?.version]);
      }
      clearInterval(reading);
      await Promise.all(reads);
      assert.deepEqual(
        seen,
        Array.from({ length: 10 }, (_, index) => [index + 2, index + 2]),
      );
    });

    test('what it wrote is there when it resolves', async () => {
      await world.store.write((tx) => tx.run(insert, { id: 'there', name: 'Ada' }));
      assert.equal(only(await world.store.read(find, { id: 'there' }))?.name, 'Ada');
    });

    test('nothing stays of one that throws, and its neighbours in the same commit stay', async () => {
      const outcomes = await Promise.allSettled([
        world.store.write((tx) => tx.run(insert, { id: 'left', name: 'L' })),
        world.store.write(async (tx) => {
          await tx.run(insert, { id: 'thrown', name: 'T' });
          throw new Error('on purpose');
        }),
        world.store.write((tx) => tx.run(insert, { id: 'right', name: 'R' })),
      ]);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
      assert.equal(only(await world.store.read(find, { id: 'thrown' })), undefined);
      assert.equal(only(await world.store.read(find, { id: 'left' }))?.name, 'L');
      assert.equal(only(await world.store.read(find, { id: 'right' }))?.name, 'R');
    });

    test('what goes on after its transaction failed changes nothing, also not in the next one', async () => {
      let later: Promise<unknown> | undefined;
      const goesOn = async (tx: Parameters<Parameters<typeof world.store.write>[0]>[0]) => {
        await tx.run(find, { id: 'nobody' });
        await tx.run(find, { id: 'nobody' });
        await tx.run(insert, { id: 'stray', name: 'S' });
      };
      const failing = world.store.write(async (tx) => {
        later = goesOn(tx);
        later.catch(() => undefined);
        throw new Error('on purpose');
      });
      const next = world.store.write(async (tx) => {
        for (let turn = 0; turn < 5; turn++) await tx.run(find, { id: 'nobody' });
      });
      await assert.rejects(failing, /on purpose/);
      await next;
      await assert.rejects(later ?? Promise.resolve(), /the transaction of this statement has ended/);
      assert.deepEqual(await world.store.read(find, { id: 'stray' }), []);
    });

    test('a statement that the database refuses leaves its transaction without effect', async () => {
      await world.store.write((tx) => tx.run(insert, { id: 'twice', name: '1' }));
      await assert.rejects(
        world.store.write(async (tx) => {
          await tx.run(insert, { id: 'before-twice', name: 'B' });
          await tx.run(insert, { id: 'twice', name: '2' });
        }),
      );
      assert.equal(only(await world.store.read(find, { id: 'before-twice' })), undefined);
      assert.equal(only(await world.store.read(find, { id: 'twice' }))?.name, '1');
    });

    test('what is sent, and waited for by nobody, is there when the transaction resolves', async () => {
      const [before] = await world.store.write(async (tx) => {
        tx.send(insert, { id: 'sent', name: 'Ada' });
        return tx.run(find, { id: 'sent' });
      });
      assert.equal(before?.name, 'Ada');
      await world.store.write(async (tx) => tx.send(addOne, { id: 'sent' }));
      assert.equal(only(await world.store.read(find, { id: 'sent' }))?.version, 2);
    });

    test('what is sent and refused fails the transaction, whose failure says why, also where something ran after it', async () => {
      await world.store.write((tx) => tx.run(insert, { id: 'sent-twice', name: '1' }));
      for (const [id, after] of [
        ['sent-alone', undefined],
        ['sent-before', find],
      ] as const) {
        const failing = world.store.write(async (tx) => {
          tx.send(insert, { id, name: 'S' });
          tx.send(insert, { id: 'sent-twice', name: '2' });
          if (after !== undefined) await tx.run(after, { id });
        });
        await assert.rejects(failing, /unique/i);
        assert.deepEqual(await world.store.read(find, { id }), []);
      }
    });

    test('what is sent is checked before the commit: where the check throws nothing stays', async () => {
      const failing = world.store.write(async (tx) => {
        tx.send(insert, { id: 'unchecked', name: 'U' });
        tx.send(addOne, { id: 'nobody' }, (rows) => {
          if (rows.length === 0) throw new Error('nobody is there');
        });
      });
      await assert.rejects(failing, /nobody is there/);
      assert.deepEqual(await world.store.read(find, { id: 'unchecked' }), []);
    });

    test('a hundred additions at once lose none', async () => {
      await world.store.write((tx) => tx.run(insert, { id: 'counter', name: 'C' }));
      const seen = await Promise.all(
        Array.from({ length: 100 }, () =>
          world.store.write(async (tx) => only(await tx.run(addOne, { id: 'counter' }))?.version),
        ),
      );
      assert.equal(new Set(seen).size, 100);
      assert.equal(only(await world.store.read(find, { id: 'counter' }))?.version, 101);
    });

    test('text is ordered bytewise: by UTF-8, not by locale and not by UTF-16', async () => {
      const names = ['\u{1F600}', '\uFB01', 'é', 'z', 'Z', 'a'];
      for (const id of names) await world.store.write((tx) => tx.run(insert, { id: `order-${id}`, name: '' }));
      const found = (await world.store.read(listFrom, { from: 'order-' }))
        .map(({ id }) => id.slice(6))
        .filter((id) => names.includes(id));
      assert.deepEqual(found, ['Z', 'a', 'z', 'é', '\uFB01', '\u{1F600}']);
    });

    test('any number of values goes into one statement as JSON', async () => {
      const found = await world.store.read(listAmong, {
        ids: JSON.stringify(['left', 'nobody', 'right', `it's "quoted"`]),
      });
      assert.deepEqual(
        found.map(({ id }) => id),
        ['left', 'right'],
      );
      const rows = [
        { id: 'a', name: 'ä"\u2028' },
        { id: 'b', name: '' },
      ];
      assert.deepEqual(
        (await world.store.read(listRows, { rows: JSON.stringify(rows) })).map((row) => ({ ...row })),
        rows,
      );
    });

    test('migrating again does nothing', async () => {
      assert.deepEqual(await migrate(world.store, 0), []);
    });
  });
}

for (const dialect of dialects.filter((it) => it === 'postgres')) {
  test('PostgreSQL has statistics of a table that only began to fill', async () => {
    const world = await openTestWorld(dialect);
    await Promise.all(
      Array.from({ length: 120 }, (_, index) =>
        world.store.write((tx) => tx.run(insert, { id: `grown-${index}`, name: 'x'.repeat(500) })),
      ),
    );
    const known = async () => {
      const [row] = await world.store.read(findRows, { table: 'organization' });
      return Number(row?.known ?? 0);
    };
    for (let tries = 0; tries < 100 && (await known()) < 90; tries++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok((await known()) >= 90);
    await world.close();
  });
}

describe('the embedded database', () => {
  test('a write that waits for something else is refused, and does not hold up those behind it', async () => {
    const world = await openTestWorld('sqlite');
    const outcomes = await Promise.allSettled([
      world.store.write(() => new Promise((resolve) => setTimeout(resolve, 60_000).unref())),
      world.store.write((tx) => tx.run(insert, { id: 'behind', name: 'B' })),
    ]);
    assert.match(
      String(outcomes[0].status === 'rejected' && outcomes[0].reason),
      /waited for something other than its own statements/,
    );
    assert.equal(outcomes[1].status, 'fulfilled');
    await world.close();
  });

  test('a long write does not hold up who reads', async () => {
    const world = await openTestWorld('sqlite');
    const count = statement('test.countLong', (db) =>
      db.selectNoFrom(
        sql<number>`(with recursive n (i) as (select 1 union all select i + 1 from n where i < 3000000) select sum(i) from n)`.as(
          'sum',
        ),
      ),
    );
    let done = false;
    const writing = world.store.write((tx) => tx.run(count, {})).finally(() => (done = true));
    await new Promise(setImmediate);
    let reads = 0;
    for (; !done; reads++) {
      await world.store.read(find, { id: 'nobody' });
      await new Promise(setImmediate);
    }
    assert.deepEqual(
      (await writing).map(({ sum }) => sum),
      [4500001500000],
    );
    assert.ok(reads > 100, `${reads} reads meanwhile`);
    await world.close();
  });

  test('writes that arrive together share commits', async () => {
    const world = await openTestWorld('sqlite');
    const log = join(world.config.data, 'portico.db-wal');
    const before = commitsIn(readFileSync(log));
    const many = Array.from({ length: 500 }, (_, index) => ({ id: `many-${index}`, name: '' }));
    await Promise.all(many.map((each) => world.store.write((tx) => tx.run(insert, each))));
    const commits = commitsIn(readFileSync(log)) - before;
    assert.ok(commits > 0 && commits < many.length / 2, `${many.length} writes made ${commits} commits`);
    await world.close();
  });

  for (const [what, ending] of [
    ['to write and to close', 'await store.close();'],
    ['to write, and forgets to close,', ''],
  ] as const) {
    test(`a process that has nothing left to do but ${what} does it and ends`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'portico-close-'));
      const code = `import('#config').then(async (c) => {
        const { migrate, openStore } = await import('#store');
        const { store } = openStore(c.readConfig({ PORTICO_DATA: process.argv[1] }));
        await migrate(store, 0);
        ${ending}
        console.log('done');
      })`;
      const { status, stdout } = spawnSync(process.execPath, ['-e', code, folder], {
        encoding: 'utf8',
        timeout: 20_000,
      });
      assert.deepEqual([status, stdout], [0, 'done\n']);
      rmSync(folder, { recursive: true });
    });
  }

  test('a second server on the same folder is refused in one sentence', () => {
    const folder = mkdtempSync(join(tmpdir(), 'portico-lock-'));
    const config = readConfig({ PORTICO_DATA: folder });
    const first = openStore(config);
    const code = `import('#config').then(async (c) => { const { openStore } = await import('#store'); openStore(c.readConfig({ PORTICO_DATA: process.argv[1] })); })`;
    const second = spawnSync(process.execPath, ['-e', code, folder], { encoding: 'utf8' });
    assert.match(second.stderr, /another server uses .*; stop it, or set PORTICO_DATA to another folder/);
    void first.store.close();
    rmSync(folder, { recursive: true });
  });
});

/** The commits in a write-ahead log (SQLite's file format §4): frames that name the size of the database after them. */
function commitsIn(log: Buffer): number {
  const pageSize = log.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + 24 + pageSize <= log.length; at += 24 + pageSize)
    if (log.readUInt32BE(at + 4) > 0) commits += 1;
  return commits;
}
