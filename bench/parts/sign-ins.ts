import type { SignInReport } from '../load/sign-in-jobs.ts';
import { startPolisSignIn } from '../peer-sign-in.ts';
import { setUpPortico } from '../portico-sign-in.ts';
import { machine } from '../results.ts';
import type { SignInBench } from '../signin.ts';
import { latency, median, rate, times } from '../words.ts';

const clientCounts = [8, 32] as const;
/** How many times Ory Polis Portico has to be. */
const wanted = 2;

/**
 * Whole sign-ins: a product's authorization request, the tenant, the way back, the code exchange; Portico and Ory Polis in
 * turn, by the same client and the same tenant.
 */
export async function benchSignIns(bench: SignInBench): Promise<boolean> {
  const { ground, portico, generator, upstream, databases, rounds, ms } = bench;
  const subjects: (Awaited<ReturnType<typeof startPolisSignIn>> & { name: string })[] = [];
  try {
    for (const database of databases) {
      const on = database === 'postgres' ? 'PostgreSQL' : 'SQLite';
      const { target, start } = await setUpPortico(ground, portico, database, upstream);
      subjects.push({ ...(await start()), target, name: `Portico on ${on}` });
    }
    if (bench.peers)
      subjects.push({ ...(await startPolisSignIn(ground, 'postgres', upstream)), name: 'Ory Polis on PostgreSQL' });
    const logins = upstream.people.slice(0, bench.quick ? 50 : 300).map(({ login }) => login);
    for (const { name, target } of subjects) {
      const { faults } = await generator.run({ kind: 'tokens', target, logins });
      if (faults.length > 0) throw new Error(`${name}: ${faults.join('; ')}`);
      // A server that has just started compiles what it runs.
      await generator.run({ kind: 'sign-ins', target, logins, clients: 16, ms: ms * 4 });
    }
    type Seen = SignInReport & { processorMs: number; upstreamProcessorMs: number };
    const seen = new Map<string, Seen[]>();
    for (let round = 1; round <= rounds; round++) {
      for (const clients of clientCounts) {
        for (const subject of subjects) {
          const [own, theirs] = [subject.processorMs(), upstream.processorMs()];
          const report = await generator.run({ kind: 'sign-ins', target: subject.target, logins, clients, ms });
          if (report.failed > 0) throw new Error(`${subject.name}: ${report.faults.join('; ')}`);
          const key = `${subject.name} ${clients}`;
          const processorMs = (subject.processorMs() - own) / report.all;
          const upstreamProcessorMs = (upstream.processorMs() - theirs) / report.all;
          seen.set(key, [...(seen.get(key) ?? []), { ...report, processorMs, upstreamProcessorMs }]);
        }
      }
    }
    const lines: string[] = [];
    let met = true;
    for (const clients of clientCounts) {
      const of = (name: string, what: (one: Seen) => number) =>
        median((seen.get(`${name} ${clients}`) ?? []).map(what));
      const theirs = of('Ory Polis on PostgreSQL', ({ perSecond }) => perSecond);
      for (const { name } of subjects) {
        const own = of(name, ({ perSecond }) => perSecond);
        const ratio = own / theirs;
        const told =
          bench.peers && name.startsWith('Portico')
            ? `${times(ratio)} Ory Polis, wanted ${wanted} ×: ${ratio >= wanted ? 'met' : 'missed'}`
            : '';
        if (told.endsWith('missed')) met = false;
        const ofTenant = latency(of(name, ({ upstreamProcessorMs }) => upstreamProcessorMs));
        lines.push(
          `| ${name} | ${clients} | ${rate(own)} | ${latency(of(name, ({ p50 }) => p50))} | ${latency(of(name, ({ p99 }) => p99))} | ${of(name, ({ requests }) => requests)} | ${latency(of(name, ({ processorMs }) => processorMs))} | ${ofTenant} | ${told} |`,
        );
      }
    }
    bench.tell(
      'whole sign-ins',
      `${new Date().toISOString().slice(0, 10)}, ${machine()}. Medians of ${rounds} rounds of ${ms / 1000} s, in turn; server, tenant, database and the browsers share the processors. Every sign-in is of a new browser, with PKCE, nonce and an id token signed with RS256; Ory Polis runs on PostgreSQL only.`,
      `| | browsers | | p50 | p99 | requests | its processor time | the tenant's | |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n${lines.join('\n')}`,
    );
    return met;
  } finally {
    for (const subject of subjects) await subject.stop();
  }
}
