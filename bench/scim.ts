import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startPostgres } from '../scripts/postgres.ts';
import { installPackage } from './installed-package.ts';
import { startGenerator } from './load/generator.ts';
import { benchCycle } from './parts/cycle.ts';
import { benchMembers } from './parts/members.ts';
import { benchRequests, requestWorks } from './parts/requests.ts';
import { benchScale } from './parts/scale.ts';
import { installPeer, peers } from './peers.ts';
import type { Database } from './subject.ts';

/** What is measured, and for how long. */
export interface BenchOptions {
  /** Names of works and parts. */
  works: readonly string[];
  databases: readonly Database[];
  peers: boolean;
  rounds: number;
  /** Of one run, in milliseconds. */
  ms: number;
  users: number;
  record: boolean;
  quick: boolean;
}

const requests = ['create', ...requestWorks];
const parts = [...requests, 'members', 'scale', 'cycle'];

const usage = `npm run bench -- scim [--only NAME]… [--database postgres|sqlite] [--no-peers] [--quick] [--seconds N] [--users N] [--sources]
  --only       ${parts.join(', ')}
  --quick      a short look: 1 round of 1 s, 2,000 users; writes nothing
  --seconds    how long one run takes; 3 by default
  --users      how many there are at first; 50,000 by default
  --sources    runs the sources instead of the built package
Writes what it measured to bench/results.md.`;

/** Measures the SCIM service beside its peers and the raw limits, and says whether its targets are met. */
export async function benchScim(given: ScimFlags): Promise<boolean> {
  const unknown = given.only.filter((name) => !parts.includes(name));
  if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}\n${usage}`);
  const options: BenchOptions = {
    works: given.only.length > 0 ? given.only : parts,
    databases: given.database === undefined ? ['postgres', 'sqlite'] : [given.database],
    peers: !given.noPeers,
    rounds: given.quick ? 1 : 3,
    ms: (given.seconds ?? (given.quick ? 1 : 3)) * 1000,
    users: given.users ?? (given.quick ? 2000 : 50_000),
    record: !given.quick,
    quick: given.quick,
  };
  const folder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
  const generator = startGenerator();
  let postgres: Awaited<ReturnType<typeof startPostgres>> | undefined;
  try {
    if (options.peers) for (const peer of peers) await installPeer(peer);
    const portico = given.sources ? resolve(import.meta.dirname, '../bin/portico.ts') : await installPackage(folder);
    postgres = await startPostgres();
    const ground = { postgresUrl: postgres.url, folder };
    let met = true;
    if (options.works.some((work) => requests.includes(work)))
      met = (await benchRequests(ground, portico, generator, options)) && met;
    if (options.works.includes('members')) met = (await benchMembers(ground, portico, options)) && met;
    if (options.works.includes('scale')) met = (await benchScale(ground, portico, generator, options)) && met;
    if (options.works.includes('cycle')) met = (await benchCycle(ground, portico, options)) && met;
    return met;
  } finally {
    generator.stop();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The flags of the command line. */
export interface ScimFlags {
  only: readonly string[];
  database: Database | undefined;
  noPeers: boolean;
  quick: boolean;
  sources: boolean;
  seconds: number | undefined;
  users: number | undefined;
}
