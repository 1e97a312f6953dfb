import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { getRequest, pageOfRequests } from '#directory';
import { dialects } from '../world.ts';
import { groupUrn, idOf, openScimWorld, patchOf, type ScimWorld, type TestDirectory, userUrn } from './scim-world.ts';

type Query = Partial<Parameters<typeof pageOfRequests>[3]>;

for (const dialect of dialects) {
  describe(`looking for recorded requests on ${dialect}`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    let mara: string;
    before(async () => {
      const opened = await openScimWorld(dialect, { now: Date.parse('2026-11-02T08:00:00.000Z') });
      world = opened;
      directory = opened.directory;
      const { send, find } = directory;
      await find('/Users', 'userName eq "Mara@contoso.example"');
      const user = { schemas: [userUrn], userName: 'Mara@contoso.example', externalId: 'oid-mara' };
      mara = idOf(await send('POST', '/Users', user));
      world.clock.now += 3_600_000;
      await send('PATCH', `/Users/${mara}`, patchOf({ op: 'replace', path: 'title', value: 'Lead' }));
      await send('PATCH', `/Users/${mara}`, patchOf({ op: 'replace', path: 'active', value: 'perhaps' }));
      await find('/Users', 'externalId eq "oid-nobody"');
      await send('POST', '/Users', { schemas: [userUrn], userName: 'nobody@contoso.example', active: 'x' });
      await find('/Users', 'emails[type eq "work"].value eq "work@contoso.example"');
      await send('POST', '/Groups', { schemas: [groupUrn], displayName: 'Marathon' });
      const gone = idOf(await send('POST', '/Users', { schemas: [userUrn], userName: 'gone' }));
      await send('DELETE', `/Users/${gone}`);
      await world.door.close();
    });
    after(() => world.close());

    const found = async (query: Query, of: TestDirectory = directory) => {
      const { items } = await pageOfRequests(world, of.organizationId, of.id, { outcome: 'all', limit: 100, ...query });
      return items.map(({ method, status }) => `${method} ${status}`);
    };

    const cases: readonly [string, Query, string[]][] = [
      [
        'by user name, in any case',
        { about: 'MARA@contoso.example' },
        ['PATCH 400', 'PATCH 200', 'POST 201', 'GET 200'],
      ],
      [
        'by the beginning of a name, of users and groups',
        { about: 'mara' },
        ['POST 201', 'PATCH 400', 'PATCH 200', 'POST 201', 'GET 200'],
      ],
      ['by externalId', { about: 'oid-mara' }, ['PATCH 400', 'PATCH 200', 'POST 201']],
      ['of a user who never came to be', { about: 'nobody@contoso.example' }, ['POST 400']],
      ['what a filter looked for', { about: 'oid-nobody' }, ['GET 200']],
      ['what a filter with brackets looked for', { about: 'work@contoso.example' }, ['GET 200']],
      ['of a deleted user', { about: 'gone' }, ['DELETE 204', 'POST 201']],
      ['by name and outcome', { about: 'mara@', outcome: 'refused' }, ['PATCH 400']],
      ['by outcome', { outcome: 'refused' }, ['POST 400', 'PATCH 400']],
      ['by status', { status: 201 }, ['POST 201', 'POST 201', 'POST 201']],
      ['by method', { method: 'DELETE' }, ['DELETE 204']],
      ['by method and outcome', { method: 'PATCH', outcome: 'changed' }, ['PATCH 200']],
      ['by status and outcome, of which there is none', { status: 409, outcome: 'refused' }, []],
      ['until a time', { to: '2026-11-02T09:00:00+00:00' }, ['POST 201', 'GET 200']],
      ['from a time on, of one outcome', { from: '2026-11-02T09:00:00.000Z', outcome: 'read' }, ['GET 200', 'GET 200']],
      ['of nobody', { about: 'zelda' }, []],
    ];
    for (const [what, query, expected] of cases) {
      test(what, async () => assert.deepEqual(await found(query), expected));
    }

    test('by id, also what was refused', async () => {
      assert.deepEqual(await found({ about: mara }), ['PATCH 400', 'PATCH 200', 'POST 201']);
      assert.deepEqual(await found({ resource: mara, outcome: 'refused' }), ['PATCH 400']);
    });

    test('merged walks give pages that follow one another', async () => {
      const { organizationId, id } = directory;
      const query = { outcome: 'all' as const, about: 'mara' };
      const whole = await pageOfRequests(world, organizationId, id, { ...query, limit: 10 });
      const first = await pageOfRequests(world, organizationId, id, { ...query, limit: 2 });
      const second = await pageOfRequests(world, organizationId, id, { ...query, limit: 9, cursor: first.nextCursor });
      assert.deepEqual([...first.items, ...second.items], whole.items);
      assert.equal(second.nextCursor, undefined);
    });

    test('nothing of another directory is found', async () => {
      const other = await world.addDirectory('fabrikam');
      for (const query of [{ about: 'mara' }, { about: mara }, { about: 'oid-mara' }, { outcome: 'refused' as const }])
        assert.deepEqual(await found(query, other), []);
    });

    test('what was created is shown attribute by attribute', async () => {
      const { organizationId, id } = directory;
      const { items } = await pageOfRequests(world, organizationId, id, { outcome: 'all', status: 201, limit: 10 });
      const { changes } = await getRequest(world, organizationId, id, items.at(-1)?.id ?? '');
      assert.deepEqual(changes, [
        { path: 'active', before: null, after: true },
        { path: 'userName', before: null, after: 'Mara@contoso.example' },
        { path: 'externalId', before: null, after: 'oid-mara' },
      ]);
    });
  });
}
