import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { pageOfRequests, replayRequest } from '#directory';
import { Problem } from '#http';
import { rawStatement, tables } from '#store';
import { dialects } from '../world.ts';
import { groupUrn, idOf, openScimWorld, patchOf, type ScimWorld, type TestDirectory, userUrn } from './scim-world.ts';

/** Every row of every table. */
async function snapshot(world: ScimWorld): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for (const [name, { key }] of Object.entries(tables))
    all[name] = await world.store.read(rawStatement(`select * from ${name} order by ${key.join(', ')}`), {});
  return all;
}

for (const dialect of dialects) {
  describe(`replaying a recorded request on ${dialect}`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    before(async () => {
      const opened = await openScimWorld(dialect);
      world = opened;
      directory = opened.directory;
    });
    after(() => world.close());

    const newest = async (of = directory): Promise<string> => {
      await world.door.close();
      const { items } = await pageOfRequests(world, of.organizationId, of.id, { outcome: 'all', limit: 1 });
      return items[0]?.id ?? '';
    };
    /** Replays and sees that nothing of it is left anywhere. */
    const replay = async (id: string, of = directory) => {
      await world.door.close();
      const before = await snapshot(world);
      const replayed = await replayRequest(world, of.organizationId, of.id, id);
      await world.door.close();
      assert.deepEqual(await snapshot(world), before);
      return replayed;
    };
    const create = (userName: string, more: object = {}) =>
      directory.send('POST', '/Users', { schemas: [userUrn], userName, ...more });

    test('a create of somebody who is gone would create anew: the same answer but for the id', async () => {
      const id = idOf(await create('anew', { title: 'T' }));
      const request = await newest();
      await directory.send('DELETE', `/Users/${id}`);
      const { status, kind, same, differences, changes, was, outcome } = await replay(request);
      assert.deepEqual([status, kind, same, differences, was.status], [201, 'changed', true, [], 201]);
      assert.equal(outcome, 'Created the user anew.');
      assert.deepEqual(
        changes.map(({ path, after }) => [path, after]),
        [
          ['active', true],
          ['userName', 'anew'],
          ['title', 'T'],
        ],
      );
      assert.equal((await directory.find('/Users', 'userName eq "anew"')).body['totalResults'], 0);
    });

    test('a create of somebody who is there would be refused, with what to change', async () => {
      await create('there');
      const { status, was, same, outcome, answer, changes } = await replay(await newest());
      assert.deepEqual([status, was.status, same, changes], [409, 201, false, []]);
      assert.match(outcome, /"there" is already in use.*matching precedence/);
      assert.equal(JSON.parse(answer ?? '').scimType, 'uniqueness');
    });

    test('what was refused shows whether it would be by now', async () => {
      const id = idOf(await create('holder'));
      await create('HOLDER');
      const request = await newest();
      assert.equal((await replay(request)).same, true);
      await directory.send('DELETE', `/Users/${id}`);
      const { status, was } = await replay(request);
      assert.deepEqual([status, was.status], [201, 409]);
    });

    test('a PATCH tells the change it would make, and how the answer would differ', async () => {
      const id = idOf(await create('patched', { title: 'A' }));
      await directory.send('PATCH', `/Users/${id}`, patchOf({ op: 'Replace', path: 'active', value: 'False' }));
      const request = await newest();
      assert.equal((await replay(request)).kind, 'unchanged');
      const back = patchOf(
        { op: 'Replace', path: 'active', value: 'True' },
        { op: 'Replace', path: 'title', value: 'B' },
      );
      await directory.send('PATCH', `/Users/${id}`, back);
      const { changes, differences, outcome } = await replay(request);
      assert.equal(outcome, 'Switched off the user patched.');
      assert.deepEqual(changes, [{ path: 'active', before: true, after: false }]);
      assert.deepEqual(differences, [{ path: 'title', before: 'A', after: 'B' }]);
    });

    test('members, deletes and lists leave nothing either', async () => {
      const body = { schemas: [groupUrn], displayName: 'Group', members: [{ value: 'a' }, { value: 'b' }] };
      const group = idOf(await directory.send('POST', '/Groups', body));
      await directory.send(
        'PATCH',
        `/Groups/${group}`,
        patchOf({ op: 'Remove', path: 'members', value: [{ value: 'a' }] }),
      );
      const removal = await newest();
      assert.equal((await replay(removal)).kind, 'unchanged');
      await directory.send(
        'PATCH',
        `/Groups/${group}`,
        patchOf({ op: 'Add', path: 'members', value: [{ value: 'a' }] }),
      );
      assert.equal((await replay(removal)).outcome, 'Removed 1 member from the group Group.');
      await directory.find('/Groups', 'displayName eq "Group"');
      assert.equal((await replay(await newest())).same, true);
      await directory.send('DELETE', `/Groups/${group}`);
      const deletion = await newest();
      assert.equal((await replay(deletion)).status, 404);
      await directory.send('POST', '/Groups', body);
      assert.deepEqual((await replay(await newest())).status, 409);
    });

    test('a Bulk request leaves nothing, and shows what each operation would be answered', async () => {
      const bulk = (userName: string) => ({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
        Operations: [
          { method: 'POST', path: '/Users', bulkId: 'one', data: { schemas: [userUrn], userName } },
          { method: 'DELETE', path: '/Users/bulkId:one' },
        ],
      });
      await directory.send('POST', '/Bulk', bulk('by-bulk'));
      await world.door.close();
      const { organizationId, id } = directory;
      const { items } = await pageOfRequests(world, organizationId, id, { outcome: 'all', limit: 5 });
      const { status, answer } = await replay(items.find(({ path }) => path === '/Bulk')?.id ?? '');
      assert.equal(status, 200);
      assert.deepEqual(
        JSON.parse(answer ?? '').Operations.map((operation: { status: string }) => operation.status),
        ['201', '204'],
      );
    });

    const incomplete: readonly [string, () => Promise<unknown>, RegExp][] = [
      ['whose body was cut', () => create('long', { title: 'x'.repeat(20_000) }), /body was longer than is kept/],
      ['with a password', () => create('secretive', { password: 'Tr0ub4dor' }), /held a password/],
      ['that was no JSON', () => directory.send('POST', '/Users', '{'), /body could not be read/],
      ['of a long address', () => directory.get(`/Users?x=${'y'.repeat(3000)}`), /address was longer/],
    ];
    for (const [what, send, why] of incomplete) {
      test(`a request ${what} cannot be replayed, and says why`, async () => {
        await send();
        await assert.rejects(replay(await newest()), (error) => {
          assert.ok(error instanceof Problem);
          assert.equal(error.problem, 'wrong-state');
          assert.match(error.details.detail, why);
          assert.match(error.details.remedy ?? '', /Provision on demand/);
          return true;
        });
      });
    }

    test('a request of another directory is not there', async () => {
      const other = await world.addDirectory(`other-${dialect}`);
      await directory.get('/Users?count=0');
      await assert.rejects(
        replay(await newest(), other),
        (error) => error instanceof Problem && error.problem === 'not-found',
      );
    });

    test('a change of a group that takes too long to try is not tried to its end', async () => {
      const members = Array.from({ length: 900 }, (_, index) => ({ value: `m-${index}` }));
      const group = idOf(await directory.send('POST', '/Groups', { schemas: [groupUrn], displayName: 'Many' }));
      for (let from = 0; from < 27; from++) {
        const value = members.map(({ value: id }) => ({ value: `${id}-${from}` }));
        await directory.send('PATCH', `/Groups/${group}`, patchOf({ op: 'add', path: 'members', value }));
      }
      await directory.send('PATCH', `/Groups/${group}`, patchOf({ op: 'remove', path: 'members[value eq "m-0-0"]' }));
      assert.equal((await replay(await newest())).kind, 'unchanged');
      await directory.send('PUT', `/Groups/${group}`, { schemas: [groupUrn], displayName: 'Many' });
      const request = await newest();
      for (let from = 0; from < 27; from++) {
        const value = members.map(({ value: id }) => ({ value: `${id}-${from}` }));
        await directory.send('PATCH', `/Groups/${group}`, patchOf({ op: 'add', path: 'members', value }));
      }
      if (dialect === 'sqlite') await assert.rejects(replay(request), /too much to be tried/);
      else assert.equal((await replay(request)).outcome, 'Removed 24300 members from the group Many.');
    });
  });
}
