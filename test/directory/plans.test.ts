import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createScimDoor, type ScimDoor } from '#directory';
import type { Statement, Store, Values } from '#store';
import { dialects } from '../world.ts';
import { call, groupUrn, openScimWorld, type ScimWorld, type TestDirectory, userUrn } from './scim-world.ts';

const users = 400;

/** What an index leads to, and how little of the directory is looked at for it. */
const served: readonly string[] = [
  '/Users?filter=userName eq "user7@x.example"',
  '/Users?filter=externalId eq "ext-7"',
  '/Users?filter=emails[type eq "work"].value eq "user397@x.example"',
  '/Users?filter=emails.value eq "user7@x.example" and active eq true',
  '/Users?filter=displayName eq "The User 7"',
  '/Users?filter=title eq "T7" or externalId eq "ext-8" or emails[value eq "user9@x.example"]',
  '/Users?filter=emails[value eq "user7@x.example" or value eq "user8@x.example"]',
  '/Users?filter=emails.type eq "work" and emails.value eq "user397@x.example" and emails.primary eq true',
  '/Users?filter=title sw "T39"',
  '/Users?filter=manager eq "boss-7" and not (title eq "T1")',
  '/Users?filter=groups.value eq "nothing"',
  '/Groups?filter=displayName eq "Group 3"&excludedAttributes=members',
  '/Groups?filter=externalId eq "g-3"&excludedAttributes=members',
  '/Groups?filter=members eq "m-3"&excludedAttributes=members',
];

for (const dialect of dialects) {
  describe(`filters that an index serves look at what they find, on ${dialect}`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    let door: ScimDoor;
    const asked: { statement: Statement<Values, unknown>; values: Values }[] = [];
    before(async () => {
      const opened = await openScimWorld(dialect);
      world = opened;
      directory = opened.directory;
      for (let index = 0; index < users; index++) {
        await directory.send('POST', '/Users', {
          schemas: [userUrn],
          userName: `user${index}@x.example`,
          externalId: `ext-${index}`,
          displayName: `The User ${index}`,
          title: `T${index}`,
          emails: [{ type: 'work', value: `user${index}@x.example`, primary: true }],
          manager: { value: `boss-${index}` },
        });
        await directory.send('POST', '/Groups', {
          schemas: [groupUrn],
          displayName: `Group ${index}`,
          externalId: `g-${index}`,
          members: [`m-${index}`],
        });
      }
      // PostgreSQL does so by itself within a minute.
      if (dialect === 'postgres') await world.execute('analyze');
      const store: Store = {
        ...world.store,
        read: (statement, values) => {
          asked.push({ statement, values });
          return world.store.read(statement, values);
        },
      };
      door = createScimDoor({ ...world, store });
    });
    after(async () => {
      await door.close();
      await world.close();
    });

    for (const path of served) {
      test(path, async () => {
        asked.length = 0;
        const url = `${directory.tenantUrl}${path.replace(/filter=(.*?)(?=&|$)/, (_, text) => `filter=${encodeURIComponent(text)}`)}`;
        const answer = await call(door, 'GET', url, undefined, { authorization: `Bearer ${directory.token}` });
        assert.equal(answer.status, 200, answer.text);
        const lists = asked.filter(({ statement }) =>
          /from "scim_(?:user|group)" as "r"/.test(statement.compile(dialect).sql),
        );
        assert.ok(lists.length > 0);
        for (const { statement, values } of lists) {
          const compiled = statement.compile(dialect);
          const bound = compiled.bind(values);
          if (dialect === 'sqlite') {
            const plan = await world.store.write((tx) => tx.run(raw(`explain query plan ${compiled.sql}`, bound), {}));
            assert.deepEqual(walks(plan), []);
          } else {
            assert.deepEqual(largest(await explain(world.store, 'force_custom_plan', compiled.sql, bound)), []);
            const steady = largest(await explain(world.store, 'force_generic_plan', compiled.sql, bound));
            // Of so few users it may walk through all; never through all entries of an attribute.
            assert.deepEqual(
              steady.filter((node) => /scim_index/.test(node)),
              [],
            );
            assert.equal(await timesPlanned(world.store, statement, values), 5, 'it is planned anew at each call');
          }
        }
      });
    }
  });
}

const raw = (sql: string, bound: Bound = []): Statement<Values, Record<string, unknown>> => ({
  name: '',
  compile: () => ({ sql, takes: [], bind: () => [...bound] }),
});

/** How often PostgreSQL plans a statement that is run 20 times; it decides after five whether one plan does for all. */
const timesPlanned = (store: Store, statement: Statement<Values, unknown>, values: Values): Promise<unknown> =>
  store.write(async (tx) => {
    const named = { ...statement, name: `often ${statement.name}` };
    for (let time = 0; time < 20; time++) await tx.run(named, values);
    const ask = 'select custom_plans::int as n from pg_prepared_statements where name = $1';
    const [row] = await tx.run(raw(ask, [named.name]), {});
    return row?.['n'];
  });

type Bound = ReturnType<ReturnType<Statement<Values, unknown>['compile']>['bind']>;

/** The plan that PostgreSQL has for a statement that is prepared: for these values, or for any. */
const explain = (store: Store, mode: string, sql: string, bound: Bound): Promise<unknown> =>
  store.write(async (tx) => {
    // So few rows PostgreSQL reads whole; the question is whether an index leads to them.
    await tx.run(raw('set local enable_seqscan = off'), {});
    await tx.run(raw(`set local plan_cache_mode = ${mode}`), {});
    await tx.run(raw(`prepare planned as ${sql}`), {});
    const given = bound.map((value) =>
      typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`,
    );
    const [row] = await tx.run(raw(`explain (analyze, format json) execute planned (${given.join(', ')})`), {});
    await tx.run(raw('deallocate planned'), {});
    return row?.['QUERY PLAN'];
  });

/** Steps that walk through a whole directory: by no more than its scope. */
const walks = (plan: readonly Record<string, unknown>[]): string[] =>
  plan
    .map(({ detail }) => String(detail))
    .filter((step) => /^SCAN (?!CONSTANT)|\(organization_id=\? AND directory_id=\?\)$/.test(step));

/** Nodes of a plan that met more than a tenth of the directory. */
function largest(plan: unknown): string[] {
  if (Array.isArray(plan)) return plan.flatMap(largest);
  if (typeof plan !== 'object' || plan === null) return [];
  const node = plan as Record<string, unknown>;
  const met = Number(node['Actual Rows'] ?? 0) + Number(node['Rows Removed by Filter'] ?? 0);
  const own =
    met > users / 10 ? [`${String(node['Node Type'])} of ${String(node['Relation Name'])} met ${met} rows`] : [];
  return [...own, ...Object.values(node).flatMap(largest)];
}
