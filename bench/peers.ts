import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { step } from '../scripts/command.mjs';
import { freePort, npm } from './installed-package.ts';
import { type Database, freshDatabase, type Ground, type Subject, startProcess } from './subject.ts';

/** A server that others run for the same purpose, set up by its own docs in a folder of its own. */
interface Peer {
  name: string;
  folder: string;
  databases: readonly Database[];
  /** Why there are databases on which it is not measured. */
  note?: string;
}

/** Whom Portico is measured against. */
export const peers: readonly Peer[] = [
  {
    name: 'Ory Polis',
    folder: 'polis',
    databases: ['postgres'],
    note: 'on SQLite it needs better-sqlite3, which is compiled by an install script against headers of the running Node',
  },
  { name: 'SCIMMY', folder: 'scimmy', databases: ['postgres', 'sqlite'] },
  { name: 'Better Auth', folder: 'better-auth', databases: ['postgres', 'sqlite'] },
];

/** Installs a peer's packages where they are not yet; they never become Portico's. */
export async function installPeer({ name, folder }: Peer): Promise<void> {
  const place = placeOf(folder);
  if (existsSync(join(place, 'node_modules'))) return;
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts'];
  await step(`installing ${name}`, () => npm(['install', ...quiet], place));
}

/** Starts a peer on a fresh database. */
export async function startPeer(ground: Ground, { name, folder }: Peer, database: Database): Promise<Subject> {
  const place = await freshDatabase(ground, database, folder);
  const port = await freePort();
  const env = {
    PORT: String(port),
    DATABASE_KIND: database,
    DATABASE: database === 'postgres' ? place : join(place, 'peer.db'),
    NODE_ENV: 'production',
  };
  const started = await startProcess([join(placeOf(folder), 'server.mjs')], env, (line) => line.startsWith('{"base"'));
  const { base, token } = JSON.parse(started.line) as { base: string; token: string };
  return { name, database, target: { port, base, token }, ...started };
}

/** Where a peer lives. */
export const placeOf = (folder: string): string => join(import.meta.dirname, 'peers', folder);
