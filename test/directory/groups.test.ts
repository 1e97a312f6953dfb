import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { listEvents, sequenceSome } from '#events';
import type { JsonObject } from '#scim';
import { dialects } from '../world.ts';
import { groupUrn, idOf, openScimWorld, patchOf, type ScimWorld, type TestDirectory, userUrn } from './scim-world.ts';

for (const dialect of dialects) {
  describe(`groups on ${dialect}`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    before(async () => {
      const opened = await openScimWorld(dialect, { now: Date.parse('2026-11-02T08:00:00.000Z') });
      world = opened;
      directory = opened.directory;
    });
    after(() => world.close());

    const createUser = async (userName: string): Promise<string> =>
      idOf(await directory.send('POST', '/Users', { schemas: [userUrn], userName, displayName: `The ${userName}` }));
    const createGroup = async (displayName: string, members: unknown[] = []): Promise<string> => {
      const created = await directory.send('POST', '/Groups', { schemas: [groupUrn], displayName, members });
      assert.equal(created.status, 201, created.text);
      return idOf(created);
    };
    const membersOf = async (id: string): Promise<string[]> => {
      const { body } = await directory.get(`/Groups/${id}`);
      return ((body['members'] ?? []) as JsonObject[]).map(({ value }) => String(value)).sort();
    };
    const patch = (id: string, ...operations: JsonObject[]) =>
      directory.send('PATCH', `/Groups/${id}`, patchOf(...operations));
    const eventsAbout = async (id: string) => {
      while ((await sequenceSome(world)) > 0);
      const { items } = await listEvents(world, directory.organizationId, { order: 'newest', limit: 1000 });
      return items.filter(({ subject }) => subject.id === id).map(({ type, data }) => ({ type, data }));
    };

    test('a group is created with members, which tell what they are', async () => {
      const user = await createUser('told');
      const inner = await createGroup('Inner');
      const created = await directory.send('POST', '/Groups', {
        schemas: [groupUrn],
        displayName: 'Outer',
        externalId: 'g-1',
        members: [{ value: user }, { value: inner, type: 'Group' }, { value: 'nobody' }],
      });
      const { members, ...rest } = created.body;
      assert.equal(created.status, 201);
      assert.deepEqual(
        [rest['displayName'], rest['externalId'], created.headers.get('etag')],
        ['Outer', 'g-1', 'W/"1"'],
      );
      assert.deepEqual(
        new Set(members as JsonObject[]),
        new Set([
          { value: user, $ref: `${directory.tenantUrl}/Users/${user}`, type: 'User', display: 'The told' },
          { value: inner, $ref: `${directory.tenantUrl}/Groups/${inner}`, type: 'Group', display: 'Inner' },
          { value: 'nobody' },
        ]),
      );
    });

    test('the groups of a user are told with the user', async () => {
      const user = await createUser('grouped');
      const group = await createGroup('Grouping', [{ value: user }]);
      const expected = [
        { value: group, $ref: `${directory.tenantUrl}/Groups/${group}`, display: 'Grouping', type: 'direct' },
      ];
      assert.deepEqual((await directory.get(`/Users/${user}`)).body['groups'], expected);
      assert.equal((await directory.get(`/Users/${user}?excludedAttributes=groups`)).body['groups'], undefined);
      const found = await directory.find('/Users', `groups.value eq "${group}"`);
      assert.equal(found.body['totalResults'], 1);
    });

    test('entra §1.8: names of groups are unique, without case', async () => {
      await createGroup('Unique');
      const id = await createGroup('Other');
      const again = await directory.send('POST', '/Groups', { schemas: [groupUrn], displayName: 'UNIQUE' });
      assert.deepEqual([again.status, again.body['scimType']], [409, 'uniqueness']);
      const renamed = await patch(id, { op: 'Replace', path: 'displayName', value: 'unique' });
      assert.deepEqual([renamed.status, renamed.body['scimType']], [409, 'uniqueness']);
      assert.equal((await patch(id, { op: 'Replace', path: 'displayName', value: 'OTHER' })).status, 204);
    });

    test('PATCH answers 204, and 200 with the group where attributes are asked for', async () => {
      const id = await createGroup('Answered');
      const operation = patchOf({ op: 'Add', path: 'members', value: [{ value: 'a' }] });
      const plain = await directory.send('PATCH', `/Groups/${id}`, operation);
      assert.deepEqual([plain.status, plain.text, plain.headers.get('etag')], [204, '', 'W/"2"']);
      const asked = await directory.send('PATCH', `/Groups/${id}?attributes=members`, operation);
      assert.equal(asked.status, 200);
      assert.deepEqual(asked.body, { schemas: [groupUrn], id, members: [{ value: 'a' }] });
    });

    test('adding who is there and removing who is not succeed and change nothing', async () => {
      const id = await createGroup('Idempotent', [{ value: 'a' }]);
      assert.equal((await patch(id, { op: 'Add', path: 'members', value: [{ value: 'a' }] })).status, 204);
      assert.equal((await patch(id, { op: 'Remove', path: 'members', value: [{ value: 'b' }] })).status, 204);
      const { headers } = await directory.get(`/Groups/${id}`);
      assert.equal(headers.get('etag'), 'W/"1"');
      assert.deepEqual(
        (await eventsAbout(id)).map(({ type }) => type),
        ['group.created'],
      );
    });

    test('one event for one request, with counts', async () => {
      const id = await createGroup('Counted', [{ value: 'a' }, { value: 'b' }]);
      await patch(
        id,
        { op: 'Add', path: 'members', value: [{ value: 'b' }, { value: 'c' }, { value: 'd' }] },
        { op: 'Remove', path: 'members', value: [{ value: 'a' }] },
        { op: 'Replace', path: 'displayName', value: 'Counted anew' },
      );
      const events = (await eventsAbout(id)).slice(0, 2);
      const updated = events.find(({ type }) => type === 'group.updated');
      assert.deepEqual(
        events.find((each) => each !== updated),
        {
          type: 'group.members_changed',
          data: { directory: 'contoso', added: 2, removed: 1, members: 3 },
        },
      );
      assert.deepEqual(updated?.data['changes'], [{ path: 'displayName', before: 'Counted', after: 'Counted anew' }]);
      assert.deepEqual(await membersOf(id), ['b', 'c', 'd']);
    });

    test('a PATCH of which one operation fails changes nothing', async () => {
      const id = await createGroup('Atomic', [{ value: 'a' }]);
      const refused = await patch(
        id,
        { op: 'Add', path: 'members', value: [{ value: 'b' }] },
        { op: 'replace', path: 'nonsense', value: 'x' },
      );
      assert.deepEqual([refused.status, refused.body['scimType']], [400, 'invalidPath']);
      assert.deepEqual(await membersOf(id), ['a']);
    });

    const removals: readonly [string, JsonObject, string[]][] = [
      ['those of a list', { op: 'Remove', path: 'members', value: [{ $ref: null, value: 'a' }] }, ['b', 'c']],
      ['one by filter', { op: 'remove', path: 'members[value eq "b"]' }, ['a', 'c']],
      ['some by any filter', { op: 'remove', path: 'members[not (value eq "b")]' }, ['b']],
      ['by what they are called', { op: 'remove', path: 'members[display pr]' }, ['a', 'b', 'c']],
      ['all', { op: 'remove', path: 'members' }, []],
      ['all by an empty list', { op: 'replace', path: 'members', value: [] }, []],
      [
        'all but those of a list',
        { op: 'replace', path: 'members', value: [{ value: 'c' }, { value: 'd' }] },
        ['c', 'd'],
      ],
    ];
    for (const [what, operation, left] of removals) {
      test(`members are removed: ${what}`, async () => {
        const id = await createGroup(`Removing ${what}`, [{ value: 'a' }, { value: 'b' }, { value: 'c' }]);
        assert.equal((await patch(id, operation)).status, 204);
        assert.deepEqual(await membersOf(id), left);
      });
    }

    test('RFC 7644 §3.5.1: PUT replaces attributes and members', async () => {
      const id = await createGroup('Put', [{ value: 'a' }, { value: 'b' }]);
      const put = await directory.send('PUT', `/Groups/${id}`, {
        schemas: [groupUrn],
        displayName: 'Put anew',
        members: [{ value: 'b' }, { value: 'c' }],
      });
      assert.deepEqual([put.status, put.headers.get('etag')], [200, 'W/"2"']);
      assert.deepEqual(await membersOf(id), ['b', 'c']);
      assert.equal(put.body['displayName'], 'Put anew');
      const emptied = await directory.send('PUT', `/Groups/${id}`, { schemas: [groupUrn], displayName: 'Put anew' });
      assert.equal(emptied.body['members'], undefined);
    });

    test('a deleted group leaves its members, and a deleted user its groups', async () => {
      const user = await createUser('leaving');
      const first = await createGroup('Left', [{ value: user }, { value: 'a' }]);
      const second = await createGroup('Deleted', [{ value: user }]);
      assert.equal((await directory.send('DELETE', `/Groups/${second}`)).status, 204);
      assert.equal((await directory.get(`/Groups/${second}`)).status, 404);
      const groups = (await directory.get(`/Users/${user}`)).body['groups'] as JsonObject[];
      assert.deepEqual(
        groups.map(({ value }) => value),
        [first],
      );
      await directory.send('DELETE', `/Users/${user}`);
      assert.deepEqual(await membersOf(first), ['a']);
      assert.equal((await directory.get(`/Groups/${first}`)).headers.get('etag'), 'W/"2"');
    });

    test('entra §1.9: members who are switched off stay members', async () => {
      const user = await createUser('resting');
      const id = await createGroup('Resting', [{ value: user }]);
      await directory.send('PATCH', `/Users/${user}`, patchOf({ op: 'Replace', path: 'active', value: 'False' }));
      assert.deepEqual(await membersOf(id), [user]);
    });

    test('a large change is whole, counted, and one event', async () => {
      const id = await createGroup('Large');
      const value = Array.from({ length: 2600 }, (_, index) => ({ value: `member-${index}` }));
      assert.equal((await patch(id, { op: 'Add', path: 'members', value })).status, 204);
      assert.equal((await membersOf(id)).length, 2600);
      const replaced = value.slice(1300).concat(value.slice(0, 10));
      assert.equal((await patch(id, { op: 'replace', path: 'members', value: replaced })).status, 204);
      assert.equal((await membersOf(id)).length, 1310);
      assert.equal((await patch(id, { op: 'remove', path: 'members' })).status, 204);
      assert.deepEqual(await membersOf(id), []);
      assert.deepEqual(
        (await eventsAbout(id)).map(({ type, data }) => [type, data['added'], data['removed'], data['members']]),
        [
          ['group.members_changed', 0, 1310, 0],
          ['group.members_changed', 0, 1290, 1310],
          ['group.members_changed', 2600, 0, 2600],
          ['group.created', undefined, undefined, 0],
        ],
      );
      const made = await directory.send('POST', '/Groups?excludedAttributes=members', {
        schemas: [groupUrn],
        displayName: 'Large from the start',
        members: value,
      });
      assert.equal(made.body['members'], undefined);
      assert.equal((await membersOf(idOf(made))).length, 2600);
    });
  });
}
