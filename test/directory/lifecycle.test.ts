import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { forgetOldRequests, getProvisionedUser, pageOfMembers, pageOfRequests, pageOfUsers } from '#directory';
import { listEvents, sequenceSome } from '#events';
import type { JsonObject } from '#scim';
import { dialects } from '../world.ts';
import {
  enterpriseUrn,
  groupUrn,
  idOf,
  openScimWorld,
  patchOf,
  type ScimWorld,
  type TestDirectory,
  userUrn,
} from './scim-world.ts';

const objectId = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const day = 86_400_000;

for (const dialect of dialects) {
  describe(`the life of a user (${dialect})`, () => {
    let world: ScimWorld & { directory: TestDirectory };
    let directory: TestDirectory;
    before(async () => {
      world = await openScimWorld(dialect, { now: Date.UTC(2026, 10, 21) });
      directory = world.directory;
    });
    after(() => world.close());

    const scope = () => [directory.organizationId, directory.id] as const;
    const create = async (userName: string, more: JsonObject = {}) =>
      idOf(await directory.send('POST', '/Users', { schemas: [userUrn], userName, ...more }));
    const patch = (id: string, ...operations: JsonObject[]) =>
      directory.send('PATCH', `/Users/${id}`, patchOf(...operations));
    const eventsAbout = async (id: string) => {
      while ((await sequenceSome(world)) > 0);
      const { items } = await listEvents(world, directory.organizationId, { order: 'newest', limit: 1000 });
      return items.filter(({ subject }) => subject.id === id);
    };
    const lastOutcome = async (id: string) =>
      (await pageOfRequests(world, ...scope(), { limit: 1, outcome: 'changed', resource: id })).items[0]?.outcome;
    const off = { op: 'Replace', path: 'active', value: 'False' };
    const on = { op: 'Replace', path: 'active', value: 'True' };

    test('[MS-4] memberships of somebody inactive are kept, and are there again after the restore', async () => {
      const id = await create('member@x.example');
      const group = idOf(
        await directory.send('POST', '/Groups', { schemas: [groupUrn], displayName: 'Kept', members: [{ value: id }] }),
      );
      await patch(id, off);
      const { items } = await pageOfMembers(world, ...scope(), group, { limit: 10 });
      assert.deepEqual(items, [
        { id, userName: 'member@x.example', displayName: null, active: false, dangling: false },
      ]);
      const restored = await patch(id, on);
      assert.deepEqual(
        (restored.body['groups'] as JsonObject[]).map(({ value }) => value),
        [group],
      );
    });

    for (const [form, prefix] of [
      ['without dashes', objectId.replaceAll('-', '')],
      ['with dashes', objectId.toUpperCase()],
    ] as const) {
      test(`deleted in Entra, which puts the object id before the name (${form}): no rename by a person`, async () => {
        const userName = `mara-${prefix.length}@x.example`;
        const id = await create(userName, { externalId: objectId });
        await patch(id, off, { op: 'Replace', path: 'userName', value: `${prefix}${userName}` });
        assert.match(
          (await lastOutcome(id)) ?? '',
          new RegExp(`^Switched off the user ${userName}\\. Deleted in Entra`),
        );
        const [event, created, ...others] = await eventsAbout(id);
        assert.deepEqual(others, []);
        assert.equal(created?.type, 'user.created');
        assert.equal(event?.type, 'user.deactivated');
        assert.equal(event?.subject.name, userName);
        assert.equal(event?.data['because'], 'deleted in Entra');
        const shown = await getProvisionedUser(world, ...scope(), id);
        assert.deepEqual([shown.userName, shown.softDeleted, shown.active], [userName, true, false]);
        assert.equal((await directory.get(`/Users/${id}`)).body['userName'], `${prefix}${userName}`);
        assert.equal((await directory.find('/Users', `userName eq "${userName}"`)).body['totalResults'], 0);

        await patch(id, on, { op: 'Replace', path: 'userName', value: userName });
        assert.match((await lastOutcome(id)) ?? '', /^Switched on the user mara-.* Restored in Entra/);
        const [back] = await eventsAbout(id);
        assert.deepEqual([back?.type, back?.data['because']], ['user.reactivated', 'restored in Entra']);
        assert.equal((await getProvisionedUser(world, ...scope(), id)).softDeleted, false);
      });
    }

    test('the name may arrive after the switch-off, and other changes are told beside it', async () => {
      const id = await create('late@x.example');
      await patch(id, off);
      await patch(
        id,
        { op: 'Replace', path: 'userName', value: `${objectId.replaceAll('-', '')}late@x.example` },
        { op: 'Replace', path: 'title', value: 'Gone' },
      );
      const [event] = await eventsAbout(id);
      assert.equal(event?.type, 'user.updated');
      assert.deepEqual(event?.data['changes'], [{ path: 'title', after: 'Gone' }]);
      assert.match((await lastOutcome(id)) ?? '', /^Changed title of the user late@x\.example\. Deleted in Entra/);
    });

    test('somebody deleted in Entra is listed by the name of before, beside who has it now, page by page', async () => {
      // Beyond the window of the brake.
      world.clock.now += 61 * 60_000;
      const listed = async (query: { userName?: string; active?: boolean; limit?: number }) => {
        const found: (string | boolean)[][] = [];
        for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
          const page = await pageOfUsers(world, ...scope(), {
            limit: 10,
            ...query,
            ...(cursor === undefined ? {} : { cursor }),
          });
          found.push(...page.items.map(({ id, softDeleted }) => [id, softDeleted]));
          cursor = page.nextCursor;
        }
        return found;
      };
      const deleted = async (hex: string, name: string) => {
        const id = await create(name);
        await patch(id, off, { op: 'Replace', path: 'userName', value: `${hex.repeat(32)}${name}` });
        return id;
      };
      const first = await deleted('a', 'Zoe@x.example');
      const second = await deleted('b', 'zoe@x.example');
      const later = await deleted('c', 'zora@x.example');
      const present = await create('zoe@x.example');
      const all = [
        [present, false],
        [first, true],
        [second, true],
        [later, true],
      ];
      for (const limit of [1, 2, 3, 10]) assert.deepEqual(await listed({ userName: 'ZO', limit }), all);
      assert.deepEqual(await listed({ userName: 'zoe@x.example', active: true }), [[present, false]]);
      assert.deepEqual(await listed({ userName: 'zo', active: false, limit: 2 }), all.slice(1));
      assert.deepEqual(await listed({ userName: 'bbbbb' }), [[second, true]]);
      const again = await deleted('d', 'ddd@x.example');
      assert.deepEqual(await listed({ userName: 'd' }), [[again, true]]);
      const whole = await listed({ limit: 3 });
      assert.equal(new Set(whole.map(([id]) => id)).size, whole.length);
      await patch(later, on, { op: 'Replace', path: 'userName', value: 'zora@x.example' });
      assert.deepEqual(await listed({ userName: 'zora' }), [[later, false]]);
      await patch(first, { op: 'Add', path: 'externalId', value: objectId });
      assert.deepEqual(await listed({ userName: 'zoe' }), [
        [present, false],
        [second, true],
      ]);
      await directory.send('DELETE', `/Users/${second}`);
      assert.deepEqual(await listed({ userName: 'zoe' }), [[present, false]]);
      assert.deepEqual((await directory.find('/Users', 'userName eq "zoe@x.example"')).body['totalResults'], 1);
    });

    test('a rename by a person is told as one, also where the new name begins like the id of somebody else', async () => {
      const id = await create('jo@x.example', { externalId: '11111111-8b86-4d01-b42d-00cf4fc964ff' });
      await patch(id, { op: 'Replace', path: 'userName', value: 'joan@x.example' });
      await patch(id, { op: 'Replace', path: 'userName', value: `${objectId.replaceAll('-', '')}joan@x.example` });
      const [second, first] = await eventsAbout(id);
      assert.equal(first?.subject.name, 'joan@x.example');
      for (const event of [first, second]) {
        assert.equal(JSON.parse(JSON.stringify(event?.data['changes'] ?? []))[0]?.path, 'userName');
        assert.equal(event?.data['because'], undefined);
      }
      assert.equal((await getProvisionedUser(world, ...scope(), id)).softDeleted, false);
    });

    test('deleted and created again with the same externalId: another user, and the first one is known as deleted', async () => {
      const id = await create('again@x.example', { externalId: 'again-1' });
      await directory.send('DELETE', `/Users/${id}`);
      const next = await create('again@x.example', { externalId: 'again-1' });
      assert.notEqual(next, id);
      await assert.rejects(getProvisionedUser(world, ...scope(), id), {
        problem: 'not-found',
        message: /again@x\.example was deleted by provisioning on 2026-11-21/,
      });
      const { items } = await pageOfUsers(world, ...scope(), { limit: 10, userName: 'again' });
      assert.deepEqual(
        items.map((user) => user.id),
        [next],
      );
    });

    test('a manager who is not there, or not any more, dangles', async () => {
      const boss = await create('boss@x.example', { displayName: 'The Boss' });
      const manager = (value: string) => ({ [enterpriseUrn]: { manager: { value } } });
      const id = await create('report@x.example', manager(boss));
      const shown = () => getProvisionedUser(world, ...scope(), id).then((user) => user.manager);
      assert.deepEqual(await shown(), {
        id: boss,
        userName: 'boss@x.example',
        displayName: 'The Boss',
        dangling: false,
      });
      await directory.send('DELETE', `/Users/${boss}`);
      assert.deepEqual(await shown(), { id: boss, userName: null, displayName: null, dangling: true });
      assert.equal((await getProvisionedUser(world, ...scope(), await create('sole@x.example'))).manager, null);
    });

    test('that a user was deleted is forgotten after PORTICO_DELETED_USER_RETENTION_DAYS', async () => {
      const id = await create('old@x.example');
      await directory.send('DELETE', `/Users/${id}`);
      const forget = () =>
        forgetOldRequests(world, {
          kind: 'directory.forget',
          organizationId: directory.organizationId,
          subject: directory.id,
          attempts: 1,
        });
      const refusal = () =>
        getProvisionedUser(world, ...scope(), id).then(
          () => assert.fail(),
          ({ message }: Error) => message,
        );
      world.clock.now += 364 * day;
      await forget();
      assert.match(await refusal(), /was deleted/);
      world.clock.now += 2 * day;
      await forget();
      assert.match(await refusal(), /there is no user/);
    });
  });
}
