import type { Generator } from '../load/generator.ts';
import type { Report } from '../load/run.ts';
import { peers, startPeer } from '../peers.ts';
import { startPortico } from '../portico.ts';
import { insertsPerSecond, startEcho } from '../raw-limits.ts';
import { machine, writeSection } from '../results.ts';
import type { BenchOptions } from '../scim.ts';
import type { Database, Ground, Subject } from '../subject.ts';
import { latency, median, memoryText, rate, times } from '../words.ts';

/** How many times the best peer Portico has to be, with 8 and with 32 clients. */
const wanted: Readonly<Record<string, Record<Database, readonly [number, number]>>> = {
  create: { postgres: [3, 6], sqlite: [6, 10] },
  'find by userName': { postgres: [5, 7], sqlite: [8, 10] },
  'find by externalId': { postgres: [5, 7], sqlite: [8, 10] },
  'find by work e-mail': { postgres: [5, 7], sqlite: [8, 10] },
  get: { postgres: [4, 5], sqlite: [6, 8] },
  patch: { postgres: [4, 5], sqlite: [6, 8] },
  'list, first page': { postgres: [5, 8], sqlite: [5, 8] },
  'list, deep page': { postgres: [5, 8], sqlite: [5, 8] },
};

/** A slow peer is filled with as many users as it takes in this time. */
const longestFillMs = 180_000;

const clientCounts = [8, 32] as const;

/** The kinds of work of this part. */
export const requestWorks = Object.keys(wanted).filter((name) => name !== 'create');

/**
 * Single requests: Portico, its peers and the raw limits in turn, round after round, so that whatever else the machine does
 * meets all of them. Creations come last, so that the lists are of the size that was said.
 */
export async function benchRequests(
  ground: Ground,
  portico: string,
  generator: Generator,
  options: BenchOptions,
): Promise<boolean> {
  const subjects: Subject[] = [];
  const users = new Map<string, number>();
  let met = true;
  try {
    for (const database of options.databases) {
      subjects.push(await startPortico(ground, portico, database));
      for (const peer of options.peers ? peers : [])
        if (peer.databases.includes(database)) subjects.push(await startPeer(ground, peer, database));
    }
    for (const subject of subjects) {
      const { faults, perSecond, all } = await generator.run({
        target: subject.target,
        work: 'fill',
        clients: 16,
        answers: options.users,
        ms: longestFillMs,
        run: 0,
      });
      if (faults.length > 0) throw new Error(`${subject.name} could not be filled: ${faults.join('; ')}`);
      console.log(`${nameOf(subject).padEnd(26)} filled with ${all} users, ${rate(perSecond)}`);
      users.set(nameOf(subject), all);
    }
    for (const work of [...requestWorks, 'create']) {
      if (options.works.includes(work)) met = (await measure(ground, work, subjects, users, generator, options)) && met;
    }
    for (const subject of subjects) console.log(`${nameOf(subject).padEnd(26)} ${memoryText(subject.memory())}`);
  } finally {
    for (const subject of subjects) await subject.stop();
  }
  return met;
}

type Seen = Map<string, { clients: number; reports: (Report & { microseconds: number })[] }[]>;

async function measure(
  ground: Ground,
  work: string,
  subjects: readonly Subject[],
  users: ReadonlyMap<string, number>,
  generator: Generator,
  options: BenchOptions,
): Promise<boolean> {
  const seen: Seen = new Map(
    subjects.map((subject) => [nameOf(subject), clientCounts.map((clients) => ({ clients, reports: [] }))]),
  );
  const raw = new Map<string, number[]>();
  const echo = work === 'create' ? await startEcho() : undefined;
  const unable = new Map<string, string>();
  for (let round = 1; round <= options.rounds; round++) {
    for (const [index, clients] of clientCounts.entries()) {
      for (const subject of subjects) {
        if (unable.has(nameOf(subject))) continue;
        const run = round * 10 + index;
        const before = subject.processorMs();
        const job = { target: subject.target, work, clients, ms: options.ms, run };
        const report = await generator.run(job).catch((error: Error) => error);
        if (report instanceof Error) {
          unable.set(nameOf(subject), report.message);
          continue;
        }
        const microseconds = ((subject.processorMs() - before) * 1000) / report.all;
        const missing = await generator.findMissing(subject.target);
        const [wrong] = [...report.faults, ...missing.map((each) => `missing: ${each}`)];
        if (wrong !== undefined) unable.set(nameOf(subject), wrong);
        else seen.get(nameOf(subject))?.[index]?.reports.push({ ...report, microseconds });
      }
      if (work !== 'create') continue;
      for (const database of options.databases)
        note(raw, `${database} ${clients}`, await insertsPerSecond(ground, database, clients, options.ms));
      if (echo !== undefined) {
        const { perSecond } = await generator.run({
          target: echo.target,
          work: 'echo',
          clients,
          ms: options.ms,
          run: round,
        });
        note(raw, `echo ${clients}`, perSecond);
      }
    }
  }
  echo?.stop();
  return report(work, subjects, users, seen, unable, raw, options);
}

function report(
  work: string,
  subjects: readonly Subject[],
  users: ReadonlyMap<string, number>,
  seen: Seen,
  unable: ReadonlyMap<string, string>,
  raw: ReadonlyMap<string, number[]>,
  options: BenchOptions,
): boolean {
  let met = true;
  const lines: string[] = [];
  const figure = (subject: Subject, index: number) =>
    median((seen.get(nameOf(subject))?.[index]?.reports ?? []).map(({ perSecond }) => perSecond));
  for (const [index, clients] of clientCounts.entries()) {
    for (const subject of subjects) {
      const reports = seen.get(nameOf(subject))?.[index]?.reports ?? [];
      const why = unable.get(nameOf(subject));
      if (why !== undefined || reports.length === 0) {
        lines.push(
          `| ${nameOf(subject)} | ${clients} | can not: ${(why ?? '').replaceAll('|', '/').slice(0, 120)} | | | |`,
        );
        if (subject.name === 'Portico') met = false;
        continue;
      }
      const told: string[] = [];
      if (subject.name === 'Portico') {
        const best = subjects
          .filter(({ name, database }) => name !== 'Portico' && database === subject.database)
          .map((peer) => ({ name: peer.name, perSecond: figure(peer, index) }))
          .sort((a, b) => b.perSecond - a.perSecond)[0];
        const factor = wanted[work]?.[subject.database][index] ?? 0;
        if (best !== undefined && best.perSecond > 0) {
          const ratio = figure(subject, index) / best.perSecond;
          met = met && ratio >= factor;
          told.push(`${times(ratio)} ${best.name}, wanted ${factor} ×: ${ratio >= factor ? 'met' : 'missed'}`);
        }
        const bare = median(raw.get(`${subject.database} ${clients}`) ?? []);
        if (bare > 0) told.push(`${Math.round((figure(subject, index) / bare) * 100)} % of the driver's inserts`);
      }
      const p = (at: 'p50' | 'p99') => latency(median(reports.map((each) => each[at])));
      lines.push(
        `| ${nameOf(subject)} | ${clients} | ${rate(figure(subject, index))} | ${p('p50')} | ${p('p99')} | ${median(reports.map((each) => each.microseconds)).toFixed(0)} µs | ${told.join('; ')} |`,
      );
    }
    for (const [name, figures] of raw) {
      if (name.endsWith(` ${clients}`))
        lines.push(`| ${rawNames[name.split(' ')[0] ?? '']} | ${clients} | ${rate(median(figures))} | | | | |`);
    }
  }
  const head = '| | clients | | p50 | p99 | its processor time | |\n| --- | ---: | ---: | ---: | ---: | ---: | --- |';
  const about = `${new Date().toISOString().slice(0, 10)}, ${machine()}. Medians of ${options.rounds} rounds of ${options.ms / 1000} s, in turn, with ${options.users.toLocaleString('en')} users at first${fewer(users, options.users)}.`;
  console.log(`\n${work}\n${lines.join('\n')}`);
  if (options.record) writeSection(`SCIM: ${work}`, `${about}\n\n${head}\n${lines.join('\n')}`);
  return met;
}

/** Who was filled with fewer users within the time: their figures are flattered by it. */
function fewer(users: ReadonlyMap<string, number>, wanted: number): string {
  const slow = [...users].filter(([, number]) => number < wanted);
  const said = slow.map(([name, number]) => `${name} with ${number.toLocaleString('en')}`);
  return said.length === 0 ? '' : `; as many as came in ${longestFillMs / 60_000} minutes: ${said.join(', ')}`;
}

const rawNames: Readonly<Record<string, string>> = {
  postgres: 'bare pg: one row, one commit',
  sqlite: 'bare node:sqlite: one row, one commit',
  echo: 'HTTP echo',
};

const nameOf = ({ name, database }: Subject): string =>
  `${name} on ${database === 'postgres' ? 'PostgreSQL' : 'SQLite'}`;

const note = (raw: Map<string, number[]>, name: string, figure: number): void => {
  raw.set(name, [...(raw.get(name) ?? []), figure]);
};
