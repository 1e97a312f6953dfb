import { type Connection, openConnection } from '../load/connection.ts';
import { nameOf, requestText, type Target } from '../load/works.ts';
import { groupIdOf, idOf, putGroup, putUsers } from '../population.ts';
import { startPortico } from '../portico.ts';
import { machine, writeSection } from '../results.ts';
import type { BenchOptions } from '../scim.ts';
import type { Ground } from '../subject.ts';
import { latency, median, memoryText, times } from '../words.ts';

const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/**
 * Members of large groups: one more in a group of 100,000 against a group of 10, and 50,000 in one PATCH while others look
 * people up.
 */
export async function benchMembers(ground: Ground, portico: string, options: BenchOptions): Promise<boolean> {
  const [large, many] = options.quick ? [5000, 2500] : [100_000, 50_000];
  const lines: string[] = [];
  let met = true;
  for (const database of options.databases) {
    const subject = await startPortico(ground, portico, database, async (store, scope) => {
      await putUsers(store, scope, large + 10_000);
      for (const members of [10, large, 0]) await putGroup(store, scope, members);
    });
    try {
      const { target } = subject;
      const [small, big] = await oneMore(target, large, options);
      const ratio = big / small;
      const { ms, p99, lookups } = await manyAtOnce(target, many);
      met = met && ratio <= 1.2 && ms <= 5000 && p99 <= 50;
      const on = database === 'postgres' ? 'PostgreSQL' : 'SQLite';
      lines.push(
        `| ${on} | ${latency(small)} | ${latency(big)} | ${times(ratio)}, wanted at most 1.2 × | ${(ms / 1000).toFixed(1)} s, wanted at most 5 s | ${latency(p99)} of ${lookups}, wanted at most 50 ms | ${memoryText(subject.memory())} |`,
      );
    } finally {
      await subject.stop();
    }
  }
  const head = `| | one more in 10 | in ${large.toLocaleString('en')} | | ${many.toLocaleString('en')} in one PATCH | lookups meanwhile, p99 | memory |\n| --- | ---: | ---: | ---: | ---: | ---: | --- |`;
  const table = `${head}\n${lines.join('\n')}`;
  console.log(`\nmembers\n${table}`);
  if (options.record)
    writeSection('SCIM: members', `${new Date().toISOString().slice(0, 10)}, ${machine()}.\n\n${table}`);
  return met;
}

const addition = (target: Target, group: string, members: readonly string[]): string =>
  requestText(target, 'PATCH', `/Groups/${group}`, {
    schemas: [patchUrn],
    Operations: [{ op: 'Add', path: 'members', value: members.map((value) => ({ $ref: null, value })) }],
  });

async function send(connection: Connection, request: string, wanted: number): Promise<number> {
  const started = performance.now();
  const { status, body } = await connection.send(request);
  if (status !== wanted) throw new Error(`answered ${status}: ${body.slice(0, 200)}`);
  return performance.now() - started;
}

/** The median times of adding one member, in turn to the small and to the large group. */
async function oneMore(target: Target, large: number, { quick }: BenchOptions): Promise<[number, number]> {
  const connection = await openConnection(target.port);
  const seen: [number[], number[]] = [[], []];
  for (let turn = 0; turn < (quick ? 100 : 1000); turn++) {
    const member = idOf(large + turn);
    for (const [index, members] of [10, large].entries())
      seen[index]?.push(await send(connection, addition(target, groupIdOf(members), [member]), 204));
  }
  connection.close();
  return [median(seen[0].slice(20)), median(seen[1].slice(20))];
}

/** Adds many members by one PATCH, while four others look people up one after the other. */
async function manyAtOnce(target: Target, many: number): Promise<{ ms: number; p99: number; lookups: number }> {
  const members = Array.from({ length: many }, (_, n) => idOf(n));
  const change = await openConnection(target.port);
  const waits: number[] = [];
  let over = false;
  const lookUp = async (client: number) => {
    const connection = await openConnection(target.port);
    for (let n = client; !over; n += 4) {
      const filter = encodeURIComponent(`userName eq "${nameOf(n % many)}"`);
      waits.push(await send(connection, requestText(target, 'GET', `/Users?filter=${filter}`), 200));
    }
    connection.close();
  };
  const others = Array.from({ length: 4 }, (_, client) => lookUp(client));
  await new Promise((wake) => setTimeout(wake, 200));
  waits.length = 0;
  const ms = await send(change, addition(target, groupIdOf(0), members), 204).finally(() => {
    over = true;
  });
  await Promise.all(others);
  change.close();
  waits.sort((a, b) => a - b);
  return { ms, p99: waits[Math.floor(waits.length * 0.99)] ?? 0, lookups: waits.length };
}
