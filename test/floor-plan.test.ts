import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { findViolations } from '../scripts/find-violations.ts';
import { floorPlan, readMarkdownPlan, readPlan } from '../scripts/floor-plan.ts';

const root = resolve(import.meta.dirname, '..');
const planted = mkdtempSync(join(tmpdir(), 'portico-floor-plan-'));
after(() => rmSync(planted, { recursive: true }));

/** The violations of a small project made of these files, as `file:line rule`. */
function violationsOf(files: Record<string, string>): string[] {
  const project = mkdtempSync(join(planted, 'project-'));
  const rooms = new Set(Object.keys(files).flatMap((file) => /^src\/(\w+)\//.exec(file)?.[1] ?? []));
  const imports = Object.fromEntries([...rooms].map((room) => [`#${room}`, `./src/${room}/index.ts`]));
  for (const [file, text] of Object.entries({ 'package.json': JSON.stringify({ imports }), ...files })) {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), text);
  }
  return findViolations(project).map(({ file, line, rule }) => `${file}:${line} ${rule}`);
}

test('the project keeps to the floor plan', () => {
  assert.deepEqual(findViolations(root), []);
});

test('what the plan allows is no violation', () => {
  const files = {
    'src/mail/index.ts': `import type { Store } from '#store';\nimport { send } from './send.ts';\nexport * from './send.ts';`,
    'src/mail/send.ts': `import { hono } from 'hono';\nimport { join } from 'node:path';\nexport const at = (time: number) => new Date(time);`,
    'src/mail/queries/message.ts': `export const insert = (db) => db.insertInto('message');`,
    'src/mail/send.test.ts': `import { world } from '../../test/world.ts';\nimport { tenant } from '../../simulator/index.ts';\nDate.now();\nprocess.env['TEST_POSTGRES_URL'];`,
    'src/config/index.ts': `export const port = process.env['PORTICO_PORT'];`,
    'src/store/migrate.ts': `export const insert = (db) => db.insertInto('message');`,
    'bin/serve.ts': `import { mail } from '#mail';\nexport const now = () => Date.now();`,
    'console/page.tsx': `import { shapes } from '#contract';\nimport { Row } from './row.tsx';\nexport const page = <Row />;`,
    'simulator/index.ts': `import { clock } from './clock.ts';`,
  };
  assert.deepEqual(violationsOf(files), []);
});

describe('a planted violation is found', () => {
  const manifest = (imports: Record<string, string>) => ({ 'package.json': JSON.stringify({ imports }, null, 1) });
  const clock = 'src asks no clock of its own: take `now` as an argument';
  const environment = 'only src/config reads process.env: take the setting from Config';
  const cases: [what: string, files: Record<string, string>, found: string[]][] = [
    [
      'a room that the plan does not allow',
      { 'src/http/door.ts': `\nimport { store } from '#store';` },
      ['src/http/door.ts:2 http may import only contract, config, not store'],
    ],
    [
      'a type of such a room',
      { 'src/http/door.ts': `import type { Store } from '#store';` },
      ['src/http/door.ts:1 http may import only contract, config, not store'],
    ],
    [
      'an import() of such a type',
      { 'src/scim/patch.ts': `export type Store = import('#store').Store;` },
      ['src/scim/patch.ts:1 scim may import only no other room, not store'],
    ],
    [
      'a dynamic import of such a room',
      { 'src/mail/send.ts': `const found = await import('#directory');` },
      [
        'src/mail/send.ts:1 mail may import only contract, http, openid, store, entra, events, connections, not directory',
      ],
    ],
    [
      'a re-export of such a room',
      { 'src/entra/index.ts': `export { a } from '#http';\nexport * from '#mail';` },
      [
        'src/entra/index.ts:1 entra may import only config, openid, not http',
        'src/entra/index.ts:2 entra may import only config, openid, not mail',
      ],
    ],
    [
      'a test of a room is held to its row too',
      { 'src/signin/session.test.ts': `import { mail } from '#mail';` },
      [
        'src/signin/session.test.ts:1 signin may import only contract, http, openid, store, entra, events, connections, not mail',
      ],
    ],
    [
      'a room that imports itself by name',
      { 'src/mail/send.ts': `import { b } from '#mail';` },
      ['src/mail/send.ts:1 inside a room imports are relative'],
    ],
    [
      'a relative path into another room',
      { 'src/mail/send.ts': `import { b } from '../store/index.ts';` },
      ['src/mail/send.ts:1 another room is entered by its door: import it as #room'],
    ],
    [
      'a deep import',
      { 'src/mail/send.ts': `import { b } from '#store/sql.ts';` },
      [
        `src/mail/send.ts:1 #store/sql.ts is no door: a room is imported by its name alone (${[...readPlan(floorPlan).keys()].join(', ')})`,
      ],
    ],
    [
      'a relative path into a room from beside src',
      {
        'bin/serve.ts': `import { b } from '../src/store/sql.ts';`,
        'test/world.ts': `import '../src/store/index.ts';`,
      },
      [
        'bin/serve.ts:1 a room is entered by its door: import it as #room',
        'test/world.ts:1 a room is entered by its door: import it as #room',
      ],
    ],
    [
      'src that knows what is beside it',
      {
        'src/api/a.ts': `import '../../bin/serve.ts';`,
        'src/api/b.ts': `import '../../simulator/index.ts';`,
        'src/api/c.ts': `import '../../console/page.ts';`,
        'src/api/d.ts': `import '../../demo/product.ts';`,
        'src/api/e.ts': `import '../../test/world.ts';`,
      },
      ['bin', 'simulator', 'console', 'demo', 'test'].map(
        (area, i) => `src/api/${'abcde'[i]}.ts:1 src knows nothing of ${area}/`,
      ),
    ],
    [
      'a computed import',
      { 'src/mail/send.ts': 'export const load = (name: string) => import(name);' },
      ['src/mail/send.ts:1 an import names its module literally'],
    ],
    [
      'a console that knows more than the contract',
      { 'console/page.tsx': `import { a } from '#store';\nimport { b } from '../src/contract/index.ts';` },
      ['console/page.tsx:1 the console knows only #contract', 'console/page.tsx:2 the console knows only #contract'],
    ],
    [
      'a simulator that knows anything of ours',
      {
        'simulator/token.ts': `import { a } from '#contract';\nimport { b } from '../src/entra/index.ts';\nimport 'portico/contract';`,
      },
      [
        'simulator/token.ts:1 the simulator imports nothing of ours',
        'simulator/token.ts:2 the simulator imports nothing of ours',
        'simulator/token.ts:3 Portico does not import itself by its package name',
      ],
    ],
    [
      'a contract that no browser runs',
      {
        'src/contract/index.ts': `import { hash } from 'node:crypto';\nimport path from 'path';\nexport const a = Buffer.from('');`,
      },
      [
        `src/contract/index.ts:1 contract uses nothing of Node's: no node:crypto`,
        `src/contract/index.ts:2 contract uses nothing of Node's: no path`,
        `src/contract/index.ts:3 contract uses nothing of Node's: no process, no Buffer`,
      ],
    ],
    [
      'a SCIM engine that does input or output',
      {
        'src/scim/load.ts': `import { readFile } from 'node:fs';\nexport const get = () => fetch('http://a');\nexport const too = () => globalThis.fetch('b');`,
      },
      [
        `src/scim/load.ts:1 scim uses nothing of Node's: no node:fs`,
        'src/scim/load.ts:2 scim does no input or output',
        'src/scim/load.ts:3 scim does no input or output',
      ],
    ],
    [
      'an environment read outside config',
      {
        'src/mail/send.ts': `process.env['A'];\nprocess['env'];\nconst { env } = process;\nimport { env as e } from 'node:process';`,
      },
      [1, 2, 3, 4].map((line) => `src/mail/send.ts:${line} ${environment}`),
    ],
    [
      'a clock of its own',
      { 'src/mail/send.ts': 'Date.now();\nconst now = Date.now;\nnew Date();\nDate();\nnew Date(0);' },
      [1, 2, 3, 4].map((line) => `src/mail/send.ts:${line} ${clock}`),
    ],
    [
      'a statement outside queries/',
      {
        'src/mail/send.ts': `db.deleteFrom('message');\nsql\`update message set state = 1\`;\ndb.execute('insert into message (id) values (1)');`,
      },
      [1, 2, 3].map((line) => `src/mail/send.ts:${line} a statement that changes a table stands in src/mail/queries/`),
    ],
    [
      'a statement whose table is computed',
      { 'src/mail/queries/any.ts': 'export const remove = (db, table) => db.deleteFrom(table);' },
      ['src/mail/queries/any.ts:1 a statement names its table literally, so that its owner can be seen'],
    ],
    [
      'a table with two writers',
      {
        'src/events/queries/event.ts': `export const a = (db) => db.insertInto('event as e');`,
        'src/mail/queries/event.ts': `export const a = (db) =>\n  db\n    .updateTable('event');`,
        'src/signin/queries/event.ts': 'export const a = sql`delete from event where id = 1`;',
      },
      [
        'src/mail/queries/event.ts:3 only one room writes a table: event is written by events',
        'src/signin/queries/event.ts:1 only one room writes a table: event is written by events',
      ],
    ],
    [
      'a table of store written by another room',
      { 'src/mail/queries/due.ts': `export const a = (db) => db.insertInto('due');` },
      ['src/mail/queries/due.ts:1 only one room writes a table: due is written by store'],
    ],
    [
      'a store that writes what belongs to a room',
      { 'src/store/queries/user.ts': `export const a = (db) => db.insertInto('user');` },
      [
        'src/store/queries/user.ts:1 store writes only the tables that the floor plan lists for it, and user is none of them',
      ],
    ],
    [
      'an import map that lists what is no room, or not its door',
      manifest({ '#utils': './src/utils/index.ts', '#mail': './src/mail/send.ts' }),
      [
        'package.json:3 #utils is no room of the floor plan',
        `package.json:4 #mail leads to the room's door, ./src/mail/index.ts`,
      ],
    ],
    [
      'a folder that is no room, a room that is not listed, a file without a room',
      { 'src/utils/a.ts': '', 'src/mail/index.ts': '', 'src/main.ts': '', ...manifest({}) },
      [
        `src/mail:1 package.json's imports list every room: #mail is missing`,
        'src/main.ts:1 every file of src/ is in a room',
        'src/utils:1 a folder of src/ is a room of the floor plan',
      ],
    ],
  ];
  for (const [what, files, found] of cases) test(what, () => assert.deepEqual(violationsOf(files), found));
});

test('a table of rooms in Markdown is read like the plan', () => {
  const markdown = [
    'Imports run down this table.',
    '',
    '| room | owns | may import |',
    '| --- | --- | --- |',
    '| `contract` | shapes, `rights` | – |',
    '| `http` | the door | `contract`, `config` |',
    '| `setup` | plans | all above |',
    '',
    '| another | table |',
  ];
  assert.deepEqual(readMarkdownPlan(markdown.join('\n')), [
    ['contract', ''],
    ['http', 'contract config'],
    ['setup', 'all above'],
  ]);
});

test('ARCHITECTURE.md and package.json show the same plan', () => {
  assert.deepEqual(readMarkdownPlan(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')), floorPlan);
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  assert.deepEqual(imports, Object.fromEntries(floorPlan.map(([room]) => [`#${room}`, `./src/${room}/index.ts`])));
});

test('every room of the plan has its door', () => {
  const doors = floorPlan.map(([room]) => `src/${room}/index.ts`);
  assert.deepEqual(
    doors.filter((door) => !existsSync(join(root, door))),
    [],
  );
});
