import assert from 'node:assert/strict';
import test from 'node:test';
import { openGraph } from '../test-graph.ts';
import { startTestEntra } from '../test-tenant.ts';

test('delta: per folder, pages by Prefer, then only changes, removals as @removed, opaque links', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  const graph = await openGraph(entra, ['Mail.ReadWrite']);
  const anna = entra.contoso.users[0]?.mail;
  const deliver = (subject: string): Promise<unknown> =>
    entra.control('POST', '/mail', { from: 'x@outside.example', to: anna, subject, text: 'hi' });
  for (const subject of ['1', '2', '3', '4', '5']) await deliver(subject);
  const prefer = { prefer: 'odata.maxpagesize=2, IdType="ImmutableId"' };
  const read = async (link: string): Promise<{ items: Record<string, unknown>[]; pages: number; delta: string }> => {
    const items: Record<string, unknown>[] = [];
    for (let pages = 1; ; pages += 1) {
      const page = await graph('GET', link, undefined, prefer);
      assert.equal(page.status, 200, page.text);
      items.push(...page.value);
      const next = page.body['@odata.nextLink'];
      if (next === undefined) return { items, pages, delta: String(page.body['@odata.deltaLink']) };
      assert.equal('@odata.deltaLink' in page.body, false);
      link = String(next);
    }
  };
  const first = await read(`/users/${anna}/mailFolders/inbox/messages/delta?$select=subject,internetMessageId`);
  assert.deepEqual(
    first.items.map((item) => item['subject']),
    ['1', '2', '3', '4', '5'],
  );
  assert.deepEqual(Object.keys(first.items[0] ?? {}).sort(), ['@odata.etag', 'id', 'internetMessageId', 'subject']);
  assert.equal(first.pages, 3);
  assert.equal((await read(first.delta)).items.length, 0);

  await deliver('6');
  await graph('PATCH', `/users/${anna}/messages/${first.items[1]?.['id']}`, { isRead: true });
  await graph('POST', `/users/${anna}/messages/${first.items[2]?.['id']}/move`, { destinationId: 'archive' });
  const second = await read(first.delta);
  assert.deepEqual(
    second.items.map((item) => item['subject'] ?? item['@removed']),
    ['6', '2', { reason: 'deleted' }],
  );
  assert.equal(second.items[2]?.['id'], first.items[2]?.['id']);
  assert.equal((await read(second.delta)).items.length, 0);
  assert.deepEqual((await read(first.delta)).items, second.items, 'a deltaLink can be read again');
});

test('delta: refusals', async (t) => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  const graph = await openGraph(entra, ['Mail.ReadWrite']);
  const [anna, bo] = entra.contoso.users.map((user) => user.mail);
  const delta = `/users/${anna}/mailFolders/inbox/messages/delta`;
  const foreign = await graph('GET', `/users/${bo}/mailFolders/inbox/messages/delta`);
  const token = new URL(String(foreign.body['@odata.deltaLink'])).search;
  const cases: readonly [query: string, status: number, code: string][] = [
    ['?$search=x', 400, 'ErrorInvalidUrlQuery'],
    ['?$filter=isRead eq true', 400, 'ErrorInvalidUrlQueryFilter'],
    ['?$orderby=subject', 400, 'ErrorInvalidUrlQuery'],
    ['?$deltatoken=abc', 400, 'ErrorInvalidUrlQuery'],
    [token, 410, 'syncStateNotFound'],
  ];
  for (const [query, status, code] of cases) {
    await t.test(query.slice(0, 30), async () => {
      const reply = await graph('GET', delta + query);
      assert.equal(reply.code, code);
      assert.equal(reply.status, status);
    });
  }
});

test('delta follows $filter receivedDateTime ge', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  const graph = await openGraph(entra, ['Mail.ReadWrite']);
  const anna = entra.contoso.users[0]?.mail;
  await entra.control('POST', '/mail', { from: 'x@outside.example', to: anna, subject: 'old' });
  await entra.control('POST', '/clock', { advanceMs: 60_000 });
  const { now } = await entra.control('GET', '/clock');
  await entra.control('POST', '/clock', { advanceMs: 60_000 });
  await entra.control('POST', '/mail', { from: 'x@outside.example', to: anna, subject: 'new' });
  const reply = await graph(
    'GET',
    `/users/${anna}/mailFolders/inbox/messages/delta?$filter=receivedDateTime ge ${now}`,
  );
  assert.deepEqual(
    reply.value.map((item) => item['subject']),
    ['new'],
  );
});
