import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort, installPackage } from './installed-package.ts';
import { machine, writeSection } from './results.ts';
import { latency, median, rate } from './words.ts';

const callback = 'http://localhost:8080/callback';

/** What the simulator of a large tenant has to keep. */
const targets = { readyMs: 5_000, residentMb: 400, signInsPerSecond: 200 } as const;

/** How a run is set. */
export interface SimulatorFlags {
  users: number;
  seconds: number;
  record: boolean;
  /** Runs the sources instead of the built package. */
  sources: boolean;
}

/**
 * Starts `portico simulate` with many people, and measures until the last of them has signed in, was found by Graph, and stood
 * on the last page of a delta; then as many sign-ins as it can, eight browsers at once: the page, the choice, the token.
 */
export async function benchSimulator({ users, seconds, record, sources }: SimulatorFlags): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
  const portico = sources ? resolve(import.meta.dirname, '../bin/portico.ts') : await installPackage(folder);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const [busy = 0] = loadavg();
  const started = performance.now();
  const [child, url] = await startSimulator(portico, folder, users);
  try {
    const rows: [what: string, measured: string, wanted: string][] = [];
    const note = (what: string, measured: string, wanted = ''): void => {
      rows.push([what, measured, wanted]);
      console.log(`${what.padEnd(44)} ${measured}${wanted === '' ? '' : `   (${wanted})`}`);
    };
    const sinceStart = (): string => `${Math.round(performance.now() - started)} ms`;
    note('listening', sinceStart());
    const tenant = await register(agent, url);
    await signIn(agent, url, tenant, tenant.lastUser);
    note('the last of the people signed in', sinceStart());
    for (const filter of [
      `userPrincipalName eq '${tenant.lastUser}'`,
      `mail eq '${tenant.lastUser}'`,
      `id eq '${tenant.lastId}'`,
      "startswith(displayName,'Z')",
    ]) {
      const begun = performance.now();
      await graph(agent, url, tenant, `/users?$filter=${encodeURIComponent(filter)}&$top=5`);
      note(`$filter=${filter.split(' ')[0]}…`, latency(performance.now() - begun));
    }
    const pages = await walkDelta(agent, url, tenant);
    note('the last page of a delta', `${pages} pages`);
    const allMs = performance.now() - started;
    note('all of that, from the start of the process', `${Math.round(allMs)} ms`, `at most ${targets.readyMs} ms`);
    note('its processor time until then', `${processorMs(child)} ms`);
    const before = processorMs(child);
    const { perSecond, times } = await load(agent, url, tenant, seconds * 1000);
    note('sign-ins', rate(perSecond), `at least ${targets.signInsPerSecond}/s`);
    note('one sign-in', `${latency(median(times))} in the middle`);
    note('processor time of a sign-in', latency((processorMs(child) - before) / Math.max(times.length, 1)));
    const most = residentOf(child, 'VmHWM');
    note(
      'resident',
      `${residentOf(child, 'VmRSS').toFixed(0)} MB, at most ${most.toFixed(0)} MB`,
      `at most ${targets.residentMb} MB`,
    );
    const met = allMs <= targets.readyMs && most <= targets.residentMb && perSecond >= targets.signInsPerSecond;
    if (record) {
      const table = rows.map(([what, measured, wanted]) => `| ${what} | ${measured} | ${wanted} |`);
      const about = `${new Date().toISOString().slice(0, 10)}, ${machine()}. ${users.toLocaleString('en')} people, ${sources ? 'from the sources' : 'the installed package'}; eight browsers at once for ${seconds} s, on the same machine; its load when it began was ${busy.toFixed(1)} (0 is idle).`;
      writeSection('The simulator', [about, '', '| | measured | wanted |', '| --- | --- | --- |', ...table].join('\n'));
    }
    return met;
  } finally {
    agent.destroy();
    const ended = new Promise((wake) => child.once('exit', wake));
    if (child.exitCode === null && child.kill()) await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts the simulator and waits until it says that it is ready. */
async function startSimulator(portico: string, folder: string, users: number): Promise<[ChildProcess, string]> {
  const port = await freePort();
  const args = [portico, 'simulate', '--port', String(port), '--users', String(users), '--certificates', folder];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((ready, failed) => {
    child.stdout?.on('data', (piece) => String(piece).includes('is ready at') && ready());
    child.once('exit', (code) => failed(new Error(`portico simulate ended with ${code}`)));
  });
  return [child, `http://127.0.0.1:${port}`];
}

type Tenant = {
  readonly id: string;
  readonly appId: string;
  readonly secret: string;
  readonly lastUser: string;
  readonly lastId: string;
  readonly names: readonly string[];
};

async function register(agent: Agent, url: string): Promise<Tenant> {
  const { value: tenants } = await json(agent, 'GET', `${url}/_control/tenants`);
  const id = tenants[0].id;
  const users = `${url}/_control/tenants/${id}/users`;
  const { count } = await json(agent, 'GET', `${users}?limit=0`);
  // The very last are disabled, and the guest signs in elsewhere.
  const { value } = await json(agent, 'GET', `${users}?skip=${Math.max(count - 500, 0)}&limit=500`);
  const people = value.filter(
    (user: Record<string, unknown>) => user['accountEnabled'] && user['userType'] === 'Member',
  );
  const last = people.at(-1);
  const app = await json(agent, 'POST', `${url}/_control/tenants/${id}/applications`, {
    displayName: 'Bench',
    redirectUris: { web: [callback] },
    permissions: ['User.Read.All'],
    secret: {},
  });
  return {
    id,
    appId: app.appId,
    secret: app.secret.secretText,
    lastUser: last.userPrincipalName,
    lastId: last.id,
    names: people.map((user: Record<string, unknown>) => String(user['userPrincipalName'])),
  };
}

/** Opens the authorization page, chooses who to be, and redeems the code. */
async function signIn(agent: Agent, url: string, tenant: Tenant, login: string): Promise<void> {
  const authorize = `${url}/${tenant.id}/oauth2/v2.0/authorize`;
  const query = { client_id: tenant.appId, redirect_uri: callback, response_type: 'code', scope: 'openid profile' };
  const page = await ask(agent, 'GET', `${authorize}?${new URLSearchParams({ ...query, state: 's' })}`);
  const form = new URLSearchParams({ ...query, state: 's', login });
  for (const [, name = '', value = ''] of page.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g))
    if (!form.has(name)) form.set(name, value.replaceAll('&amp;', '&'));
  const chosen = await ask(agent, 'POST', authorize, form);
  const code = new URL(chosen.location ?? 'about:blank').searchParams.get('code');
  if (code === null) throw new Error(`authorize answered ${chosen.status}: ${chosen.text.slice(0, 200)}`);
  const token = await ask(
    agent,
    'POST',
    `${url}/${tenant.id}/oauth2/v2.0/token`,
    new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: tenant.appId,
      client_secret: tenant.secret,
      redirect_uri: callback,
      code,
    }),
  );
  if (token.status !== 200) throw new Error(`token answered ${token.status}: ${token.text.slice(0, 200)}`);
}

async function load(
  agent: Agent,
  url: string,
  tenant: Tenant,
  ms: number,
): Promise<{ perSecond: number; times: number[] }> {
  const times: number[] = [];
  const begun = performance.now();
  let turn = 0;
  const browser = async (): Promise<void> => {
    while (performance.now() - begun < ms) {
      const from = performance.now();
      await signIn(agent, url, tenant, tenant.names[turn++ % tenant.names.length] ?? '');
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: 8 }, browser));
  return { perSecond: (times.length * 1000) / (performance.now() - begun), times };
}

/** How many pages a delta of all people has, the last one read. */
async function walkDelta(agent: Agent, url: string, tenant: Tenant): Promise<number> {
  let next: string | undefined = '/users/delta?$select=id,displayName&$top=999';
  for (let pages = 1; ; pages += 1) {
    const page: Record<string, unknown> = await graph(agent, url, tenant, next);
    if (page['@odata.deltaLink'] !== undefined) return pages;
    next = String(page['@odata.nextLink']).replace(/^.*\/v1\.0/, '');
  }
}

let token: string | undefined;

async function graph(agent: Agent, url: string, tenant: Tenant, path: string): Promise<Record<string, unknown>> {
  if (token === undefined) {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: tenant.appId,
      client_secret: tenant.secret,
      scope: 'https://graph.microsoft.com/.default',
    });
    token = JSON.parse((await ask(agent, 'POST', `${url}/${tenant.id}/oauth2/v2.0/token`, form)).text).access_token;
  }
  const answer = await ask(agent, 'GET', `${url}/v1.0${path}`, undefined, { authorization: `Bearer ${token}` });
  const body = JSON.parse(answer.text);
  if (answer.status !== 200 || body.value.length === 0)
    throw new Error(`${path} answered ${answer.status}: ${answer.text.slice(0, 200)}`);
  return body;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of the control API are read as they come.
async function json(agent: Agent, method: string, url: string, body?: unknown): Promise<any> {
  const answer = await ask(agent, method, url, body === undefined ? undefined : JSON.stringify(body));
  if (answer.status >= 300) throw new Error(`${method} ${url}: ${answer.status} ${answer.text.slice(0, 200)}`);
  return JSON.parse(answer.text);
}

type Reply = { readonly status: number; readonly location: string | undefined; readonly text: string };

function ask(
  agent: Agent,
  method: string,
  url: string,
  body?: URLSearchParams | string,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const form = body instanceof URLSearchParams ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
  return new Promise((resolveReply, reject) => {
    const outgoing = request(url, { method, agent, headers: { ...form, ...headers } }, (incoming: IncomingMessage) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (piece: string) => {
        text += piece;
      });
      incoming.once('end', () =>
        resolveReply({ status: incoming.statusCode ?? 0, location: incoming.headers.location, text }),
      );
    });
    outgoing.once('error', reject);
    outgoing.end(body === undefined ? undefined : String(body));
  });
}

/** Processor time of all its threads in milliseconds, from Linux's /proc, which counts in hundredths of a second. */
function processorMs(child: ChildProcess): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Resident memory in MB (10^6 bytes), from Linux's /proc. */
function residentOf(child: ChildProcess, name: 'VmRSS' | 'VmHWM'): number {
  const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
  return (Number(kib) * 1024) / 1e6;
}
