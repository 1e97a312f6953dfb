import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createOperatorDoor, firstLink } from '#access';
import { dialects } from '../world.ts';
import { eventsOf, openRest, type Rest } from './rest.ts';

const hour = 3_600_000;

/** The same credential with another secret: its id is known, its hash does not fit. */
const withOtherSecret = (credential: string): string =>
  credential.slice(0, -1) + (credential.endsWith('A') ? 'B' : 'A');

for (const dialect of dialects) {
  describe(`API keys (${dialect})`, () => {
    let rest: Rest;
    before(async () => {
      rest = await openRest(dialect, { now: Date.UTC(2027, 0, 1) });
    });
    after(() => rest.close());
    const status = async (key: string, address = '192.0.2.1') =>
      (await rest.ask('GET', '/session', { key, address })).status;

    test('a key opens until its end, and not at its end', async () => {
      const end = rest.world.clock.now + hour;
      const key = await rest.issueKey(undefined, null, new Date(end).toISOString());
      assert.equal(await status(key), 200);
      rest.world.clock.now = end - 1;
      assert.equal(await status(key), 200);
      rest.world.clock.now = end;
      assert.equal(await status(key), 401);
    });

    test('the id of a key with another secret opens nothing', async () => {
      assert.equal(await status(withOtherSecret(await rest.issueKey())), 401);
    });

    test('a revoked key opens nothing from that moment on', async () => {
      const key = await rest.issueKey();
      const [, , id = ''] = key.split('_');
      await rest.client()('keys.revoke', { key: id });
      assert.equal(await status(key), 401);
    });

    test('a key of one organization issues none for another, nor for all', async () => {
      const own = await rest.client()('organizations.create', { body: { name: 'Own' } });
      const other = await rest.client()('organizations.create', { body: { name: 'Other' } });
      const key = await rest.issueKey(undefined, own.id);
      const issue = (organization: string | null) =>
        rest.ask('POST', '/keys', { key, body: { name: 'more', rights: ['users:read'], organization } });
      for (const organization of [null, other.id]) {
        const { status, problem } = await issue(organization);
        assert.ok(status === 400 || status === 403 || status === 404, `${status} ${problem.detail}`);
      }
      assert.equal((await rest.client()('keys.list', {})).items.filter(({ name }) => name === 'more').length, 0);
      assert.equal((await issue(own.id)).status, 201);
      assert.equal((await rest.ask('GET', `/organizations/${own.id}`, { key })).status, 200);
    });

    test('a credential of another kind is no API key', async () => {
      const key = await rest.issueKey();
      for (const kind of ['scim', 'console', 'link', 'client'])
        assert.equal(await status(key.replace('pt_key_', `pt_${kind}_`)), 401);
      const basic = `Basic ${Buffer.from(`key:${key}`).toString('base64')}`;
      assert.equal((await rest.ask('GET', '/session', { headers: { authorization: basic } })).status, 401);
    });

    test('attack: who may only change operators makes no owner, lets none in, and makes nobody one', async () => {
      const call = rest.client(await rest.issueKey(['operators:read', 'operators:update']));
      const owner = await rest.client()('operators.create', { body: { name: 'Owner', role: 'owner' } });
      const reader = await rest.client()('operators.create', { body: { name: 'Reader', role: 'reader' } });
      const attempts = [
        () => call('operators.create', { body: { name: 'Eve', role: 'owner' } }),
        () => call('operators.link', { operator: owner.id }),
        () => call('operators.update', { operator: reader.id, body: { role: 'owner' } }),
        () => call('operators.delete', { operator: owner.id }),
        () => call('breakGlass.create', { body: { name: 'Eve' } }),
        () => call('breakGlass.renew', { breakGlass: owner.id }),
      ];
      for (const attempt of attempts)
        await assert.rejects(attempt, (error: { problem: { type: string } }) => {
          assert.equal(error.problem.type, 'urn:portico:problem:missing-right');
          return true;
        });
    });

    test('session.get tells a key its rights, its organization and its end', async () => {
      const organization = await rest.client()('organizations.create', { body: { name: 'Of the key' } });
      const end = new Date(rest.world.clock.now + hour).toISOString();
      const key = await rest.issueKey(['users:read', 'events:read'], organization.id, end);
      const { actor, ...seen } = await rest.client(key)('session.get', {});
      assert.deepEqual([actor.type, actor.name], ['key', 'test']);
      assert.deepEqual(seen, {
        rights: ['users:read', 'events:read'],
        organization: organization.id,
        expiresAt: end,
      });
    });

    test('a key lives a year unless told, ten years at most, and ends in the future', async () => {
      const call = rest.client();
      const issue = (expiresAt?: number) =>
        call('keys.create', {
          body: {
            name: 'k',
            rights: ['users:read'],
            ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }),
          },
        });
      const now = rest.world.clock.now;
      assert.equal(Date.parse((await issue()).expiresAt), now + 365 * 24 * hour);
      await issue(now + 3650 * 24 * hour);
      for (const end of [now, now - hour, now + 3660 * 24 * hour])
        await assert.rejects(issue(end), (error: { problem: { status: number; errors: { field: string }[] } }) => {
          assert.deepEqual([error.problem.status, error.problem.errors[0]?.field], [400, 'expiresAt']);
          return true;
        });
    });

    test('thirty failures from an address: then 429 with Retry-After, at that address only, and not for a valid key', async () => {
      const address = '203.0.113.7';
      const good = await rest.issueKey();
      for (let failure = 0; failure < 30; failure++) assert.equal(await status(withOtherSecret(good), address), 401);
      const answer = await rest.ask('GET', '/session', { key: withOtherSecret(good), address });
      assert.equal(answer.status, 429);
      assert.equal(answer.problem.type, 'urn:portico:problem:too-many-requests');
      const wait = Number(answer.headers.get('retry-after'));
      assert.ok(wait > 0 && wait <= 60, `Retry-After is ${wait}`);
      assert.equal(await status(withOtherSecret(good), '203.0.113.8'), 401);
      assert.equal(await status(good, address), 200);
      const events = await eventsOf(rest, undefined, 'authentication.failed');
      assert.equal(events.filter(({ actor }) => actor.address === address).length, 30, 'each failure is an event');
    });
  });

  describe(`operators at the console (${dialect})`, () => {
    let rest: Rest;
    let door: ReturnType<typeof createOperatorDoor>;
    let origin: string;
    before(async () => {
      rest = await openRest(dialect, { now: Date.UTC(2027, 0, 1) });
      door = createOperatorDoor(rest.world);
      origin = rest.world.config.url;
    });
    after(() => rest.close());

    const source = { requestId: 'request', address: '192.0.2.9', userAgent: null };
    const open = (url: string) => door(new Request(url), source);
    const enter = (token: string, headers: Record<string, string> = { origin }, address = source.address) =>
      door(
        new Request(`${origin}/operator/sign-in`, { method: 'POST', headers, body: new URLSearchParams({ token }) }),
        { ...source, address },
      );
    const tokenOf = (url: string) => new URL(url).searchParams.get('token') ?? '';
    const newOperator = async (role: 'owner' | 'reader' = 'owner') =>
      rest.client()('operators.create', { body: { name: 'Ada', role } });
    /** Signs a new operator in; gives the cookie to send. */
    const signIn = async (role: 'owner' | 'reader' = 'owner') => {
      const operator = await newOperator(role);
      const answer = await enter(tokenOf(operator.signInLink.url));
      assert.equal(answer.status, 303);
      const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
      return { operator, cookie };
    };
    const ask = (cookie: string, method = 'GET', path = '/session', headers: Record<string, string> = {}) =>
      rest.ask(method, path, { headers: { cookie, ...headers } });

    test('the link shows a button and is not used up by looking; the button signs in, once', async () => {
      const { url } = (await newOperator()).signInLink;
      for (let look = 0; look < 2; look++) {
        const page = await open(url);
        assert.equal(page.status, 200);
        assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
      }
      const answer = await enter(tokenOf(url));
      assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/']);
      assert.match(
        answer.headers.get('set-cookie') ?? '',
        /^__Host-portico_console=pt_console_[0-9a-f]{24}_[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; Secure; SameSite=Strict$/,
      );
      assert.equal((await enter(tokenOf(url))).status, 403);
      assert.equal((await open(url)).status, 403);
    });

    test('a link ends after an hour', async () => {
      const { url } = (await newOperator()).signInLink;
      rest.world.clock.now += hour - 1;
      assert.equal((await open(url)).status, 200);
      rest.world.clock.now += 1;
      assert.equal((await open(url)).status, 403);
      assert.equal((await enter(tokenOf(url))).status, 403);
    });

    test('the id of a link with another secret signs nobody in', async () => {
      const token = tokenOf((await newOperator()).signInLink.url);
      assert.equal((await open(`${origin}/operator/sign-in?token=${withOtherSecret(token)}`)).status, 403);
      assert.equal((await enter(withOtherSecret(token))).status, 403);
      assert.equal((await enter(token)).status, 303, 'the link itself still works');
    });

    test('the button works from our own pages only', async () => {
      const token = tokenOf((await newOperator()).signInLink.url);
      for (const headers of [{ origin: 'https://elsewhere.example' }, { origin: 'null' }, {}])
        assert.equal((await enter(token, headers)).status, 403);
      assert.equal((await enter(token)).status, 303);
    });

    test('wrong links count: after thirty the door is closed to that address', async () => {
      const address = '203.0.113.50';
      for (let failure = 0; failure < 30; failure++) assert.equal((await enter('x', { origin }, address)).status, 403);
      assert.equal((await enter('x', { origin }, address)).status, 429);
      const looking = '203.0.113.51';
      const look = () => door(new Request(`${origin}/operator/sign-in?token=x`), { ...source, address: looking });
      for (let failure = 0; failure < 30; failure++) assert.equal((await look()).status, 403);
      assert.equal((await look()).status, 429);
    });

    test('a session reads without an Origin, and changes only with our own', async () => {
      const { cookie } = await signIn();
      assert.equal((await ask(cookie)).status, 200);
      const change = (headers: Record<string, string>) =>
        rest.ask('POST', '/organizations', { headers: { cookie, ...headers }, body: { name: 'From the console' } });
      for (const headers of [{}, { origin: 'https://elsewhere.example' }, { origin: `${origin}.elsewhere.example` }]) {
        const refused = await change(headers);
        assert.deepEqual([refused.status, refused.problem.type], [403, 'urn:portico:problem:cross-site']);
      }
      assert.equal((await change({ origin })).status, 201);
    });

    test('a cookie that is no session of ours is nobody', async () => {
      for (const value of ['', 'x', 'pt_console_', `pt_key_${'0'.repeat(24)}_${'A'.repeat(43)}`])
        assert.equal((await ask(`__Host-portico_console=${value}`)).status, 401, value);
    });

    test('the id of a session with another secret is nobody', async () => {
      const { cookie } = await signIn();
      assert.equal((await ask(withOtherSecret(cookie))).status, 401);
      assert.equal((await ask(cookie)).status, 200);
    });

    test('a session has the rights of its role at the moment', async () => {
      const { cookie, operator } = await signIn('reader');
      const create = () =>
        rest.ask('POST', '/organizations', { headers: { cookie, origin }, body: { name: 'By a reader' } });
      assert.equal((await create()).problem['right'], 'organizations:create');
      await rest.client()('operators.update', { operator: operator.id, body: { role: 'administrator' } });
      assert.equal((await create()).status, 201);
    });

    test('a session ends after two hours without a request, and after twelve in any case', async () => {
      const { cookie } = await signIn();
      for (let passed = 0; passed < 11; passed += 1) {
        rest.world.clock.now += hour;
        assert.equal((await ask(cookie)).status, 200, `after ${passed + 1} hours`);
      }
      rest.world.clock.now += hour;
      assert.equal((await ask(cookie)).status, 401);
      const idle = await signIn();
      rest.world.clock.now += 2 * hour - 1;
      assert.equal((await ask(idle.cookie)).status, 200);
      rest.world.clock.now += 2 * hour;
      assert.equal((await ask(idle.cookie)).status, 401);
      assert.equal((await ask(idle.cookie)).status, 401, 'it stays over');
    });

    test('signing out ends the session, at once', async () => {
      const { cookie } = await signIn();
      assert.equal((await ask(cookie, 'DELETE', '/session', { origin })).status, 204);
      assert.equal((await ask(cookie)).status, 401);
    });

    test('an operator who is removed is out, and so are the links that were not used yet', async () => {
      const { cookie, operator } = await signIn();
      const { url } = await rest.client()('operators.link', { operator: operator.id });
      await rest.client()('operators.delete', { operator: operator.id });
      assert.equal((await ask(cookie)).status, 401);
      assert.equal((await enter(tokenOf(url))).status, 403);
    });
  });

  test(`the first start makes the first owner; at least one stays (${dialect})`, async () => {
    const rest = await openRest(dialect);
    const call = rest.client();
    assert.match((await firstLink(rest.world))?.url ?? '', /\/operator\/sign-in\?token=pt_link_/);
    const { items } = await call('operators.list', {});
    assert.deepEqual(
      items.map(({ name, role }) => [name, role]),
      [['Owner', 'owner']],
    );
    const [first] = items;
    assert.ok(first);
    const wrongState = (error: { problem: { type: string } }) =>
      error.problem.type === 'urn:portico:problem:wrong-state';
    await assert.rejects(call('operators.delete', { operator: first.id }), wrongState);
    await assert.rejects(call('operators.update', { operator: first.id, body: { role: 'reader' } }), wrongState);
    await call('operators.create', { body: { name: 'Second', role: 'owner' } });
    await call('operators.update', { operator: first.id, body: { role: 'reader' } });
    assert.equal(await firstLink(rest.world), undefined, 'no link is printed once there are two');
    await rest.close();
  });
}
