import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startPostgres } from '../scripts/postgres.ts';
import { installPackage } from './installed-package.ts';
import { type SignInGenerator, startSignInGenerator } from './load/sign-in-generator.ts';
import { benchCodeExchange } from './parts/code-exchange.ts';
import { benchOwnShare } from './parts/own-share.ts';
import { benchRush } from './parts/rush.ts';
import { benchSessionChecks } from './parts/session-checks.ts';
import { benchSignIns } from './parts/sign-ins.ts';
import { writeSection } from './results.ts';
import type { Database, Ground } from './subject.ts';
import { startUpstream, type Upstream } from './upstream.ts';

/** What every part of the bench works with. */
export interface SignInBench {
  ground: Ground;
  /** The file that starts Portico. */
  portico: string;
  generator: SignInGenerator;
  upstream: Upstream;
  databases: readonly Database[];
  peers: boolean;
  rounds: number;
  /** Of one run, in milliseconds. */
  ms: number;
  quick: boolean;
  /** Prints a part's table, and writes it down where that is wanted. */
  tell(title: string, about: string, table: string): void;
}

/** The flags of the command line. */
export interface SignInFlags {
  only: readonly string[];
  database: Database | undefined;
  noPeers: boolean;
  quick: boolean;
  record: boolean;
  sources: boolean;
  seconds: number | undefined;
}

const parts: Readonly<Record<string, (bench: SignInBench) => Promise<boolean>>> = {
  'sign-ins': benchSignIns,
  share: benchOwnShare,
  exchange: benchCodeExchange,
  rush: benchRush,
  checks: benchSessionChecks,
};

const usage = `npm run bench -- signin [--only NAME]… [--database postgres|sqlite] [--no-peers] [--quick] [--seconds N] [--record] [--sources]
  --only       ${Object.keys(parts).join(', ')}
  --quick      a short look: 1 round of 1 s, 20,000 sessions
  --seconds    how long one run takes; 3 by default
  --record     writes what it measured to bench/results.md
  --sources    runs the sources instead of the built package`;

/** Measures signing in, beside Ory Polis and what cannot be avoided, and says whether its targets are met. */
export async function benchSignIn(given: SignInFlags): Promise<boolean> {
  const unknown = given.only.filter((name) => parts[name] === undefined);
  if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}\n${usage}`);
  const folder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
  const generator = startSignInGenerator();
  let postgres: Awaited<ReturnType<typeof startPostgres>> | undefined;
  let upstream: Upstream | undefined;
  try {
    const portico = given.sources ? resolve(import.meta.dirname, '../bin/portico.ts') : await installPackage(folder);
    postgres = await startPostgres();
    upstream = await startUpstream(portico, 1000, folder);
    const bench: SignInBench = {
      ground: { postgresUrl: postgres.url, folder },
      portico,
      generator,
      upstream,
      databases: given.database === undefined ? ['postgres', 'sqlite'] : [given.database],
      peers: !given.noPeers,
      rounds: given.quick ? 1 : 3,
      ms: (given.seconds ?? (given.quick ? 1 : 3)) * 1000,
      quick: given.quick,
      tell: (title, about, table) => {
        console.log(`\n${title}\n${about}\n\n${table}`);
        if (given.record) writeSection(`Sign-in: ${title}`, `${about}\n\n${table}`);
      },
    };
    let met = true;
    for (const [name, part] of Object.entries(parts))
      if (given.only.length === 0 || given.only.includes(name)) met = (await part(bench)) && met;
    return met;
  } finally {
    generator.stop();
    await upstream?.stop();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
