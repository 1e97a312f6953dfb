import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { issueKey } from '#access';
import { createApi } from '#api';
import { connectionChecks, type EntraWorld, findLive } from '#connections';
import { allRights, type Call, createClient, ProblemAnswer } from '#contract';
import { directoryChecks } from '#directory';
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

const notThere = (error: unknown) => error instanceof ProblemAnswer && error.problem.status === 404;

for (const dialect of dialects) {
  describe(`directories over REST on ${dialect}`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    let api: Call;
    const ids: string[] = [];
    before(async () => {
      const opened = await openScimWorld(dialect, { now: Date.parse('2026-11-02T08:00:00.000Z') });
      world = opened;
      directory = opened.directory;
      const source = { requestId: 'r', address: '192.0.2.1', userAgent: null };
      const door = createApi(world);
      const owner = {
        type: 'operator' as const,
        id: 'o',
        name: 'owner',
        rights: new Set(allRights),
        organization: null,
        expiresAt: world.clock.now + 1e9,
        sessionId: null,
        source,
      };
      const { value } = await issueKey(world, owner, { name: 'k', rights: [...allRights], organization: null });
      api = createClient({
        url: world.config.url,
        key: value,
        fetch: (input, init) => door(new Request(input, init), source),
      });
    });
    after(() => world.close());

    const checks = async () => {
      const live = await findLive(world, directory.organizationId, directory.id);
      assert.ok(live);
      const answers = await Promise.all(directoryChecks.map((check) => check(world, live)));
      return answers.flat();
    };

    test('before the first contact the check waits, and says what to click', async () => {
      assert.deepEqual(await api('directories.get', { directory: 'contoso' }), {
        id: 'contoso',
        tenantUrl: 'http://localhost:3000/scim/v2/contoso',
        users: 0,
        activeUsers: 0,
        groups: 0,
        lastContactAt: null,
        nextExpectedAt: null,
        lateSince: null,
        lastCycle: null,
        quarantine: { risk: 'none', why: null, recover: null },
        held: 0,
        heldSince: null,
        settings: {
          strict: false,
          schemaProfile: 'full',
          extensions: [],
          requestsPerSecond: 10_000,
          accessTokenMinutes: 60,
          brake: { percent: 20, minutes: 60 },
          onlyMembersOf: [],
        },
        version: 0,
      });
      const [check] = await checks();
      assert.deepEqual([check?.name, check?.outcome], ['directory.contact', 'waiting']);
      assert.match(check?.next ?? '', /Test connection/);
    });

    test('the check of Secret Tokens counts none that is revoked or past its end', async () => {
      const other = await world.addDirectory('fabrikam');
      const live = await findLive(world, other.organizationId, other.id);
      const check = connectionChecks.find(({ name }) => name === 'checkTokens');
      assert.ok(live && check);
      // It asks the database and the clock only.
      const seen = async () => [await check(world as unknown as EntraWorld, live)].flat().map(({ saw }) => saw);
      assert.deepEqual(await seen(), ['One is valid; Secret Token ends in 365 days.']);
      const { items } = await api('tokens.list', { directory: other.id });
      const second = await api('tokens.create', {
        directory: other.id,
        body: { name: 'short', expiresAt: new Date(world.clock.now + 86_400_000).toISOString() },
      });
      await api('tokens.revoke', { directory: other.id, token: items[0]?.id ?? '' });
      assert.deepEqual(await seen(), ['One is valid; short ends in 1 days.']);
      const now = world.clock.now;
      world.clock.now = Date.parse(second.expiresAt);
      assert.deepEqual(await seen(), ['Every Secret Token is revoked or past its end.']);
      world.clock.now = now;
    });

    test('a directory tells its counts, its last contact and the next', async () => {
      for (const userName of ['Ann', 'bob', 'ANDREA', 'Ödön', 'zoe']) {
        const active = userName !== 'bob';
        const body = { schemas: [userUrn], userName, displayName: `The ${userName}`, externalId: userName, active };
        ids.push(idOf(await directory.send('POST', '/Users', body)));
      }
      await directory.send('POST', '/Groups', {
        schemas: [groupUrn],
        displayName: 'Ops',
        members: [{ value: ids[0] }, { value: ids[1] }, { value: 'nobody' }],
      });
      await world.door.close();
      const shown = await api('directories.get', { directory: 'contoso' });
      assert.deepEqual([shown.users, shown.activeUsers, shown.groups], [5, 4, 1]);
      const last = Date.parse(shown.lastContactAt ?? '');
      assert.ok(Math.abs(last - world.clock.now) < 3000);
      assert.equal(Date.parse(shown.nextExpectedAt ?? '') - last, 40 * 60_000);
    });

    test('the check passes for two cycles, then warns; a token that was refused fails it', async () => {
      assert.equal((await checks())[0]?.outcome, 'passed');
      world.clock.now += 81 * 60_000;
      assert.equal((await checks())[0]?.outcome, 'warning');
      await call(world.door, 'GET', `${directory.tenantUrl}/Users`, undefined, { authorization: 'Bearer old' });
      await world.door.close();
      const [failed] = await checks();
      assert.equal(failed?.outcome, 'failed');
      assert.match(failed?.saw ?? '', /turned away: it does not have the form of a Secret Token issued here/);
      await directory.get('/Users?count=0');
      await world.door.close();
      assert.equal((await checks())[0]?.outcome, 'passed');
    });

    const lists: readonly [string, Record<string, string | boolean>, string[]][] = [
      ['all, by name', {}, ['ANDREA', 'Ann', 'bob', 'zoe', 'Ödön']],
      ['by the beginning of the name, without case', { userName: 'AN' }, ['ANDREA', 'Ann']],
      ['beyond ASCII', { userName: 'ÖD' }, ['Ödön']],
      ['switched off', { active: 'false' }, ['bob']],
      ['switched on, by name', { active: 'true', userName: 'a' }, ['ANDREA', 'Ann']],
      ['nobody', { userName: 'x' }, []],
    ];
    for (const [what, query, expected] of lists) {
      test(`users are listed: ${what}`, async () => {
        const names: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await api('users.list', {
            directory: 'contoso',
            query: { ...query, limit: 2, ...(cursor === undefined ? {} : { cursor }) } as never,
          });
          names.push(...page.items.map(({ userName }) => userName));
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        assert.deepEqual(names, expected);
      });
    }

    test('a user is shown with the SCIM resource and groups', async () => {
      const shown = await api('users.get', { directory: 'contoso', user: ids[0] ?? '' });
      assert.equal(shown.resource['userName'], 'Ann');
      assert.equal((shown.resource['meta'] as { resourceType: string }).resourceType, 'User');
      assert.deepEqual(
        shown.groups.map(({ displayName }) => displayName),
        ['Ops'],
      );
      assert.deepEqual([shown.externalId, shown.active], ['Ann', true]);
    });

    test('groups and their members are shown; those who are nobody dangle', async () => {
      const { items } = await api('groups.list', { directory: 'contoso', query: { displayName: 'op' } });
      const [group] = items;
      assert.deepEqual([group?.displayName, group?.members], ['Ops', 3]);
      const params = { directory: 'contoso', group: group?.id ?? '' };
      assert.deepEqual(await api('groups.get', params), group);
      const members = await api('groups.members', { ...params, query: {} });
      assert.deepEqual(
        members.items.map(({ userName, active, dangling }) => [userName, active, dangling]),
        [
          ['Ann', true, false],
          ['bob', false, false],
          [null, null, true],
        ],
      );
    });

    test('requests are shown', async () => {
      await directory.send('PATCH', `/Users/${ids[0]}`, patchOf({ op: 'replace', path: 'title', value: 'CEO' }));
      const page = await api('requests.list', { directory: 'contoso', query: { resource: ids[0] ?? '' } });
      const [patched] = page.items;
      assert.equal(patched?.outcome, 'Changed title of the user Ann.');
      const params = { directory: 'contoso', request: patched?.id ?? '' };
      const detail = await api('requests.get', params);
      assert.deepEqual(detail.changes, [{ path: 'title', before: null, after: 'CEO' }]);
    });

    test('what is not there is not found', async () => {
      const params = { directory: 'contoso', user: 'x', group: 'x', request: 'x' };
      for (const ask of [
        () => api('users.get', params),
        () => api('groups.get', params),
        () => api('groups.members', { ...params, query: {} }),
        () => api('requests.get', params),
        () => api('directories.get', { directory: 'nowhere' }),
      ]) {
        await assert.rejects(ask, notThere);
      }
    });
  });
}
