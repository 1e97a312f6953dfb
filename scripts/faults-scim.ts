import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Stage } from '../demo/stage.ts';
import type { Line } from './faults-line.ts';

/** A fault of the SCIM service; `line` leads to PostgreSQL, where that is the database. Gives what was seen. */
export type ScimFault = (stage: Stage, line: Line | undefined) => Promise<string>;

/** What a provisioning client was told, and what it had asked for when it was cut off. */
interface Told {
  acknowledged: Map<string, string>;
  underWay: Set<string>;
  statuses: Map<number, number>;
}

type Send = (method: string, path: string, body?: unknown) => Promise<{ status: number; headers: Headers; body: Body }>;
interface Body {
  id?: string;
  userName?: string;
  totalResults?: number;
  Resources?: { id: string; userName: string }[];
}

/** A client of the directory, whose limit of requests is lifted. */
async function openClient(stage: Stage): Promise<Send> {
  const { tenantUrl } = await stage.operator('connections.get', { connection: 'contoso' });
  const { value } = await stage.operator('tokens.create', { directory: 'contoso', body: {} });
  await stage.operator('directories.update', { directory: 'contoso', body: { requestsPerSecond: 10_000 } });
  await wait(1100);
  return async (method, path, body) => {
    const answer = await fetch(`${tenantUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${value}`, 'content-type': 'application/scim+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? {} : (JSON.parse(text) as Body) };
  };
}

/** Creates users with so many clients until told to stop, and keeps what was acknowledged. Any other answer must be a 503. */
function startWriters(send: Send, clients: number): { told: Told; stop(): Promise<void> } {
  const told: Told = { acknowledged: new Map(), underWay: new Set(), statuses: new Map() };
  let over = false;
  const write = async (client: number) => {
    for (let n = 0; !over; n++) {
      const userName = `writer-${client}-${n}@contoso.example`;
      told.underWay.add(userName);
      const answer = await send('POST', '/Users', { userName, externalId: userName }).catch(() => undefined);
      if (answer === undefined) {
        // Cut off: it may be there or not.
        await wait(20);
        continue;
      }
      told.statuses.set(answer.status, (told.statuses.get(answer.status) ?? 0) + 1);
      told.underWay.delete(userName);
      if (answer.status === 201) told.acknowledged.set(userName, answer.body.id ?? '');
      else {
        assert.equal(answer.status, 503, `a creation was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
        assert.ok(answer.headers.has('retry-after'), 'a 503 without Retry-After');
        // Refused by an outage: a commit whose answer was lost may be there all the same.
        told.underWay.add(userName);
        await wait(50);
      }
    }
  };
  const all = Array.from({ length: clients }, (_, client) => write(client));
  // A failure is told when the writers are stopped.
  for (const one of all) one.catch(() => undefined);
  return {
    told,
    stop: async () => {
      over = true;
      await Promise.all(all);
    },
  };
}

/** What is there is what was acknowledged, and at most what was under way beside it; the kept count says the same. */
async function holdsWhatWasTold(send: Send, { acknowledged, underWay }: Told): Promise<number> {
  const there = new Map<string, string>();
  let total = 1;
  for (let startIndex = 1; startIndex <= total; startIndex += 1000) {
    const page = await send('GET', `/Users?startIndex=${startIndex}&count=1000`);
    assert.equal(page.status, 200);
    total = page.body.totalResults ?? 0;
    for (const { id, userName } of page.body.Resources ?? []) there.set(userName, id);
  }
  assert.equal(there.size, total, `${total} users are counted and ${there.size} listed`);
  for (const [userName, id] of acknowledged)
    assert.equal(there.get(userName), id, `${userName} was acknowledged and is lost`);
  for (const userName of there.keys())
    assert.ok(acknowledged.has(userName) || underWay.has(userName), `nobody asked for ${userName}`);
  return total;
}

/** Kill -9 while 32 clients write. */
export const killWriters: ScimFault = async (stage) => {
  const send = await openClient(stage);
  const { told, stop } = startWriters(send, 32);
  while (told.acknowledged.size < 100) await wait(5);
  await wait(Math.random() * 300);
  // Whoever is cut off stops, so that what was under way is what the kill met.
  const stopped = stop();
  await stage.restart('kill');
  await stopped;
  const total = await holdsWhatWasTold(send, told);
  return `${told.acknowledged.size} acknowledged, ${told.underWay.size} under way at the kill, ${total} there after it`;
};

/** The database goes away while clients write and look up, and comes back. */
export const loseDatabase: ScimFault = async (stage, line) => {
  if (line === undefined) throw new Error('only PostgreSQL can go away');
  const send = await openClient(stage);
  const { told, stop } = startWriters(send, 8);
  while (told.acknowledged.size < 50) await wait(5);
  await line.cut();
  const started = performance.now();
  const seen = new Set<number>();
  while (performance.now() - started < 3000) {
    for (const path of ['/Users?filter=userName%20eq%20%22nobody%22', '/Users/nobody', '/Groups']) {
      const answer = await send('GET', path);
      seen.add(answer.status);
      assert.equal(answer.status, 503, `${path} was answered ${answer.status} without a database`);
      assert.ok(answer.headers.has('retry-after'), 'a 503 without Retry-After');
    }
  }
  const before = told.acknowledged.size;
  await line.mend();
  const mended = performance.now();
  while (told.acknowledged.size === before) {
    if (performance.now() - mended > 30_000) throw new Error('nothing was written within 30 s of the return');
    await wait(10);
  }
  const after = performance.now() - mended;
  await wait(300);
  await stop();
  const total = await holdsWhatWasTold(send, told);
  return `503 throughout, written again ${after.toFixed(0)} ms after the return, ${total} users`;
};

/** The database server crashes while 32 clients write, and recovers from its log. */
export const crashDatabase: ScimFault = async (stage, line) => {
  if (line === undefined) throw new Error('only PostgreSQL is a server of its own');
  const send = await openClient(stage);
  const { told, stop } = startWriters(send, 32);
  while (told.acknowledged.size < 200) await wait(5);
  await wait(Math.random() * 500);
  await line.crash(1000);
  const before = told.acknowledged.size;
  for (const started = performance.now(); told.acknowledged.size < before + 50; await wait(10))
    if (performance.now() - started > 30_000) throw new Error('nothing is written though the database is there again');
  await stop();
  assert.ok((told.statuses.get(503) ?? 0) > 0, 'nobody noticed');
  const total = await holdsWhatWasTold(send, told);
  return `${before} acknowledged before the crash, ${told.statuses.get(503)} × 503, ${total} users in the end`;
};

/** The database answers slowly. */
export const slowDatabase: ScimFault = async (stage, line) => {
  if (line === undefined) throw new Error('only PostgreSQL can be slowed down');
  const send = await openClient(stage);
  line.slow(250);
  const { told, stop } = startWriters(send, 64);
  await wait(6000);
  await stop();
  line.slow(0);
  const total = await holdsWhatWasTold(send, told);
  assert.ok(told.acknowledged.size > 0, 'nothing was acknowledged');
  const statuses = [...told.statuses].map(([status, times]) => `${times} × ${status}`).join(', ');
  return `250 ms slower: ${statuses}; ${total} users`;
};

/** The disk is full: files of the process may not grow any more (a limit of the system), and may again later. */
export const fillDisk: ScimFault = async (stage) => {
  const send = await openClient(stage);
  const { told, stop } = startWriters(send, 32);
  while (told.acknowledged.size < 200) await wait(5);
  const log = statSync(join(stage.server().data ?? '', 'portico.db-wal')).size;
  limitFiles(stage, String(log + 50_000));
  const refusals = () => told.statuses.get(503) ?? 0;
  for (const started = performance.now(); refusals() < 20; await wait(10))
    if (performance.now() - started > 20_000) throw new Error('nothing was refused within 20 s');
  const found = await send('GET', '/Users?count=1');
  assert.equal(found.status, 200, 'what is there cannot be read any more');
  const refused = refusals();
  const before = told.acknowledged.size;
  limitFiles(stage, 'unlimited');
  for (const started = performance.now(); told.acknowledged.size < before + 50; await wait(10))
    if (performance.now() - started > 20_000) throw new Error('nothing is written though there is room again');
  await stop();
  await stage.restart('kill');
  const total = await holdsWhatWasTold(send, told);
  return `${refused} answered 503 while there was no room, ${told.acknowledged.size} acknowledged, ${total} there after a kill`;
};

function limitFiles(stage: Stage, bytes: string): void {
  const { status, stderr } = spawnSync('prlimit', [`--pid=${stage.server().pid}`, `--fsize=${bytes}:unlimited`]);
  if (status !== 0) throw new Error(`prlimit failed: ${String(stderr)}`);
}

/** 64 clients add a member each to one group at once, and 64 create one user. */
export const crowd: ScimFault = async (stage) => {
  const send = await openClient(stage);
  const clients = Array.from({ length: 64 }, (_, client) => client);
  const group = await send('POST', '/Groups', { displayName: 'Crowd' });
  const added = await Promise.all(
    clients.map((client) =>
      send('PATCH', `/Groups/${group.body.id}`, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'Add', path: 'members', value: [{ value: `member-${client}` }] }],
      }),
    ),
  );
  assert.deepEqual([...new Set(added.map(({ status }) => status))], [204]);
  const shown = (await send('GET', `/Groups/${group.body.id}`)).body as { members?: unknown[] };
  assert.equal(shown.members?.length, 64, 'a member was lost');
  const created = await Promise.all(clients.map(() => send('POST', '/Users', { userName: 'one@contoso.example' })));
  const statuses = created.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [201, ...clients.slice(1).map(() => 409)], 'not exactly one was created');
  return '64 members of 64 changes; one 201 and 63 times 409';
};
