import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listen, type Said, type SeenRequest } from '../../test/entra/local-tenant.ts';
import { graph } from './graph.ts';
import { GraphError, readRetryAfter } from './graph-error.ts';

const refused = (status: number, code: string, headers: Record<string, string> = {}): Said => ({
  status,
  headers,
  json: { error: { code, message: `said ${code}`, innerError: { 'request-id': 'inner-1' } } },
});

async function client(answer: (request: SeenRequest, count: number) => Said) {
  const server = await listen((request) => answer(request, server.seen.length));
  const warnings: unknown[] = [];
  const log = { warn: (fields: unknown) => void warnings.push(fields) };
  const at = graph({ cloud: { graphOrigin: server.url }, token: async () => 'at-1', fetch, now: Date.now, log });
  return { server, at, warnings, [Symbol.asyncDispose]: server.close };
}

async function failureOf(promise: Promise<unknown>): Promise<GraphError> {
  const error = await promise.catch((thrown: unknown) => thrown);
  assert.ok(error instanceof GraphError, String(error));
  return error;
}

test('a request goes below /v1.0 with the token, the query and JSON', async () => {
  await using graphAt = await client(() => ({ json: { id: 'x' } }));
  const answer = await graphAt.at.request('PATCH', '/users/a%20b', { query: { $select: 'id' }, body: { a: 1 } });
  assert.deepEqual(answer.body, { id: 'x' });
  const [seen] = graphAt.server.seen;
  assert.deepEqual([seen?.method, seen?.path, seen?.query.get('$select')], ['PATCH', '/v1.0/users/a b', 'id']);
  assert.equal(seen?.headers.authorization, 'Bearer at-1');
  assert.equal(seen?.headers['content-type'], 'application/json');
  assert.equal(seen?.body, '{"a":1}');
});

for (const status of [429, 503, 504]) {
  test(`§2.5: a GET answered with ${status} is repeated after a fractional Retry-After`, async () => {
    await using graphAt = await client((_, count) =>
      count < 3 ? refused(status, 'x', { 'retry-after': '0.05' }) : { json: 1 },
    );
    const begun = Date.now();
    assert.equal((await graphAt.at.request('GET', '/me')).body, 1);
    assert.equal(graphAt.server.seen.length, 3);
    assert.ok(Date.now() - begun >= 95);
    assert.equal(graphAt.warnings.length, 2);
  });
}

test('repeating ends after three times', async () => {
  await using graphAt = await client(() => refused(503, 'ServiceUnavailable', { 'retry-after': '0' }));
  assert.equal((await failureOf(graphAt.at.request('GET', '/me'))).status, 503);
  assert.equal(graphAt.server.seen.length, 4);
});

test('a long Retry-After is handed to the caller instead of waited for', async () => {
  await using graphAt = await client(() => refused(429, 'ApplicationThrottled', { 'retry-after': '120.5' }));
  const error = await failureOf(graphAt.at.request('GET', '/me'));
  assert.equal(error.retryAfterMs, 120_500);
  assert.match(error.remedy ?? '', /limits are reached/);
  assert.equal(graphAt.server.seen.length, 1);
});

for (const status of [429, 503, 504]) {
  test(`a POST answered with ${status} is never repeated`, async () => {
    await using graphAt = await client(() => refused(status, 'x', { 'retry-after': '0' }));
    assert.equal((await failureOf(graphAt.at.request('POST', '/me/sendMail', { body: {} }))).status, status);
    assert.equal(graphAt.server.seen.length, 1);
  });
}

test('a lost answer is uncertain; a refusal is not', async () => {
  await using lost = await client(() => ({ broken: true }));
  const error = await failureOf(lost.at.request('POST', '/me/sendMail', { body: {} }));
  assert.deepEqual([error.code, error.status, error.uncertain, error.transient], ['unreachable', 0, true, true]);
  await using no = await client(() => refused(403, 'ErrorAccessDenied'));
  const denied = await failureOf(no.at.request('POST', '/me/sendMail', { body: {} }));
  assert.deepEqual([denied.uncertain, denied.transient], [false, false]);
  const throttled = new GraphError({ status: 429, code: 'x', message: '' });
  assert.deepEqual([throttled.uncertain, throttled.transient], [false, true]);
});

test("an error carries Graph's code, sentence and request id", async () => {
  await using graphAt = await client(() => refused(404, 'MailboxNotEnabledForRESTAPI', { 'request-id': 'outer-1' }));
  const error = await failureOf(graphAt.at.request('GET', '/users/x'));
  assert.deepEqual(
    [error.status, error.code, error.message, error.requestId],
    [404, 'MailboxNotEnabledForRESTAPI', 'said MailboxNotEnabledForRESTAPI', 'outer-1'],
  );
});

test("an answer that is not Graph's is unreadable; a redirect is not followed", async () => {
  await using page = await client(() => ({ status: 403, text: '<html>' }));
  assert.equal((await failureOf(page.at.request('GET', '/me'))).code, 'unreadable');
  await using away = await client(() => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } }));
  assert.equal((await failureOf(away.at.request('GET', '/me'))).status, 302);
});

const remedies: readonly (readonly [number, string, RegExp])[] = [
  [403, 'ErrorAccessDenied', /up to 2 hours/],
  [403, 'Authorization_RequestDenied', /lacks a permission/],
  [403, 'ErrorSendAsDenied', /Set From/],
  [404, 'MailboxNotEnabledForRESTAPI', /licensed cloud mailbox/],
  [404, 'ErrorInvalidUser', /No such address/],
  [401, 'InvalidAuthenticationToken', /audience/],
  [413, 'anything', /too large/],
  [400, 'ErrorMessageSizeExceeded', /too large/],
];
for (const [status, code, remedy] of remedies) {
  test(`§3.6: ${status} ${code} comes with a remedy`, () => {
    assert.match(new GraphError({ status, code, message: '' }).remedy ?? '', remedy);
  });
}

test('§2.5: Retry-After in seconds, fractions of them, and as a date', () => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  const read = (value: string | null) => readRetryAfter(value, now);
  assert.deepEqual([read('7'), read('2.128'), read('0')], [7000, 2128, 0]);
  assert.equal(read('Fri, 20 Nov 2026 12:00:09 GMT'), 9000);
  assert.equal(read('Fri, 20 Nov 2026 11:00:00 GMT'), 0);
  assert.deepEqual([read(null), read(''), read('soon')], [undefined, undefined, undefined]);
});

test('attack: a link to another host, scheme or path is not followed, so the token stays here', async () => {
  await using graphAt = await client(() => ({ json: {} }));
  const { port, host } = new URL(graphAt.server.url);
  const links = [
    'https://evil.example/v1.0/x',
    `http://localhost:${port}/v1.0/x`,
    `https://${host}/v1.0/x`,
    `http://user@${host}/v1.0/x`,
    `http://${host}@evil.example/v1.0/x`,
    `${graphAt.server.url}/beta/x`,
    `${graphAt.server.url}/v1.0/../evil`,
    '/v1.0/x',
    '',
  ];
  for (const link of links) assert.equal((await failureOf(graphAt.at.follow(link))).code, 'foreignLink', link);
  assert.equal(graphAt.server.seen.length, 0);
  await graphAt.at.follow(`${graphAt.server.url}/v1.0/x?$skiptoken=1`);
  assert.equal(graphAt.server.seen[0]?.query.get('$skiptoken'), '1');
});
