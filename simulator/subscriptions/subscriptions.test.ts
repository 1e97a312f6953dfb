import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'node:test';
import { advance, exchangeAdmin } from '../test-exchange.ts';
import { type Graph, openGraph } from '../test-graph.ts';
import { readObject, startTestEntra, type TestEntra } from '../test-tenant.ts';

const start = Date.UTC(2026, 10, 21, 12);
const inMinutes = (minutes: number): string => new Date(start + minutes * 60_000).toISOString();

/** What the endpoint was sent, and how it answers. */
type Endpoint = {
  readonly url: string;
  readonly received: Record<string, unknown>[];
  readonly validated: string[];
  /** Status of the answer to a notification. */
  status: number;
  /** How many notifications it did not take. */
  refused: number;
  /** What it answers to the validation token; the token itself, when undefined. */
  echo: string | undefined;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

async function openEndpoint(): Promise<Endpoint> {
  const server = createServer(async (request: IncomingMessage, response) => {
    const token = new URL(request.url ?? '', 'http://localhost').searchParams.get('validationToken');
    if (token !== null) {
      endpoint.validated.push(`${request.method} ${request.url?.split('?')[0]}`);
      response.writeHead(200, { 'content-type': 'text/plain' }).end(endpoint.echo ?? token);
      return;
    }
    let text = '';
    for await (const piece of request) text += String(piece);
    if (endpoint.status < 300) endpoint.received.push({ path: request.url, ...readObject(text) });
    else endpoint.refused += 1;
    response.writeHead(endpoint.status).end();
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint: Endpoint = {
    url: `http://127.0.0.1:${port}`,
    received: [],
    validated: [],
    status: 202,
    refused: 0,
    echo: undefined,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return endpoint;
}

/** All entries the endpoint got at a path, once there are so many. */
async function entries(endpoint: Endpoint, path: string, count: number): Promise<Record<string, unknown>[]> {
  for (let tries = 0; ; tries += 1) {
    const found = endpoint.received
      .filter((request) => request['path'] === path)
      .flatMap(({ value }) => value as Record<string, unknown>[]);
    if (found.length >= count) return found;
    assert.ok(tries < 200, `${path}: ${JSON.stringify(endpoint.received)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Waits until the endpoint refused so many. */
async function refusals(endpoint: Endpoint, count: number): Promise<void> {
  for (let tries = 0; endpoint.refused < count; tries += 1) {
    assert.ok(tries < 500, `${endpoint.refused} refused`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  // The answer has to arrive, too.
  await quiet();
}

const quiet = () => new Promise((resolve) => setTimeout(resolve, 120));

async function stage(entra: TestEntra): Promise<{ graph: Graph; anna: { id: string; mail: string } }> {
  await exchangeAdmin(entra)('PATCH', '/simulation', { notificationsByHttp: true });
  const [anna] = entra.contoso.users;
  return {
    graph: await openGraph(entra, ['Mail.ReadWrite']),
    anna: { id: String(anna?.id), mail: String(anna?.mail) },
  };
}

const wanted = (endpoint: Endpoint, user: string, more: Record<string, unknown> = {}) => ({
  changeType: 'created',
  notificationUrl: `${endpoint.url}/hook`,
  lifecycleNotificationUrl: `${endpoint.url}/life`,
  resource: `users/${user}/mailFolders('inbox')/messages`,
  expirationDateTime: inMinutes(120),
  clientState: 'secret',
  ...more,
});

test('a subscription is created after both addresses sent the decoded token back, and hears of a new message', async () => {
  await using endpoint = await openEndpoint();
  await using entra = await startTestEntra({ users: 2, groups: 0, now: () => start });
  const { graph, anna } = await stage(entra);
  const made = await graph('POST', '/subscriptions', wanted(endpoint, anna.mail));
  assert.equal(made.status, 201, made.text);
  assert.deepEqual(endpoint.validated, ['POST /hook', 'POST /life']);
  await entra.control('POST', '/mail', { from: 'x@outside.example', to: anna.mail, subject: 'new' });
  const [entry] = await entries(endpoint, '/hook', 1);
  const inbox = await graph('GET', `/users/${anna.id}/mailFolders/inbox/messages`);
  const id = inbox.value[0]?.['id'];
  assert.deepEqual(entry, {
    subscriptionId: made.body['id'],
    subscriptionExpirationDateTime: inMinutes(120).replace('.000Z', 'Z'),
    tenantId: entra.contoso.id,
    clientState: 'secret',
    changeType: 'created',
    resource: `Users/${anna.id}/Messages/${id}`,
    resourceData: {
      '@odata.type': '#Microsoft.Graph.Message',
      '@odata.id': `Users/${anna.id}/Messages/${id}`,
      '@odata.etag': inbox.value[0]?.['@odata.etag'],
      id,
    },
  });
  await graph('PATCH', `/users/${anna.id}/messages/${id}`, { isRead: true });
  await quiet();
  assert.equal(endpoint.received.length, 1, 'changeType created hears of nothing else');
});

test('created, updated and deleted, in every folder, batched by address', async () => {
  await using endpoint = await openEndpoint();
  await using entra = await startTestEntra({ users: 2, groups: 0, now: () => start });
  const { graph, anna } = await stage(entra);
  const resource = `/users/${anna.id}/messages`;
  const more = { changeType: 'created,updated,deleted', resource, lifecycleNotificationUrl: undefined };
  await graph('POST', '/subscriptions', wanted(endpoint, anna.id, more), { prefer: 'IdType="ImmutableId"' });
  const draft = await graph('POST', resource, { subject: 'one' }, { prefer: 'IdType="ImmutableId"' });
  await entries(endpoint, '/hook', 1);
  await graph('PATCH', `${resource}/${draft.body['id']}`, { subject: 'two' });
  await entries(endpoint, '/hook', 2);
  await graph('DELETE', `${resource}/${draft.body['id']}`);
  await graph('DELETE', `${resource}/${draft.body['id']}`);
  const all = await entries(endpoint, '/hook', 4);
  assert.deepEqual(
    all.slice(0, 2).map(({ changeType }) => changeType),
    ['created', 'updated'],
  );
  assert.ok(all.slice(2).some(({ changeType }) => changeType === 'deleted'));
});

test('a notification that is not taken is sent again, by the simulated clock; after four hours it is missed', async () => {
  await using endpoint = await openEndpoint();
  await using entra = await startTestEntra({ users: 2, groups: 0, now: () => start });
  const { graph, anna } = await stage(entra);
  await graph('POST', '/subscriptions', wanted(endpoint, anna.mail, { expirationDateTime: inMinutes(600) }));
  endpoint.status = 503;
  await entra.control('POST', '/mail', { from: 'x@outside.example', to: anna.mail });
  await refusals(endpoint, 1);
  endpoint.status = 200;
  await quiet();
  assert.equal(endpoint.received.length, 0, 'it waits its time');
  await advance(entra, 1);
  assert.equal((await entries(endpoint, '/hook', 1)).length, 1);
  endpoint.status = 500;
  await entra.control('POST', '/mail', { from: 'x@outside.example', to: anna.mail });
  await refusals(endpoint, 2);
  await advance(entra, 241);
  // The notification once more, then the lifecycle event in its place.
  await refusals(endpoint, 4);
  endpoint.status = 200;
  await advance(entra, 1);
  assert.equal((await entries(endpoint, '/life', 1))[0]?.['lifecycleEvent'], 'missed');
  assert.equal((await entries(endpoint, '/hook', 1)).length, 1);
});

test('fault lifecycle-event: reauthorizationRequired pauses until reauthorized, subscriptionRemoved removes, missed replaces', async () => {
  await using endpoint = await openEndpoint();
  await using entra = await startTestEntra({ users: 2, groups: 0, now: () => start });
  const { graph, anna } = await stage(entra);
  const send = (): Promise<unknown> => entra.control('POST', '/mail', { from: 'x@outside.example', to: anna.mail });
  const call = (event: string): Promise<unknown> =>
    entra.control('POST', '/faults', { name: 'lifecycle-event', event });
  const { body } = await graph('POST', '/subscriptions', wanted(endpoint, anna.mail));
  await call('reauthorizationRequired');
  const [first] = await entries(endpoint, '/life', 1);
  assert.deepEqual(first, {
    subscriptionId: body['id'],
    subscriptionExpirationDateTime: inMinutes(120).replace('.000Z', 'Z'),
    tenantId: entra.contoso.id,
    clientState: 'secret',
    lifecycleEvent: 'reauthorizationRequired',
  });
  await send();
  await quiet();
  assert.equal((await entries(endpoint, '/hook', 0)).length, 0);
  assert.equal((await graph('POST', `/subscriptions/${body['id']}/reauthorize`)).status, 204);
  await send();
  assert.equal((await entries(endpoint, '/hook', 1)).length, 1, 'what was passed over is not told later');
  await call('missed');
  await send();
  assert.equal((await entries(endpoint, '/life', 2))[1]?.['lifecycleEvent'], 'missed');
  await send();
  assert.equal((await entries(endpoint, '/hook', 2)).length, 2);
  await call('subscriptionRemoved');
  assert.equal((await entries(endpoint, '/life', 3))[2]?.['lifecycleEvent'], 'subscriptionRemoved');
  assert.equal((await graph('GET', `/subscriptions/${body['id']}`)).code, 'ResourceNotFound');
});

test('life: shorter than 45 minutes is made 45, renewed by PATCH, ended by DELETE or by time; only the app’s own', async () => {
  await using endpoint = await openEndpoint();
  await using entra = await startTestEntra({ users: 2, groups: 0, now: () => start });
  const { graph, anna } = await stage(entra);
  const short = wanted(endpoint, anna.mail, { expirationDateTime: inMinutes(5) });
  const made = await graph('POST', '/subscriptions', short);
  assert.equal(made.body['expirationDateTime'], inMinutes(45).replace('.000Z', 'Z'));
  const path = `/subscriptions/${made.body['id']}`;
  const renewed = await graph('PATCH', path, { expirationDateTime: inMinutes(10_080) });
  assert.equal(renewed.body['expirationDateTime'], inMinutes(10_080).replace('.000Z', 'Z'));
  assert.deepEqual(
    (await graph('GET', '/subscriptions')).value.map(({ id }) => id),
    [made.body['id']],
  );
  const other = await openGraph(entra, ['Mail.Read']);
  assert.equal((await other('DELETE', path)).status, 404);
  assert.equal((await graph('DELETE', path)).status, 204);
  await graph('POST', '/subscriptions', short);
  await advance(entra, 46);
  await entra.control('POST', '/mail', { from: 'x@outside.example', to: anna.mail });
  await quiet();
  assert.equal(endpoint.received.length, 0);
  assert.deepEqual((await graph('GET', '/subscriptions')).value, []);
});

test('subscriptions: refusals', async (t) => {
  await using endpoint = await openEndpoint();
  await using entra = await startTestEntra({ users: 2, groups: 0, now: () => start });
  const { graph, anna } = await stage(entra);
  const cases: readonly [name: string, more: Record<string, unknown>, status: number, code: string, message: RegExp][] =
    [
      ['longer than 10,080 minutes', { expirationDateTime: inMinutes(10_081) }, 400, 'InvalidRequest', /10080 minutes/],
      ['in the past', { expirationDateTime: inMinutes(-1) }, 400, 'InvalidRequest', /future/],
      ['clientState of 129 characters', { clientState: 'x'.repeat(129) }, 400, 'InvalidRequest', /128/],
      ['unknown change', { changeType: 'created,moved' }, 400, 'InvalidRequest', /'moved'/],
      ['another resource', { resource: 'users' }, 400, 'InvalidRequest', /cannot be subscribed/],
      [
        'a folder that is not there',
        { resource: `users/${anna.id}/mailFolders/x/messages` },
        404,
        'ErrorItemNotFound',
        /store/,
      ],
      ['http elsewhere', { notificationUrl: 'http://product.example/hook' }, 400, 'InvalidRequest', /https/],
      [
        'nobody answers',
        { notificationUrl: 'http://127.0.0.1:1/hook' },
        400,
        'InvalidRequest',
        /validation request failed/,
      ],
      [
        'lifecycle address does not answer',
        { lifecycleNotificationUrl: 'http://127.0.0.1:1/x' },
        400,
        'InvalidRequest',
        /validation/,
      ],
    ];
  for (const [name, more, status, code, message] of cases) {
    await t.test(name, async () => {
      const reply = await graph('POST', '/subscriptions', wanted(endpoint, anna.mail, more));
      assert.deepEqual([reply.code, reply.status], [code, status], reply.text);
      assert.match(reply.text, message);
    });
  }
  endpoint.echo = 'something else';
  assert.match((await graph('POST', '/subscriptions', wanted(endpoint, anna.mail))).text, /URL-decoded/);
  endpoint.echo = undefined;
  await exchangeAdmin(entra)('PATCH', '/simulation', { notificationsByHttp: false });
  assert.match((await graph('POST', '/subscriptions', wanted(endpoint, anna.mail))).text, /must be an https address/);
  const blind = await openGraph(entra, ['Mail.Send']);
  assert.equal((await blind('POST', '/subscriptions', wanted(endpoint, anna.mail))).status, 400);
  await exchangeAdmin(entra)('PATCH', '/simulation', { notificationsByHttp: true });
  assert.equal((await blind('POST', '/subscriptions', wanted(endpoint, anna.mail))).code, 'ErrorAccessDenied');
});
