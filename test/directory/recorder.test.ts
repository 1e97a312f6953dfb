import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createScimDoor, forgetOldRequests, getRequest, pageOfRequests } from '#directory';
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

const day = 86_400_000;

for (const dialect of dialects) {
  describe(`the record of requests on ${dialect}`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    before(async () => {
      const opened = await openScimWorld(dialect, { now: Date.parse('2026-11-02T08:00:00.000Z') });
      world = opened;
      directory = opened.directory;
    });
    after(() => world.close());

    const recorded = async (outcome: 'all' | 'changed' | 'refused' = 'all', resource?: string) => {
      await world.door.close();
      const query = { outcome, limit: 1000, ...(resource === undefined ? {} : { resource }) };
      return (await pageOfRequests(world, directory.organizationId, directory.id, query)).items;
    };
    const detail = (id: string) => getRequest(world, directory.organizationId, directory.id, id);
    const create = async (userName: string, more: object = {}) =>
      idOf(await directory.send('POST', '/Users', { schemas: [userUrn], userName, ...more }));

    test('a change is recorded with both bodies, its difference, and a sentence', async () => {
      const id = await create('recorded', { title: 'A' });
      const patch = patchOf(
        { op: 'Replace', path: 'title', value: 'B' },
        { op: 'Replace', path: 'active', value: 'False' },
      );
      const answer = await directory.send('PATCH', `/Users/${id}?aadOptscim062020`, patch);
      const [patched, created] = await recorded('changed', id);
      assert.ok(patched && created);
      assert.deepEqual(
        { ...patched, id: '', ms: 0 },
        {
          id: '',
          at: new Date(world.clock.now).toISOString(),
          method: 'PATCH',
          path: `/Users/${id}?aadOptscim062020`,
          status: 200,
          ms: 0,
          token: 'Secret Token',
          resourceId: id,
          kind: 'changed',
          outcome: 'Switched off the user recorded and changed title.',
        },
      );
      const { request, answer: text, changes, ms } = await detail(patched.id);
      assert.ok(ms > 0);
      assert.deepEqual(JSON.parse(request ?? ''), patch);
      assert.equal(text, answer.text);
      assert.deepEqual(changes, [
        { path: 'active', before: true, after: false },
        { path: 'title', before: 'A', after: 'B' },
      ]);
      assert.equal(created.outcome, 'Created the user recorded.');
      assert.equal(created.status, 201);
    });

    const refusals: readonly [string, string, string, unknown, number, RegExp][] = [
      [
        'a name that is taken',
        'POST',
        '/Users',
        { userName: 'Taken' },
        409,
        /"Taken" is already in use.*Attribute mapping: give userName a matching precedence/,
      ],
      [
        'a filter',
        'GET',
        '/Users?filter=x%20eq%20%22y%22',
        undefined,
        400,
        /User has no attribute x.*matching precedence only to userName.*and to x none/,
      ],
      [
        'a path',
        'PATCH',
        '/Users/{id}',
        patchOf({ op: 'add', path: 'x y', value: 1 }),
        400,
        /look for x y among the targets/,
      ],
      [
        'a value',
        'POST',
        '/Users',
        { userName: 'v', active: 'perhaps' },
        400,
        /active \(boolean\) must be true or false.*source or expression of active/,
      ],
      ['no such user', 'GET', '/Users/nobody', undefined, 404, /no user "nobody".*Restart provisioning/],
      [
        'a value of an operation',
        'PATCH',
        '/Users/{id}',
        patchOf({ op: 'add', path: 'emails[type eq "work"].value', value: {} }),
        400,
        /source or expression of emails\[type eq "work"\]\.value;/,
      ],
      [
        'a value of the batched dialect',
        'PATCH',
        '/Users/{id}',
        patchOf({ op: 'replace', value: { 'name.familyName': 7 } }),
        400,
        /source or expression of name\.familyName;/,
      ],
      [
        'a required attribute',
        'PATCH',
        '/Users/{id}',
        patchOf({ op: 'remove', path: 'userName' }),
        400,
        /row of userName, .*Default value if null/,
      ],
      ['no JSON', 'POST', '/Users', '{', 400, /not valid JSON/],
    ];
    for (const [what, method, path, body, status, sentence] of refusals) {
      test(`a refusal says why and what to change: ${what}`, async () => {
        const id = await create(`taken`).catch(() => '');
        await directory.send(method, path.replace('{id}', id), body);
        const [newest] = await recorded('refused');
        assert.equal(newest?.status, status);
        assert.match(newest?.outcome ?? '', sentence);
        assert.match(newest?.outcome ?? '', /^Refused: /);
        await directory.send('DELETE', `/Users/${id}`);
      });
    }

    test('reads and changes of nothing are recorded behind the answer, and found by their user', async () => {
      const id = await create('read');
      await directory.get(`/Users/${id}`);
      await directory.find('/Users', 'userName eq "read"');
      await directory.send('PATCH', `/Users/${id}`, patchOf({ op: 'replace', path: 'userName', value: 'read' }));
      const found = await recorded('all', id);
      assert.deepEqual(found.map(({ method, outcome }) => [method, outcome]).sort(), [
        ['GET', 'Found 1 user.'],
        ['GET', 'Read a user.'],
        ['PATCH', 'Changed nothing: read is so already.'],
        ['POST', 'Created the user read.'],
      ]);
      const seen = await recorded('changed', id);
      assert.deepEqual(
        seen.map(({ method }) => method),
        ['POST'],
      );
    });

    test('neither a token nor a password is ever recorded', async () => {
      await create('secretive', { password: 'Tr0ub4dor-1' });
      const id = idOf(await directory.find('/Users', 'userName eq "secretive"')) || (await recorded())[0]?.resourceId;
      const bodies = [
        patchOf({ op: 'replace', path: 'password', value: 'Tr0ub4dor-2' }),
        patchOf({ op: 'replace', value: { Password: 'Tr0ub4dor-3' } }),
        `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","value":{"p\\u0061ssword":"Tr0ub4dor-4"}}]}`,
      ];
      for (const body of bodies) await directory.send('PATCH', `/Users/${id}`, body);
      await directory.send('POST', '/Users', '{"userName":"x","password":"Tr0ub4dor-5"');
      await directory.send('POST', '/Users', { userName: 'secretive', password: 'Tr0ub4dor-6' });
      const all = await Promise.all((await recorded()).map(({ id }) => detail(id)));
      const text = JSON.stringify(all);
      assert.ok(text.includes('[redacted]'));
      assert.ok(
        !text.includes('Tr0ub4dor'),
        text.slice(text.indexOf('Tr0ub4dor') - 300, text.indexOf('Tr0ub4dor') + 20),
      );
      assert.ok(!text.includes(directory.token.slice(-20)));
    });

    test('members are told as numbers, and the first of them by id', async () => {
      const group = idOf(
        await directory.send('POST', '/Groups', { schemas: [groupUrn], displayName: 'Told', members: ['a'] }),
      );
      await directory.send(
        'PATCH',
        `/Groups/${group}`,
        patchOf({ op: 'add', path: 'members', value: ['b', 'c'] }, { op: 'remove', path: 'members[value eq "a"]' }),
      );
      const [patched] = await recorded('changed', group);
      assert.equal(patched?.outcome, 'Added 2 members to the group Told, removed 1 member from the group Told.');
      assert.deepEqual((await detail(patched?.id ?? '')).changes, [
        { path: 'members', before: { count: 1 }, after: { count: 2, added: ['b', 'c'], removed: ['a'] } },
      ]);
    });

    test('long bodies are cut, and say so', async () => {
      const value = Array.from({ length: 2000 }, (_, index) => ({ value: `member-${index}` }));
      await directory.send('POST', '/Groups', { schemas: [groupUrn], displayName: 'Long', members: value });
      const [created] = await recorded('changed');
      const { request } = await detail(created?.id ?? '');
      assert.ok((request ?? '').length < 17_000);
      assert.match(request ?? '', /… \(\d+ characters in all\)$/);
    });

    test('pages follow one another, newest first', async () => {
      const query = { outcome: 'all' as const, limit: 3 };
      const { organizationId, id } = directory;
      const whole = await recorded();
      const first = await pageOfRequests(world, organizationId, id, query);
      const second = await pageOfRequests(world, organizationId, id, { ...query, cursor: first.nextCursor });
      assert.deepEqual([...first.items, ...second.items], whole.slice(0, 6));
    });

    test('recorded requests are forgotten after the days of the setting, in a directory of their own', async () => {
      const other = await world.addDirectory(`other-${dialect}`);
      await other.get('/Users?count=0');
      const before = (await recorded()).length;
      assert.ok(before > 0);
      const { organizationId, id } = directory;
      const work = { kind: 'directory.forget', organizationId, subject: id, attempts: 1 };
      world.clock.now += 30 * day - 60_000;
      assert.deepEqual(await forgetOldRequests(world, work), { again: 3_600_000 });
      assert.equal((await recorded()).length, before);
      world.clock.now += 120_000;
      await forgetOldRequests(world, work);
      assert.equal((await recorded()).length, 0);
      const kept = await pageOfRequests(world, other.organizationId, other.id, { outcome: 'all', limit: 10 });
      assert.equal(kept.items.length, 1);
    });

    test('within a quarter of a second a read is recorded without anybody closing the door', async () => {
      const door = createScimDoor(world);
      await call(door, 'GET', `${directory.tenantUrl}/Users?count=0`, undefined, {
        authorization: `Bearer ${directory.token}`,
      });
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const { items } = await pageOfRequests(world, directory.organizationId, directory.id, {
        outcome: 'all',
        limit: 1,
      });
      assert.equal(items[0]?.path, '/Users?count=0');
      await door.close();
    });
  });
}
