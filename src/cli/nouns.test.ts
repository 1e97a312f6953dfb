import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from 'commander';
import { type EntryName, entries } from '#contract';
import type { Cli, Given } from './cli.ts';
import { fieldsOf } from './fields.ts';
import { nouns } from './nouns.ts';
import { buildProgram, type Noun } from './program.ts';

/** Entries that are called by a command of several steps, or by none. */
const elsewhere: Readonly<Partial<Record<EntryName, string>>> = {
  'aadsts.explain': 'portico explain',
  'refusedSignIns.explain': 'portico explain',
  'session.get': 'portico whoami, portico login',
  'session.end': 'the console: a key has no session to end',
  'secrets.set': 'portico secrets set',
  'secrets.rotate': 'portico secrets rotate',
  'connections.testSignIn': 'portico connections test-sign-in',
  'connections.signInTest': 'portico connections test-sign-in',
};

const entriesBelow = ({ verbs }: Noun): EntryName[] =>
  Object.values(verbs).flatMap((verb) => {
    if (typeof verb === 'function') return [];
    return 'entry' in verb ? [verb.entry, ...(verb.one === undefined ? [] : [verb.one])] : entriesBelow(verb);
  });

test('every entry of the contract has a command', () => {
  const covered = new Set([...Object.values(nouns).flatMap(entriesBelow), ...Object.keys(elsewhere)]);
  assert.deepEqual(
    Object.keys(entries).filter((name) => !covered.has(name)),
    [],
  );
});

test('every option says what it is for', () => {
  const silent = Object.entries(entries).flatMap(([name, entry]) => {
    const { query, body } = { query: undefined, body: undefined, ...entry };
    return [...fieldsOf(query), ...fieldsOf(body)]
      .filter(({ about }) => about === '')
      .map((it) => `${name} ${it.name}`);
  });
  assert.deepEqual(silent, []);
});

/** Runs a command line without a server, and gives the one call that it made. */
async function callOf(argv: readonly string[]): Promise<{ name: EntryName; input: Given }> {
  const calls: { name: EntryName; input: Given }[] = [];
  const cli: Cli = {
    json: true,
    now: () => 0,
    call: async (name, input) => {
      calls.push({ name, input });
      return { items: [] };
    },
    print: () => undefined,
    note: () => undefined,
  };
  const quiet = (command: Command) => {
    command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    command.commands.forEach(quiet);
  };
  const program = buildProgram(cli, '1.2.3', [], argv);
  quiet(program);
  await program.parseAsync([...argv, '--yes'].slice(0, argv[1] === 'delete' ? undefined : argv.length), {
    from: 'user',
  });
  const [call] = calls;
  assert.ok(call);
  return call;
}

const cases: readonly (readonly [argv: string, name: EntryName, input: Given])[] = [
  ['organizations list --limit 3', 'organizations.list', { query: { limit: 3 } }],
  ['organizations create Contoso', 'organizations.create', { body: { name: 'Contoso' } }],
  ['organizations delete o1 --yes', 'organizations.delete', { organization: 'o1' }],
  [
    'connections create o1 contoso --name Contoso --start-from contoso.example --mail-out --no-sign-in --domains a.example b.example',
    'connections.create',
    {
      organization: 'o1',
      body: {
        id: 'contoso',
        name: 'Contoso',
        startFrom: 'contoso.example',
        mailOut: true,
        signIn: false,
        domains: ['a.example', 'b.example'],
      },
    },
  ],
  [
    'connections update contoso --unset client-id --if-version 4',
    'connections.update',
    { connection: 'contoso', body: { clientId: null }, ifMatch: '"4"' },
  ],
  ['connections derive contoso.example', 'connections.start', { body: { startFrom: 'contoso.example' } }],
  ['directories users contoso --active true', 'users.list', { directory: 'contoso', query: { active: 'true' } }],
  ['directories users contoso u1', 'users.get', { directory: 'contoso', user: 'u1' }],
  ['directories members contoso g1', 'groups.members', { directory: 'contoso', group: 'g1', query: {} }],
  ['directories tokens revoke contoso t1 --yes', 'tokens.revoke', { directory: 'contoso', token: 't1' }],
  [
    'accounts update o1 a1 --disabled',
    'accounts.update',
    { organization: 'o1', account: 'a1', body: { disabled: true } },
  ],
  [
    'messages send contoso --mailbox a@contoso.example --to b@contoso.example c@contoso.example --subject Hello --text Hi --idempotency-key k1',
    'messages.send',
    {
      connection: 'contoso',
      idempotencyKey: 'k1',
      body: {
        mailbox: 'a@contoso.example',
        to: ['b@contoso.example', 'c@contoso.example'],
        subject: 'Hello',
        text: 'Hi',
      },
    },
  ],
  [
    'keys create --name Product --rights users:read mail:send',
    'keys.create',
    { body: { name: 'Product', rights: ['users:read', 'mail:send'] } },
  ],
  ['explain AADSTS50020', 'aadsts.explain', { code: 'AADSTS50020' }],
  [
    'explain 019f6c7a-2b1c-7d3e-8f90-0123456789ab',
    'refusedSignIns.explain',
    { request: '019f6c7a-2b1c-7d3e-8f90-0123456789ab' },
  ],
];

for (const [line, name, input] of cases) {
  test(`portico ${line}`, async () => {
    assert.deepEqual(await callOf(line.split(' ')), { name, input });
  });
}

const misuses: readonly (readonly [argv: string, said: RegExp])[] = [
  ['connections create o1 contoso', /required option '--name <text>' not specified/],
  ['connections create o1 UPPER --name Contoso', /--id: takes lower-case letters/],
  ['connections update contoso --unset name', /argument 'name' is invalid/],
  ['connections get', /missing required argument 'connection'/],
  ['organizations list --limit many', /It takes a number/],
  ['organizations list --limit 2000', /--limit: .*1000/],
  ['mailboxes create contoso not-an-address', /--address: Invalid email address/],
  ['messages send contoso --mailbox a@b.example --to c@d.example --subject Hello', /--text: text or html is needed/],
];

for (const [line, said] of misuses) {
  test(`misuse: portico ${line}`, async () => {
    await assert.rejects(callOf(line.split(' ')), said);
  });
}
