import { countSignIn } from '../counted.ts';
import { setUpPortico } from '../portico-sign-in.ts';
import { machine } from '../results.ts';
import type { SignInBench } from '../signin.ts';
import { freshDatabase } from '../subject.ts';
import { measureUnavoidable } from '../unavoidable.ts';
import { latency, median, times } from '../words.ts';

/** How many times what cannot be avoided Portico's own share may be. */
const wanted = 2;

/**
 * What Portico adds to a sign-in: all but the tenant, against the sum of what no server of this kind can do without, measured
 * beside it. One browser at a time, so that nothing waits for anything else.
 */
export async function benchOwnShare(bench: SignInBench): Promise<boolean> {
  const { ground, portico, generator, upstream, databases, rounds, ms } = bench;
  const [person] = upstream.people;
  if (person === undefined) throw new Error('nobody is there');
  const lines: string[] = [];
  let met = true;
  for (const database of databases) {
    const set = await setUpPortico(ground, portico, database, upstream);
    const { requests, commits } = await countSignIn(set, person.login);
    const running = await set.start();
    const wall: number[] = [];
    const processor: number[] = [];
    const parts = { signatures: [], commits: [], requests: [] } as Record<
      string,
      { ms: number; processorMs: number }[]
    >;
    try {
      // A server that has just started compiles what it runs.
      const warmUp = { kind: 'sign-ins', target: set.target, logins: [person.login], clients: 4, ms: ms * 3 } as const;
      await generator.run(warmUp);
      for (let round = 1; round <= rounds; round++) {
        const before = running.processorMs();
        const job = { kind: 'sign-ins', target: set.target, logins: [person.login], clients: 1, ms } as const;
        const report = await generator.run(job);
        if (report.failed > 0) throw new Error(report.faults.join('; '));
        processor.push((running.processorMs() - before) / report.all);
        const bare = await generator.run({ kind: 'tenant', ...(await tenantTarget(bench)), ms: ms / 3 });
        wall.push(report.serverMs - bare.exchangeMs);
        const place = await freshDatabase(ground, database, 'unavoidable');
        parts['signatures']?.push(await measureUnavoidable({ part: 'signatures' }));
        parts['commits']?.push(await measureUnavoidable({ part: 'commits', database, place, commits }));
        parts['requests']?.push(await measureUnavoidable({ part: 'requests', requests }));
      }
    } finally {
      await running.stop();
    }
    const of = (part: string, what: 'ms' | 'processorMs') => median((parts[part] ?? []).map((one) => one[what]));
    const on = database === 'postgres' ? 'PostgreSQL' : 'SQLite';
    for (const [what, own, named] of [
      ['ms', median(wall), 'time'],
      ['processorMs', median(processor), 'processor time'],
    ] as const) {
      const [signatures, durable, http] = [of('signatures', what), of('commits', what), of('requests', what)];
      const sum = signatures + durable + http;
      const held = own / sum <= wanted;
      met = met && held;
      lines.push(
        `| ${on} | ${named} | ${latency(own)} | ${latency(signatures)} | ${latency(durable)} | ${latency(http)} | ${times(own / sum)} the sum, wanted at most ${wanted} ×: ${held ? 'met' : 'missed'} |`,
      );
    }
    lines.push(
      `| ${on} | for it | ${requests} requests | sign, verify | ${commits.length} commits, ${commits.flat().length} rows | ${requests} answered, 1 asked | |`,
    );
  }
  bench.tell(
    "Portico's own share",
    `${new Date().toISOString().slice(0, 10)}, ${machine()}. One sign-in after the other of somebody who has an account, medians of ${rounds} rounds. Time is that of Portico's answers less that of the tenant's token endpoint, which it asks meanwhile; processor time is of Portico's process, with all its threads, without the database's. Beside it, each in a process that does nothing else: RS256 signed once and verified once; the same number of durable commits by the bare driver, one after the other, with rows of the same size; the same number of requests to a server that answers at once.`,
    `| | | Portico | signatures | durable commits | HTTP | |\n| --- | --- | ---: | ---: | ---: | ---: | --- |\n${lines.join('\n')}`,
  );
  return met;
}

const callback = 'http://localhost:9/bare';

/** A product that signs people in at the tenant itself: what its token endpoint takes of the time. */
async function tenantTarget({ upstream }: SignInBench) {
  const { appId, secret } = await upstream.register([callback]);
  const logins = upstream.people.slice(0, 8).map(({ login }) => login);
  const target = {
    port: upstream.port,
    authorize: `/${upstream.tenantId}/oauth2/v2.0/authorize?scope=openid+profile+email`,
    token: `/${upstream.tenantId}/oauth2/v2.0/token`,
    clientId: appId,
    secret,
    redirectUri: callback,
    upstreamPort: upstream.port,
  };
  return { target, logins };
}
