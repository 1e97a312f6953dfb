import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { rawStatement, type Together, tables } from '#store';
import { dialects, openTestWorld, type TestWorld } from '../world.ts';

/** Adds organizations by name; a name that is `fault` breaks the transaction, one that is `refused` is refused alone. */
function additions(seen: string[][]): Together<string, string> {
  return {
    name: 'test.add',
    run: async (tx, names) => {
      seen.push([...names]);
      for (const name of names) {
        if (name === 'refused') continue;
        await tx.run(rawStatement(name === 'fault' ? 'insert into nowhere values (1)' : insertion(name)), {});
      }
      return names.map((name) => (name === 'refused' ? 'no' : `yes ${name}`));
    },
  };
}

const insertion = (name: string): string => {
  const values = Object.entries(tables.organization.columns).map(([column, type]) =>
    column === 'id' || column === 'name' ? `'${name}'` : type.startsWith('integer') ? '1' : "''",
  );
  return `insert into organization (${Object.keys(tables.organization.columns).join(', ')}) values (${values.join(', ')})`;
};

for (const dialect of dialects) {
  describe(`changes of one kind that arrive together (${dialect})`, () => {
    let world: TestWorld;
    before(async () => {
      world = await openTestWorld(dialect);
    });
    after(() => world.close());
    const namesLike = async (pattern: string) =>
      (
        await world.store.read(rawStatement(`select id from organization where id like '${pattern}' order by id`), {})
      ).map(({ id }) => id);

    test('share transactions, and each is told its own outcome', async () => {
      const seen: string[][] = [];
      const names = Array.from({ length: 40 }, (_, n) => `a${String(n).padStart(2, '0')}`);
      const kind = additions(seen);
      const outcomes = await Promise.all(names.map((name) => world.store.together(kind, 'here', name)));
      assert.deepEqual(
        outcomes,
        names.map((name) => `yes ${name}`),
      );
      assert.deepEqual(await namesLike('a%'), names);
      assert.ok(seen.length < 20, `${seen.length} transactions for 40 changes`);
    });

    test('one that is refused leaves the others as they are', async () => {
      const kind = additions([]);
      const outcomes = await Promise.all(
        ['b1', 'refused', 'b2'].map((name) => world.store.together(kind, 'here', name)),
      );
      assert.deepEqual(outcomes, ['yes b1', 'no', 'yes b2']);
      assert.deepEqual(await namesLike('b%'), ['b1', 'b2']);
    });

    test('one that makes the others fail is tried by itself, and so are they', async () => {
      const kind = additions([]);
      const outcomes = await Promise.allSettled(
        ['c1', 'fault', 'c2'].map((name) => world.store.together(kind, 'here', name)),
      );
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
      assert.deepEqual(await namesLike('c%'), ['c1', 'c2']);
    });

    test('those of different places never meet', async () => {
      const seen: string[][] = [];
      const kind = additions(seen);
      await Promise.all(['d1', 'e1', 'd2', 'e2'].map((name) => world.store.together(kind, name.charAt(0), name)));
      assert.ok(seen.every((names) => new Set(names.map((name) => name.charAt(0))).size === 1));
    });
  });
}
