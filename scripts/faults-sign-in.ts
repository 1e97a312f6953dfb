import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { fetchCode, type Lines, openLines, redeem, type SignInTarget } from '../bench/load/journey.ts';
import type { Stage } from '../demo/stage.ts';
import type { Person } from '../demo/tenant.ts';
import type { Line } from './faults-line.ts';

type Code = { form: URLSearchParams; nonce: string };

/** What the browsers and the product know of one sign-in when Portico is killed. */
interface Told {
  person: Person;
  code: Code;
  /** The access token, once the exchange was answered. */
  token?: string;
  /** The exchange was asked for. */
  asked?: boolean;
}

const clients = 24;

/**
 * Kill -9 while many sign in and some are switched off. Afterwards: no session without its account and link, no code that
 * works twice, nobody in who was switched off or who took over another's sign-in, and who was told to be in still is.
 */
export async function killDuringSignIns(
  stage: Stage,
  people: readonly Person[],
  line: Line | undefined,
): Promise<string> {
  const target = targetOf(stage);
  const switchOff = await openSwitch(stage);
  // The first ones are switched off meanwhile, the last ones begin before the kill and go on after it.
  const [outgoing, staying, halfway] = [people.slice(0, 20), people.slice(20, 120), people.slice(120, 126)];
  const before = openLines();
  const told: Told[] = [];
  const off = new Set<string>();
  let over = false;
  let exchanging = 0;
  const begun = await Promise.all(halfway.map((person) => begin(before, target, person)));
  const worker = async (client: number) => {
    for (let turn = 0; !over; turn++) {
      const outward = client % 4 === 0;
      const of = outward ? outgoing : staying;
      const person = of[(client + turn * clients) % of.length] ?? assert.fail();
      const wasOff = off.has(person.id);
      try {
        const { form, nonce } = await fetchCode(before, target, person.userPrincipalName);
        const one: Told = { person, code: { form, nonce } };
        told.push(one);
        if (turn % 5 === 4) continue;
        one.asked = true;
        exchanging += 1;
        one.token = (await redeem(before, target, one.code).finally(() => exchanging--)).accessToken;
        assert.ok(!wasOff, `${person.userPrincipalName} was switched off and signed in`);
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        // Refused as switched off, or cut off: then there is nothing more to do.
        if (!outward) await wait(20);
      }
    }
  };
  const working = Promise.all(Array.from({ length: clients }, (_, client) => worker(client)));
  working.catch(() => undefined);
  while (told.filter(({ token }) => token !== undefined).length < 30) await wait(5);
  for (const person of outgoing.slice(0, 10)) {
    await switchOff(person);
    off.add(person.id);
  }
  await wait(Math.random() * 300);
  // Some of them at least are in the middle of an exchange.
  while (exchanging < 3) await new Promise(setImmediate);
  over = true;
  await stage.restart('kill');
  await working;
  before.close();

  const lines = openLines();
  try {
    await isWhole(stage, line);
    const known = told.filter(({ token }) => token !== undefined);
    for (const { person, token = '' } of known) {
      const status = await userinfo(lines, target, token);
      const wanted = off.has(person.id) ? 401 : 200;
      assert.ok(
        status === wanted || (wanted === 401 && status === 429),
        `${person.userPrincipalName}, ${wanted === 200 ? 'signed in' : 'switched off'}, gets ${status} after the kill`,
      );
    }
    let cutOff = 0;
    for (const one of told) {
      const again = await redeems(lines, target, one.code);
      if (one.token !== undefined)
        assert.ok(!again, 'a code that had been exchanged was exchanged again after the kill');
      else if (off.has(one.person.id)) assert.ok(!again, 'a code of somebody who was switched off was exchanged');
      else if (one.asked !== true) assert.ok(again, 'a code that had been handed out is lost');
      else cutOff += 1;
      if (again) assert.ok(!(await redeems(lines, target, one.code)), 'a code was exchanged twice');
    }
    for (const [index, one] of begun.entries()) {
      const other = begun[(index + 1) % begun.length] ?? assert.fail();
      const session = await cookiesOf(lines, target, other.person);
      assert.ok(!(await leadsBack(lines, target, one.path, session)), "another one took over somebody's sign-in");
      assert.ok(await leadsBack(lines, target, one.path, one.cookies, one.person), 'a sign-in did not go on after it');
    }
    for (const person of outgoing.slice(0, 3))
      await assert.rejects(fetchCode(lines, target, person.userPrincipalName), /switched your user off/);
    return `${known.length} signed in before the kill, ${cutOff} exchanges cut off, ${off.size} switched off, ${begun.length} gone on with`;
  } finally {
    lines.close();
  }
}

const targetOf = ({ porticoUrl, tenantUrl, told, product }: Stage): SignInTarget => ({
  port: Number(new URL(porticoUrl).port),
  authorize: '/oidc/auth?scope=openid+profile+email&connection=contoso',
  token: '/oidc/token',
  clientId: told.clientId,
  secret: told.clientSecret,
  redirectUri: `${product.url}/callback`,
  upstreamPort: Number(new URL(tenantUrl).port),
});

/** Switches people of the directory off, as provisioning does; resolves when Portico has said yes. */
async function openSwitch(stage: Stage): Promise<(person: Person) => Promise<void>> {
  const { tenantUrl } = await stage.operator('connections.get', { connection: 'contoso' });
  const { value } = await stage.operator('tokens.create', { directory: 'contoso', body: {} });
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${value}`, 'content-type': 'application/scim+json' };
    const answer = await fetch(`${tenantUrl}${path}`, { ...init, headers });
    assert.ok(answer.ok, `${path} was answered ${answer.status}`);
    return answer;
  };
  return async ({ id }) => {
    const found = await ask(`/Users?filter=${encodeURIComponent(`externalId eq "${id}"`)}`);
    const { Resources } = (await found.json()) as { Resources: { id: string }[] };
    await ask(`/Users/${Resources[0]?.id}`, {
      method: 'PATCH',
      body: JSON.stringify({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
      }),
    });
  };
}

const orphans = `select count(*) as orphans from session
  left join account on account.organization_id = session.organization_id and account.id = session.account_id
  left join account_link on account_link.organization_id = session.organization_id and account_link.id = session.link_id
    and account_link.account_id = session.account_id
  where account.id is null or account_link.id is null`;
const strays = `select count(*) as orphans from account
  left join account_link on account_link.organization_id = account.organization_id and account_link.account_id = account.id
  where account_link.id is null`;

/** Looks into the database: every session has its account and link, every account a link. */
async function isWhole(stage: Stage, line: Line | undefined): Promise<void> {
  const count = await openDatabase(stage, line);
  assert.equal(await count(orphans), 0, 'there is a session without its account or link');
  assert.equal(await count(strays), 0, 'there is an account without a link');
}

async function openDatabase(stage: Stage, line: Line | undefined): Promise<(sql: string) => Promise<number>> {
  if (line === undefined) {
    const file = join(stage.server().data ?? '', 'portico.db');
    return async (sql) => {
      const sqlite = new DatabaseSync(file, { readOnly: true });
      const row = sqlite.prepare(sql).get();
      sqlite.close();
      return Number(row?.['orphans']);
    };
  }
  return async (sql) => {
    const client = new pg.Client({ connectionString: line.url });
    await client.connect();
    const { rows } = await client.query(sql).finally(() => client.end());
    return Number(rows[0]?.orphans);
  };
}

const userinfo = async (lines: Lines, { port }: SignInTarget, token: string): Promise<number> =>
  (await lines.ask(port, `GET /oidc/me HTTP/1.1\r\nhost: localhost:${port}\r\nauthorization: Bearer ${token}\r\n\r\n`))
    .status;

const redeems = (lines: Lines, target: SignInTarget, code: Code): Promise<boolean> =>
  redeem(lines, target, code).then(
    () => true,
    (error: Error) => {
      assert.match(error.message, /invalid_grant/);
      return false;
    },
  );

/** Asks for a sign-in and stops before the tenant's answer is opened: the address of that, and the browser's cookies. */
async function begin(lines: Lines, target: SignInTarget, person: Person) {
  const cookies = new Map<string, string>();
  let path = '';
  await fetchCode(lines, target, person.userPrincipalName, cookies, {
    until: (next) => {
      path = next;
      return /^\/oauth\/login\/contoso\/callback\?/.test(next);
    },
  });
  return { person, cookies, path };
}

/** The cookies of somebody who signed in, without those of any sign-in under way. */
async function cookiesOf(lines: Lines, target: SignInTarget, person: Person): Promise<Map<string, string>> {
  const cookies = new Map<string, string>();
  await fetchCode(lines, target, person.userPrincipalName, cookies);
  for (const name of cookies.keys()) if (/interaction|resume/.test(name)) cookies.delete(name);
  return cookies;
}

/** Whether going on from an address with these cookies leads back to the product. */
const leadsBack = (
  lines: Lines,
  target: SignInTarget,
  path: string,
  cookies: Map<string, string>,
  person?: Person,
): Promise<boolean> =>
  fetchCode(lines, target, person?.userPrincipalName ?? '', cookies, { from: path }).then(
    () => true,
    () => false,
  );
