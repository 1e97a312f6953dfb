import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));

test('the simulator imports nothing of Portico: only itself, Node and packages', async () => {
  const strangers: string[] = [];
  for await (const file of glob('**/*.ts', { cwd: root })) {
    const source = await readFile(resolve(root, file), 'utf8');
    for (const [, name = ''] of source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
      const outside = name.startsWith('.') && relative(root, resolve(root, file, '..', name)).startsWith('..');
      if (outside || name.startsWith('#')) strangers.push(`${file}: ${name}`);
    }
  }
  assert.deepEqual(strangers, []);
});
