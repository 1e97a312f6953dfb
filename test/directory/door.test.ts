import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  activateConnection,
  changeConnection,
  getConnection,
  issueCredential,
  markTested,
  pauseConnection,
  withdrawCredential,
} from '#connections';
import { createScimDoor } from '#directory';
import { byItself, deployment, listEvents, sequenceSome } from '#events';
import { type Store, StoreUnavailable } from '#store';
import { dialects } from '../world.ts';
import {
  call,
  groupUrn,
  idOf,
  openScimWorld,
  patchOf,
  type ScimWorld,
  type TestDirectory,
  userUrn,
} from './scim-world.ts';

for (const dialect of dialects) {
  describe(`the door of SCIM on ${dialect}`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    let other: TestDirectory;
    before(async () => {
      const opened = await openScimWorld(dialect, { now: Date.parse('2026-11-02T08:00:00.000Z') });
      world = opened;
      directory = opened.directory;
      other = await world.addDirectory('fabrikam');
    });
    after(() => world.close());

    const failures = async (organizationId: string) => {
      while ((await sequenceSome(world)) > 0);
      const { items } = await listEvents(world, organizationId, {
        type: 'authentication.failed',
        order: 'newest',
        limit: 1000,
      });
      return items.map(({ data }) => data['why']);
    };

    const strangers: readonly [
      string,
      (own: TestDirectory, others: TestDirectory) => [string, Record<string, string>],
    ][] = [
      ['no token', (own) => [own.tenantUrl, {}]],
      ['another scheme', (own) => [own.tenantUrl, { authorization: 'Basic YTpi' }]],
      ['some text', (own) => [own.tenantUrl, { authorization: 'Bearer nonsense' }]],
      ['a changed token', (own) => [own.tenantUrl, { authorization: `Bearer ${own.token.slice(0, -2)}AA` }]],
      ["another directory's token", (own, others) => [own.tenantUrl, { authorization: `Bearer ${others.token}` }]],
      [
        'a directory that is not there',
        (own) => [own.tenantUrl.replace('contoso', 'nowhere'), { authorization: `Bearer ${own.token}` }],
      ],
    ];
    for (const [index, [what, make]] of strangers.entries()) {
      test(`${what}: 401, always in the same words, on every path`, async () => {
        const [url, headers] = make(directory, other);
        for (const path of ['/Users', '/Users/x', '/Groups', '/Schemas', '/nonsense', '']) {
          const answer = await call(world.door, 'GET', `${url}${path}`, undefined, headers, {
            address: `198.51.100.${index}`,
          });
          assert.equal(answer.status, 401);
          assert.equal(answer.headers.get('www-authenticate'), 'Bearer realm="Portico"');
          assert.deepEqual(answer.body, {
            schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
            status: '401',
            detail:
              'the Secret Token is not valid for this Tenant URL: paste a token that Portico issued for this connection, and that is neither past its end nor revoked',
          });
        }
      });
    }

    test('every failure is an event that says why, in the organization of the directory or the deployment', async () => {
      const before = [(await failures(directory.organizationId)).length, (await failures(deployment)).length];
      const headers = { authorization: `Bearer ${other.token}` };
      await call(world.door, 'GET', `${directory.tenantUrl}/Users`, undefined, headers, { address: '192.0.2.1' });
      const nowhere = directory.tenantUrl.replace('contoso', 'nowhere');
      await call(world.door, 'GET', `${nowhere}/Users`, undefined, headers, { address: '192.0.2.1' });
      const [own, shared] = [await failures(directory.organizationId), await failures(deployment)];
      assert.deepEqual([own.length, shared.length], [(before[0] ?? 0) + 1, (before[1] ?? 0) + 1]);
      assert.equal(own[0], 'it is not a token of this directory');
      assert.equal(shared[0], 'there is no such directory');
    });

    test('an address that keeps failing gets 429; a valid token comes in from there all the same', async () => {
      const from = { address: '192.0.2.99' };
      const attempt = () =>
        call(world.door, 'GET', `${directory.tenantUrl}/Users`, undefined, { authorization: 'Bearer x' }, from);
      for (let failed = 0; failed < 30; failed++) assert.equal((await attempt()).status, 401);
      const limited = await attempt();
      assert.equal(limited.status, 429);
      assert.match(limited.headers.get('retry-after') ?? '', /^[1-9]\d?$/);
      const headers = { authorization: `Bearer ${directory.token}` };
      world.clock.now += 2000;
      const valid = await call(world.door, 'GET', `${directory.tenantUrl}/Users`, undefined, headers, from);
      assert.equal(valid.status, 200);
    });

    test('several tokens are valid at once; one that is revoked or at its end is out within a second', async () => {
      const { organizationId, id } = directory;
      const expiresAt = new Date(world.clock.now + 60_000).toISOString();
      const first = await issueCredential(world, byItself, 'token', organizationId, id, { name: 'first' });
      const second = await issueCredential(world, byItself, 'token', organizationId, id, { name: 'second', expiresAt });
      const status = async (token: string) =>
        (await directory.send('GET', '/Users?count=0', undefined, { authorization: `Bearer ${token}` })).status;
      assert.deepEqual([await status(first.value), await status(second.value)], [200, 200]);
      await withdrawCredential(world, byItself, 'token', organizationId, id, first.id);
      world.clock.now += 1000;
      assert.deepEqual([await status(first.value), await status(second.value)], [401, 200]);
      world.clock.now += 60_000;
      assert.equal(await status(second.value), 401);
    });

    test('a connection that is paused, a draft, or does not provision says so: 403', async () => {
      const closed = await world.addDirectory('closed');
      const { organizationId, id } = closed;
      const answer = async () => {
        world.clock.now += 1000;
        const { status, body } = await closed.get('/Users');
        return [status, body['detail']];
      };
      await pauseConnection(world, byItself, organizationId, id);
      assert.deepEqual(await answer(), [403, 'this connection is paused: take it up again in Portico, then try again']);
      await activateConnection(world, byItself, organizationId, id);
      assert.equal((await answer())[0], 200);
      await changeConnection(world, byItself, organizationId, id, { provisioning: false }, undefined);
      const { version } = await getConnection(world, organizationId, id);
      await markTested(world, byItself, organizationId, id, version);
      await activateConnection(world, byItself, organizationId, id);
      assert.deepEqual(await answer(), [
        403,
        'provisioning is switched off for this connection: switch it on in Portico and activate, then try again',
      ]);
    });

    test("no id of another directory is there: another organization's, nor one of the same", async () => {
      const sibling = await world.addDirectory('contoso-two', directory.organizationId);
      const user = idOf(
        await directory.send('POST', '/Users', { schemas: [userUrn], userName: 'isolated', title: 'I' }),
      );
      const group = idOf(
        await directory.send('POST', '/Groups', { schemas: [groupUrn], displayName: 'I', members: [{ value: user }] }),
      );
      for (const stranger of [other, sibling]) {
        const put = { schemas: [userUrn], userName: 'isolated', displayName: 'I' };
        for (const path of [`/Users/${user}`, `/Groups/${group}`]) {
          assert.equal((await stranger.get(path)).status, 404);
          assert.equal((await stranger.send('PUT', path, put)).status, 404);
          assert.equal((await stranger.send('PATCH', path, patchOf())).status, 404);
          assert.equal((await stranger.send('DELETE', path)).status, 404);
        }
        for (const filter of [
          `id eq "${user}"`,
          'userName eq "isolated"',
          'title eq "I"',
          `groups.value eq "${group}"`,
          'userName co "solat"',
        ]) {
          assert.equal((await stranger.find('/Users', filter)).body['totalResults'], 0, filter);
        }
        for (const filter of ['displayName eq "I"', `members eq "${user}"`, `members[value eq "${user}"]`]) {
          assert.equal((await stranger.find('/Groups', filter)).body['totalResults'], 0, filter);
        }
        const own = idOf(
          await stranger.send('POST', '/Groups', { schemas: [groupUrn], displayName: 'I', members: [user] }),
        );
        const members = (await stranger.get(`/Groups/${own}`)).body['members'];
        assert.deepEqual(members, [{ value: user }], 'it dangles, and no name is shown');
      }
      assert.equal((await directory.get(`/Users/${user}`)).headers.get('etag'), 'W/"1"');
      assert.equal((await directory.get(`/Groups/${group}`)).headers.get('etag'), 'W/"1"');
    });

    const unknown: readonly [string, string, number][] = [
      ['GET', '/nonsense', 404],
      ['GET', '/constructor', 404],
      ['GET', '/Users/a/b', 404],
      ['GET', '/Users/%00', 404],
      ['GET', '/Users/%E0%A4%A', 404],
      ['GET', '/Groups/__proto__', 404],
      ['PUT', '/Users', 405],
      ['DELETE', '/Groups', 405],
      ['POST', '/Users/x', 405],
      ['POST', '/Schemas', 405],
      ['DELETE', '/ServiceProviderConfig', 405],
      ['PATCH', '/ResourceTypes/User', 405],
      ['GET', '/Schemas/nonsense', 404],
      ['GET', '/ResourceTypes/nonsense', 404],
      ['GET', '/Schemas?filter=id%20eq%20%22x%22', 403],
      ['GET', '/Bulk', 405],
      ['GET', '/.search', 405],
      ['DELETE', '', 405],
      ['GET', '/Me', 501],
    ];
    for (const [method, path, status] of unknown) {
      test(`${method} ${path === '' ? 'of the Tenant URL itself' : path} is ${status}, in the words of SCIM`, async () => {
        const answer = await directory.send(method, path);
        assert.equal(answer.status, status);
        assert.equal(answer.body['status'], String(status));
        if (status === 405) assert.ok((answer.headers.get('allow') ?? '').length > 0);
      });
    }

    test('a path that is no Tenant URL is 404', async () => {
      for (const path of ['/scim', '/scim/v2', '/scim/v1/contoso/Users', '/scim/v2/']) {
        const answer = await call(world.door, 'GET', `${world.config.url}${path}`, undefined, {});
        assert.deepEqual([answer.status, answer.body['status']], [404, '404']);
      }
    });

    test('RFC 7644 §3.13: the version behind the Tenant URL is tolerated, and a slash at its end', async () => {
      assert.equal((await directory.get('/v2/Users?count=0')).status, 200);
      assert.equal((await directory.get('/Users/?count=0')).status, 200);
    });

    test('entra §1.1: unknown query parameters are ignored', async () => {
      assert.equal((await directory.get('/Users?aadOptscim062020&count=0')).status, 200);
      assert.equal((await directory.get('/Users?aadOptscim062020=&filter=userName%20eq%20%22x%22')).status, 200);
    });

    const bodies: readonly [string, string | undefined, string, number, string | undefined][] = [
      ['no body', undefined, 'application/scim+json', 400, 'invalidSyntax'],
      ['an empty one', '', 'application/scim+json', 400, 'invalidSyntax'],
      ['no JSON', '{"userName":', 'application/scim+json', 400, 'invalidSyntax'],
      ['an array', '[]', 'application/scim+json', 400, 'invalidSyntax'],
      ['a string', '"x"', 'application/json', 400, 'invalidSyntax'],
      ['null', 'null', 'application/json', 400, 'invalidSyntax'],
      ['a form', 'userName=x', 'application/x-www-form-urlencoded', 415, undefined],
      ['plain text', '{"userName":"x"}', 'text/plain', 415, undefined],
      ['no user name', '{"schemas":["x"]}', 'application/scim+json', 400, 'invalidValue'],
      ['a number for a name', '{"userName":1}', 'application/scim+json', 400, 'invalidValue'],
      ['a name too long', JSON.stringify({ userName: 'x'.repeat(1000) }), 'application/scim+json', 400, 'invalidValue'],
      ['a NUL', '{"userName":"a\\u0000b"}', 'application/scim+json', 400, 'invalidValue'],
    ];
    for (const [what, text, type, status, scimType] of bodies) {
      test(`a body that is ${what} is ${status} ${scimType ?? ''}`, async () => {
        const answer = await directory.send('POST', '/Users', text, { 'content-type': type });
        assert.deepEqual([answer.status, answer.body['scimType']], [status, scimType], answer.text);
        assert.ok(String(answer.body['detail']).length > 10);
      });
    }

    test('a body beyond the limit is 413, whether its length is told or not', async () => {
      const huge = JSON.stringify({ userName: 'x', title: 'y'.repeat(world.config.bodyLimit) });
      const answer = await directory.send('POST', '/Users', huge);
      assert.equal(answer.status, 413);
      const request = new Request(`${directory.tenantUrl}/Users`, {
        method: 'POST',
        headers: { authorization: `Bearer ${directory.token}`, 'content-type': 'application/scim+json' },
        body: ReadableStream.from([Buffer.from(huge)]),
        duplex: 'half',
      });
      const streamed = await world.door(request, { requestId: 'r', address: 'a', userAgent: null });
      assert.equal(streamed.status, 413);
    });

    test('Okta: plain JSON is taken, with a charset too', async () => {
      for (const [index, type] of ['application/json', 'application/scim+json; charset=utf-8'].entries()) {
        const body = { schemas: [userUrn], userName: `typed-${index}` };
        assert.equal((await directory.send('POST', '/Users', body, { 'content-type': type })).status, 201);
      }
    });

    test('an outage is 503 with Retry-After, never 404 or an empty list', async () => {
      const down = async () => {
        throw new StoreUnavailable(new Error('down'));
      };
      let broken = false;
      const store: Store = {
        ...world.store,
        read: (statement, params) => (broken ? down() : world.store.read(statement, params)),
        write: (work) => (broken ? down() : world.store.write(work)),
        together: (kind, place, item) => (broken ? down() : world.store.together(kind, place, item)),
      };
      const door = createScimDoor({ ...world, store });
      const headers = { authorization: `Bearer ${directory.token}` };
      const ask = (method: string, path: string, body?: unknown) =>
        call(door, method, `${directory.tenantUrl}${path}`, body, headers);
      assert.equal((await ask('GET', '/Users?count=0')).status, 200);
      broken = true;
      for (const [method, path, body] of [
        ['GET', '/Users?filter=userName%20eq%20%22x%22', undefined],
        ['GET', '/Groups/x', undefined],
        ['POST', '/Users', { userName: 'x' }],
        ['DELETE', '/Users/x', undefined],
      ] as const) {
        const answer = await ask(method, path, body);
        assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '5']);
        assert.equal(answer.body['status'], '503');
      }
      broken = false;
      await door.close();
    });
  });
}
