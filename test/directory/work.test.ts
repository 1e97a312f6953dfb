import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deleteConnection, pauseConnection } from '#connections';
import { forgetOldRequests, sweepMemberships } from '#directory';
import { byItself } from '#events';
import { type Statement, tables, type Values } from '#store';
import { dialects } from '../world.ts';
import { groupUrn, idOf, openScimWorld, type ScimWorld, userUrn } from './scim-world.ts';

/** How many rows each table has of a directory. */
async function rowsOf(world: ScimWorld, directoryId: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const [name, { columns }] of Object.entries(tables)) {
    if (!('directory_id' in columns)) continue;
    const counting: Statement<Values, { count: number }> = {
      name: '',
      compile: () => ({
        sql: `select count(*) as count from ${name} where directory_id = '${directoryId}'`,
        takes: [],
        bind: () => [],
      }),
    };
    const [row] = await world.store.read(counting, {});
    if (row !== undefined && row.count > 0) found[name] = row.count;
  }
  return found;
}

for (const dialect of dialects) {
  describe(`due work of directories on ${dialect}`, () => {
    test('of a deleted connection nothing is kept; of others everything', async () => {
      const world = await openScimWorld(dialect);
      const { directory } = world;
      const other = await world.addDirectory('fabrikam', directory.organizationId);
      for (const each of [directory, other]) {
        const ids: string[] = [];
        for (let index = 0; index < 30; index++) {
          const body = { schemas: [userUrn], userName: `u${index}`, title: `T${index}` };
          ids.push(idOf(await each.send('POST', '/Users', body)));
        }
        await each.send('POST', '/Groups', { schemas: [groupUrn], displayName: 'G', members: ids });
        for (const id of ids.slice(0, 12)) await each.send('DELETE', `/Users/${id}`);
      }
      await world.door.close();
      const before = await rowsOf(world, other.id);
      assert.equal(before['scim_held_change'], 2);
      const { organizationId, id } = directory;
      await pauseConnection(world, byItself, organizationId, id);
      await deleteConnection(world, byItself, organizationId, id, undefined);
      const work = { kind: 'directory.forget', organizationId, subject: id, attempts: 1 };
      assert.equal(await forgetOldRequests(world, work), undefined);
      assert.deepEqual(await rowsOf(world, id), {});
      assert.deepEqual(await rowsOf(world, other.id), before);
      await world.close();
    });

    test('the memberships of a large deleted group are swept away', async () => {
      const world = await openScimWorld(dialect);
      const { directory } = world;
      const members = Array.from({ length: 1200 }, (_, index) => `m-${index}`);
      const id = idOf(await directory.send('POST', '/Groups', { schemas: [groupUrn], displayName: 'G', members }));
      const kept = idOf(
        await directory.send('POST', '/Groups', { schemas: [groupUrn], displayName: 'K', members: ['a'] }),
      );
      assert.equal((await directory.send('DELETE', `/Groups/${id}`)).status, 204);
      const subject = `${directory.id}/${id}`;
      const work = { kind: 'directory.sweep', organizationId: directory.organizationId, subject, attempts: 1 };
      assert.equal(await sweepMemberships(world, work), undefined);
      assert.equal((await rowsOf(world, directory.id))['scim_membership'], 1);
      assert.equal(((await directory.get(`/Groups/${kept}`)).body['members'] as unknown[]).length, 1);
      await world.close();
    });
  });
}
