import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type TenantAdmin, tenantAdmin } from '../../demo/tenant.ts';
import { freePort } from '../installed-package.ts';
import { startPortico } from '../portico.ts';
import { machine, writeSection } from '../results.ts';
import type { BenchOptions } from '../scim.ts';
import { type Database, type Ground, type Subject, startProcess } from '../subject.ts';
import { type ThreadShares, watchThread } from '../thread-shares.ts';
import { rate } from '../words.ts';

const simulator = resolve(import.meta.dirname, '../../bin/portico.ts');

/** One initial cycle to measure: how large the tenant is and how its client goes about it. */
interface Cycle {
  how: string;
  users: number;
  groups: number;
  requestsAtOnce: number;
  /** Null: as fast as Portico answers. */
  requestsPerSecond: number | null;
}

/** What the simulator says of a cycle that is over. */
type Report = Awaited<ReturnType<TenantAdmin['cycle']>> & { requests: number };

/** The pace that Microsoft asks every SCIM endpoint to stand (use-scim-to-provision-users-and-groups). */
const pace = 25;
/** Minutes an initial cycle takes for each object (application-provisioning-when-will-provisioning-finish-specific-user). */
const minutesPerObject = [0.01, 0.08] as const;

/**
 * Initial cycles of the simulated tenant's provisioning client: as fast as it can, with as many requests at once as the
 * simulator takes Entra to send and with more, and at the real service's pace.
 */
export async function benchCycle(ground: Ground, portico: string, options: BenchOptions): Promise<boolean> {
  const [most, some, few] = options.quick ? [1000, 500, 50] : [100_000, 20_000, 250];
  const sized = (users: number) => ({ users, groups: Math.ceil(users / 100) });
  const cycles: Cycle[] = [
    { how: 'as fast as it can, 4 at once', ...sized(most), requestsAtOnce: 4, requestsPerSecond: null },
    { how: 'as fast as it can, 16 at once', ...sized(some), requestsAtOnce: 16, requestsPerSecond: null },
    { how: `Entra’s pace, ${pace}/s`, ...sized(few), requestsAtOnce: 4, requestsPerSecond: pace },
  ];
  const lines: string[] = [];
  let requests = 0;
  for (const database of options.databases) {
    for (const cycle of cycles) {
      const done = await measure(ground, portico, database, cycle);
      requests = Math.max(requests, done.requests);
      lines.push(done.line);
      console.log(done.line);
    }
  }
  if (options.record) writeSection('SCIM: an initial cycle', describe(lines, sized(most), requests));
  return true;
}

async function measure(
  ground: Ground,
  portico: string,
  database: Database,
  cycle: Cycle,
): Promise<{ line: string; requests: number }> {
  const { how, users, groups, requestsAtOnce, requestsPerSecond } = cycle;
  const port = await freePort();
  const size = ['--users', String(users), '--groups', String(groups)];
  const args = [simulator, 'simulate', '--port', String(port), '--certificates', ground.folder, ...size];
  const profiled = process.env['BENCH_PROFILE'];
  const profile = profiled === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiled}`];
  const entra = await startProcess([...profile, ...args], {}, (line) => line.includes(`:${port}`));
  const subject = await startPortico(ground, portico, database);
  try {
    const { target } = subject;
    const admin = await tenantAdmin(`http://127.0.0.1:${port}`, 'Contoso');
    const job = await admin.startProvisioning({
      baseAddress: `http://127.0.0.1:${target.port}${target.base}`,
      secretToken: target.token,
      mapping: { externalId: 'objectId' },
      requestsAtOnce,
      requestsPerSecond,
    });
    const of = (process: Omit<Subject, 'name' | 'database' | 'target'>) => {
      const [before, shares] = [process.processorMs(), watchThread(process.pid)];
      return () => ({ ms: process.processorMs() - before, shares: shares(), memory: process.memory() });
    };
    const [watchPortico, watchEntra] = [of(subject), of(entra)];
    const { report, slowest } = await runCycle(`http://127.0.0.1:${port}/_control/tenants/${admin.id}`, job);
    const [ours, theirs] = [watchPortico(), watchEntra()];
    if (report.failed > 0 || report.stopped !== null || report.users.created !== users)
      throw new Error(
        `the cycle on ${database}: ${report.users.created} of ${users} users, ${report.failed} failed, ${report.stopped ?? 'not stopped'}`,
      );
    const seconds = report.durationMs / 1000;
    const effort = ({ ms, memory }: typeof ours) =>
      `${(ms / report.requests).toFixed(2)} ms | ${Math.round(ms / seconds / 10)} % | ${memory.most.toFixed(0)} MB`;
    const fields = [
      database === 'postgres' ? 'PostgreSQL' : 'SQLite',
      how,
      number(report.users.created),
      number(report.groups.created),
      number(report.requests),
      `${seconds.toFixed(0)} s`,
      rate(report.requests / seconds),
      effort(ours),
      effort(theirs),
      `${slowest.toFixed(0)} ms`,
      requestsPerSecond === null ? bottleneck(database, ours.shares, theirs.shares) : 'the pace',
    ];
    return { line: `| ${fields.join(' | ')} |`, requests: report.requests };
  } finally {
    await subject.stop();
    await entra.stop();
  }
}

/** Starts the job and looks at it twice a second until its first cycle is over: one request would wait too long for `fetch`. */
async function runCycle(tenant: string, job: string): Promise<{ report: Report; slowest: number }> {
  const at = `${tenant}/provisioning/${job}`;
  const started = await fetch(`${at}/start`, { method: 'POST' });
  if (!started.ok) throw new Error(`the cycle did not start: ${started.status} ${await started.text()}`);
  for (let slowest = 0; ; ) {
    await delay(500);
    const asked = performance.now();
    const view = (await (await fetch(at)).json()) as { lastCycle: Report | null };
    slowest = Math.max(slowest, performance.now() - asked);
    if (view.lastCycle === null) continue;
    await fetch(`${at}/pause`, { method: 'POST' });
    return { report: view.lastCycle, slowest };
  }
}

/** What held the cycle back, by the main thread that had least time to spare. */
function bottleneck(database: Database, ours: ThreadShares, theirs: ThreadShares): string {
  const share = (part: number) => `${Math.round(part * 100)} %`;
  const text = `computing ${share(ours.computing)}, waiting for a processor ${share(ours.queued)}, for the disk ${share(ours.disk)}, idle ${share(ours.idle)}`;
  if (Math.min(ours.idle, theirs.idle) > 0.4)
    return `${database === 'postgres' ? 'waiting for PostgreSQL' : 'how few are at once'} (Portico’s thread: ${text})`;
  return ours.idle <= theirs.idle ? `Portico’s thread: ${text}` : `the client’s thread, idle ${share(theirs.idle)}`;
}

function describe(lines: readonly string[], { users, groups }: { users: number; groups: number }, requests: number) {
  const hours = minutesPerObject.map((minutes) => Math.round(((users + groups) * minutes) / 60));
  return `${new Date().toISOString().slice(0, 10)}, ${machine()}, Portico and the client on the same processors. A user is a lookup and a create, and later,
for the manager, a question and a PATCH; a group is a lookup, a create and a PATCH for each hundred members. Busy is the share of one processor, memory the most that was
resident; the status page is the client's own, asked twice a second. What held it is told by how Portico's main thread spent its time.

Entra itself is not as fast: Microsoft's documents give ${minutesPerObject.join(' to ')} minutes for each object of an initial cycle, which makes ${hours.join(' to ')} hours of these ${number(users)} users and
${number(groups)} groups, and ask an endpoint to take ${pace} requests a second, at which the ${number(requests)} requests take ${(requests / pace / 3600).toFixed(1)} hours.

| | client | users | groups | requests | | | Portico, a request | busy | memory | client, a request | busy | memory | status page, slowest | held by |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${lines.join('\n')}`;
}

const number = (value: number): string => value.toLocaleString('en');
