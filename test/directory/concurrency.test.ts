import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { changeSettings, getDirectory, pageOfRequests } from '#directory';
import { byItself, listEvents, sequenceSome } from '#events';
import type { JsonObject } from '#scim';
import { dialects } from '../world.ts';
import { groupUrn, idOf, openScimWorld, patchOf, type ScimWorld, type TestDirectory, userUrn } from './scim-world.ts';

const clients = Array.from({ length: 64 }, (_, client) => client);

for (const dialect of dialects) {
  describe(`64 clients at once on ${dialect}`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    before(async () => {
      const opened = await openScimWorld(dialect);
      world = opened;
      directory = opened.directory;
      const { organizationId, id } = directory;
      await changeSettings(world, byItself, organizationId, id, { brake: { percent: 100, minutes: 1 } }, undefined);
    });
    after(() => world.close());

    const count = async (answers: readonly { status: number }[]) =>
      Object.fromEntries(
        Map.groupBy(answers, ({ status }) => status)
          .entries()
          .map(([status, all]) => [status, all.length]),
      );
    const eventsAbout = async (id: string) => {
      while ((await sequenceSome(world)) > 0);
      const { items } = await listEvents(world, directory.organizationId, { order: 'newest', limit: 1000 });
      return items.filter(({ subject }) => subject.id === id);
    };

    test('create one user: exactly one 201, the others 409, one user, one event', async () => {
      const answers = await Promise.all(
        clients.map((client) =>
          directory.send('POST', '/Users', { schemas: [userUrn], userName: client % 2 === 0 ? 'One' : 'ONE' }),
        ),
      );
      assert.deepEqual(await count(answers), { 201: 1, 409: 63 });
      const found = await directory.find('/Users', 'userName eq "one"');
      assert.equal(found.body['totalResults'], 1);
      const created = answers.find(({ status }) => status === 201);
      assert.ok(created);
      assert.equal((await eventsAbout(idOf(created))).length, 1);
    });

    test('rename many users to one name: exactly one succeeds, by PATCH and PUT alike', async () => {
      const ids = await Promise.all(
        clients
          .slice(0, 16)
          .map(async (client) =>
            idOf(await directory.send('POST', '/Users', { schemas: [userUrn], userName: `before-${client}` })),
          ),
      );
      const answers = await Promise.all(
        ids.map((id, index) =>
          index % 2 === 0
            ? directory.send('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'userName', value: 'Wanted' }))
            : directory.send('PUT', `/Users/${id}`, { schemas: [userUrn], userName: 'wanted' }),
        ),
      );
      assert.deepEqual(await count(answers), { 200: 1, 409: 15 });
      for (const answer of answers) if (answer.status === 409) assert.equal(answer.body['scimType'], 'uniqueness');
    });

    test('create one group: exactly one 201', async () => {
      const answers = await Promise.all(
        clients.map(() =>
          directory.send('POST', '/Groups', { schemas: [groupUrn], displayName: 'Sole', members: ['a'] }),
        ),
      );
      assert.deepEqual(await count(answers), { 201: 1, 409: 63 });
    });

    test('change the members of one group: nothing is lost, and the count is right', async () => {
      const first = { schemas: [groupUrn], displayName: 'Busy', members: clients.map((client) => `old-${client}`) };
      const id = idOf(await directory.send('POST', '/Groups', first));
      const answers = await Promise.all(
        clients.map((client) =>
          directory.send(
            'PATCH',
            `/Groups/${id}`,
            patchOf(
              { op: 'Add', path: 'members', value: [{ value: `new-${client}` }, { value: 'shared' }] },
              { op: 'Remove', path: 'members', value: [{ value: `old-${client}` }] },
            ),
          ),
        ),
      );
      assert.deepEqual(await count(answers), { 204: 64 });
      const { body } = await directory.get(`/Groups/${id}`);
      const members = (body['members'] as JsonObject[]).map(({ value }) => value);
      assert.deepEqual(new Set(members), new Set(['shared', ...clients.map((client) => `new-${client}`)]));
      const events = await eventsAbout(id);
      assert.equal(events.length, 65);
      const told = events.map(({ data }) => Number(data['added'] ?? 0));
      assert.equal(
        told.reduce((sum, each) => sum + each, 0),
        65,
      );
      const latest = Math.max(...events.map(({ data }) => Number(data['members'])));
      assert.ok(latest >= 65);
    });

    test('patch one user: every change is applied to the one before', async () => {
      const id = idOf(await directory.send('POST', '/Users', { schemas: [userUrn], userName: 'patched' }));
      const answers = await Promise.all(
        clients.map((client) =>
          directory.send(
            'PATCH',
            `/Users/${id}`,
            patchOf({ op: 'add', path: 'roles', value: [{ value: `role-${client}` }] }),
          ),
        ),
      );
      assert.deepEqual(await count(answers), { 200: 64 });
      const { body, headers } = await directory.get(`/Users/${id}`);
      assert.equal((body['roles'] as JsonObject[]).length, 64);
      assert.equal(headers.get('etag'), 'W/"65"');
    });

    test('with If-Match only one of them succeeds', async () => {
      const id = idOf(await directory.send('POST', '/Users', { schemas: [userUrn], userName: 'guarded' }));
      const answers = await Promise.all(
        clients.map((client) =>
          directory.send('PATCH', `/Users/${id}`, patchOf({ op: 'add', path: 'title', value: `${client}` }), {
            'if-match': 'W/"1"',
          }),
        ),
      );
      assert.deepEqual(await count(answers), { 200: 1, 412: 63 });
    });

    test('delete a user and its groups at the same time: counts stay right, nothing fails', async () => {
      const users = await Promise.all(
        clients.map(async (client) =>
          idOf(await directory.send('POST', '/Users', { schemas: [userUrn], userName: `leaver-${client}` })),
        ),
      );
      const members = users.map((value) => ({ value }));
      const groups = await Promise.all(
        clients
          .slice(0, 8)
          .map(async (client) =>
            idOf(
              await directory.send('POST', '/Groups', { schemas: [groupUrn], displayName: `Left ${client}`, members }),
            ),
          ),
      );
      const answers = await Promise.all([
        ...users.slice(0, 32).map((id) => directory.send('DELETE', `/Users/${id}`)),
        ...groups.slice(0, 2).map((id) => directory.send('DELETE', `/Groups/${id}`)),
        ...groups
          .slice(2)
          .map((id) => directory.send('PATCH', `/Groups/${id}`, patchOf({ op: 'add', path: 'members', value: ['x'] }))),
      ]);
      assert.deepEqual(await count(answers), { 204: 40 });
      for (const id of groups.slice(2)) {
        const { body } = await directory.get(`/Groups/${id}`);
        assert.equal((body['members'] as JsonObject[]).length, 33);
        const { items } = await pageOfRequests(world, directory.organizationId, directory.id, {
          outcome: 'changed',
          resource: id,
          limit: 100,
        });
        assert.ok(items.length >= 2);
      }
    });

    test('after all that, the counts are what is there', async () => {
      const shown = await getDirectory(world, directory.organizationId, directory.id);
      const users = await directory.get('/Users?count=1000&attributes=id');
      const groups = await directory.get('/Groups?count=1000&attributes=id');
      assert.deepEqual(
        [shown.users, shown.activeUsers, shown.groups],
        [users.body['itemsPerPage'], users.body['itemsPerPage'], groups.body['itemsPerPage']],
      );
      assert.equal(users.body['totalResults'], shown.users);
    });
  });
}
