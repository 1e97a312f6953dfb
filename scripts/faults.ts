// Kills Portico at the worst moments, takes its database or its disk away, and crowds it, and looks whether anything acknowledged
// is lost or done twice: `npm run test:faults`, or some of it: `npm run test:faults -- --only mail --database postgres --rounds 3`.
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { newNotes, steps } from '../demo/journey.ts';
import { type Stage, setStage } from '../demo/stage.ts';
import { type Line, openLine } from './faults-line.ts';
import { killBeforeAnswer } from './faults-proxy.ts';
import {
  crashDatabase,
  crowd,
  fillDisk,
  killWriters,
  loseDatabase,
  type ScimFault,
  slowDatabase,
} from './faults-scim.ts';
import { killDuringSignIns } from './faults-sign-in.ts';
import { type Postgres, startPostgres } from './postgres.ts';

/** One way to die, and what must hold afterwards; gives what was seen. */
type Fault = (
  stage: Stage,
  notes: ReturnType<typeof newNotes>,
  round: number,
  line: Line | undefined,
) => Promise<string>;

interface Kind {
  title: string;
  round: Fault;
  /** How often, if not ten times. */
  rounds?: number;
  /** It needs a database server of its own: what happens there would meet the other rounds too. */
  apart?: true;
  /** The only database that it can happen to. */
  only?: 'sqlite' | 'postgres';
}

const scim =
  (fault: ScimFault): Fault =>
  (stage, _notes, _round, line) =>
    fault(stage, line);

const faults: Readonly<Record<string, Kind>> = {
  cycle: { title: 'kill -9 in the middle of the initial cycle', round: killInCycle },
  answer: { title: 'kill -9 between commit and answer', round: killAfterCommit },
  mail: { title: 'kill -9 while the tenant holds back its answer to a sent mail', round: killWhileSending },
  signins: { title: 'kill -9 while many sign in and some are switched off', round: killSignIns, rounds: 5 },
  writers: { title: 'kill -9 with 32 writers', round: scim(killWriters), rounds: 20 },
  outage: { title: 'the database goes away and comes back', round: scim(loseDatabase), rounds: 3, only: 'postgres' },
  crash: {
    title: 'PostgreSQL crashes with 32 writers',
    round: scim(crashDatabase),
    rounds: 5,
    only: 'postgres',
    apart: true,
  },
  slow: { title: 'a slow database', round: scim(slowDatabase), rounds: 1, only: 'postgres' },
  disk: { title: 'the disk is full', round: scim(fillDisk), rounds: 3, only: 'sqlite' },
  crowd: { title: '64 clients at one group and at one user', round: scim(crowd), rounds: 3 },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
    database: { type: 'string' },
    at: { type: 'string', default: '3' },
  },
});
const named = [...positionals, ...values.only];
const chosen = named.length > 0 ? named : Object.keys(faults);
const databases = values.database === undefined ? ['sqlite', 'postgres'] : [values.database];
const postgres = databases.includes('postgres') ? await startPostgres() : undefined;
let passed = 0;
let failed = 0;

try {
  for (const database of databases) {
    for (const name of chosen) {
      const fault = faults[name];
      if (fault === undefined)
        throw new Error(`there is no fault ${name}: choose among ${Object.keys(faults).join(', ')}`);
      if (fault.only !== undefined && fault.only !== database) continue;
      const rounds = Array.from({ length: Number(values.rounds ?? fault.rounds ?? 10) }, (_, index) => index + 1);
      await Promise.all(
        Array.from({ length: Number(values.at) }, async () => {
          for (let round = rounds.shift(); round !== undefined; round = rounds.shift())
            await play(database, name, fault, round);
        }),
      );
    }
  }
} finally {
  await postgres?.stop();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

async function play(database: string, name: string, fault: Kind, round: number): Promise<void> {
  const started = performance.now();
  const say = (outcome: string, saw: string) =>
    console.log(
      `${outcome.padEnd(6)} ${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s  ${database.padEnd(8)} ${name} ${round}: ${saw}`,
    );
  let stage: Stage | undefined;
  let line: Line | undefined;
  let own: Postgres | undefined;
  try {
    own = database === 'postgres' && fault.apart === true ? await startPostgres() : undefined;
    const server = own ?? postgres;
    line =
      server && database === 'postgres' ? await openLine(await freshDatabase(server.url), server.crash) : undefined;
    const databaseUrl = line?.url;
    stage = await setStage({
      ports: { portico: 0, tenant: 0, product: 0 },
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
    });
    const notes = newNotes();
    await steps.find((step) => step.name === 'connect')?.run(stage, notes);
    say('ok', await fault.round(stage, notes, round, line));
    passed += 1;
  } catch (error) {
    failed += 1;
    say('FAILED', error instanceof Error ? error.message : String(error));
  } finally {
    await stage?.close();
    await line?.close();
    await own?.stop();
  }
}

async function freshDatabase(server: string): Promise<string> {
  const name = `faults_${process.pid}_${Math.floor(performance.now() * 1000)}`;
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`create database ${name}`).finally(() => client.end());
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function startJob(stage: Stage, baseAddress: string): Promise<string> {
  const token = await stage.operator('tokens.create', { directory: 'contoso', body: {} });
  return stage.admin.startProvisioning({ baseAddress, secretToken: token.value, mapping: { externalId: 'objectId' } });
}

/** Runs cycles until one goes through, as the provisioning service would every 40 minutes. */
async function finishCycles(stage: Stage, job: string): Promise<void> {
  for (let cycle = 0; cycle < 5; cycle++) {
    const report = await stage.admin.cycle(job);
    if (report.stopped === null && report.failed === 0) return;
  }
  throw new Error('five cycles after the restart none has gone through');
}

async function holdsAll(stage: Stage, atLeast: number): Promise<void> {
  const { users, groups } = await stage.operator('directories.get', { directory: 'contoso' });
  assert.deepEqual([users, groups], [250, 12], 'the directory does not hold what the tenant has');
  const names = new Set<string>();
  for (let cursor: string | undefined, more = true; more; ) {
    const page = await stage.operator('users.list', {
      directory: 'contoso',
      query: { limit: 100, ...(cursor === undefined ? {} : { cursor }) },
    });
    for (const { userName } of page.items) names.add(userName);
    cursor = page.nextCursor;
    more = cursor !== undefined;
  }
  assert.equal(names.size, 250, 'somebody is there twice or not at all');
  assert.ok(atLeast <= 250);
}

async function killSignIns(
  stage: Stage,
  notes: ReturnType<typeof newNotes>,
  _round: number,
  line: Line | undefined,
): Promise<string> {
  await steps.find((step) => step.name === 'provision')?.run(stage, notes);
  return killDuringSignIns(stage, notes.people, line);
}

async function killInCycle(stage: Stage, _notes: object, round: number): Promise<string> {
  const { tenantUrl } = await stage.operator('connections.get', { connection: 'contoso' });
  const job = await startJob(stage, tenantUrl);
  const cycle = stage.admin.cycle(job).catch(() => undefined);
  const wanted = round * 22;
  let acknowledged = 0;
  while (acknowledged < wanted) acknowledged = (await stage.admin.job(job)).linked;
  await stage.restart('kill');
  const afterKill = (await stage.operator('directories.get', { directory: 'contoso' })).users;
  assert.ok(afterKill >= wanted, `${acknowledged} users were acknowledged, ${afterKill} are there`);
  await cycle;
  await finishCycles(stage, job);
  await holdsAll(stage, acknowledged);
  return `${acknowledged} acknowledged before the kill, ${afterKill} there after it, 250 in the end`;
}

async function killAfterCommit(stage: Stage, _notes: object, round: number): Promise<string> {
  let restarted: Promise<void> | undefined;
  const proxy = await killBeforeAnswer(stage.porticoUrl, { method: 'POST', path: '/Users', number: round * 20 }, () => {
    restarted = stage.restart('kill');
  });
  try {
    const { tenantUrl } = await stage.operator('connections.get', { connection: 'contoso' });
    const job = await startJob(stage, tenantUrl.replace(stage.porticoUrl, proxy.url));
    await stage.admin.cycle(job);
    if (restarted === undefined) throw new Error('nothing was killed');
    await restarted;
    await finishCycles(stage, job);
    await holdsAll(stage, round * 20);
    return `user ${round * 20} was committed and its answer lost; 250 in the end, nobody twice`;
  } finally {
    await proxy.close();
  }
}

async function killWhileSending(stage: Stage, _notes: object, round: number): Promise<string> {
  const [person] = (await stage.admin.people()).filter((it) => it.accountEnabled && it.mail !== null);
  const to = person?.mail ?? '';
  const subject = `round ${round}`;
  const inInbox = async () =>
    (await stage.admin.mailOf(to)).filter((it) => it.subject === subject && /inbox/i.test(it.folder)).length;
  await stage.admin.fault({ name: 'hold-answer', path: '/send', ms: 60_000, times: 1 });
  const message = await stage.operator('messages.send', {
    connection: 'contoso',
    body: { mailbox: stage.told.mailbox, to: [to], subject, text: 'once' },
  });
  while ((await inInbox()) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await stage.restart('kill');
  await stage.admin.clearFaults();
  const started = performance.now();
  for (let state = ''; state !== 'sent'; ) {
    ({ state } = await stage.operator('messages.get', { connection: 'contoso', message: message.id }));
    if (performance.now() - started > 120_000) throw new Error(`the message is ${state} two minutes after the restart`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.equal(await inInbox(), 1, 'the recipient has it more than once');
  return `sent once; known to be sent ${((performance.now() - started) / 1000).toFixed(1)} s after the restart`;
}
