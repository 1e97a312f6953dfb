import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runBundle } from './test-bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-test-bundle-'));
after(() => rmSync(folder, { recursive: true }));
const { signal } = new AbortController();

async function run(source: string | readonly string[], only?: string) {
  const files = [source].flat().map((text, index) => {
    const file = join(folder, `case-${index}.test.mjs`);
    writeFileSync(file, `import { before, describe, test } from 'node:test';\n${text}`);
    return file;
  });
  const { passed, skipped, failures, output } = await runBundle({ name: 'case', files }, { signal, only, limit: 3000 });
  return { passed, skipped, failures: failures.map(({ name, error }) => [name, error.split('\n')[0]]), output };
}

test('several files run in one process, and each is heard', async () => {
  const first = `globalThis.seen = 'yes'; test('a', () => {}); test('b', () => { throw new Error('boom'); });`;
  const second = `test('c', () => { console.log(globalThis.seen); });`;
  assert.deepEqual(await run([first, second]), {
    passed: 2,
    skipped: 0,
    failures: [['b', 'Error: boom']],
    output: 'yes\n',
  });
});

test('of several files the one without a test counts as failed', async () => {
  const { passed, failures } = await run([`test('a', () => {});`, '']);
  assert.deepEqual(
    { passed, failures },
    { passed: 1, failures: [[undefined, 'no test was heard of: it holds none, or calls process.exit']] },
  );
});

test('a test file is counted by its tests, not by its suites', async () => {
  const source = `describe('group', () => { test('a', () => {}); test('b', () => { throw new TypeError('boom'); }); test.skip('c', () => {}); });
    test('parent', async (t) => { await t.test('child', () => { console.log('said'); }); });`;
  assert.deepEqual(await run(source), {
    passed: 3,
    skipped: 1,
    failures: [['group › b', 'TypeError: boom']],
    output: 'said\n',
  });
});

test('a failed hook fails the tests that needed it', async () => {
  const { failures } = await run(`before(() => { throw new Error('no server'); }); test('a', () => {});`);
  assert.deepEqual(failures, [['a', 'Error: no server']]);
});

test('only the tests whose name is asked for run', async () => {
  const { passed, failures } = await run(`test('one', () => {}); test('two', () => { throw new Error(); });`, 'one');
  assert.deepEqual({ passed, failures }, { passed: 1, failures: [] });
});

const broken = {
  'that does not parse': ['syntax error here', 'ended with exit code 1'],
  'that crashes after its tests': [
    `test('a', () => {}); setTimeout(() => { throw new Error('late'); }, 10);`,
    'ended with exit code 1',
  ],
  'that ends before its tests have': [
    `test('a', () => {}); test('b', () => process.exit(0));`,
    'no test was heard of: it holds none, or calls process.exit',
  ],
  'that leaves something running': [
    `test('a', () => {}); setInterval(() => {}, 1000);`,
    'not ended after 3 s: a test hangs or leaves something running',
  ],
  'without a test': ['', 'no test was heard of: it holds none, or calls process.exit'],
};
for (const [what, [source, error]] of Object.entries(broken)) {
  test(`a test file ${what} counts as failed`, async () => {
    assert.deepEqual((await run(source ?? '')).failures, [[undefined, error]]);
  });
}
