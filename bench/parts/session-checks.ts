import { execFileSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { openConnection } from '../load/connection.ts';
import type { SignInReport } from '../load/sign-in-jobs.ts';
import { entraUser } from '../load/works.ts';
import { withWorld } from '../portico.ts';
import { type SignInPortico, setUpPortico } from '../portico-sign-in.ts';
import { machine } from '../results.ts';
import { putSessions } from '../session-population.ts';
import type { SignInBench } from '../signin.ts';
import type { Database } from '../subject.ts';
import { latency, median, memoryText, rate, times } from '../words.ts';

const targets = { perSecond: 5000, ratio: 1.2, outMs: 1000 } as const;
const clients = 16;

/**
 * Session checks over HTTP as products make them (userinfo with an access token, another one each time): the grant, the
 * session, the account, the link and the person's active state are asked about each time. With few sessions and with a
 * million, in turn; one person is disabled by provisioning midway.
 */
export async function benchSessionChecks(bench: SignInBench): Promise<boolean> {
  const sizes = bench.quick ? [1000, 20_000] : [10_000, 1_000_000];
  const lines: string[] = [];
  let met = true;
  for (const database of bench.databases) {
    const subjects: Filled[] = [];
    try {
      for (const size of sizes) subjects.push(await fill(bench, database, size));
      const seen = subjects.map(() => [] as (SignInReport & { microseconds: number })[]);
      for (let round = 0; round <= bench.rounds; round++) {
        for (const [index, { portico, tokens, running }] of subjects.entries()) {
          const { port } = portico.target;
          const before = running.processorMs();
          const job = { kind: 'checks', port, path: '/oidc/me', tokens, clients, ms: bench.ms } as const;
          const report = await bench.generator.run(job);
          if (report.failed > 0) throw new Error(`${sizes[index]} sessions: ${report.faults.join('; ')}`);
          // The first round warms up.
          const microseconds = ((running.processorMs() - before) * 1000) / report.all;
          if (round > 0) seen[index]?.push({ ...report, microseconds });
        }
      }
      const large = subjects.at(-1);
      if (large === undefined) throw new Error('nothing was filled');
      const outMs = await disableMidway(bench, large);
      const [few = 0, much = 0] = seen.map((reports) => median(reports.map(({ perSecond }) => perSecond)));
      const [p99, p99Large] = seen.map((reports) => latency(median(reports.map((each) => each.p99))));
      const spent = median((seen.at(-1) ?? []).map(({ microseconds }) => microseconds));
      const ratio = few / much;
      const held = much >= targets.perSecond && ratio <= targets.ratio && outMs <= targets.outMs;
      met = met && held;
      lines.push(
        `| ${database === 'postgres' ? 'PostgreSQL' : 'SQLite'} | ${rate(few)}, p99 ${p99} | ${rate(much)}, p99 ${p99Large} | ${times(ratio)} the time | ${spent.toFixed(0)} µs | ${latency(outMs)} | ${memoryText(large.running.memory())} | wanted ${targets.perSecond.toLocaleString('en')}/s, ${targets.ratio} ×, 1 s: ${held ? 'met' : 'missed'} |`,
      );
    } finally {
      for (const { running } of subjects) await running.stop();
    }
  }
  const [few, much] = sizes.map((size) => size.toLocaleString('en'));
  bench.tell(
    'session checks',
    `${new Date().toISOString().slice(0, 10)}, ${machine()}. Userinfo with ${clients} clients on the same processors, medians of ${bench.rounds} rounds of ${bench.ms / 1000} s, in turn; tokens are spread over all sessions, none of which is due to be noted as seen. Out is how long after provisioning's answer somebody who was disabled meanwhile was let in.`,
    `| | ${few} sessions | ${much} sessions | | its processor time | out | memory | |\n| --- | --- | --- | ---: | ---: | ---: | --- | --- |\n${lines.join('\n')}`,
  );
  return met;
}

interface Filled {
  portico: SignInPortico;
  running: Awaited<ReturnType<SignInPortico['start']>>;
  tokens: string[];
  /** Somebody who is provisioned and signed in besides. */
  other: { user: string; token: string };
}

async function fill(bench: SignInBench, database: Database, size: number): Promise<Filled> {
  const { ground, generator, upstream } = bench;
  const portico = await setUpPortico(ground, bench.portico, database, upstream);
  const { settings, organizationId, target } = portico;
  const signedIn = async (index: number) => {
    const person = upstream.people[index];
    if (person === undefined) throw new Error('nobody is there');
    const user = await provision(portico, person);
    const { tokens, faults } = await generator.run({ kind: 'tokens', target, logins: [person.login] });
    const [token] = tokens;
    if (token === undefined) throw new Error(faults.join('; '));
    return { user, token };
  };
  const first = await portico.start();
  const { token: accessToken } = await signedIn(0).finally(() => first.stop());
  const begun = performance.now();
  const tokens = await withWorld(settings, (world) => putSessions(world, { organizationId, accessToken }, size));
  // What was written is on its way to the disk for a while, and would be measured too.
  execFileSync('sync');
  console.log(`${size} sessions on ${database} in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  const running = await portico.start();
  return { portico, running, tokens, other: await signedIn(1) };
}

async function scim({ target, directoryId, scimToken }: SignInPortico, method: string, path: string, body: unknown) {
  const answer = await fetch(`http://localhost:${target.port}/scim/v2/${directoryId}${path}`, {
    method,
    headers: { authorization: `Bearer ${scimToken}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? {} : (JSON.parse(text) as { id?: string });
}

const provision = async (portico: SignInPortico, { id, login }: { id: string; login: string }): Promise<string> =>
  (await scim(portico, 'POST', '/Users', entraUser(login, id))).id ?? '';

/** Disables somebody while others are checked; how long after the answer to that they were let in. */
async function disableMidway({ generator, ms }: SignInBench, { portico, tokens, other }: Filled): Promise<number> {
  const { port } = portico.target;
  const load = generator.run({ kind: 'checks', port, path: '/oidc/me', tokens, clients, ms: Math.max(ms, 2000) });
  await wait(1000);
  const connection = await openConnection(port);
  const ask = async () =>
    (
      await connection.send(
        `GET /oidc/me HTTP/1.1\r\nhost: localhost:${port}\r\nauthorization: Bearer ${other.token}\r\n\r\n`,
      )
    ).status;
  if ((await ask()) !== 200) throw new Error('the other one is not signed in');
  await scim(portico, 'PATCH', `/Users/${other.user}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
  });
  const answered = performance.now();
  let lastIn = answered;
  while (performance.now() - answered < 1500) {
    const asked = performance.now();
    const status = await ask();
    if (status === 401 || status === 429) break;
    lastIn = asked;
    await wait(5);
  }
  connection.close();
  const report = await load;
  if (report.failed > 0) throw new Error(report.faults.join('; '));
  return lastIn - answered;
}
