import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { simulateEntra } from '../../simulator/index.ts';
import { dialects } from '../world.ts';
import type { HeldMail } from './post-office.ts';
import { isDraft, isSend, isSendMail, layWire, type Passing } from './wire.ts';

const machine = fileURLToPath(new URL('mail-machine.ts', import.meta.url));

interface Said {
  organizationId?: string;
  id?: string;
  state?: string;
  attempts?: string[];
}

/** Starts a machine; `next` is what it says next. */
function startMachine(command: string, given: Record<string, string>, env: Record<string, string>) {
  const child = spawn(process.execPath, [machine, command, JSON.stringify(given)], {
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: join(tmpdir(), 'portico-test-cache'), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Said> => JSON.parse((await lines.next()).value ?? '{}');
  return { child, next };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function createDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = process.env['TEST_POSTGRES_URL'] ?? '';
  const name = `test_${randomBytes(8).toString('hex')}`;
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await run(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`drop database ${name} with (force)`) };
}

/** Sets a tenant, a database and a connection up, to be worked on by machines. */
async function openScene(dialect: string, permissions: readonly string[]) {
  const entra = await simulateEntra({ users: 6, groups: 1 });
  const wire = await layWire(entra.url);
  const [contoso] = entra.tenants;
  assert.ok(contoso);
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ displayName: 'Portico', permissions, secret: {} }),
  };
  const made = await fetch(`${entra.url}/_control/tenants/${contoso.id}/applications`, init);
  const app = (await made.json()) as { appId: string; secret: { secretText: string } };
  const [address, recipient] = contoso.users.flatMap(({ mail }) => mail ?? []);
  assert.ok(address && recipient);
  const folder = mkdtempSync(join(tmpdir(), 'portico-crash-'));
  const database = dialect === 'postgres' ? await createDatabase() : undefined;
  const env: Record<string, string> = {
    PORTICO_URL: 'https://portico.example.com',
    PORTICO_DATA: folder,
    PORTICO_SIMULATOR_URL: wire.url,
    PORTICO_SEALING_KEYS: randomBytes(32).toString('base64'),
    PORTICO_LOG_LEVEL: 'silent',
    ...(database === undefined ? {} : { PORTICO_DATABASE_URL: database.url }),
  };
  const setUp = { tenant: contoso.id, clientId: app.appId, secret: app.secret.secretText, address };
  const setup = startMachine('setup', setUp, env);
  const { organizationId = '' } = await setup.next();
  await ended(setup.child);
  return {
    wire,
    held: async (subject: string): Promise<HeldMail[]> => {
      const answer = await fetch(`${entra.url}/_control/mail?address=${encodeURIComponent(recipient)}`);
      const { value } = (await answer.json()) as { value: HeldMail[] };
      return value.filter((it) => it.subject === subject);
    },
    work: (more: Record<string, string>) => startMachine('work', { organizationId, address, recipient, ...more }, env),
    close: async () => {
      await wire.close();
      await entra.close();
      await database?.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Scene = Awaited<ReturnType<typeof openScene>>;

/** Sends a message, kills the machine while the answer to a request is held back, and has another machine go on. */
async function killAt({ wire, work }: Scene, subject: string, fits: (passing: Passing) => boolean) {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const reached = new Promise<void>((resolve) => {
    wire.break(fits, {
      hold: () => {
        resolve();
        return released;
      },
    });
  });
  const first = work({ subject });
  const { id: message = '' } = await first.next();
  await reached;
  first.child.kill('SIGKILL');
  await ended(first.child);
  const second = work({ subject, message });
  await second.next();
  const outcome = await second.next();
  release();
  await ended(second.child);
  return outcome;
}

const isLook = ({ path }: Passing): boolean => path.endsWith('/mailFolders/sentitems/messages');

for (const dialect of dialects) {
  describe(`kill -9 while a message is sent (${dialect})`, { concurrency: 2 }, () => {
    test('E6: whatever the machine was waiting for, the recipient has the message once', async () => {
      const scene = await openScene(dialect, ['Mail.Send', 'Mail.ReadWrite']);
      try {
        for (const [name, fits] of [
          ['the answer to /send', isSend],
          ['the answer to /send, again', isSend],
          ['the answer to the draft', isDraft],
          ['its token', ({ path }: Passing) => path.endsWith('/token')],
        ] as const) {
          const { state, attempts } = await killAt(scene, name, fits);
          assert.equal(state, 'sent', name);
          assert.equal(attempts?.length, 2);
          assert.match(attempts[0] ?? '', /^retry: Portico stopped before the answer came/);
          assert.equal((await scene.held(name)).length, 1, name);
        }
        assert.equal(scene.wire.passed.filter(isSend).length, 4);
      } finally {
        await scene.close();
      }
    });

    test('E6: also where Sent Items shows the message late, it is not sent again', async () => {
      const scene = await openScene(dialect, ['Mail.Send', 'Mail.ReadWrite']);
      try {
        scene.wire.break(isLook, { answer: { status: 200, json: { value: [] } } }, 2);
        const { state, attempts } = await killAt(scene, 'late', isSend);
        assert.equal(state, 'sent');
        assert.equal(attempts?.length, 4);
        assert.equal((await scene.held('late')).length, 1);
        assert.equal(scene.wire.passed.filter(isSend).length, 1);
      } finally {
        await scene.close();
      }
    });

    test('E6: killed twice, the second time while looking, the recipient has the message once', async () => {
      const scene = await openScene(dialect, ['Mail.Send', 'Mail.ReadWrite']);
      try {
        const subject = 'killed twice';
        scene.wire.break(isSend, { loseAnswer: true });
        const { state } = await killAt(scene, subject, isLook);
        assert.equal(state, 'sent');
        assert.equal((await scene.held(subject)).length, 1);
        assert.equal(scene.wire.passed.filter(isSend).length, 1);
      } finally {
        await scene.close();
      }
    });

    test('with Mail.Send only the message ends as uncertain and is not sent again', async () => {
      const scene = await openScene(dialect, ['Mail.Send']);
      try {
        const { state } = await killAt(scene, 'direct', isSendMail);
        assert.equal(state, 'uncertain');
        assert.equal((await scene.held('direct')).length, 1);
        assert.equal(scene.wire.passed.filter(isSendMail).length, 1);
      } finally {
        await scene.close();
      }
    });
  });
}
