import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { entries } from '#contract';
import { changeSettings, createScimDoor, getDirectory, pageOfRequests, type ScimDoor } from '#directory';
import { byItself } from '#events';
import type { Store } from '#store';
import { dialects } from '../world.ts';
import { call, openScimWorld, type ScimWorld, type TestDirectory } from './scim-world.ts';

for (const dialect of dialects) {
  describe(`requests a second (${dialect})`, () => {
    let world: ScimWorld;
    before(async () => {
      // A clock that stands still: what the gate believes, it believes during the whole test.
      world = await openScimWorld(dialect, { now: Date.UTC(2027, 0, 1) });
    });
    after(() => world.close());

    const limited = async (id: string, requestsPerSecond: number): Promise<TestDirectory> => {
      const directory = await world.addDirectory(id);
      await changeSettings(world, byItself, directory.organizationId, id, { requestsPerSecond }, undefined);
      return directory;
    };
    const ask = (door: ScimDoor, { tenantUrl, token }: TestDirectory, path = '/Users?count=0') =>
      call(door, 'GET', `${tenantUrl}${path}`, undefined, { authorization: `Bearer ${token}` });
    const many = async (door: ScimDoor, directory: TestDirectory, times: number) =>
      Promise.all(Array.from({ length: times }, () => ask(door, directory)));

    test('P12: beyond the limit 429 with Retry-After in SCIM’s words; another directory is served; a second later it goes on', async () => {
      const directory = await limited('busy', 25);
      const other = await limited('calm', 25);
      await ask(world.door, directory);
      const answers = await many(world.door, directory, 40);
      const refused = answers.filter(({ status }) => status === 429);
      assert.ok(refused.length >= 10 && refused.length <= 16, `${refused.length} were refused`);
      for (const { headers, body } of refused) {
        assert.equal(headers.get('retry-after'), '1');
        assert.deepEqual(body, {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
          status: '429',
          detail: 'this connection takes 25 requests a second; send the request again later',
        });
      }
      assert.equal((await ask(world.door, other)).status, 200);
      await pause(1000);
      assert.ok((await many(world.door, directory, 20)).every(({ status }) => status === 200));
    });

    test('what is refused is counted in the cycle, and not recorded one by one', async () => {
      const directory = await limited('counted', 25);
      const door = createScimDoor(world);
      const answers = await many(door, directory, 60);
      await door.close();
      const { organizationId, id } = directory;
      const { lastCycle } = await getDirectory(world, organizationId, id);
      const refused = answers.filter(({ status }) => status === 429).length;
      assert.ok(refused > 0);
      assert.equal(lastCycle?.throttled, refused);
      const { items } = await pageOfRequests(world, organizationId, id, { outcome: 'refused', limit: 100 });
      assert.deepEqual(items, []);
    });

    test('a refused request costs no question to the database, and its body is not read', async () => {
      const directory = await limited('cheap', 25);
      let questions = 0;
      // Only what is asked before the answer: what is written, is written behind it.
      const read: Store['read'] = (statement, params) => {
        questions++;
        return world.store.read(statement, params);
      };
      const door = createScimDoor({ ...world, store: { ...world.store, read } });
      await ask(door, directory);
      const first = questions;
      await ask(door, directory);
      const each = questions - first;
      let pulled = 0;
      const pull = (controller: ReadableStreamDefaultController) => {
        pulled++;
        controller.close();
      };
      const headers = { authorization: `Bearer ${directory.token}`, 'content-type': 'application/scim+json' };
      const body = new ReadableStream({ pull }, { highWaterMark: 0 });
      const request = new Request(`${directory.tenantUrl}/Users`, { method: 'POST', headers, body, duplex: 'half' });
      const flood = many(door, directory, 40);
      const last = await door(request, { requestId: 'r', address: '203.0.113.7', userAgent: null });
      const served = (await flood).filter(({ status }) => status === 200).length;
      assert.deepEqual([last.status, pulled], [429, 0]);
      assert.ok(each > 0 && served < 40);
      assert.equal(questions, first + each * (served + 1));
      await door.close();
    });

    if (dialect === 'postgres') {
      test('two machines keep the limit together within about a second, and one alone has all of it again', async () => {
        const directory = await limited('shared', 50);
        const doors = [createScimDoor(world), createScimDoor(world)];
        let served: number[] = [];
        const flood = async (door: ScimDoor, until: number, index: number) => {
          for (; performance.now() < until; await pause(5))
            if ((await ask(door, directory)).status === 200) served[index] = (served[index] ?? 0) + 1;
        };
        await Promise.all(doors.map((door, index) => flood(door, performance.now() + 2500, index)));
        served = [];
        await Promise.all(doors.map((door, index) => flood(door, performance.now() + 2000, index)));
        const both = served.reduce((sum, each) => sum + each, 0);
        assert.ok(both <= 125, `${both} were served in two seconds by both`);
        assert.ok(both >= 60, `${both} were served in two seconds by both`);
        for (const each of served) assert.ok(each >= 15, `one machine had ${each} of ${both}`);
        await pause(3100);
        const answers = await many(doors[0] ?? world.door, directory, 50);
        assert.ok(answers.every(({ status }) => status === 200));
        for (const door of doors) await door.close();
      });
    }
  });
}

test('§1.1: a limit below 25 a second is not possible', () => {
  const { body } = entries['directories.update'];
  assert.equal(body.safeParse({ requestsPerSecond: 24 }).success, false);
  assert.equal(body.safeParse({ requestsPerSecond: 25 }).success, true);
});
