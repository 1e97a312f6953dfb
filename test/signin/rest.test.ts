import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Caller, issueKey } from '#access';
import { createOrganization } from '#connections';
import { allRights, type Right } from '#contract';
import { byItself } from '#events';
import { dialects } from '../world.ts';
import { first, type Stage, setStage } from './stage.ts';

type Body = Record<string, unknown> & { items?: Record<string, unknown>[] };

for (const dialect of dialects) {
  describe(`REST of accounts, links, sessions, clients and tests (${dialect})`, () => {
    let stage: Stage;
    let owner: string;
    let account: string;
    before(async () => {
      stage = await setStage(dialect);
      owner = await keyWith(allRights);
      await stage.signIn(first(stage.people));
      const { body } = await call('GET', `/organizations/${stage.organizationId}/accounts`);
      account = String(body.items?.[0]?.['id']);
    });
    after(() => stage.close());

    const keyWith = async (rights: readonly Right[], organization: string | null = null) => {
      const caller: Caller = {
        type: 'operator',
        id: 'o',
        name: 'Owner',
        rights: new Set(allRights),
        organization: null,
        expiresAt: Number.MAX_SAFE_INTEGER,
        sessionId: null,
        source: { requestId: 'r', address: '127.0.0.1', userAgent: null },
      };
      return (await issueKey(stage.world, caller, { name: 'test', rights: [...rights], organization })).value;
    };
    const call = async (method: string, path: string, body?: unknown, key = owner) => {
      const answer = await fetch(`${stage.url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const parsed: Body = text === '' ? {} : JSON.parse(text);
      return { status: answer.status, body: parsed };
    };
    const base = () => `/organizations/${stage.organizationId}/accounts/${account}`;

    test('an account with its link and its session', async () => {
      const person = first(stage.people);
      assert.equal((await call('GET', base())).body['email'], person.mail);
      const links = (await call('GET', `${base()}/links`)).body.items;
      assert.equal(links?.[0]?.['objectId'], person.id);
      const sessions = (await call('GET', `${base()}/sessions`)).body.items;
      assert.equal(sessions?.[0]?.['connection'], 'contoso');
    });

    test('disable, enable, end a session, remove a link', async () => {
      assert.equal((await call('PATCH', base(), { disabled: true })).body['disabled'], true);
      assert.deepEqual((await call('GET', `${base()}/sessions`)).body.items, []);
      assert.equal((await call('PATCH', base(), { disabled: false })).body['disabled'], false);
      assert.deepEqual((await call('GET', `${base()}/sessions`)).body.items, [], 'ended for good');
      await stage.signIn(first(stage.people));
      const [session] = (await call('GET', `${base()}/sessions`)).body.items ?? [];
      assert.equal((await call('DELETE', `${base()}/sessions/${session?.['id']}`)).status, 204);
      assert.equal((await call('DELETE', `${base()}/sessions/${session?.['id']}`)).status, 404);
      const [link] = (await call('GET', `${base()}/links`)).body.items ?? [];
      assert.equal((await call('DELETE', `${base()}/links/${link?.['id']}`)).status, 204);
      assert.deepEqual((await call('GET', `${base()}/links`)).body.items, []);
      assert.equal((await call('PATCH', base(), { name: 'Mallory' })).status, 409);
    });

    test('S11: all sessions of an account end, then all of the organization, and none of another', async () => {
      const end = (organization: string, body: unknown) =>
        call('POST', `/organizations/${organization}/sessions/end`, body);
      const [, one, two, three] = stage.people;
      assert.ok(one && two && three);
      const signedIn = await Promise.all([one, one, two, three].map((it) => stage.signIn(it)));
      const valid = async () =>
        (await Promise.all(signedIn.map(({ browser }) => stage.isSignedIn(browser))))
          .map((it) => (it ? 1 : 0))
          .join('');
      const items = (await call('GET', `/organizations/${stage.organizationId}/accounts`)).body.items ?? [];
      const id = items.find((it) => it['email'] === one.mail)?.['id'];
      const other = await createOrganization(stage.world, byItself, { name: 'Elsewhere' });
      assert.deepEqual((await end(other.id, {})).body, { ended: 0 });
      assert.equal((await end(other.id, { account: id })).status, 404);
      assert.equal(await valid(), '1111');
      assert.deepEqual((await end(stage.organizationId, { account: id })).body, { ended: 2 });
      assert.equal(await valid(), '0011');
      assert.deepEqual((await end(stage.organizationId, {})).body, { ended: 2 });
      assert.equal(await valid(), '0000');
      assert.deepEqual((await end(stage.organizationId, {})).body, { ended: 0 });
      const ended = (await stage.events('session.ended')).slice(-4);
      assert.ok(ended.every(({ data, actor }) => data['why'] === 'ended by an operator' && actor.type !== 'person'));
    });

    test('another organization’s account is not there, whoever asks', async () => {
      const other = await createOrganization(stage.world, byItself, { name: 'Other' });
      const foreign = `/organizations/${other.id}/accounts/${account}`;
      for (const path of [foreign, `${foreign}/links`, `${foreign}/sessions`]) {
        assert.equal((await call('GET', path)).status, 404, path);
      }
      const narrow = await keyWith(allRights, other.id);
      assert.equal((await call('GET', base(), undefined, narrow)).status, 404);
      assert.equal((await call('GET', '/clients', undefined, narrow)).status, 403);
    });

    test('each entry needs its right, and the answer names it', async () => {
      const needed: readonly (readonly [method: string, path: string, right: Right, body?: unknown])[] = [
        ['GET', base(), 'accounts:read'],
        ['PATCH', base(), 'accounts:update', {}],
        ['DELETE', base(), 'accounts:delete'],
        ['GET', `/organizations/${stage.organizationId}/past-user-names`, 'accounts:read'],
        ['DELETE', `/organizations/${stage.organizationId}/past-user-names/x`, 'accounts:delete'],
        ['GET', '/connections/contoso/user-name', 'connections:read'],
        ['GET', `${base()}/links`, 'links:read'],
        ['DELETE', `${base()}/links/x`, 'links:delete'],
        ['GET', `${base()}/sessions`, 'sessions:read'],
        ['DELETE', `${base()}/sessions/x`, 'sessions:end'],
        ['POST', `/organizations/${stage.organizationId}/sessions/end`, 'sessions:end', {}],
        ['GET', '/clients', 'clients:read'],
        ['POST', '/clients/x/secrets', 'clients:update', {}],
        ['GET', '/provider-keys', 'clients:read'],
        ['POST', '/provider-keys/rotate', 'provider:rotate', {}],
        ['POST', '/clients', 'clients:update', { name: 'x', redirectUris: ['https://a.example/'] }],
        ['POST', '/connections/contoso/sign-in-tests', 'connections:update'],
        ['GET', '/connections/contoso/sign-in-tests/x', 'connections:read'],
      ];
      for (const [method, path, right, body] of needed) {
        const key = await keyWith(allRights.filter((it) => it !== right));
        const answer = await call(method, path, body, key);
        assert.deepEqual([answer.status, answer.body['right']], [403, right], `${method} ${path}`);
      }
    });

    test('a client: added with a secret shown once, changed, removed', async () => {
      const input = { name: 'Shop', redirectUris: ['https://shop.example/callback'] };
      const made = await call('POST', '/clients', input);
      assert.equal(made.status, 201);
      assert.match(String(made.body['secret']), /^pt_client_[0-9a-f]{24}_[\w-]{43}$/);
      const path = `/clients/${made.body['id']}`;
      const got = await call('GET', path);
      assert.equal(got.body['secret'], undefined);
      assert.deepEqual(got.body['redirectUris'], input.redirectUris);
      const changed = await call('PATCH', path, { name: 'Shop 2' });
      assert.deepEqual([changed.body['name'], changed.body['version']], ['Shop 2', 2]);
      assert.ok((await call('GET', '/clients')).body.items?.some((it) => it['id'] === made.body['id']));
      const added = await call('POST', `${path}/secrets`, { expiresAt: '2099-01-01T00:00:00Z' });
      assert.equal(added.status, 400, 'a secret ends within ten years');
      const second = await call('POST', `${path}/secrets`, {});
      assert.match(String(second.body['value']), /^pt_client_/);
      const secretsOf = async () => (await call('GET', path)).body['secrets'] as { id: string }[];
      const told = Object.keys((await secretsOf())[1] ?? {}).toSorted();
      assert.deepEqual(told, ['createdAt', 'daysLeft', 'expiresAt', 'id']);
      assert.equal((await call('DELETE', `${path}/secrets/${second.body['id']}`)).status, 204);
      assert.equal((await call('DELETE', `${path}/secrets/${second.body['id']}`)).status, 404);
      assert.equal((await secretsOf()).length, 1);
      assert.equal((await call('DELETE', path)).status, 204);
      assert.equal((await call('GET', path)).status, 404);
    });

    test('the keys of the provider: listed, and changed by who may', async () => {
      const listed = await call('GET', '/provider-keys');
      assert.deepEqual(
        listed.body.items?.map(({ alg, state }) => [alg, state]),
        [
          ['RS256', 'signs'],
          ['ES256', 'signs'],
        ],
      );
      const rotated = await call('POST', '/provider-keys/rotate', {});
      assert.equal(rotated.status, 201);
      assert.equal(rotated.body.items?.filter(({ state }) => state === 'next').length, 2);
    });

    test('an address that cannot be one of a product is refused by the name of its field', async () => {
      for (const uri of [
        'http://shop.example/callback',
        'https://shop.example/callback#x',
        'https://user@shop.example/',
        'javascript:alert(1)',
      ]) {
        const answer = await call('POST', '/clients', {
          name: 'Shop',
          redirectUris: ['https://shop.example/', uri],
        });
        assert.equal(answer.status, 400, uri);
        assert.match(JSON.stringify(answer.body['errors']), /redirectUris\.1/);
      }
      const after = {
        name: 'Shop',
        redirectUris: ['https://shop.example/'],
        postLogoutRedirectUris: ['ftp://x.example/'],
      };
      assert.match(JSON.stringify((await call('POST', '/clients', after)).body['errors']), /postLogoutRedirectUris\.0/);
    });

    test('a test sign-in is begun and looked at', async () => {
      const made = await call('POST', '/connections/contoso/sign-in-tests');
      assert.equal(made.status, 201);
      const got = await call('GET', `/connections/contoso/sign-in-tests/${made.body['id']}`);
      assert.deepEqual(got.body, made.body);
      assert.equal((await call('GET', '/connections/contoso/sign-in-tests/nothing')).status, 404);
    });
  });
}
