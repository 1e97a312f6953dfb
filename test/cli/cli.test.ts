import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Connection, CreateConnection, Event, Page, Secret, SetupPlan, Token, WhoAmI } from '#contract';
import type { TestApp } from '../../simulator/test-tenant.ts';
import { type Contoso, openContoso } from '../setup/connect-contoso.ts';
import { type Server, serve } from './portico.ts';

const wrong = 'wrong~secret-0123456789';
let contoso: Contoso;
let server: Server;
let app: TestApp;

before(async () => {
  contoso = await openContoso();
  server = await serve(contoso.world);
  app = await contoso.entra.register();
});
after(async () => {
  await server.stop();
  await contoso.entra.close();
});

/** A connection with the app's secret. */
const connected = (id: string, input: Partial<CreateConnection> = {}) => contoso.connect(app, { id, ...input });

test('--help lists what runs a server and what goes to one', async () => {
  const { code, out, err } = await server.portico(['--help']);
  assert.equal(code, 0);
  assert.equal(err, '');
  for (const name of ['serve', 'migrate', 'simulate', 'demo', 'connections', 'directories', 'login', 'explain'])
    assert.match(out, new RegExp(`^  ${name}\\b`, 'm'));
});

test('--version prints the version of the package', async () => {
  assert.deepEqual(await server.portico(['--version']), { code: 0, out: '0.1.0\n', err: '' });
});

test('help of a command names its arguments, options and the right it needs', async () => {
  const { code, out } = await server.portico(['connections', 'create', '--help']);
  assert.equal(code, 0);
  assert.match(out, /^Usage: portico connections create \[options\] <organization> <id>$/m);
  assert.match(out, /--name <text> .*needed/);
  assert.match(out, /Needs the right connections:create\./);
});

for (const [args, said] of [
  [['connections'], /^Usage: portico connections/],
  [['conections', 'list'], /unknown command 'conections'\n\(Did you mean connections\?\)/],
  [['connections', 'list', '--colour'], /unknown option '--colour'/],
  [['connections', 'get'], /missing required argument 'connection'/],
] as const) {
  test(`misuse ends with exit code 2: portico ${args.join(' ')}`, async () => {
    const { code, out, err } = await server.portico(args);
    assert.equal(code, 2);
    assert.equal(out, '');
    assert.match(err, said);
  });
}

test('--json prints what REST answers, unchanged', async () => {
  const { organizationId } = contoso;
  await connected('same');
  const pairs: readonly (readonly [args: string[], method: string, path: string])[] = [
    [['organizations', 'list'], 'GET', '/organizations'],
    [['organizations', 'get', organizationId], 'GET', `/organizations/${organizationId}`],
    [['connections', 'get', 'same'], 'GET', '/connections/same'],
    [['connections', 'list', '--organization', organizationId], 'GET', `/connections?organization=${organizationId}`],
    [['connections', 'plan', 'same'], 'GET', '/connections/same/plan'],
    [['secrets', 'list', 'same'], 'GET', '/connections/same/secrets'],
    [['directories', 'tokens', 'list', 'same'], 'GET', '/directories/same/tokens'],
    [['accounts', 'list', organizationId], 'GET', `/organizations/${organizationId}/accounts`],
    [['mailboxes', 'list', 'same'], 'GET', '/connections/same/mailboxes'],
    [['messages', 'list', 'same'], 'GET', '/connections/same/messages'],
    [['webhooks', 'list', organizationId], 'GET', `/organizations/${organizationId}/webhooks`],
    [['operators', 'list'], 'GET', '/operators'],
    [['explain', 'AADSTS50020'], 'GET', '/aadsts/AADSTS50020'],
    [['whoami'], 'GET', '/session'],
  ];
  for (const [args, method, path] of pairs)
    assert.deepEqual(await server.json(args), await server.rest(method, path), args.join(' '));
});

test('a table for people: a heading and a line for each', async () => {
  await connected('table-one');
  const { out } = await server.portico(['connections', 'list']);
  assert.match(out, /^ID +NAME +STATE +ORGANIZATION +ENDS NEXT +DAYS LEFT\n/);
  assert.match(out, new RegExp(`^table-one +Contoso +draft +${contoso.organizationId} +– +–$`, 'm'));
  assert.ok(!out.includes('\u001b'), 'no colours where it is not a terminal');
});

test('--all follows every page to the end', async () => {
  await server.json(['organizations', 'create', 'One more']);
  const { items } = await server.json<Page<unknown>>(['organizations', 'list', '--all', '--limit', '1']);
  assert.ok(items.length >= 2);
});

test('a problem tells what happened, the fields, what to do next and the request id; exit code 1', async () => {
  await server.rest('POST', `/organizations/${contoso.organizationId}/connections`, {
    id: 'incomplete',
    name: 'Contoso',
  });
  const { code, out, err } = await server.portico(['connections', 'test', 'incomplete']);
  assert.equal(code, 1);
  assert.equal(out, '');
  assert.match(
    err,
    /^portico: the connection is not complete\n {2}clientId: .*\n {2}startFrom: .*\nNext: fill in what is missing\.\nNot possible in the present state \(409\), request [0-9a-f-]{36}\n$/,
  );
});

test('with --json a problem is printed as it came, on standard error', async () => {
  const { code, out, err } = await server.portico(['connections', 'get', 'nobody', '--json']);
  assert.equal(code, 1);
  assert.equal(out, '');
  const problem: { type: string; status: number } = JSON.parse(err);
  assert.equal(problem.type, 'urn:portico:problem:not-found');
});

test('without the right the answer names it', async () => {
  const key = await server.keyWith(['connections:read']);
  const { code, err } = await server.porticoWith({ PORTICO_API_KEY: key }, ['organizations', 'create', 'Contoso']);
  assert.equal(code, 1);
  assert.match(err, /this needs the right organizations:create/);
});

test('a server that is not there is one sentence', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
  await new Promise((resolve) => closed.close(resolve));
  const { code, err } = await server.porticoWith({ PORTICO_URL: url }, ['connections', 'list']);
  assert.equal(code, 1);
  assert.equal(
    err,
    `portico: Portico does not answer at ${url} (ECONNREFUSED); start it with \`portico serve\`, or set PORTICO_URL to its address\n`,
  );
});

test('something else that answers at the address is named as such', async () => {
  const other = createServer((_, response) => response.end('<html>hello</html>'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const { code, err } = await server.porticoWith({ PORTICO_URL: url }, ['connections', 'list']);
  other.close();
  assert.equal(code, 1);
  assert.equal(err, `portico: what answers at ${url} is not Portico; check PORTICO_URL\n`);
});

test('a setting that is wrong is misuse', async () => {
  const { code, err } = await server.porticoWith({ PORTICO_ULR: 'x' }, ['connections', 'list']);
  assert.equal(code, 2);
  assert.equal(err, 'portico: PORTICO_ULR is not a setting; did you mean PORTICO_URL?\n');
});

test('login keeps address and key in a file that only its owner reads; logout forgets them', async () => {
  const none = { PORTICO_URL: undefined, PORTICO_API_KEY: undefined, XDG_CONFIG_HOME: join(server.folder, 'login') };
  const before = await server.porticoWith(none, ['whoami']);
  assert.equal(before.code, 2);
  assert.match(before.err, /there is no API key for http:\/\/localhost:3000; run `portico login`/);

  const refused = await server.porticoWith(none, ['login', server.url], `pt_key_${'0'.repeat(24)}_${'x'.repeat(43)}`);
  assert.equal(refused.code, 1);
  assert.equal((await server.porticoWith(none, ['whoami'])).code, 2);

  const key = await server.keyWith(['connections:read']);
  const kept = await server.porticoWith(none, ['login', `${server.url}/`], `${key}\n`);
  assert.equal(kept.code, 0);
  assert.match(kept.out, /^Logged in to http:\/\/127\.0\.0\.1:\d+ as Command line, until \d{4}-\d\d-\d\d\. Kept in /);
  assert.doesNotMatch(kept.out + kept.err, new RegExp(key));
  assert.equal(statSync(join(none.XDG_CONFIG_HOME, 'portico/logins.json')).mode & 0o777, 0o600);
  const who = await server.porticoWith(none, ['whoami', '--json']);
  assert.deepEqual((JSON.parse(who.out) as WhoAmI).rights, ['connections:read']);

  assert.equal((await server.porticoWith(none, ['logout'])).code, 0);
  assert.equal((await server.porticoWith(none, ['whoami'])).code, 2);
});

test('the value of a secret comes from standard input and is printed nowhere', async () => {
  await server.json(['connections', 'create', contoso.organizationId, 'stdin', '--name', 'Contoso', '--provisioning']);
  const set = await server.portico(['secrets', 'set', 'stdin', '--expires-at', '2099-05-19'], `${app.secret}\n`);
  assert.equal(set.code, 0);
  assert.match(set.out, /^state +waiting$/m);
  assert.match(set.out, /^expires at +2099-05-19 00:00:00Z$/m);
  assert.ok(!set.out.includes(app.secret) && !set.err.includes(app.secret));
  const empty = await server.portico(['secrets', 'set', 'stdin']);
  assert.equal(empty.code, 2);
  assert.match(empty.err, /standard input, which is empty/);
});

test('a pasted Secret ID is named as what it is', async () => {
  await connected('secret-id');
  const { code, err } = await server.portico(['secrets', 'set', 'secret-id'], app.keyId);
  assert.equal(code, 1);
  assert.match(err, /\n {2}value: this is the Secret ID \(a GUID\); paste the Value/);
});

test('rotate stores a secret and uses it; a refused one is kept waiting and says how to go on', async () => {
  await connected('rotate');
  const rotated = await server.json<Secret>(['secrets', 'rotate', 'rotate'], app.secret);
  assert.equal(rotated.state, 'current');
  const refused = await server.portico(['secrets', 'rotate', 'rotate'], wrong);
  assert.equal(refused.code, 1);
  const [, id] = /portico secrets rotate rotate --secret (\S+)/.exec(refused.err) ?? [];
  assert.match(refused.err, /AADSTS7000215/);
  const { items } = await server.json<Page<Secret>>(['secrets', 'list', 'rotate']);
  assert.equal(items.find((secret) => secret.id === id)?.state, 'waiting');
  assert.equal(items.find((secret) => secret.id === rotated.id)?.state, 'current');
  const back = await server.json<Secret>(['secrets', 'rotate', 'rotate', '--secret', items[0]?.id ?? '']);
  assert.equal(back.state, 'current');
});

test('connections test: exit code 1 while a check fails, 0 once all pass; then activate', async () => {
  await connected('journey');
  await server.json(['connections', 'update', 'journey', '--client-id', app.id]);
  const failed = await server.portico(['connections', 'test', 'journey']);
  assert.equal(failed.code, 1);
  assert.match(failed.out, /^failed +Client secret .*AADSTS700038/m);
  assert.match(failed.out, /1 failed, of \d+ on the draft settings\./);
  const { items } = await eventually(() =>
    server.json<Page<Event>>(['events', 'list', contoso.organizationId, '--type', 'connection.test_failed']),
  );
  const failures = items[0]?.data['failed'] as { name: string; saw: string }[];
  assert.deepEqual(
    failures.map(({ name }) => name),
    ['entra.secret'],
  );
  assert.match(failures[0]?.saw ?? '', /AADSTS700038/);

  const early = await server.portico(['connections', 'activate', 'journey']);
  assert.equal(early.code, 1);
  assert.match(early.err, /the draft is not tested\nNext: test the connection first\./);

  await server.json(['connections', 'update', 'journey', '--client-id', app.appId]);
  assert.equal((await server.portico(['connections', 'test', 'journey'])).code, 0);
  assert.equal((await server.json<Connection>(['connections', 'activate', 'journey'])).state, 'active');
  assert.equal((await server.portico(['connections', 'checks', 'journey'])).code, 0);
});

/** Asks again until there is an item: events get their position a moment after the commit. */
async function eventually<Item>(ask: () => Promise<Page<Item>>): Promise<Page<Item>> {
  for (let times = 0; times < 20; times += 1) {
    const page = await ask();
    if (page.items.length > 0) return page;
  }
  throw new Error('nothing came');
}

test('test-sign-in gives an address to sign in at', async () => {
  await connected('sign-in-test');
  const { code, out } = await server.portico(['connections', 'test-sign-in', 'sign-in-test', '--no-wait']);
  assert.equal(code, 0);
  assert.match(out, /^state +waiting$/m);
  assert.match(out, /^url +http:\/\/localhost:3000\/\S+$/m);
});

test('an option that is not given changes nothing; --unset takes away', async () => {
  await connected('unset');
  const kept = await server.json<Connection>(['connections', 'update', 'unset', '--domains', 'contoso.example']);
  assert.equal(kept.draft?.clientId, app.appId);
  const taken = await server.json<Connection>(['connections', 'update', 'unset', '--unset', 'client-id']);
  assert.equal(taken.draft?.clientId, null);
  assert.deepEqual(taken.draft?.domains, ['contoso.example']);
});

for (const [id, input, setUp, lines] of [
  ['web', {}, 'Web application sign-in', ['http://localhost:3000/oauth/login/web/callback', 'openid, profile, email']],
  [
    'federated',
    { accountType: 'anyOrganization' },
    'Federated sign-in for several tenants',
    ['Accounts in any organizational directory (Any Microsoft Entra ID tenant - Multitenant)'],
  ],
  [
    'mail',
    { signIn: false, mailOut: true, mailIn: true },
    'Exchange Online mail, app-only',
    ['Mail.Send, Mail.ReadWrite', 'New-ManagementScope -Name "Portico mail"'],
  ],
  [
    'scim',
    { provisioning: true },
    'User profiles and SCIM provisioning with sign-in',
    ['http://localhost:3000/scim/v2/scim', 'objectId', 'portico directories tokens create scim'],
  ],
  [
    'sso',
    { registration: 'on' },
    'Single sign-on with groups and roles',
    ['Groups assigned to the application', 'Properties > Assignment required?'],
  ],
] as const) {
  test(`plan printed for people: ${setUp}`, async () => {
    await connected(id, input);
    const { code, out } = await server.portico(['connections', 'plan', id]);
    assert.equal(code, 0);
    assert.ok(out.startsWith(`${setUp} (draft settings)\n`), out.slice(0, 100));
    for (const line of lines) assert.ok(out.includes(line), `${line} is missing in\n${out}`);
    const plan = await server.json<SetupPlan>(['connections', 'plan', id]);
    assert.ok(plan.steps.every(({ title, link }) => out.includes(title) && link === null));
  });
}

test('a Secret Token is shown once, with the word that it does not come back', async () => {
  await connected('token', { provisioning: true });
  const { code, out, err } = await server.portico(['directories', 'tokens', 'create', 'token']);
  assert.equal(code, 0);
  const [, value = ''] = /^value +(pt_scim_\S+)$/m.exec(out) ?? [];
  assert.notEqual(value, '');
  assert.match(err, /It does not come back\./);
  const list = await server.portico(['directories', 'tokens', 'list', 'token']);
  assert.ok(!list.out.includes(value));
});

test('a Secret Token is rotated: the old one is revoked once the new one was seen, and not before', async () => {
  const { id: directory } = await connected('rotated', { provisioning: true });
  const tokens = ['directories', 'tokens'];
  const old = await server.json<Token>([...tokens, 'create', directory, '--name', 'old']);
  const next = await server.json<Token & { value: string }>([...tokens, 'rotate', directory, '--name', 'next']);
  const finish = () => server.portico([...tokens, 'rotate', directory, '--token', next.id]);
  const early = await finish();
  assert.equal(early.code, 1);
  assert.match(early.err, /next was not used yet, so nothing was revoked/);
  const valid = async () =>
    (await server.json<{ items: Token[] }>([...tokens, 'list', directory])).items.filter((it) => it.revokedAt === null);
  assert.deepEqual((await valid()).map(({ id }) => id).sort(), [old.id, next.id].sort());
  const headers = { authorization: `Bearer ${next.value}` };
  await fetch(`${server.url}/scim/v2/${directory}/Users`, { headers });
  assert.equal((await finish()).code, 0);
  assert.deepEqual(
    (await valid()).map(({ id }) => id),
    [next.id],
  );
});

test('without a terminal delete does not ask', async () => {
  await connected('gone');
  const { code, out, err } = await server.portico(['connections', 'delete', 'gone']);
  assert.deepEqual({ code, out, err }, { code: 0, out: '', err: 'Done.\n' });
  assert.equal((await server.portico(['connections', 'get', 'gone'])).code, 1);
});

test('events follow prints what happens from now on, one line each', async () => {
  const following = server.start(['events', 'follow', contoso.organizationId]);
  // Until it has asked where the feed ends, an event may be one of before: so one follows the other until one is seen.
  let seen: string | undefined;
  const first = following.lines.next().then(({ value }) => {
    seen = value;
  });
  for (let times = 0; seen === undefined && times < 40; times += 1) {
    await connected(`followed-${times}`, { clientId: null });
    await Promise.race([first, wait(250)]);
  }
  await following.end();
  assert.match(seen ?? '', /^ +\d+ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}(connection\.created|secret\.set) +/);
});

test('an unknown AADSTS code is answered with those one digit away', async () => {
  const { code, err } = await server.portico(['explain', 'AADSTS50021']);
  assert.equal(code, 1);
  assert.match(
    err,
    /^portico: "AADSTS50021" is not a known AADSTS code\nNext: one digit away: AADSTS50001, AADSTS50011, AADSTS50012, AADSTS50020, AADSTS50027\./,
  );
});

for (const [args, code, said] of [
  [['serve', '--help'], 0, /^portico serve: Run the server\. It takes no arguments; PORTICO_\* variables set it up/],
  [['migrate', 'now'], 2, /It takes no arguments/],
] as const) {
  test(`portico ${args.join(' ')} starts nothing`, async () => {
    const ran = await server.portico(args);
    assert.equal(ran.code, code);
    assert.match(ran.out + ran.err, said);
  });
}
