import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openTestWorld, type TestWorld } from '../world.ts';
import { cells, fill, listStatements, raw, rolledBack, samplesFor } from './all-statements.ts';

const statements = await listStatements();

/** Statements that may read a whole table, and why that stays small. */
const scans: Readonly<Record<string, string>> = {
  'access.lockOperators': 'a deployment has few operators',
  'events.findPending': 'takes the first row',
  'events.takePending': 'rows live for a moment',
};

describe('every statement is served by an index (SQLite)', () => {
  let world: TestWorld;
  before(async () => {
    world = await openTestWorld('sqlite');
    await fill(world, cells);
  });
  after(() => world.close());

  for (const statement of statements) {
    test(statement.name, async () => {
      const { sql, bind } = statement.compile('sqlite');
      const explain = {
        ...raw(''),
        compile: () => ({ sql: `explain query plan ${sql}`, takes: [], bind: () => bind(samplesFor(statement)) }),
      };
      const plan = await rolledBack(world, (tx) => tx.run(explain, {}));
      const whole = plan
        .map((row) => String(row['detail']))
        .filter((detail) =>
          /^SCAN (?!json_each|\(subquery|given|numbered|oldest|free|CONSTANT|\d|.*VIRTUAL TABLE)/.test(detail),
        );
      if (scans[statement.name] === undefined) assert.deepEqual(whole, []);
    });
  }
});
