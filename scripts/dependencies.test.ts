import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { bringDependencies } from './dependencies.mjs';

const folder = mkdtempSync(join(tmpdir(), 'portico-dependencies-'));
after(() => rmSync(folder, { recursive: true }));

const wanted = {
  '': { name: 'project' },
  'node_modules/hono': { version: '4.13.19' },
  'node_modules/@biomejs/cli-win32-x64': { version: '2.6.8', optional: true },
};

/** A project whose lock file asks for `wanted`, with these packages installed and no registry to ask for others. */
function project(installed: object): string {
  const root = mkdtempSync(join(folder, 'project-'));
  mkdirSync(join(root, 'node_modules'));
  writeFileSync(join(root, '.npmrc'), 'registry=http://127.0.0.1:1/');
  writeFileSync(join(root, 'package.json'), JSON.stringify({ dependencies: { hono: '4.13.19' } }));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages: wanted }));
  writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  return root;
}

const hono = { 'node_modules/hono': { version: '4.13.19' } };

describe('nothing is installed where node_modules is what the lock file asks for', () => {
  const cases = {
    'without the binaries of other platforms': hono,
    'with a binary of this platform that the lock file does not list': {
      ...hono,
      'node_modules/@biomejs/cli-linux-x64': { version: '2.6.8', optional: true },
    },
  };
  for (const [what, installed] of Object.entries(cases)) {
    test(what, () => bringDependencies(project(installed), '/no/node'));
  }
});

describe('npm installs, and a registry out of reach is one sentence that says what to do', () => {
  const cases = {
    'where a package is missing': {},
    'where a package has another version': { 'node_modules/hono': { version: '4.0.0' } },
    'where a package is no longer asked for': { ...hono, 'node_modules/koa': { version: '3.0.0' } },
    'where a platform binary has another version': {
      ...hono,
      'node_modules/@biomejs/cli-win32-x64': { version: '2.0.0', optional: true },
    },
  };
  const message =
    'npm cannot reach its registry: connect this machine to the network (behind a proxy, `npm config set proxy …`), then start again.';
  for (const [what, installed] of Object.entries(cases)) {
    test(what, () => assert.rejects(bringDependencies(project(installed), process.execPath), { message }));
  }
});
