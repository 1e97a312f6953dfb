import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { rawStatement, tables } from '#store';
import { openTestWorld, type TestWorld } from '../world.ts';
import { type AnyStatement, cells, fill, listStatements, rolledBack, samplesFor } from './all-statements.ts';

const statements = await listStatements();

/** Statements that may read a whole table, and why that stays small. */
const scans: Readonly<Record<string, string>> = {
  'access.lockOperators': 'a deployment has few operators',
  'events.findPending': 'takes the first row',
  'events.takePending': 'rows live for a moment',
};

/** Statements that look for something in a whole organization, and why. */
const organizationWide: Readonly<Record<string, string>> = {
  'signin.removeExpiredSignInTests': 'what is over is removed in the whole organization',
};

const scopeColumns = ['organization_id', 'directory_id', 'connection_id'];

/** The columns of a scoped table's key that are its scope. */
function scopeOf(table: string): readonly string[] {
  const found = Object.entries(tables).find(([name]) => name === table)?.[1];
  return found === undefined || 'unscoped' in found ? [] : found.key.filter((column) => scopeColumns.includes(column));
}

/** The steps of a plan, as SQLite says them. */
async function planOf(world: TestWorld, statement: AnyStatement): Promise<string[]> {
  const { sql, bind } = statement.compile('sqlite');
  const explain = {
    ...rawStatement(''),
    compile: () => ({ sql: `explain query plan ${sql}`, takes: [], bind: () => bind(samplesFor(statement)) }),
  };
  return (await rolledBack(world, (tx) => tx.run(explain, {}))).map((row) => String(row['detail']));
}

/** The searches of a plan that are not narrowed to the scope of what they search. */
function unscopedSearches(statement: AnyStatement, plan: readonly string[]): string[] {
  const { sql } = statement.compile('sqlite');
  const names = new Map(
    [...sql.matchAll(/"?(\w+)"? as "?(\w+)"?/g)].map(([, table = '', alias = '']) => [alias, table]),
  );
  return plan.filter((step) => {
    const [, alias = '', by = ''] = /^SEARCH (\w+) .*?\(([^()]*)\)/.exec(step) ?? [];
    return scopeOf(names.get(alias) ?? alias).some((column) => !by.includes(`${column}=?`));
  });
}

describe('every statement is served by an index (SQLite)', () => {
  let world: TestWorld;
  before(async () => {
    world = await openTestWorld('sqlite');
    await fill(world, cells);
  });
  after(() => world.close());

  for (const statement of statements) {
    test(statement.name, async () => {
      const plan = await planOf(world, statement);
      const whole = plan.filter((step) =>
        /^SCAN (?!json_each|\(subquery|given|numbered|oldest|free|CONSTANT|\d|.*VIRTUAL TABLE)/.test(step),
      );
      if (scans[statement.name] === undefined) assert.deepEqual(whole, []);
      if (organizationWide[statement.name] === undefined)
        assert.deepEqual(unscopedSearches(statement, plan), [], 'it looks beyond its scope');
      const throughAll = plan.filter((step) => / active=\?\)$/.test(step));
      assert.deepEqual(throughAll, [], 'it goes through everybody who is switched off');
    });
  }
});
