import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigError, readConfig } from './index.ts';

const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
};

test('without any variable the defaults hold', () => {
  const config = readConfig({});
  assert.equal(config.url, 'http://localhost:3000');
  assert.equal(config.port, 3000);
  assert.equal(config.databaseUrl, undefined);
  assert.ok(Object.isFrozen(config));
});

test('all faults are reported together', () => {
  assert.deepEqual(
    faultsOf({ PORTICO_PORT: 'http', PORTICO_URL: 'https://a.example/path', PORTICO_LOG_LEVEL: 'loud' }),
    [
      'PORTICO_URL takes scheme, host and port only: https://a.example',
      'PORTICO_PORT takes a whole number from 0 to 65535',
      'PORTICO_LOG_LEVEL takes one of trace, debug, info, warn, error, silent',
    ],
  );
});

test('an unknown name is an error that names the nearest one', () => {
  assert.deepEqual(faultsOf({ PORTICO_PROT: '3000' }), ['PORTICO_PROT is not a setting; did you mean PORTICO_PORT?']);
});

test('a setting may come from a file, but not from both', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'portico-')), 'url');
  writeFileSync(file, 'https://portico.example\n');
  assert.equal(readConfig({ PORTICO_URL_FILE: file }).url, 'https://portico.example');
  assert.deepEqual(faultsOf({ PORTICO_URL_FILE: file, PORTICO_URL: 'https://b.example' }), [
    'PORTICO_URL and PORTICO_URL_FILE are both set; set one',
  ]);
  assert.deepEqual(faultsOf({ PORTICO_URL_FILE: '/nowhere/at/all' }), [
    "PORTICO_URL can't be read from /nowhere/at/all: ENOENT",
  ]);
});

test('PostgreSQL needs sealing keys, of 32 bytes each', () => {
  assert.match(
    faultsOf({ PORTICO_DATABASE_URL: 'postgres://localhost/portico' })[0] ?? '',
    /^PORTICO_SEALING_KEYS is needed/,
  );
  assert.deepEqual(faultsOf({ PORTICO_SEALING_KEYS: 'c2hvcnQ=' }), [
    'PORTICO_SEALING_KEYS takes keys of 32 bytes in base64; number 1 has 5 bytes',
  ]);
});
