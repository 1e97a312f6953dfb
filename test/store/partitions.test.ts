import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { rawStatement, type Tables, tables } from '#store';
import { dialects, openTestWorld, type TestWorld } from '../world.ts';
import { type AnyStatement, cells, fill, listStatements, rolledBack, samplesFor } from './all-statements.ts';

const statements = await listStatements();
const partitions = 4;
const split = (Object.keys(tables) as (keyof Tables & keyof typeof tables)[]).filter(
  (name) => !('unscoped' in tables[name]),
);

/**
 * On tables that are split by hash of the organization every statement stays in one part: so one PostgreSQL can be spread
 * over machines by organization, with joins and transactions staying local.
 */
describe('every statement touches one partition (PostgreSQL)', {
  skip: !dialects.includes('postgres') && 'no PostgreSQL here',
}, () => {
  let world: TestWorld;
  before(async () => {
    world = await openTestWorld('postgres', { partitions });
    await fill(world, [
      ...cells,
      ...Array.from({ length: 12 }, (_, index) => ({ organization: `org-${index}`, connection: `con-${index}` })),
    ]);
    await world.execute('analyze');
  });
  after(() => world.close());

  for (const statement of statements) {
    test(statement.name, async () => {
      const touched = await rolledBack(world, async (tx) => {
        const { sql, bind } = statement.compile('postgres');
        const explained: AnyStatement = {
          name: '',
          compile: () => ({ sql: `explain (format json) ${sql}`, takes: [], bind: () => bind(samplesFor(statement)) }),
        };
        const [plan] = await tx.run(explained, {});
        await tx.run(statement, samplesFor(statement));
        return [...relationsOf(plan?.['QUERY PLAN']), ...(await writtenPartitions(tx.run))];
      });
      for (const table of split) {
        const parts = new Set(touched.filter((relation) => relation.startsWith(`${table}_p`)));
        assert.ok(parts.size <= 1, `${statement.name} touches ${[...parts].join(', ')}`);
      }
    });
  }

  test('a statement without its organization is found out', async () => {
    const found = await rolledBack(world, (tx) =>
      tx.run(rawStatement("explain (format json) select * from event where id = 'id-1'"), {}),
    );
    assert.equal(new Set(relationsOf(found[0]?.['QUERY PLAN'])).size, partitions);
  });
});

/** EXPLAIN names no partition for an insert: rows written by this transaction tell where they lie. */
async function writtenPartitions(
  run: (statement: AnyStatement, values: Record<never, never>) => Promise<Record<string, unknown>[]>,
): Promise<string[]> {
  const each = split.map(
    (name) => `select distinct tableoid::regclass::text as part from ${name} where xmin = pg_current_xact_id()::xid`,
  );
  return (await run(rawStatement(each.join(' union all ')), {})).map((row) => String(row['part']));
}

function relationsOf(plan: unknown): string[] {
  if (Array.isArray(plan)) return plan.flatMap(relationsOf);
  if (typeof plan !== 'object' || plan === null) return [];
  return Object.entries(plan).flatMap(([key, value]) =>
    key === 'Relation Name' && /_p\d+$/.test(String(value)) ? [String(value)] : relationsOf(value),
  );
}
