import assert from 'node:assert/strict';
import test from 'node:test';
import { fillWorld } from '../test-filled-world.ts';
import { connectJob } from '../test-provisioning.ts';
import { startScimRecorder } from '../test-scim-recorder.ts';
import { startTestEntra, type TestEntra } from '../test-tenant.ts';

const html = { accept: 'text/html,application/xhtml+xml' };

const see = async (entra: TestEntra, path: string): Promise<string> => {
  const answer = await fetch(`${entra.url}/_control${path}`, { headers: html });
  assert.equal(answer.status, 200, path);
  return answer.text();
};

/** Presses a button of a page, as a browser does; the status, and where it leads. */
const press = async (
  entra: TestEntra,
  action: string,
  fields: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = { 'sec-fetch-site': 'same-origin', origin: entra.url },
): Promise<[status: number, location: string | null, text: string]> => {
  const answer = await fetch(`${entra.url}/_control/do/${action}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
    headers: { ...html, ...headers },
  });
  return [answer.status, answer.headers.get('location'), await answer.text()];
};

test('/_control is a page for browsers under a policy with a nonce, and JSON for programs; the control API stays JSON', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  const page = await fetch(`${entra.url}/_control`, { headers: html });
  const policy = page.headers.get('content-security-policy') ?? '';
  const [, nonce] = /script-src 'nonce-([^']+)'/.exec(policy) ?? [];
  assert.match(policy, /^default-src 'none'; style-src 'nonce-.*form-action 'self'; .*frame-ancestors 'none'$/);
  const text = await page.text();
  assert.ok(text.includes(`<script nonce="${nonce}">`));
  assert.doesNotMatch(text, /style="|onclick=/);
  assert.equal((await entra.control('GET', ''))['clock'], '/_control/clock');
  const list = await fetch(`${entra.url}/_control/tenants`, { headers: html });
  assert.match(list.headers.get('content-type') ?? '', /^application\/json/);
  const refused = await fetch(`${entra.url}/_control/tenants/nobody`, { headers: html });
  assert.match(refused.headers.get('content-type') ?? '', /^application\/json/);
  const gone = await fetch(`${entra.url}/_control/view/people/x/y`, { headers: html });
  assert.deepEqual([gone.status, gone.headers.get('content-type')], [404, 'text/html; charset=utf-8']);
});

test('no page of another site drives the control API, by form or by script; programs and the own page do', async (t) => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  const cases: readonly [name: string, headers: Record<string, string>, status: number][] = [
    ['a form elsewhere', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
    ['another port of this machine', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:1' }, 403],
    ['an old browser elsewhere', { origin: 'https://evil.example' }, 403],
    ['a sandboxed page', { origin: 'null' }, 403],
    ['the own page', { 'sec-fetch-site': 'same-origin', origin: entra.url }, 303],
    ['an old browser here', { origin: entra.url }, 303],
    ['a program', {}, 303],
  ];
  for (const [name, headers, status] of cases)
    await t.test(name, async () => assert.equal((await press(entra, 'rotate-keys', {}, headers))[0], status));
  const byScript = await fetch(`${entra.url}/_control/faults`, {
    method: 'POST',
    body: '{"name":"unavailable"}',
    headers: { 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain' },
  });
  assert.deepEqual([byScript.status, (await entra.control('GET', '/faults'))['active']], [403, []]);
});

test('the pages show what there is, escaped, and neither secrets nor tokens', async () => {
  await using entra = await startTestEntra({ users: 60 });
  await fillWorld(entra);
  const [, bjorn] = entra.contoso.users;
  const path = (tab: string) => `/view/${tab}`;
  assert.match(await see(entra, ''), /throttle[\s\S]*Contoso[\s\S]*AADSTS50058/);
  assert.match(await see(entra, path('people')), /62 people in Contoso[\s\S]*Chiara O&#39;Brien/);
  assert.match(await see(entra, path('people?skip=50')), /51 to 62/);
  assert.match(
    await see(entra, path('people?search=NOV%C3%81K')),
    new RegExp(`people/${entra.contoso.id}/${bjorn?.id}`),
  );
  assert.match(await see(entra, path(`people/${entra.contoso.id}/${bjorn?.id}`)), /All Staff/);
  assert.match(
    await see(entra, path(`groups/${entra.contoso.id}/${entra.contoso.groups[0]?.id}`)),
    /61 direct members/,
  );
  const apps = await see(entra, path('apps'));
  assert.match(apps, /Ledger[\s\S]*ended 2020-01-01[\s\S]*Mail\.Send/);
  const tokens = await see(entra, path('tokens'));
  assert.match(tokens, /id_token[\s\S]*&quot;oid&quot;/);
  assert.match(await see(entra, path('sessions')), /anna\.dvorak@contoso\.example[\s\S]*Ledger/);
  assert.match(await see(entra, path('mail')), /a@far\.example/);
  const mailbox = await see(entra, path(`mail/${bjorn?.id}`));
  assert.match(mailbox, /The plan &lt;for&gt; “2027”[\s\S]*&lt;script&gt;alert/);
  assert.match(await see(entra, path('provisioning')), /paused[\s\S]*mishap/);
  assert.doesNotMatch(await see(entra, path('requests?status=4xx')), /"good">200/);
  assert.match(await see(entra, path('time')), /before the demonstration/);
  const all = [apps, tokens, await see(entra, path('sessions')), await see(entra, path('requests'))].join('');
  assert.doesNotMatch(all, /8Q~|eyJ|1\.[\w-]{50}/, 'no secret, no JWT, no refresh token');
});

test('its buttons force and clear faults, move the clock, keep snapshots, disable people', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  const active = async () => (await entra.control('GET', '/faults'))['active'] as Record<string, unknown>[];
  assert.deepEqual(
    (await press(entra, 'fault', { name: 'slow', ms: '5', times: '2', path: '', back: 'faults' })).slice(0, 2),
    [303, '/_control/view/faults'],
  );
  const [fault] = await active();
  assert.deepEqual([fault?.['name'], fault?.['ms'], fault?.['timesLeft']], ['slow', 5, 2]);
  const [status, , text] = await press(entra, 'fault', { name: 'slow', ms: 'soon', back: 'faults' });
  assert.equal(status, 400);
  assert.match(text, /role="alert">ms: is a whole number from 0/);
  await press(entra, 'clear-fault', { id: String(fault?.['id']) });
  assert.deepEqual(await active(), []);
  await press(entra, 'clock', { now: '2030-01-01T00:00:00' });
  await press(entra, 'clock', { frozen: 'true' });
  await press(entra, 'clock', { advanceMs: '3600000' });
  const clock = await entra.control('GET', '/clock');
  assert.deepEqual([String(clock['now']).slice(0, 13), clock['frozen']], ['2030-01-01T01', true]);
  assert.equal((await press(entra, 'clock', { advanceMs: '9e99' }))[0], 400);
  await press(entra, 'take-snapshot', { name: 'here' });
  const { value } = await entra.control('GET', '/snapshots');
  assert.ok(Array.isArray(value));
  const [user] = entra.contoso.users;
  const of = { tenant: entra.contoso.id, user: String(user?.id) };
  await press(entra, 'account', { ...of, accountEnabled: 'false', back: `people/${of.tenant}/${of.user}` });
  assert.equal(entra.contoso.users[0]?.accountEnabled, false);
  await press(entra, 'restore', { id: value[0].id });
  assert.equal(entra.contoso.users[0]?.accountEnabled, true);
  await press(entra, 'delete-user', of);
  assert.equal(
    entra.contoso.users.some(({ id }) => id === of.user),
    false,
  );
  assert.equal((await press(entra, 'restore', { id: 'nope' }))[0], 404);
  assert.equal((await press(entra, 'rotate-keys', { back: 'https://evil.example' }))[1], '/_control/view/time');
  assert.equal((await press(entra, 'clear-fault', { back: '//evil.example' }))[1], '/_control');
});

test('its buttons start, pause and run provisioning jobs, and provision on demand', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  await using recorder = await startScimRecorder();
  const { view } = await connectJob(entra, recorder, { intervalMs: 600_000 });
  const job = String((await view())['id']);
  const [, bjorn] = entra.contoso.users;
  assert.equal((await press(entra, 'on-demand', { job, user: String(bjorn?.userPrincipalName) }))[0], 303);
  assert.equal(recorder.resources.size, 1);
  assert.equal((await press(entra, 'on-demand', { job, user: 'nobody' }))[0], 404);
  await press(entra, 'start-job', { job });
  assert.equal((await view())['status'], 'Active');
  while ((await view())['cycles'] !== 1) await new Promise((resolve) => setTimeout(resolve, 5));
  await press(entra, 'pause-job', { job });
  assert.equal((await view())['status'], 'Paused');
  await press(entra, 'cycle', { job });
  while ((await view())['cycles'] !== 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await press(entra, 'restart-job', { job });
  assert.equal((await view())['linked'], 0);
});
