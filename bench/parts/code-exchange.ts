import { startBareProvider } from '../bare-provider.ts';
import type { SignInTarget } from '../load/journey.ts';
import type { GivenCode, SignInReport } from '../load/sign-in-jobs.ts';
import { setUpPortico } from '../portico-sign-in.ts';
import { machine } from '../results.ts';
import type { SignInBench } from '../signin.ts';
import { latency, median, rate } from '../words.ts';

/** What share of bare oidc-provider a code exchange has to reach. */
const wanted = { sqlite: 0.6, postgres: 0.35 } as const;
const clients = 16;

/** Code exchanges at the provider, beside bare oidc-provider with its memory adapter: same client, same kind of key. */
export async function benchCodeExchange(bench: SignInBench): Promise<boolean> {
  const { ground, portico, generator, upstream, databases, rounds, quick } = bench;
  // No more than the memory adapter keeps.
  const codes = 250;
  const turns = quick ? 2 : rounds * 3;
  const logins = upstream.people.slice(0, 8).map(({ login }) => login);
  const bare = await startBareProvider();
  const subjects = [];
  try {
    for (const database of databases) {
      const { target, start } = await setUpPortico(ground, portico, database, upstream);
      subjects.push({ ...(await start()), target, database });
    }
    const seen = new Map<string, SignInReport[]>();
    for (let turn = 0; turn <= turns; turn++) {
      const run = async (name: string, target: SignInTarget, codes: number | GivenCode[]) => {
        const report = await generator.run({ kind: 'exchanges', target, logins, clients, codes });
        if (report.failed > 0) throw new Error(`${name}: ${report.faults.join('; ')}`);
        // The first turn warms up.
        if (turn > 0) seen.set(name, [...(seen.get(name) ?? []), report]);
      };
      await run('bare', bare.target, await bare.codes(codes));
      for (const { database, target } of subjects) await run(database, target, codes);
    }
    const of = (name: string, what: 'perSecond' | 'p50' | 'p99') =>
      median((seen.get(name) ?? []).map((one) => one[what]));
    const lines = [
      `| oidc-provider, memory | ${rate(of('bare', 'perSecond'))} | ${latency(of('bare', 'p50'))} | ${latency(of('bare', 'p99'))} | |`,
    ];
    let met = true;
    for (const database of databases) {
      const share = of(database, 'perSecond') / of('bare', 'perSecond');
      const held = share >= wanted[database];
      met = met && held;
      lines.push(
        `| Portico on ${database === 'postgres' ? 'PostgreSQL' : 'SQLite'} | ${rate(of(database, 'perSecond'))} | ${latency(of(database, 'p50'))} | ${latency(of(database, 'p99'))} | ${Math.round(share * 100)} %, wanted ${wanted[database] * 100} %: ${held ? 'met' : 'missed'} |`,
      );
    }
    bench.tell(
      'code exchange',
      `${new Date().toISOString().slice(0, 10)}, ${machine()}. ${codes} codes redeemed by ${clients} clients, medians of ${turns} turns; RS256 with 2,048 bits. Portico's are durable, and each belongs to a session that is asked about.`,
      `| | | p50 | p99 | |\n| --- | ---: | ---: | ---: | --- |\n${lines.join('\n')}`,
    );
    return met;
  } finally {
    bare.stop();
    for (const subject of subjects) await subject.stop();
  }
}
