import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startWriter, type Writer } from './sqlite-writer.ts';

async function createTable(writer: Writer): Promise<void> {
  await writer.ask({ kind: 'begin' });
  await writer.ask({ kind: 'step', sql: 'create table t (a text)' });
  await writer.ask({ kind: 'commit' });
}

test('a writer whose thread ended starts another one, which goes on with no transaction that it did not begin', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-writer-'));
  const writer = startWriter(join(folder, 'portico.db'), () => undefined);
  const insert = (values: string[]) => writer.ask({ kind: 'all', sql: 'insert into t values (?)', values });
  await createTable(writer);
  await writer.ask({ kind: 'begin' });
  await insert(['lost']);
  await writer.close();
  await assert.rejects(writer.ask({ kind: 'step', sql: 'savepoint one' }), /no transaction is open/);
  await assert.rejects(insert(['alone']), /no transaction is open/);
  await assert.rejects(writer.ask({ kind: 'commit' }), /no transaction is active/);
  await writer.ask({ kind: 'begin' });
  await insert(['kept']);
  assert.deepEqual(
    (await writer.ask({ kind: 'all', sql: 'select a from t', values: [] })).map(({ a }) => a),
    ['kept'],
  );
  await writer.ask({ kind: 'commit' });
  await writer.close();
  rmSync(folder, { recursive: true });
});

test('where a transaction cannot be begun, nothing of it is carried out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-writer-'));
  const writer = startWriter(join(folder, 'portico.db'), () => undefined);
  await createTable(writer);
  await writer.ask({ kind: 'begin' });
  await assert.rejects(writer.ask({ kind: 'begin' }), /within a transaction/);
  await assert.rejects(
    writer.ask({ kind: 'all', sql: "insert into t values ('no') returning a", values: [] }),
    /within a transaction/,
  );
  await assert.rejects(writer.ask({ kind: 'commit' }), /within a transaction/);
  await writer.ask({ kind: 'begin' });
  await writer.ask({ kind: 'all', sql: "insert into t values ('yes') returning a", values: [] });
  await writer.ask({ kind: 'commit' });
  await writer.close();
  rmSync(folder, { recursive: true });
});
