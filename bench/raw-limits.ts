import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { Target } from './load/works.ts';
import { type Database, freshDatabase, type Ground } from './subject.ts';

const row = JSON.stringify({ userName: 'person.1@contoso.example', displayName: 'Mara Oja', department: 'Operations' });

/**
 * Durable inserts a second by the bare driver, one row and one commit each: `pg` on so many connections, `node:sqlite` with
 * WAL and `synchronous=FULL` on its one. In this process, since there is nothing else to do.
 */
export async function insertsPerSecond(
  ground: Ground,
  database: Database,
  connections: number,
  ms: number,
): Promise<number> {
  const place = await freshDatabase(ground, database, 'raw');
  return database === 'sqlite' ? onSqlite(place, ms) : onPostgres(place, connections, ms);
}

function onSqlite(folder: string, ms: number): number {
  const sqlite = new DatabaseSync(join(folder, 'raw.db'));
  sqlite.exec('pragma journal_mode = wal; pragma synchronous = full; create table raw (id text primary key, row text)');
  const insert = sqlite.prepare('insert into raw values (?, ?)');
  const started = performance.now();
  let done = 0;
  for (; performance.now() - started < ms; done++) insert.run(randomUUID(), row);
  const perSecond = done / ((performance.now() - started) / 1000);
  sqlite.close();
  return perSecond;
}

async function onPostgres(url: string, connections: number, ms: number): Promise<number> {
  const clients = Array.from({ length: connections }, () => new pg.Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  await clients[0]?.query('create table raw (id text primary key, row text)');
  const started = performance.now();
  let done = 0;
  await Promise.all(
    clients.map(async (client) => {
      for (; performance.now() - started < ms; done++)
        await client.query({ name: 'insert', text: 'insert into raw values ($1, $2)', values: [randomUUID(), row] });
    }),
  );
  const perSecond = done / ((performance.now() - started) / 1000);
  await Promise.all(clients.map((client) => client.end()));
  return perSecond;
}

/** Starts a server that answers every creation with what it was sent: what HTTP alone costs. */
export async function startEcho(): Promise<{ target: Target; stop(): void }> {
  const child = fork(import.meta.filename, [], { stdio: 'inherit' });
  const port = await new Promise<number>((resolve) => child.once('message', (it) => resolve(Number(it))));
  return { target: { port, base: '', token: 'none' }, stop: () => void child.kill() };
}

if (import.meta.main) {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const text = body === '' ? '{}' : `{"id":"${randomUUID()}",${body.slice(1)}`;
      const headers = { 'content-type': 'application/scim+json', 'content-length': Buffer.byteLength(text) };
      response.writeHead(request.method === 'POST' ? 201 : 200, headers).end(text);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.(typeof address === 'object' && address !== null ? address.port : 0);
  });
}
