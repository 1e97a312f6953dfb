import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createOperatorDoor } from '#access';
import { dialects } from '../world.ts';
import { openRest, type Rest } from './rest.ts';

const hour = 3_600_000;

for (const dialect of dialects) {
  describe(`S13: break-glass (${dialect})`, () => {
    let rest: Rest;
    let door: ReturnType<typeof createOperatorDoor>;
    const logged: string[] = [];
    before(async () => {
      rest = await openRest(dialect, {
        now: 1_800_000_000_000,
        log: (about, message) => logged.push(`${message} ${JSON.stringify(about)}`),
      });
      door = createOperatorDoor(rest.world);
    });
    after(() => rest.close());

    let requests = 0;
    const enter = async (credential: string, origin = rest.world.config.url, field = 'credential') => {
      const answer = await door(
        new Request(`${rest.world.config.url}/operator/sign-in`, {
          method: 'POST',
          headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ [field]: credential }),
        }),
        { requestId: `r${++requests}`, address: `192.0.2.${requests}`, userAgent: 'Browser' },
      );
      const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';');
      return { status: answer.status, cookie, html: await answer.text() };
    };
    const make = (name: string) => rest.client()('breakGlass.create', { body: { name } });
    const as = (cookie: string, method: string, path: string) =>
      rest.ask(method, path, { headers: { cookie, origin: rest.world.config.url } });

    test('the page has a form for the credential, and nothing else tells whether there is one', async () => {
      const page = await door(new Request(`${rest.world.config.url}/operator/sign-in`), {
        requestId: 'r',
        address: '192.0.2.1',
        userAgent: null,
      });
      assert.equal(page.status, 200);
      assert.match(await page.text(), /Break-glass credential/);
    });

    test('a credential opens the console as an owner, for an hour, more than once', async () => {
      const { credential, id, lastUsedAt } = await make('In the safe');
      assert.match(credential, /^pt_breakglass_[0-9a-f]{24}_/);
      assert.equal(lastUsedAt, null);
      const first = await enter(` ${credential} `);
      assert.equal(first.status, 303);
      const me = await as(first.cookie, 'GET', '/session');
      assert.deepEqual((me.body['actor'] as { id: string }).id, id);
      assert.equal(Date.parse(String(me.body['expiresAt'])) - rest.world.now(), hour);
      assert.equal((await enter(credential)).status, 303);
      rest.world.clock.now += hour;
      assert.equal((await as(first.cookie, 'GET', '/session')).status, 401);
    });

    test('every use is listed, told by an event and in the log, a failed one too; the credential is in none of it', async () => {
      const { credential, id } = await make('Known');
      await enter(credential);
      const wrong = credential.replace(/.{43}$/, 'A'.repeat(43));
      assert.equal((await enter(wrong)).status, 403);
      const { items } = await rest.client()('breakGlass.uses', {});
      assert.deepEqual(
        items
          .slice(0, 2)
          .map(({ operator, name, succeeded, acknowledgedAt }) => [operator, name, succeeded, acknowledgedAt]),
        [
          [id, 'Known', false, null],
          [id, 'Known', true, null],
        ],
      );
      const lines = logged.filter((it) => it.startsWith('a break-glass credential was used'));
      assert.match(lines.at(-1) ?? '', /"succeeded":false/);
      const secret = credential.split('_')[3] ?? '';
      assert.ok(![...logged, JSON.stringify(items)].some((it) => it.includes(secret)));
    });

    test('what is no credential of ours is a failure to authenticate', async () => {
      const before = (await rest.client()('breakGlass.uses', {})).items.length;
      for (const text of ['', 'x', `pt_breakglass_${'0'.repeat(24)}_${'A'.repeat(43)}`, 'a'.repeat(190)])
        assert.equal((await enter(text)).status, 403);
      assert.equal((await rest.client()('breakGlass.uses', {})).items.length, before);
    });

    test('renewed, the credential before and its sessions open nothing', async () => {
      const { credential, id } = await make('Renewed');
      const { cookie } = await enter(credential);
      const renewed = await rest.client()('breakGlass.renew', { breakGlass: id });
      assert.equal((await as(cookie, 'GET', '/session')).status, 401);
      assert.equal((await enter(credential)).status, 403);
      assert.equal((await enter(renewed.credential)).status, 303);
    });

    test('attack: break-glass acknowledges itself: another owner does, not who signed in by it, nor an API key', async () => {
      const { credential } = await make('Acknowledged');
      const { cookie } = await enter(credential);
      const [use] = (await rest.client()('breakGlass.uses', {})).items;
      const path = `/break-glass-uses/${use?.id}/acknowledgement`;
      const own = await as(cookie, 'POST', path);
      assert.deepEqual([own.status, own.problem.type], [409, 'urn:portico:problem:wrong-state']);
      const key = await rest.issueKey();
      assert.equal((await rest.ask('POST', path, { key })).status, 409);
      const { id: other } = await rest.client()('operators.create', { body: { name: 'Other', role: 'owner' } });
      const { url } = await rest.client()('operators.link', { operator: other });
      const token = new URL(url).searchParams.get('token') ?? '';
      const { cookie: others } = await enter(token, undefined, 'token');
      assert.equal((await as(others, 'POST', path)).status, 204);
      const [after] = (await rest.client()('breakGlass.uses', {})).items;
      assert.equal(after?.acknowledgedBy, 'Other');
      await rest.world.execute(`delete from operator where id = '${other}'`);
    });

    test('attack: a race: a credential that is renewed while it is looked at opens nothing', async () => {
      const { id, credential } = await make('Raced');
      const { store } = rest.world;
      let renewed: string | undefined;
      const raced = createOperatorDoor({
        ...rest.world,
        store: {
          ...store,
          read: async (statement, params) => {
            const rows = await store.read(statement, params);
            if (statement.name === 'access.findCredential')
              renewed ??= (await rest.client()('breakGlass.renew', { breakGlass: id })).credential;
            return rows;
          },
        },
      });
      const answer = await raced(
        new Request(`${rest.world.config.url}/operator/sign-in`, {
          method: 'POST',
          headers: { origin: rest.world.config.url, 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams({ credential }),
        }),
        { requestId: 'r', address: '198.51.100.1', userAgent: null },
      );
      assert.deepEqual([answer.status, answer.headers.get('set-cookie')], [403, null]);
      const [use] = (await rest.client()('breakGlass.uses', {})).items;
      assert.deepEqual([use?.name, use?.succeeded], ['Raced', false]);
      assert.equal((await enter(renewed ?? '')).status, 303);
    });

    test('it is no owner that lets the last other one go, gets no links, and goes with its credential', async () => {
      const call = rest.client();
      const { id, credential } = await make('Gone');
      await assert.rejects(call('operators.link', { operator: id }), /break-glass credential only/);
      await call('operators.delete', { operator: id });
      assert.equal((await enter(credential)).status, 403);
      const { id: only } = await call('operators.create', { body: { name: 'Only', role: 'owner' } });
      await assert.rejects(call('operators.delete', { operator: only }), /this is the only owner/);
    });

    test('attack: login CSRF: a form of another site opens no console', async () => {
      const { credential } = await make('Forged');
      const answer = await enter(credential, 'https://evil.example');
      assert.deepEqual([answer.status, answer.cookie], [403, '']);
    });
  });
}
