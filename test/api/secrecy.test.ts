import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { createOperatorDoor } from '#access';
import { eventWork } from '#events';
import { rawStatement, type Tables, tables } from '#store';
import { dialects } from '../world.ts';
import { eventsOf } from './rest.ts';
import { addTestedConnection, openRestWithTenant } from './rest-with-tenant.ts';

for (const dialect of dialects) {
  test(`nothing secret comes back: not in answers, events, webhooks, log lines or in clear in the database (${dialect})`, async () => {
    const lines: string[] = [];
    const rest = await openRestWithTenant(dialect, {
      log: (about, message) => lines.push(`${message} ${inspect(about, { depth: 10 })}`),
    });
    const answers: string[] = [];
    const key = await rest.issueKey();
    const ask: typeof rest.ask = async (method, path, given) => {
      const answer = await rest.ask(method, path, { key, ...given });
      answers.push(answer.text, JSON.stringify([...answer.headers]));
      return answer;
    };
    /** What must not be seen again, by what it is. */
    const planted = new Map<string, string>();
    const { organization } = rest;
    const connection = 'contoso';

    await addTestedConnection(rest, connection);
    await rest.client()('connections.activate', { connection });
    const stored = await rest.world.store.read(rawStatement('select value from secret'), {});
    assert.equal(stored.length, 1);

    const secretText = 'abc8Q~planted-0123456789-klmnopqrstuvwx';
    planted.set('a client secret', secretText);
    const set = await ask('POST', `/connections/${connection}/secrets`, { body: { value: secretText } });
    assert.equal(set.status, 201);
    assert.equal((await ask('POST', `/connections/${connection}/secrets/${set.body['id']}/activate`)).status, 422);
    const late = { value: secretText, expiresAt: '2020-01-01T00:00:00Z' };
    assert.equal((await ask('POST', `/connections/${connection}/secrets`, { body: late })).status, 400);
    assert.equal((await ask('POST', `/connections/${connection}/secrets`, { body: { valu: secretText } })).status, 400);
    assert.equal(
      (await ask('POST', `/connections/${connection}/secrets`, { body: `{"value":"${secretText}"` })).status,
      400,
    );
    assert.equal((await ask('PATCH', `/connections/${connection}`, { body: { clientId: secretText } })).status, 400);

    const short = 'abc8Q~planted-0123456789-short';
    planted.set('a short secret in malformed JSON', short);
    for (const body of [`{"value":"${short}`, `{"value":'${short}'}`, `"${short}" x`])
      assert.equal((await ask('POST', `/connections/${connection}/secrets`, { body })).status, 400);

    const shownOnce = async (
      what: string,
      path: string,
      body: unknown,
      read: (answer: Record<string, unknown>) => unknown,
    ) => {
      const headers = { 'idempotency-key': `once-${path.length}` };
      const answer = await rest.ask('POST', path, { key, body, headers });
      assert.equal(answer.status, 201, answer.text);
      const value = String(read(answer.body));
      // The last part of a credential is its secret; the part before it only finds it.
      planted.set(what, value.startsWith('pt_') ? value.slice(-43) : value.replace('whsec_', ''));
      return value;
    };
    const token = await shownOnce('a SCIM token', `/directories/${connection}/tokens`, {}, (it) => it['value']);
    const issued = await shownOnce('an API key', '/keys', { name: 'k', rights: ['users:read'] }, (it) => it['value']);
    planted.set('the key of the caller', key.slice(-43));
    await shownOnce(
      'a webhook secret',
      `/organizations/${organization}/webhooks`,
      { url: 'http://127.0.0.1:9/webhook' },
      (it) => it['secret'],
    );
    const link = await shownOnce('a sign-in link', '/operators', { name: 'Ada', role: 'owner' }, (it) =>
      new URL((it['signInLink'] as { url: string }).url).searchParams.get('token'),
    );
    const door = createOperatorDoor(rest.world);
    const { url: origin } = rest.world.config;
    const source = { requestId: 'r', address: '192.0.2.1', userAgent: null };
    const entered = await door(
      new Request(`${origin}/operator/sign-in`, {
        method: 'POST',
        headers: { origin },
        body: new URLSearchParams({ token: link }),
      }),
      source,
    );
    const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    assert.equal(entered.status, 303);
    planted.set('a console session', cookie.slice(-43));
    await door(new Request(`${origin}/operator/sign-in?token=${link}`), source);

    for (const wrong of [token, issued.replace('pt_key_', 'pt_key_0'), cookie])
      await ask('GET', '/session', { key: wrong });
    await ask('GET', '/session', { headers: { cookie } });
    await ask('DELETE', '/session', { headers: { cookie, origin } });
    await ask('GET', `/keys?cursor=${encodeURIComponent(issued)}`);
    for (const path of [
      '/keys',
      '/operators',
      '/events',
      '/connections',
      `/connections/${connection}`,
      `/connections/${connection}/secrets`,
      `/connections/${connection}/plan`,
      `/directories/${connection}/tokens`,
      `/organizations/${organization}/webhooks`,
      `/organizations/${organization}/events`,
    ])
      assert.equal((await ask('GET', path)).status, 200, path);
    await ask('POST', `/connections/${connection}/checks`);

    const events = [...(await eventsOf(rest, organization)), ...(await eventsOf(rest))];
    const due = await rest.world.store.read(rawStatement("select * from due where kind = 'webhooks.deliver'"), {});
    assert.ok(due.length > 0);
    for (const { subject } of due) {
      const work = { kind: 'webhooks.deliver', organizationId: organization, subject: String(subject), attempts: 1 };
      await eventWork['webhooks.deliver']?.(rest.world, work);
    }
    await rest.world.execute("update webhook set secret = 'v1.spoiled'");
    const [one] = due;
    const failing = {
      kind: 'webhooks.deliver',
      organizationId: organization,
      subject: String(one?.['subject']),
      attempts: 1,
    };
    await assert.rejects(
      async () => eventWork['webhooks.deliver']?.(rest.world, failing),
      (error: Error) => {
        lines.push(inspect(error, { depth: 10 }));
        return true;
      },
    );
    await rest.world.execute('update idempotency set answer = null');
    const dump = await Promise.all(
      (Object.keys(tables) as (keyof Tables)[]).map((name) =>
        rest.world.store.read(rawStatement(`select * from ${name}`), {}),
      ),
    );
    planted.set('the sealing key', (rest.world.config.sealingKeys ?? [])[0]?.toString('base64') ?? '');

    assert.equal(planted.size, 9);
    const places = { answers, events, lines, dump };
    for (const [what, value] of planted) {
      assert.ok(value.length >= 30, what);
      for (const [place, seen] of Object.entries(places))
        assert.ok(!JSON.stringify(seen).includes(value), `${what} is in ${place}`);
    }
    await rest.close();
  });
}
