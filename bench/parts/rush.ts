import { setUpPortico } from '../portico-sign-in.ts';
import { machine } from '../results.ts';
import type { SignInBench } from '../signin.ts';
import { latency } from '../words.ts';

const targets = { perSecond: 150, p99: 1000 } as const;

/**
 * After an outage: everybody signs in at once, so many a second for a minute, whatever becomes of those before them (an open
 * loop: who has to wait is not spared).
 */
export async function benchRush(bench: SignInBench): Promise<boolean> {
  const { ground, portico, generator, upstream, databases, quick } = bench;
  const ms = quick ? 5000 : 60_000;
  const logins = upstream.people.map(({ login }) => login);
  const lines: string[] = [];
  let met = true;
  for (const database of databases) {
    const { target, start } = await setUpPortico(ground, portico, database, upstream);
    const running = await start();
    try {
      // Most of them have been here before.
      await generator.run({ kind: 'tokens', target, logins: logins.slice(0, quick ? 50 : 800) });
      const [own, theirs, clock] = [running.processorMs(), upstream.processorMs(), performance.now()];
      const report = await generator.run({ kind: 'rush', target, logins, perSecond: targets.perSecond, ms });
      const span = performance.now() - clock;
      const share = (spent: number) => `${Math.round((spent / span) * 100)} %`;
      const held = report.failed === 0 && report.p99 <= targets.p99;
      met = met && held;
      lines.push(
        `| ${database === 'postgres' ? 'PostgreSQL' : 'SQLite'} | ${report.done} | ${report.failed} | ${latency(report.p50)} | ${latency(report.p99)} | ${latency(report.most)} | ${share(running.processorMs() - own)} | ${share(upstream.processorMs() - theirs)} | none fails, p99 at most 1 s: ${held ? 'met' : 'missed'} |`,
      );
      for (const fault of report.faults) console.log(fault);
    } finally {
      await running.stop();
    }
  }
  bench.tell(
    'after an outage',
    `${new Date().toISOString().slice(0, 10)}, ${machine()}. ${targets.perSecond} people a second sign in for ${ms / 1000} s, each in a new browser, begun on time whatever becomes of the others; most have an account. The shares are of one processor; what is left of the two is for the tenant, the browsers and the database.`,
    `| Portico on | signed in | failed | p50 | p99 | slowest | Portico's share | the tenant's | |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n${lines.join('\n')}`,
  );
  return met;
}
