// What a sign-in cannot do without, in a process of its own: the signatures, the durable commits, the requests.
import { fork } from 'node:child_process';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import type { Counted } from './counted.ts';

/** Of one sign-in, in milliseconds: how long it takes, and the processor time of it. */
export interface Cost {
  ms: number;
  processorMs: number;
}

/** The parts that can be measured. */
export type Part =
  | { part: 'signatures' }
  | { part: 'commits'; database: 'postgres' | 'sqlite'; place: string; commits: Counted['commits'] }
  | { part: 'requests'; requests: number };

/** Measures one part, in a process that does nothing else. */
export function measureUnavoidable(part: Part): Promise<Cost> {
  const child = fork(import.meta.filename, [], { stdio: 'inherit' });
  return new Promise<Cost>((resolve, reject) => {
    child.once('message', (cost: Cost) => resolve(cost));
    child.once('exit', () => reject(new Error(`${part.part} could not be measured`)));
    child.send(part);
  }).finally(() => void child.kill());
}

const times = 200;

async function measure(once: () => unknown): Promise<Cost> {
  for (let time = 0; time < 20; time++) await once();
  const [started, spent] = [performance.now(), process.cpuUsage()];
  for (let time = 0; time < times; time++) await once();
  const { user, system } = process.cpuUsage(spent);
  return { ms: (performance.now() - started) / times, processorMs: (user + system) / 1000 / times };
}

/** An id token is signed, the tenant's is verified: RS256 with 2,048 bits both. */
function signatures(): Promise<Cost> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const token = Buffer.from('x'.repeat(900));
  const theirs = sign('sha256', token, privateKey);
  return measure(() => {
    sign('sha256', token, privateKey);
    if (!verify('sha256', token, publicKey, theirs)) throw new Error('the signature is wrong');
  });
}

/** As many commits with rows of the same size, by the bare driver. */
async function commitsOf({ database, place, commits }: Part & { part: 'commits' }): Promise<Cost> {
  const rows = commits.map((sizes) => sizes.map((size) => 'x'.repeat(size)));
  const table = 'create table raw (id integer primary key, row text)';
  let number = 0;
  if (database === 'sqlite') {
    const sqlite = new DatabaseSync(join(place, 'raw.db'));
    sqlite.exec(`pragma journal_mode = wal; pragma synchronous = full; ${table}`);
    const insert = sqlite.prepare('insert into raw values (?, ?)');
    return measure(() => {
      for (const commit of rows) {
        sqlite.exec('begin');
        for (const row of commit) insert.run(number++, row);
        sqlite.exec('commit');
      }
    });
  }
  const client = new pg.Client({ connectionString: place });
  await client.connect();
  await client.query(table);
  const cost = await measure(async () => {
    for (const commit of rows) {
      // All of a transaction travels at once.
      const statements = [
        client.query('begin'),
        ...commit.map((row) =>
          client.query({ name: 'insert', text: 'insert into raw values ($1, $2)', values: [number++, row] }),
        ),
        client.query('commit'),
      ];
      await Promise.all(statements);
    }
  });
  await client.end();
  return cost;
}

/** As many requests, one after the other, to a server that answers each at once; both ends are this process: half is the server's. */
async function requestsOf({ requests }: Part & { part: 'requests' }): Promise<Cost> {
  const server = createServer((incoming, response) => {
    incoming.resume().once('end', () => response.writeHead(303, { location: '/next', 'content-length': 0 }).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { Agent } = await import('node:http');
  const agent = new Agent({ keepAlive: true });
  const ask = () =>
    new Promise<void>((resolve, reject) => {
      const asked = request({ port, host: '127.0.0.1', path: '/', agent }, (answer) =>
        answer.resume().once('end', () => resolve()),
      );
      asked.once('error', reject).end();
    });
  // One more is Portico's own, to the tenant's token endpoint: it is the client there.
  const { ms, processorMs } = await measure(async () => {
    for (let number = 0; number <= requests; number++) await ask();
  });
  return { ms, processorMs: processorMs / 2 };
}

if (import.meta.main) {
  process.once('message', async (part: Part) => {
    const cost =
      part.part === 'signatures'
        ? await signatures()
        : part.part === 'commits'
          ? await commitsOf(part)
          : await requestsOf(part);
    process.send?.(cost);
  });
}
