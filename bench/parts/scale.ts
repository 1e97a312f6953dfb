import type { Generator } from '../load/generator.ts';
import type { Report } from '../load/run.ts';
import { idOf, putUsers } from '../population.ts';
import { type PorticoSubject, startPortico } from '../portico.ts';
import { machine, writeSection } from '../results.ts';
import type { BenchOptions } from '../scim.ts';
import type { Ground } from '../subject.ts';
import { latency, median, memoryText, rate, times } from '../words.ts';
import { requestWorks } from './requests.ts';

const clients = 8;

/** The same work in a directory of 10,000 users and in one of 1,000,000, in turn. */
export async function benchScale(
  ground: Ground,
  portico: string,
  generator: Generator,
  options: BenchOptions,
): Promise<boolean> {
  const sizes = options.quick ? [1000, 20_000] : [10_000, 1_000_000];
  const lines: string[] = [];
  let met = true;
  for (const database of options.databases) {
    const subjects: PorticoSubject[] = [];
    try {
      for (const size of sizes) {
        const subject = await startPortico(ground, portico, database, (store, scope) => putUsers(store, scope, size));
        subjects.push(subject);
        // Asked for everywhere in the directory, not only among the first.
        const ids = Array.from({ length: 1000 }, (_, n) => Math.floor((n * size) / 1000));
        await generator.know(subject.target, { places: ids, ids: ids.map(idOf), total: size });
      }
      for (const work of [...requestWorks, 'create']) {
        const seen = subjects.map(() => [] as Report[]);
        for (let round = 1; round <= options.rounds; round++) {
          for (const [index, { target }] of subjects.entries()) {
            const report = await generator.run({ target, work, clients, ms: options.ms, run: round });
            const [fault] = [...report.faults, ...(await generator.findMissing(target))];
            if (fault !== undefined) throw new Error(`${work} at ${sizes[index]} users: ${fault}`);
            seen[index]?.push(report);
          }
        }
        const [small, large] = seen.map((reports) => median(reports.map(({ perSecond }) => perSecond)));
        const [p99, p99Large] = seen.map((reports) => latency(median(reports.map((each) => each.p99))));
        const ratio = (small ?? 0) / (large ?? 1);
        met = met && ratio <= 1.3;
        const on = database === 'postgres' ? 'PostgreSQL' : 'SQLite';
        lines.push(
          `| ${on} | ${work} | ${rate(small ?? 0)}, p99 ${p99} | ${rate(large ?? 0)}, p99 ${p99Large} | ${times(ratio)} the time, wanted at most 1.3 × |`,
        );
        console.log(lines.at(-1));
      }
      const memory = subjects.map((subject) => memoryText(subject.memory()));
      lines.push(`| ${database === 'postgres' ? 'PostgreSQL' : 'SQLite'} | memory | ${memory.join(' | ')} | |`);
    } finally {
      for (const subject of subjects) await subject.stop();
    }
  }
  const [small, large] = sizes.map((size) => size.toLocaleString('en'));
  const head = `| | ${clients} clients | ${small} users | ${large} users | |\n| --- | --- | ---: | ---: | --- |`;
  const about = `${new Date().toISOString().slice(0, 10)}, ${machine()}. Medians of ${options.rounds} rounds of ${options.ms / 1000} s, in turn.`;
  if (options.record) writeSection('SCIM: a million users', `${about}\n\n${head}\n${lines.join('\n')}`);
  return met;
}
