import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Caller, issueKey } from '#access';
import { allRights, createClient } from '#contract';
import { createSealer, rawStatement, type Tables, tables } from '#store';
import { type Stage, setStage } from '../signin/stage.ts';

type Row = Record<string, unknown>;

/** Every column that holds sealed values, and what of its row they are bound to beside table and column. */
const sealed: Readonly<Record<string, (row: Row) => { organizationId: unknown; id: unknown }>> = {
  'secret.value': (row) => ({ organizationId: row['organization_id'], id: row['id'] }),
  'webhook.secret': (row) => ({ organizationId: row['organization_id'], id: row['id'] }),
  'sign_in_request.code_verifier': (row) => ({ organizationId: row['organization_id'], id: row['id'] }),
  'sign_in_request.answer': (row) => ({ organizationId: row['organization_id'], id: row['id'] }),
  'idempotency.answer': (row) => ({ organizationId: row['caller_id'], id: row['key'] }),
  'provider_artifact.payload': (row) => ({ organizationId: '', id: row['id'] }),
  'provider_key.key': (row) => ({ organizationId: '', id: `${row['alg']}.${row['number']}` }),
};

describe('every sealed value opens in its own place, and in no other', () => {
  let stage: Stage;
  before(async () => {
    stage = await setStage('sqlite');
    const { world, url, organizationId: organization } = stage;
    const owner: Caller = {
      type: 'operator',
      id: 'owner',
      name: 'Owner',
      rights: new Set(allRights),
      organization: null,
      expiresAt: world.now() + 1000,
      sessionId: null,
      source: { requestId: 'request', address: '192.0.2.1', userAgent: null },
    };
    const key = await issueKey(world, owner, { name: 'k', rights: [...allRights], organization: null });
    const call = createClient({ url, key: key.value });
    await call('webhooks.create', { organization, body: { url: 'https://a.example/' }, idempotencyKey: 'once' });
    const redirectUri = 'https://product.example/callback';
    const client = await call('clients.create', { body: { name: 'Product', redirectUris: [redirectUri] } });
    const query = new URLSearchParams({
      client_id: client.id,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid',
      state: 'state',
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
    });
    await fetch(`${url}/oidc/auth?${query}`, { redirect: 'manual' });
    await fetch(`${url}/oidc/jwks`);
    const start = await fetch(`${url}/oauth/login/${stage.connection}`, { redirect: 'manual' });
    const state = new URL(start.headers.get('location') ?? '').searchParams.get('state') ?? '';
    const body = new URLSearchParams({ state, code: 'c' });
    await fetch(`${url}/oauth/login/${stage.connection}/callback`, { method: 'POST', body, redirect: 'manual' });
  });
  after(() => stage.close());

  test('no column holds sealed values that is not listed here, and every listed one has some', async () => {
    const found = new Set<string>();
    for (const name of Object.keys(tables) as (keyof Tables)[])
      for (const row of await stage.world.store.read(rawStatement(`select * from ${name}`), {}))
        for (const [column, value] of Object.entries(row))
          if (/^v1\.[0-9a-f]{8}\.[\w-]{16}\./.test(String(value))) found.add(`${name}.${column}`);
    assert.deepEqual([...found].sort(), Object.keys(sealed).sort());
  });

  for (const [where, bindingOf] of Object.entries(sealed)) {
    test(where, async () => {
      const [table = '', column = ''] = where.split('.');
      const { store, config } = stage.world;
      const sealer = createSealer(config.sealingKeys ?? []);
      const rows = await store.read(rawStatement(`select * from ${table} where ${column} is not null`), {});
      assert.ok(rows.length > 0);
      for (const row of rows) {
        const { organizationId, id } = bindingOf(row);
        const place = { table, organizationId: String(organizationId), id: String(id), column };
        const value = String(row[column]);
        assert.ok(sealer.open(value, place).length > 0);
        for (const part of Object.keys(place)) assert.throws(() => sealer.open(value, { ...place, [part]: 'other' }));
      }
    });
  }
});
