import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { dialects } from '../world.ts';
import { idOf, openScimWorld, resourcesOf, type ScimWorld, type TestDirectory, userUrn } from './scim-world.ts';

/** Between two anchors. */
const spacing = 4000;
const size = 5 * spacing + 200;

for (const dialect of dialects) {
  describe(`deep pages by index start from anchors on ${dialect}`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    const ids: string[] = [];
    const idAt = (place: number): string => `018f0000-0000-7000-8000-${String(place).padStart(12, '0')}`;
    before(async () => {
      const opened = await openScimWorld(dialect, { now: Date.parse('2026-11-02T08:00:00.000Z') });
      world = opened;
      directory = opened.directory;
      for (let place = 0; place < size; place++) ids.push(idAt(2 * place));
      const { organizationId, id } = directory;
      const rows = ids.map(
        (each, place) =>
          `('${organizationId}', '${id}', '${each}', 'u${place}', 'u${place}', 1, '{"schemas":["${userUrn}"],"id":"${each}","userName":"u${place}"}', 1, 1, 1)`,
      );
      for (let from = 0; from < size; from += 1000) {
        await world.execute(
          `insert into scim_user (organization_id, directory_id, id, user_name, user_name_folded, active, document, version, created_at, updated_at) values ${rows.slice(from, from + 1000).join(', ')}`,
        );
      }
      await world.execute(
        `insert into directory_count (organization_id, directory_id, shard, users, active_users, groups, users_anchored, groups_anchored) values ('${organizationId}', '${id}', 0, ${size}, ${size}, 0, '', '')`,
      );
      // PostgreSQL does so by itself within a minute.
      if (dialect === 'postgres') await world.execute('analyze');
    });
    after(() => world.close());

    const pageAt = async (startIndex: number, count = 3): Promise<string[]> => {
      const answer = await directory.get(`/Users?startIndex=${startIndex}&count=${count}&attributes=id`);
      assert.deepEqual([answer.status, answer.body['totalResults']], [200, ids.length], answer.text);
      return resourcesOf(answer).map(({ id }) => String(id));
    };
    const everyPageIsRight = async (): Promise<void> => {
      const places = [2, 4, 5].flatMap((many) => [-1, 0, 1].map((more) => many * spacing + more));
      const near = [1, 2, spacing - 1, spacing, spacing + 1, 1.5 * spacing, 3.2 * spacing, size - 100, ids.length - 1];
      for (const startIndex of [...near, ...places]) {
        assert.deepEqual(
          await pageAt(startIndex),
          ids.slice(startIndex - 1, startIndex + 2),
          `startIndex ${startIndex}`,
        );
      }
    };

    test('each page is the one that it is without', everyPageIsRight);

    test('those who read a deep page walk no more than a page and the distance of two anchors', async () => {
      await pageAt(size - 199);
      const walked: number[] = [];
      const watched = {
        ...world,
        store: {
          ...world.store,
          read: (...given: Parameters<typeof world.store.read>) => {
            if ('skip' in given[1]) walked.push(Number(given[1]['skip']));
            if ('positionId' in given[1]) walked.push(Number(given[1]['offset']));
            return world.store.read(...given);
          },
        },
      };
      const { createScimDoor } = await import('#directory');
      const door = createScimDoor(watched as typeof world);
      const request = new Request(`${directory.tenantUrl}/Users?startIndex=${size - 197}&count=3`, {
        headers: { authorization: `Bearer ${directory.token}` },
      });
      assert.equal((await door(request, { requestId: 'r', address: 'a', userAgent: null })).status, 200);
      assert.equal(walked.length, 2);
      assert.ok(
        walked.every((rows) => rows < spacing),
        String(walked),
      );
      await door.close();
    });

    test('whoever is deleted before an anchor is left out of it', async () => {
      for (const place of [size - 100, 4 * spacing, 2.5 * spacing, spacing, spacing - 1, 3, 0]) {
        assert.equal((await directory.send('DELETE', `/Users/${ids[place]}`)).status, 204);
        ids.splice(place, 1);
      }
      await everyPageIsRight();
    });

    test('whoever is created behind the anchors is on the last page', async () => {
      ids.push(idOf(await directory.send('POST', '/Users', { schemas: [userUrn], userName: 'late' })));
      await everyPageIsRight();
    });

    test('whoever is created by a machine whose clock is behind counts before the anchors', async () => {
      const now = world.clock.now;
      world.clock.now = 0x018e_ffff_0000;
      ids.unshift(idOf(await directory.send('POST', '/Users', { schemas: [userUrn], userName: 'early' })));
      world.clock.now = now;
      assert.ok(String(ids[0]) < String(ids[1]));
      await everyPageIsRight();
    });

    test('pages stay right while many are deleted and anchors are made at the same time', async () => {
      const gone = ids.filter((_, place) => place % 80 === 7);
      const deleting = gone.map((id) => directory.send('DELETE', `/Users/${id}`));
      const reading = [5 * spacing, 3 * spacing, 4.5 * spacing].map((startIndex) =>
        directory.get(`/Users?startIndex=${startIndex}&count=1`),
      );
      for (const answer of await Promise.all(deleting)) assert.equal(answer.status, 204);
      await Promise.all(reading);
      for (const id of gone) ids.splice(ids.indexOf(id), 1);
      await everyPageIsRight();
    });
  });
}
