import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Target } from './load/works.ts';

/** A server under load. */
export interface Subject {
  /** As it stands in the tables. */
  name: string;
  database: Database;
  target: Target;
  /** Resident memory now and at most so far, in MB (10^6 bytes). */
  memory(): { now: number; most: number };
  /** Processor time so far, in milliseconds; without the database server's. */
  processorMs(): number;
  pid: number;
  stop(): Promise<void>;
}

export type Database = 'postgres' | 'sqlite';

/** Where databases can be made: a PostgreSQL server, and a folder for SQLite files. */
export interface Ground {
  postgresUrl: string;
  folder: string;
}

/** An empty database of a name: the URL of one on PostgreSQL, or the folder for a file. */
export async function freshDatabase(ground: Ground, database: Database, name: string): Promise<string> {
  const plain = `${name}_${Math.floor(performance.now())}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
  if (database === 'sqlite') {
    const folder = join(ground.folder, plain);
    mkdirSync(folder, { recursive: true });
    return folder;
  }
  const client = new pg.Client({ connectionString: ground.postgresUrl });
  await client.connect();
  await client.query(`create database ${plain}`).finally(() => client.end());
  const url = new URL(ground.postgresUrl);
  url.pathname = `/${plain}`;
  return url.href;
}

/** Starts a server process; resolves with its first line that `isReady` takes. Rejects with what it printed if it ends. */
export async function startProcess(
  args: readonly string[],
  env: Record<string, string>,
  isReady: (line: string) => boolean,
): Promise<{ line: string } & Pick<Subject, 'memory' | 'processorMs' | 'pid' | 'stop'>> {
  const inherited = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const child = spawn(process.execPath, args, { env: { ...inherited, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let printed = '';
  const line = await new Promise<string>((resolve, reject) => {
    const hear = (text: string) => {
      printed = (printed + text).slice(-10_000);
      const ready = printed.split('\n').find(isReady);
      if (ready !== undefined) resolve(ready);
    };
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', hear);
    child.once('exit', () => reject(new Error(printed.trim().split('\n').slice(-8).join('\n'))));
  });
  return {
    line,
    memory: () => ({ now: memoryOf(child, 'VmRSS'), most: memoryOf(child, 'VmHWM') }),
    processorMs: () => processorMs(child),
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

function memoryOf(child: ChildProcess, what: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return (Number(new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024) / 1e6;
}

function processorMs(child: ChildProcess): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  // User and system time, in ticks of 10 ms.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
