import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { simulateEntra } from './index.ts';
import { ended, type Run } from './test-exec.ts';

const main = new URL('./main.ts', import.meta.url).href;

const folder = mkdtempSync(join(tmpdir(), 'portico-simulate-'));
after(() => rmSync(folder, { recursive: true }));

/** Runs `runSimulator` in a process of its own; `until` ends it by SIGINT once the output holds that text. */
function run(args: readonly string[], until?: string): Promise<Run> {
  const script = `import { runSimulator } from ${JSON.stringify(main)}; await runSimulator(process.argv.slice(1));`;
  const own = args[0]?.startsWith('--') ? ['--certificates', folder] : [];
  const all = ['--input-type=module', '--eval', script, '--', ...own, ...args];
  return ended(spawn(process.execPath, all), until);
}

test('simulate: prints where things are, and SIGINT ends it with 0', async () => {
  const { code, out } = await run(['--port', '0', '--users', '5', '--groups', '2'], 'Ctrl+C');
  assert.equal(code, 0);
  assert.match(out, /Simulated Entra is ready at http:\/\/localhost:\d+/);
  assert.match(out, /Contoso {4}[0-9a-f-]{36} {2}contoso\.example, 7 people, 2 groups/);
  assert.match(out, /SMTP, IMAP localhost:\d+ \(STARTTLS\), localhost:\d+ \(TLS\)/);
});

test('simulate: a taken port is one sentence that says what to do', async () => {
  const other = await simulateEntra({ users: 1, groups: 0 });
  try {
    const { code, err } = await run(['--port', new URL(other.url).port]);
    assert.equal(code, 1);
    assert.match(
      err,
      /^portico simulate: port \d+ is taken by another program; choose another with --port, or --port 0 for any free one\.\n$/,
    );
  } finally {
    await other.close();
  }
});

test('simulate: a taken port of mail names its option', async () => {
  const other = await simulateEntra({ users: 1, groups: 0 });
  try {
    const { code, err } = await run(['--port', '0', '--smtp-port', new URL(other.url).port]);
    assert.equal(code, 1);
    assert.match(err, /port \d+ is taken by another program; choose another with --smtp-port or --imap-port/);
  } finally {
    await other.close();
  }
});

test('simulate: where the authority can’t be kept it says so, and names the option', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const { code, err } = await run(['--port', '0', '--certificates', join(file, 'below')]);
  assert.equal(code, 1);
  assert.match(err, /its local authority can't be kept in .*a-file\/below .*name another folder with --certificates/);
});

test('simulate: --snapshot starts as the file says, and says what is wrong with one', async () => {
  const file = join(folder, 'world.snapshot');
  const entra = await simulateEntra({ users: 3, groups: 1, seed: 9 });
  writeFileSync(file, entra.snapshot());
  await entra.close();
  const { out } = await run(['--port', '0', '--snapshot', file], 'Ctrl+C');
  assert.match(out, new RegExp(`Contoso {4}${entra.tenants[0]?.id} {2}contoso\\.example, 5 people, 1 groups`));
  writeFileSync(file, '{}');
  const wrong = await run(['--port', '0', '--snapshot', file]);
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /^portico simulate: --snapshot: .*world\.snapshot is not a snapshot of the simulator\.\n$/);
  const missing = await run(['--port', '0', '--snapshot', `${file}.old`]);
  assert.match(missing.err, /^portico simulate: --snapshot: ENOENT/);
});

test('simulate: --tenant takes a file, several times; what is wrong with one is told with file and field', async () => {
  const [one, two] = [join(folder, 'one.json'), join(folder, 'two.json')];
  writeFileSync(one, JSON.stringify({ name: 'Woodgrove', madeUpUsers: 3 }));
  writeFileSync(two, JSON.stringify({ name: 'Tailspin', domain: 'tailspin.example', madeUpGroups: 1 }));
  const { out } = await run(['--port', '0', '--tenant', one, '--tenant', two, '--seed', '4'], 'Ctrl+C');
  assert.match(
    out,
    /Woodgrove {2}[0-9a-f-]{36} {2}woodgrove\.example, 3 people, 0 groups\n {2}Tailspin .* 0 people, 1 groups/,
  );
  writeFileSync(two, JSON.stringify({ name: 'Tailspin', users: [{ displayName: 'A' }] }));
  const wrong = await run(['--port', '0', '--tenant', one, '--tenant', two]);
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /^portico simulate: .*two\.json: users\.0\.userPrincipalName: /);
  writeFileSync(two, '{');
  assert.match((await run(['--tenant', two])).err, /^portico simulate: --tenant: .*two\.json is not JSON: /);
});

test('simulate faults prints the table, simulate schema the JSON Schema of a tenant', async () => {
  const faults = await run(['faults']);
  assert.equal(faults.code, 0);
  assert.match(faults.out, /^aadsts\n {2}The login host refuses .*\n {4}code {9}the number after AADSTS \(required\)/);
  const schema = await run(['schema']);
  assert.equal(JSON.parse(schema.out).required[0], 'name');
});

test('simulate: misuse is exit code 2 and names the option', async (t) => {
  for (const [args, message] of [
    [['--port', 'x'], /--port takes a whole number from 0 to 65535, not 'x'/],
    [['--people', '5'], /--people/],
    [['--tenant', 'a.json', '--users', '5'], /--users is about Contoso, which --tenant replaces/],
    [['--snapshot', 'a', '--seed', '5'], /--seed is about a world to be made, and --snapshot brings one/],
    [['faults', '--port', '1'], /faults/],
  ] as const) {
    await t.test(args.join(' '), async () => {
      const { code, err } = await run(args);
      assert.equal(code, 2);
      assert.match(err, message);
    });
  }
});
