import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openApi } from '#api';
import { type EntryName, entries, problems, rights } from '#contract';
import { createScimDoor } from '#directory';
import type { Tables } from '#store';
import { addTwoCustomers, allEntries, openRest, pathOf, type Rest, type TwoCustomers, validBodies } from './rest.ts';

interface Operation {
  operationId: string;
  description: string;
  parameters: { name: string; in: string; required: boolean; schema: unknown }[];
  requestBody?: { required: boolean; content: Record<string, { schema: unknown }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>;
}
const document = openApi('https://portico.example') as {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};

function* refsIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (key === '$ref') yield String(member);
    else yield* refsIn(member);
  }
}

describe('openapi.json', () => {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));

  test('every entry of the contract is in it once, at its path and method', () => {
    assert.deepEqual(operations.map(({ operationId }) => operationId).sort(), Object.keys(entries).sort());
    for (const [name, entry] of Object.entries(entries))
      assert.equal(document.paths[entry.path]?.[entry.method.toLowerCase()]?.operationId, name);
  });

  test('every reference leads to a schema, and every named schema is used', () => {
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    const used = new Set(refsIn(document));
    assert.deepEqual(
      [...used].filter((ref) => !known.includes(ref)),
      [],
    );
    assert.deepEqual(
      known.filter((name) => !used.has(name)),
      [],
    );
  });

  test('every parameter of a path is declared', () => {
    for (const [path, methods] of Object.entries(document.paths)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters } of Object.values(methods))
        assert.deepEqual(
          parameters.filter((it) => it.in === 'path').map(({ name }) => name),
          names,
        );
    }
  });

  test('each operation tells its right, and the problems of its statuses', () => {
    for (const { operationId, description, responses } of operations) {
      const entry = entries[operationId as EntryName];
      assert.ok(entry.right === 'signed-in' || description.includes(`\`${entry.right}\``), operationId);
      assert.ok(entry.right === 'signed-in' || entry.right in rights);
      for (const name of 'problems' in entry ? entry.problems : []) {
        const response = responses[problems[name].status];
        assert.ok(response?.description.includes(`urn:portico:problem:${name}`), `${operationId}: ${name}`);
      }
      assert.ok(responses['401'] && responses['404'] && responses[entry.status], operationId);
    }
  });

  test('addresses come from PORTICO_URL', () => {
    assert.deepEqual(document.servers, [{ url: 'https://portico.example/api/v1' }]);
  });
});

describe('what the API answers', () => {
  let rest: Rest;
  let customers: TwoCustomers;
  before(async () => {
    rest = await openRest('sqlite', { fetch: () => Promise.reject(new Error('no network here')) });
    customers = await addTwoCustomers(rest);
  });
  after(() => rest.close());

  test('openapi.json is open to everybody, and the same document', async () => {
    const answer = await rest.ask('GET', '/openapi.json');
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, JSON.parse(JSON.stringify(openApi(rest.world.config.url))));
  });

  test('every success has the shape that its entry promises, and its status', async () => {
    const key = await rest.issueKey();
    const call = rest.client();
    const { organization, connection } = customers.ours;
    await call('operators.create', { body: { name: 'Stays', role: 'owner' } });
    await rest.world.execute('update organization set local_sign_in = 1');
    await rest.world.execute(
      "insert into break_glass_use (id, operator_id, operator_name, at, succeeded, address) values ('use-1', 'o', 'O', 1, 1, 'a')",
    );
    const tenant = '"tenantId":"11111111-2222-3333-4444-555555555555"';
    await rest.world.execute(
      `update connection set state = 'active', live = replace(draft, '"tenantId":null', '${tenant}') where id = 'ours-entra'`,
    );
    const mailbox = await call('mailboxes.create', { connection, body: { address: 'orders@contoso.example' } });
    const redirectUris = ['https://product.example/callback'];
    const client = await call('clients.create', { body: { name: 'Product', redirectUris } });
    const params: Record<string, string> = {
      ...customers.ours,
      operator: (await call('operators.create', { body: { name: 'Ada', role: 'owner' } })).id,
      breakGlass: (await call('breakGlass.create', { body: { name: 'Safe' } })).id,
      use: 'use-1',
      invitation: (await call('invitations.create', { organization, body: { connection, name: 'Ada' } })).id,
      webhook: (await call('webhooks.create', { organization, body: { url: 'https://a.example/' } })).id,
      key: (await call('keys.create', { body: { name: 'k', rights: ['users:read'] } })).id,
      token: (await call('tokens.create', { directory: connection, body: {} })).id,
      assertion: (
        await call('assertions.create', {
          directory: connection,
          body: { subject: 's', audience: 'api://a', tenantId: '11111111-2222-3333-4444-555555555555' },
        })
      ).id,
      clientSecret: (await call('clientSecrets.create', { directory: connection, body: {} })).id,
      secret: (await call('secrets.set', { connection, body: { value: 'abc8Q~0123456789abcdefghijklmnopqrstuvwx' } }))
        .id,
      domain: (await call('domains.create', { organization, body: { domain: 'spare.example' } })).domain,
      code: '50020',
      ...(await signSomebodyIn(rest, customers.ours)),
      ...(await provisionSomebody(rest, connection)),
      client: client.id,
      productSecret: (await call('clients.addSecret', { client: client.id, body: {} })).id,
      mailbox: mailbox.id,
      message: (
        await call('messages.send', {
          connection,
          body: { mailbox: mailbox.address, to: ['somebody@fabrikam.example'], subject: 'Hello', text: 'Hello' },
        })
      ).id,
    };
    const seen = new Set<EntryName>();
    // Deletions last, the inner things before those that hold them.
    const order = ['GET', 'POST', 'PATCH', 'DELETE'];
    const depth = (path: string) => path.split('/').length;
    const inOrder = allEntries.toSorted(
      ([, one], [, other]) =>
        order.indexOf(one.method) - order.indexOf(other.method) || depth(other.path) - depth(one.path),
    );
    for (const [name, entry] of inOrder) {
      const { startFrom: _, ...body } = validBodies[name] ?? {};
      const answer = await rest.ask(entry.method, pathOf(entry, params), {
        key,
        ...(entry.body === undefined
          ? {}
          : { body: name === 'connections.create' ? { ...body, id: 'another' } : body }),
      });
      if (answer.status >= 400) continue;
      seen.add(name);
      assert.equal(answer.status, entry.status, name);
      if (entry.answer === undefined) assert.equal(answer.text, '', name);
      else {
        const parsed = entry.answer.safeParse(answer.body);
        assert.ok(parsed.success, `${name}: ${parsed.error?.message}\n${answer.text}`);
        assert.equal(answer.headers.get('content-type'), 'application/json');
      }
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      assert.match(answer.headers.get('x-request-id') ?? '', /^request-\d+$/);
    }
    const others = inOrder.map(([name]) => name).filter((name) => !seen.has(name));
    assert.deepEqual(others.sort(), needTheTenant.sort(), 'these were not answered with success');
  });
});

/** An account with a link and a valid session, as a sign-in leaves them. */
async function signSomebodyIn(
  { world }: Rest,
  { organization, connection }: TwoCustomers['ours'],
): Promise<{ account: string; link: string; session: string; userName: string; passkey: string }> {
  const at = world.now();
  const rows: [table: keyof Tables, row: Record<string, string | number>][] = [
    ['account', { id: 'a', user_name: 'ada', user_name_folded: 'ada', email_verified: 1, disabled: 0, created_at: at }],
    ['user_name', { folded: 'bob', user_name: 'bob', account_id: 'b', past: 1, left_at: at, kept_until: at + 1 }],
    [
      'account_link',
      {
        id: 'l',
        account_id: 'a',
        connection_id: connection,
        authority: 't',
        tenant_id: 't',
        object_id: 'o',
        issuer: 'https://issuer.example',
        subject: 's',
        created_at: at,
      },
    ],
    [
      'account_link',
      {
        id: 'own',
        account_id: 'a',
        connection_id: '',
        authority: 'local',
        object_id: 'ada@elsewhere.example',
        issuer: 'https://portico.example',
        subject: 'a',
        created_at: at,
      },
    ],
    ['local_password', { account_id: 'a', hash: '', set_at: at }],
    [
      'passkey',
      {
        id: 'p',
        account_id: 'a',
        name: 'Key',
        public_key: '',
        counter: 0,
        transports: '[]',
        backed_up: 0,
        created_at: at,
      },
    ],
    [
      'session',
      {
        id: 's',
        hash: '',
        account_id: 'a',
        link_id: 'l',
        connection_id: connection,
        issuer: 'https://issuer.example',
        created_at: at,
        authenticated_at: at,
        signed_in_at: at,
        last_seen_at: at,
        expires_at: at + 3_600_000,
        idle_ms: 3_600_000,
        roles: '[]',
      },
    ],
  ];
  for (const [table, row] of rows) {
    const columns = Object.entries({ organization_id: organization, ...row });
    const values = columns.map(([, value]) => (typeof value === 'number' ? value : `'${value}'`));
    const names = columns.map(([name]) => name);
    await world.execute(`insert into ${table} (${names.join(', ')}) values (${values.join(', ')})`);
  }
  return { account: 'a', link: 'l', session: 's', userName: 'bob', passkey: 'p' };
}

/** A user in a group, as Entra's provisioning leaves them. */
async function provisionSomebody(
  rest: Rest,
  directory: string,
): Promise<{ user: string; group: string; request: string }> {
  const { value } = await rest.client()('tokens.create', { directory, body: {} });
  const scim = createScimDoor(rest.world);
  const add = async (endpoint: string, resource: Record<string, unknown>): Promise<string> => {
    const request = new Request(`${rest.world.config.url}/scim/v2/${directory}${endpoint}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${value}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify(resource),
    });
    const answer = await scim(request, { requestId: 'scim', address: '192.0.2.1', userAgent: null });
    assert.equal(answer.status, 201);
    const made: { id: string } = JSON.parse(await answer.text());
    return made.id;
  };
  const core = 'urn:ietf:params:scim:schemas:core:2.0';
  const user = await add('/Users', { schemas: [`${core}:User`], userName: 'ada@contoso.example', active: true });
  const members = [{ value: user }];
  const group = await add('/Groups', { schemas: [`${core}:Group`], displayName: 'Everybody', members });
  await scim.close();
  const { items } = await rest.client()('requests.list', { directory });
  return { user, group, request: items[0]?.id ?? '' };
}

/** Entries that succeed only with a tenant at the other end, or in a state that their own tests make. */
const needTheTenant = [
  'accessRequests.get',
  'accessRequests.approve',
  'accessRequests.decline',
  'accessRequests.delete',
  'domains.verify',
  'connections.start',
  'connections.test',
  'connections.testSignIn',
  'connections.signInTest',
  'breakGlass.acknowledge',
  'connections.activate',
  'connections.rollback',
  'secrets.rotate',
  'session.end',
  'sessions.end',
  'messages.send',
  'organizations.delete',
  'refusedSignIns.explain',
];
