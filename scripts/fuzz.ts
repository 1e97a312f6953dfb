// Sends generated requests to the door of SCIM, in process, and looks whether each is answered in SCIM's words, whether what was
// refused changed nothing, and whether memory stays where it is: `npm run test:fuzz`, or with
// `-- --requests 5000 --seed 7 --database postgres --missed`. The same seed sends the same requests.
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ScimAnswer, TestDirectory } from '../test/directory/scim-world.ts';
import { watchBranches } from './fuzz-coverage.ts';
import { staffExtension } from './fuzz-extension.ts';
import { isEngines, wellAnswered } from './fuzz-outcome.ts';
import { randomFrom } from './fuzz-random.ts';
import { type FuzzRequest, type Known, nextRequest } from './fuzz-requests.ts';
import { startPostgres } from './postgres.ts';

const { values: options } = parseArgs({
  options: {
    requests: { type: 'string', default: '50000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    database: { type: 'string', default: 'sqlite' },
    missed: { type: 'boolean', default: false },
  },
});
const requests = Number(options.requests);
const seed = Number(options.seed);
const dialect = options.database === 'postgres' ? 'postgres' : 'sqlite';
const ours =
  dialect === 'postgres' && process.env['TEST_POSTGRES_URL'] === undefined ? await startPostgres() : undefined;
if (ours !== undefined) process.env['TEST_POSTGRES_URL'] = ours.url;
console.log(`${requests} requests, seed ${seed}, ${dialect}`);

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
const branches = await watchBranches('/src/scim/');
// Loaded from here on, so that their branches are watched.
const { openScimWorld } = await import('../test/directory/scim-world.ts');
const { changeSettings } = await import('#directory');
const { byItself } = await import('#events');
const { fuzzEngine, typesOf } = await import('./fuzz-engine.ts');

const world = await openScimWorld(dialect);
const types = typesOf(staffExtension);
const places = [
  await place(world.directory, false, 'full'),
  await place(await world.addDirectory('strict'), true, 'full'),
  await place(await world.addDirectory('trimmed'), false, 'trimmed'),
];
/** Few enough that a list is answered at once, and that nothing grows but what leaks. */
const mostResources = 150;
const outcomes = new Map<string, number>();
const faults: string[] = [];
const heap: number[] = [];
let engine = 0;
const random = randomFrom(seed);
const started = performance.now();

for (let number = 0; number < requests && faults.length < 10; number++) {
  const at = random.pick(places.slice(0, random.chance(0.35) ? 3 : 1));
  const request = nextRequest(random, at.known());
  await send(number, at, request);
  if (number % Math.ceil(requests / 10) === 0) {
    collectGarbage();
    heap.push(process.memoryUsage().heapUsed / 1e6);
  }
}
const seconds = (performance.now() - started) / 1000;
for (const at of places) await countsAreRight(at);
fuzzEngine(randomFrom(seed + 1), Math.ceil(requests / 5), types, (fault) => faults.push(fault));
await world.close();
await ours?.stop();
await report();

interface At {
  directory: TestDirectory;
  users: Set<string>;
  groups: Set<string>;
  cursor: string | undefined;
  known(): Known;
}

async function place(directory: TestDirectory, strict: boolean, schemaProfile: 'full' | 'trimmed'): Promise<At> {
  const { organizationId, id } = directory;
  const settings = {
    strict,
    schemaProfile,
    extensions: staffExtension,
    requestsPerSecond: 10_000,
    brake: { percent: 100, minutes: 60 },
  };
  await changeSettings(world, byItself, organizationId, id, settings, undefined);
  const at: At = {
    directory,
    users: new Set(),
    groups: new Set(),
    cursor: undefined,
    known: () => ({ types, users: [...at.users], groups: [...at.groups], cursor: at.cursor }),
  };
  return at;
}

async function send(number: number, at: At, request: FuzzRequest): Promise<void> {
  const { method, path, body, headers } = request;
  const single = /^\/(?:Users|Groups)\/[\w-]{36}(?=\?|$)/.exec(path)?.[0];
  const changes = single !== undefined && method !== 'GET';
  try {
    const before = changes ? await at.directory.get(single) : undefined;
    const answer = await at.directory.send(method, path, body, headers);
    wellAnswered(request, answer);
    if (changes && answer.status >= 400) {
      assert.equal((await at.directory.get(single)).text, before?.text, 'what was refused changed something');
    }
    note(at, request, answer);
    await bounded(at);
  } catch (error) {
    faults.push(
      `request ${number}: ${method} ${path.slice(0, 300)} ${body?.slice(0, 1500) ?? ''}\n    ${String(error).slice(0, 600)}`,
    );
  }
}

function note(at: At, { method, path }: FuzzRequest, { status, body }: ScimAnswer): void {
  const scimType = typeof body['scimType'] === 'string' ? body['scimType'] : '';
  const what = `${status}${scimType === '' ? '' : ` ${scimType}`}`;
  outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
  if (isEngines(path, status, scimType)) engine++;
  if (typeof body['nextCursor'] === 'string') at.cursor = body['nextCursor'];
  if (method === 'POST' && path === '/Bulk' && Array.isArray(body['Operations'])) {
    const results = body['Operations'] as Record<string, string>[];
    // What is deleted was created before, wherever it stands in the answer.
    for (const way of ['POST', 'DELETE']) {
      for (const { method: each, status: done, location } of results) {
        if (each === way && location !== undefined) follow(at, way, Number(done), location);
      }
    }
  } else if (status === 201) {
    follow(
      at,
      'POST',
      status,
      (body['meta'] as { location?: string } | undefined)?.location ?? `${path}/${String(body['id'])}`,
    );
  } else if (method === 'DELETE') {
    follow(at, method, status, path);
  }
}

/** Keeps account of who there is. */
function follow({ users, groups }: At, method: string, status: number, location: string): void {
  const [, endpoint, id = ''] = /\/(Users|Groups)(?:\?[^/]*)?\/([^/?]+)/.exec(location) ?? [];
  const own = endpoint === 'Users' ? users : groups;
  if (method === 'POST' && status === 201) own.add(id);
  if (method === 'DELETE' && status === 204) own.delete(id);
}

async function bounded(at: At): Promise<void> {
  for (const [endpoint, own] of [
    ['/Users', at.users],
    ['/Groups', at.groups],
  ] as const) {
    for (const id of own) {
      if (own.size <= mostResources) break;
      assert.equal((await at.directory.send('DELETE', `${endpoint}/${id}`)).status, 204);
      own.delete(id);
    }
  }
}

/** What was answered with 201 is there, and nothing else. */
async function countsAreRight({ directory, users, groups }: At): Promise<void> {
  for (const [endpoint, own] of [
    ['/Users', users],
    ['/Groups', groups],
  ] as const) {
    const { body } = await directory.get(`${endpoint}?count=1000&attributes=id`);
    const ids = (body['Resources'] as { id: string }[]).map(({ id }) => id);
    if (body['totalResults'] !== own.size || ids.length !== own.size || !ids.every((id) => own.has(id)))
      faults.push(
        `${directory.id}${endpoint}: ${String(body['totalResults'])} are there, ${own.size} were created and not deleted`,
      );
  }
}

async function report(): Promise<void> {
  const total = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  for (const [what, count] of [...outcomes].sort(([, one], [, other]) => other - one)) {
    console.log(`${String(count).padStart(7)}  ${((100 * count) / total).toFixed(1).padStart(5)} %  ${what}`);
  }
  const share = (100 * engine) / total;
  const growth = (heap.at(-1) ?? 0) - (heap[Math.floor(heap.length / 3)] ?? 0);
  const { taken, branches: all, missed } = await branches();
  const covered = (100 * taken) / all;
  console.log(`${total} requests in ${seconds.toFixed(1)} s; ${share.toFixed(1)} % got past the parser to the engine`);
  console.log(`memory: ${heap.map((size) => size.toFixed(0)).join(' ')} MB`);
  console.log(`branches of src/scim taken: ${covered.toFixed(1)} % (${taken} of ${all})`);
  if (options.missed) console.log(missed.map((line) => `  not taken: ${line}`).join('\n'));
  if (share < 60) faults.push(`only ${share.toFixed(1)} % got past the parser`);
  if (growth > 24) faults.push(`memory grew by ${growth.toFixed(0)} MB`);
  if (requests >= 50_000 && covered < 95)
    faults.push(`only ${covered.toFixed(1)} % of the branches of src/scim were taken`);
  for (const fault of faults) console.log(`FAILED ${fault}`);
  console.log(faults.length === 0 ? 'ok' : `${faults.length} faults; the seed is ${seed}`);
  process.exit(faults.length === 0 ? 0 : 1);
}
