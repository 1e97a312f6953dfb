import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { openBrowser } from '../test-browser.ts';
import { openGraph } from '../test-graph.ts';
import { authorizeUrl, readObject, startTestEntra, type TestEntra } from '../test-tenant.ts';
import { faultReference, faultTable } from './fault-table.ts';

const callFault = (entra: TestEntra, body: Record<string, unknown>): Promise<Record<string, unknown>> =>
  entra.control('POST', '/faults', body);

test('docs/simulator.md holds the fault table as it is', async () => {
  const docs = await readFile(new URL('../../docs/simulator.md', import.meta.url), 'utf8');
  // The formatter pads tables; what counts is what stands in them.
  const plain = (text: string): string => text.replace(/ +/g, ' ').replace(/-+/g, '-');
  assert.ok(plain(docs).includes(plain(faultReference())), `docs/simulator.md should contain:\n${faultReference()}`);
});

test('GET /_control/faults lists what can be called and what strikes', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  await callFault(entra, { name: 'slow', ms: 1, times: 3 });
  const { available, active } = await entra.control('GET', '/faults');
  assert.ok(Array.isArray(available) && Array.isArray(active));
  assert.deepEqual(
    available.map((kind) => kind.name),
    faultTable.map((kind) => kind.name),
  );
  assert.deepEqual([active[0].name, active[0].ms, active[0].timesLeft], ['slow', 1, 3]);
  await entra.control('DELETE', `/faults/${active[0].id}`);
  assert.deepEqual((await entra.control('GET', '/faults'))['active'], []);
});

test('faults: bad input names the parameter', async (t) => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  const cases: readonly [body: Record<string, unknown>, message: RegExp][] = [
    [{}, /^name: /],
    [{ name: 'storm' }, /^name: there is no fault 'storm'; there are aadsts, /],
    [{ name: 'aadsts', code: 50105 }, /^at: the fault 'aadsts' needs it/],
    [{ name: 'aadsts', code: 50105, at: 'home' }, /^at: is one of authorize, token/],
    [{ name: 'slow', ms: -1 }, /^ms: is a whole number from 0/],
    [{ name: 'slow', ms: 1, colour: 'red' }, /^colour: the fault 'slow' takes ms, path, times/],
  ];
  for (const [body, message] of cases) {
    await t.test(JSON.stringify(body), async () => {
      const response = await fetch(`${entra.url}/_control/faults`, { method: 'POST', body: JSON.stringify(body) });
      assert.equal(response.status, 400);
      const { error } = readObject(await response.text());
      assert.match(String(readObject(JSON.stringify(error))['message']), message);
    });
  }
});

test('aadsts at authorize: on Entra’s page or back at the app by the code’s habit, or as asked; times counts down', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  const app = await entra.register();
  const open = (): Promise<Response> => openBrowser().get(authorizeUrl(entra, entra.contoso.id, app));
  await callFault(entra, { name: 'aadsts', code: 50105, at: 'authorize', times: 1 });
  assert.equal((await open()).status, 400);
  assert.equal((await open()).status, 200, 'it struck once');
  await callFault(entra, { name: 'aadsts', code: 50105, at: 'authorize', as: 'redirect', times: 1 });
  const back = new URL((await open()).headers.get('location') ?? '');
  assert.equal(back.searchParams.get('error'), 'interaction_required');
  assert.match(back.searchParams.get('error_description') ?? '', /^AADSTS50105: /);
  const claims = '{"id_token":{"acrs":{"essential":true,"value":"c1"}}}';
  await callFault(entra, { name: 'aadsts', code: 50076, at: 'authorize', claims, suberror: 'basic_action' });
  const challenge = new URL((await open()).headers.get('location') ?? '').searchParams;
  assert.deepEqual(
    [challenge.get('error'), challenge.get('suberror'), challenge.get('claims')],
    ['interaction_required', 'basic_action', claims],
  );
});

test('throttle: Graph answers 429 with a fractional Retry-After; the login host does not', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  const graph = await openGraph(entra, ['User.Read.All']);
  await callFault(entra, { name: 'throttle', times: 1, path: '/users' });
  assert.equal((await graph('GET', '/organization')).status, 200);
  const refused = await graph('GET', '/users');
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get('retry-after'), '2.128');
  assert.equal((await graph('GET', '/users')).status, 200);
});

test('unavailable: 503 in each host’s words, and nothing is done', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  const graph = await openGraph(entra, ['Mail.Send']);
  const [one, two] = entra.contoso.users;
  await callFault(entra, { name: 'unavailable' });
  const toRecipients = [{ emailAddress: { address: two?.mail } }];
  assert.equal(
    (await graph('POST', `/users/${one?.id}/sendMail`, { message: { toRecipients } })).code,
    'serviceNotAvailable',
  );
  const login = await entra.token(entra.contoso.id, { grant_type: 'client_credentials' });
  assert.equal(login.status, 503);
  assert.deepEqual(login.body['error_codes'], [90033]);
  await entra.control('DELETE', '/faults');
  assert.deepEqual((await entra.control('GET', `/mail?address=${two?.mail}`))['value'], []);
});

test('drop-answer: the mail is sent, the connection is cut', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  const graph = await openGraph(entra, ['Mail.Send']);
  const [one, two] = entra.contoso.users;
  await callFault(entra, { name: 'drop-answer', path: '/sendMail', times: 1 });
  const toRecipients = [{ emailAddress: { address: two?.mail } }];
  await assert.rejects(graph('POST', `/users/${one?.id}/sendMail`, { message: { toRecipients } }));
  const { value } = await entra.control('GET', `/mail?address=${two?.mail}`);
  assert.ok(Array.isArray(value));
  assert.equal(value.length, 1);
  const { value: log } = await entra.control('GET', '/requests?limit=1');
  assert.ok(Array.isArray(log));
  assert.equal(log[0].status, null);
});

test('hold-answer: the mail is there while the answer is held; clearing lets it go', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  const graph = await openGraph(entra, ['Mail.Send']);
  const [one, two] = entra.contoso.users;
  await callFault(entra, { name: 'hold-answer', path: '/sendMail' });
  let answered = false;
  const toRecipients = [{ emailAddress: { address: two?.mail } }];
  const pending = graph('POST', `/users/${one?.id}/sendMail`, { message: { toRecipients } }).then((reply) => {
    answered = true;
    return reply.status;
  });
  const received = async (): Promise<number> => {
    const { value } = await entra.control('GET', `/mail?address=${two?.mail}`);
    return Array.isArray(value) ? value.length : 0;
  };
  while ((await received()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(answered, false);
  await entra.control('DELETE', '/faults');
  assert.equal(await pending, 202);
});

test('hold-answer for a time; slow waits before', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  for (const name of ['hold-answer', 'slow']) {
    await callFault(entra, { name, ms: 60, times: 1 });
    const started = performance.now();
    await fetch(`${entra.url}/common/discovery/v2.0/keys`);
    assert.ok(performance.now() - started >= 55, name);
  }
});

test('held answers keep the mailbox busy: the fifth request of an app to it is 429 ApplicationThrottled', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  const graph = await openGraph(entra, ['Mail.Read']);
  const [one, two] = entra.contoso.users;
  await callFault(entra, { name: 'hold-answer', path: `${one?.id}`, times: 4 });
  const held = Array.from({ length: 4 }, () => graph('GET', `/users/${one?.id}/messages`));
  while (Number(await strikesLeft(entra)) > 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const fifth = await graph('GET', `/users/${one?.id}/messages`);
  assert.equal(fifth.status, 429);
  assert.equal(fifth.code, 'ApplicationThrottled');
  assert.ok(Number(fifth.headers.get('retry-after')) > 0);
  assert.equal((await graph('GET', `/users/${two?.id}/messages`)).status, 200, 'another mailbox is free');
  await entra.control('DELETE', '/faults');
  assert.deepEqual(
    (await Promise.all(held)).map(({ status }) => status),
    [200, 200, 200, 200],
  );
  assert.equal((await graph('GET', `/users/${one?.id}/messages`)).status, 200);
});

async function strikesLeft(entra: TestEntra): Promise<unknown> {
  const { active } = await entra.control('GET', '/faults');
  return Array.isArray(active) ? active[0].timesLeft : 0;
}

test('sync-state-lost: a delta with a token is 410, a fresh one works', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  const graph = await openGraph(entra, ['Mail.Read']);
  const path = `/users/${entra.contoso.users[0]?.id}/mailFolders/inbox/messages/delta`;
  const first = await graph('GET', path);
  await callFault(entra, { name: 'sync-state-lost', times: 1 });
  const fresh = await graph('GET', path);
  assert.equal(fresh.status, 200);
  const lost = await graph('GET', String(first.body['@odata.deltaLink']));
  assert.equal(lost.status, 410);
  assert.equal(lost.code, 'syncStateNotFound');
  assert.equal((await graph('GET', String(fresh.body['@odata.deltaLink']))).status, 200);
});

test('secret-delay: a new secret is 7000215 until its seconds are over', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  await callFault(entra, { name: 'secret-delay', seconds: 20 });
  const app = await entra.register();
  const form = {
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: app.secret,
    scope: 'https://graph.microsoft.com/.default',
  };
  assert.deepEqual((await entra.token(entra.contoso.id, form)).body['error_codes'], [7000215]);
  await entra.control('POST', '/clock', { advanceMs: 20_000 });
  assert.equal((await entra.token(entra.contoso.id, form)).status, 200);
});
