import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Tables, type Transaction, tables, type Values } from '#store';
import { dialects, openTestWorld, type TestWorld } from '../world.ts';
import {
  type AnyStatement,
  type Cell,
  cells,
  fill,
  listStatements,
  own,
  rolledBack,
  samplesFor,
} from './all-statements.ts';

const statements = await listStatements();
const names = Object.keys(tables) as (keyof Tables & keyof typeof tables)[];

test('every registered statement has a name of its own, beginning with its room', () => {
  assert.ok(statements.length > 40);
  const all = statements.map(({ name }) => name);
  assert.deepEqual(
    all.filter((name, index) => all.indexOf(name) !== index),
    [],
  );
  for (const name of all) assert.match(name, /^[a-z]+\.[a-zA-Z]+$/);
});

/** How far a statement may see: one connection, one organization, or everything. */
type Reach = 'connection' | 'organization' | 'everything';

/** Statements that are told an organization, and find the connection by themselves. */
const ofOneConnection: ReadonlySet<string> = new Set(['signin.findLinkedAccount']);

function reachOf(statement: AnyStatement): Reach {
  if (ofOneConnection.has(statement.name)) return 'connection';
  const { takes, sql } = statement.compile('sqlite');
  const target = /\b(?:insert into|update|delete from) "(\w+)"/.exec(sql)?.[1] ?? /\bfrom "(\w+)"/.exec(sql)?.[1];
  if (names.some((name) => name === target && 'unscoped' in tables[name])) return 'everything';
  if (takes.includes('directoryId') || takes.includes('connectionId'))
    return takes.includes('organizationId') ? 'connection' : 'everything';
  return takes.includes('organizationId') ? 'organization' : 'everything';
}

/** Statements that see more than one connection of an organization, and why. */
const organizationWide: Readonly<Record<string, string>> = {
  'signin.findLinkedAccount': 'a link is of the organization; the user is looked for in the directory that it names',
  'signin.findSession': 'a session is of the organization; the user is looked for in the directory of its link',
  'signin.listSessions': 'the same, for all sessions of an account',
  'signin.removeInvalidOfAccount': 'the same, for those that are over',
  'signin.removeInvalidBetween': 'the same, for those that are over in a range of ids',
  'signin.touchLocalAccount':
    'an account is of the organization; its users are looked for in the directories of its links',
  'signin.findPasskey': 'the same, of its links as well',
  'signin.removeExpiredSignInTests': 'what is over is removed in the whole organization',
};

/** What a statement about scoped tables does not ask for, though their keys have it. */
function scopeMissingIn(statement: AnyStatement): string[] {
  const { takes, sql } = statement.compile('sqlite');
  const about = [...sql.matchAll(/\b(?:insert into|update|delete from|from|join) "(\w+)"/g)].map(([, table]) => table);
  const scoped = names.filter((name) => about.includes(name) && !('unscoped' in tables[name]));
  if (scoped.length === 0) return [];
  const keys = new Set(scoped.flatMap((name): readonly string[] => tables[name].key));
  const ofConnection = keys.has('connection_id') || keys.has('directory_id');
  const missing = takes.includes('organizationId') ? [] : ['organizationId'];
  if (!ofConnection || takes.includes('connectionId') || takes.includes('directoryId')) return missing;
  return organizationWide[statement.name] === undefined ? [...missing, 'connectionId or directoryId'] : missing;
}

/** All rows of the scoped tables by one statement: where each lies, and all of it as text. */
const everyRow: AnyStatement = {
  name: 'test.everyRow',
  compile: (dialect) => ({
    takes: [],
    bind: () => [],
    sql: names
      .filter((name) => 'organization_id' in tables[name].columns && !('unscoped' in tables[name]))
      .map((name) => {
        const columns = Object.keys(tables[name].columns);
        const connection =
          name === 'connection' ? 'id' : (columns.find((it) => /^(?:connection|directory)_id$/.test(it)) ?? 'null');
        const text = dialect === 'postgres' ? '(it.*)::text' : columns.map((it) => `quote(${it})`).join(" || ',' || ");
        return `select '${name}' || ' ' || ${text} as text, organization_id as organization, ${connection} as connection from ${name} it`;
      })
      .join(' union all '),
  }),
};

/** The rows of all scoped tables inside and outside a reach, as text to compare. */
interface Snapshot {
  inside: string;
  outside: string;
}

async function takeSnapshot(tx: Transaction, reach: Reach): Promise<Snapshot> {
  const rows = await tx.run(everyRow, {});
  const { true: inside = [], false: outside = [] } = Object.groupBy(rows, ({ organization, connection }) =>
    String(
      organization === own.organization &&
        (reach !== 'connection' || connection === null || connection === own.connection),
    ),
  );
  const textOf = (them: typeof rows): string => JSON.stringify(them.map(({ text }) => text).sort());
  return { inside: textOf(inside), outside: textOf(outside) };
}

/** What each world holds before a statement runs: always the same, since whatever one does is undone. */
const untouched = new Map<TestWorld, Partial<Record<Reach, Snapshot>>>();

interface Effect {
  rows: unknown[];
  before: Snapshot;
  after: Snapshot;
}

/** Runs a statement and looks at what it gave and changed; then undoes it. What only reads leaves everything as it was. */
const effectOf = (world: TestWorld, statement: AnyStatement, other: Values = {}): Promise<Effect> =>
  rolledBack(world, async (tx) => {
    const reach = reachOf(statement);
    const known = untouched.get(world) ?? {};
    untouched.set(world, known);
    known[reach] ??= await takeSnapshot(tx, reach);
    const before = known[reach];
    const rows = await tx.run(statement, { ...samplesFor(statement), ...other });
    return { rows, before, after: kindOf(statement) === 'read' ? before : await takeSnapshot(tx, reach) };
  });

/** Statements that are narrowed to one connection, though the keys of their tables do not say so. */
const narrowed: ReadonlySet<string> = new Set([
  'signin.removeSessionsBySid',
  'signin.findSignInRequest',
  'signin.consumeSignInRequest',
  'signin.keepAnswer',
  'signin.updateSignInOutcome',
]);

const kindOf = (statement: AnyStatement): 'read' | 'insert' | 'change' => {
  const { sql } = statement.compile('sqlite');
  return /\binsert into\b/.test(sql) ? 'insert' : /\b(?:update|delete from)\b/.test(sql) ? 'change' : 'read';
};

for (const dialect of dialects)
  describe(`a statement sees and changes its own scope only (${dialect})`, () => {
    let everything: TestWorld;
    const worlds = new Map<Reach, TestWorld>();
    const inReach: Record<Reach, (cell: Cell) => boolean> = {
      connection: (cell) => cell === own,
      organization: (cell) => cell.organization === own.organization,
      everything: () => true,
    };
    before(async () => {
      everything = await openTestWorld(dialect);
      await fill(everything, cells);
      for (const reach of ['connection', 'organization'] as const) {
        const world = await openTestWorld(dialect);
        await fill(world, cells.filter(inReach[reach]));
        worlds.set(reach, world);
      }
    });
    after(async () => {
      await everything.close();
      for (const world of worlds.values()) await world.close();
    });

    for (const statement of statements.filter(({ name }) => /\.(?:removeExpired|forget)/.test(name))) {
      test(`${statement.name} leaves what is not over`, async () => {
        const { before: text } = samplesFor(statement);
        const early = { now: -1, before: typeof text === 'string' ? '' : -1 };
        const { rows, ...effect } = await effectOf(everything, statement, early);
        assert.deepEqual(rows, []);
        assert.ok(effect.before.inside === effect.after.inside);
      });
    }

    for (const statement of statements) {
      test(statement.name, async () => {
        assert.deepEqual(scopeMissingIn(statement), [], 'it is not told its scope');
        const reach = reachOf(statement);
        if (reach === 'everything') return;
        const alone = worlds.get(reach);
        assert.ok(alone);
        const expected = await effectOf(alone, statement);
        const actual = await effectOf(everything, statement);
        assert.deepEqual(actual.rows, expected.rows, 'it gives rows of another scope');
        if (narrowed.has(statement.name)) {
          const elsewhere = await effectOf(everything, statement, { connectionId: 'elsewhere' });
          assert.deepEqual(elsewhere.rows, [], 'it finds the rows of one connection for another');
          assert.ok(
            elsewhere.after.inside === elsewhere.before.inside,
            'it changes the rows of one connection for another',
          );
        }
        assert.ok(actual.after.outside === actual.before.outside, 'it changes rows of another scope');
        assert.ok(actual.after.inside === expected.after.inside, 'what it leaves depends on rows of another scope');
        const kind = kindOf(statement);
        if (kind === 'read')
          assert.notEqual(expected.rows.length, 0, 'the sample rows do not match: give it values in all-statements.ts');
        if (kind === 'change') {
          assert.ok(
            expected.after.inside !== expected.before.inside,
            'the sample values change nothing: give it values in all-statements.ts',
          );
        }
      });
    }
  });
