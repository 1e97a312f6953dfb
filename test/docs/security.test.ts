import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docs/security.md'), 'utf8');
const named = [...text.matchAll(/^- `([^`]+\.test\.ts)`: (.+)$/gm)].map(([, file = '', title = '']) => ({
  file,
  title,
}));

test('docs/security.md: every test that it names exists', () => {
  const missing = named.filter(({ file, title }) => {
    const path = join(root, file);
    const source = existsSync(path) ? readFileSync(path, 'utf8').replaceAll(/\\(['"`])/g, '$1') : '';
    return !source.includes(title);
  });
  assert.deepEqual(missing, []);
});

test('docs/security.md: each invariant is held by a test', () => {
  const chapters = text.split(/^### /m).slice(1);
  assert.equal(chapters.length, 10);
  const bare = chapters.filter((chapter) => !/^- `[^`]+\.test\.ts`: /m.test(chapter));
  assert.deepEqual(bare, []);
});
