import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  changeSettings,
  dropHeld,
  forgetOldRequests,
  getDirectory,
  makeReleased,
  pageOfHeld,
  pageOfRequests,
  releaseHeld,
} from '#directory';
import { byItself, type Cause, listEvents, sequenceSome } from '#events';
import type { JsonObject } from '#scim';
import { dialects } from '../world.ts';
import { idOf, openScimWorld, patchOf, type ScimWorld, type TestDirectory, userUrn } from './scim-world.ts';

const operator: Cause = {
  actor: { type: 'operator', id: 'op-1', name: 'Ada', address: '203.0.113.9', userAgent: 'browser' },
  requestId: 'request-of-ada',
};
const off = patchOf({ op: 'Replace', path: 'active', value: 'False' });
const minute = 60_000;

for (const dialect of dialects) {
  describe(`the brake (${dialect})`, () => {
    let world: ScimWorld & { directory: TestDirectory };
    let number = 0;
    before(async () => {
      world = await openScimWorld(dialect, { now: Date.UTC(2026, 10, 21) });
    });
    after(() => world.close());

    /** A directory of its own with so many active users; gives their ids. */
    const filled = async (users: number): Promise<{ directory: TestDirectory; ids: string[] }> => {
      number++;
      const directory = await world.addDirectory(`tenant-${number}`);
      const ids: string[] = [];
      for (let user = 0; user < users; user++)
        ids.push(idOf(await directory.send('POST', '/Users', { schemas: [userUrn], userName: `u${user}@x.example` })));
      return { directory, ids };
    };
    const switchOff = (directory: TestDirectory, id: string) => directory.send('PATCH', `/Users/${id}`, off);
    const switchOffAll = async (directory: TestDirectory, ids: readonly string[]) => {
      const statuses: number[] = [];
      for (const id of ids) statuses.push((await switchOff(directory, id)).status);
      return statuses;
    };
    const scopeOf = ({ organizationId, id }: TestDirectory) => [organizationId, id] as const;
    const held = async (directory: TestDirectory, state: 'held' | 'released' | 'dropped' = 'held') =>
      (await pageOfHeld(world, ...scopeOf(directory), { limit: 1000, state })).items;
    const eventsOf = async (directory: TestDirectory, type: string) => {
      while ((await sequenceSome(world)) > 0);
      const { items } = await listEvents(world, directory.organizationId, { order: 'oldest', limit: 1000 });
      return items.filter((event) => event.type === type);
    };
    const isActive = async (directory: TestDirectory, id: string) =>
      (await directory.get(`/Users/${id}`)).body['active'];
    const make = (directory: TestDirectory) =>
      makeReleased(world, {
        kind: 'directory.release',
        organizationId: directory.organizationId,
        subject: directory.id,
        attempts: 1,
      });

    test('64 deactivations at once: exactly those beyond the limit are held, and told once', async () => {
      const { directory, ids } = await filled(64);
      const answers = await Promise.all(ids.map((id) => switchOff(directory, id)));
      const statuses = answers.map(({ status }) => status);
      assert.equal(statuses.filter((status) => status === 200).length, 12);
      assert.equal(statuses.filter((status) => status === 429).length, 52);
      const { activeUsers, held: waiting } = await getDirectory(world, ...scopeOf(directory));
      assert.deepEqual([activeUsers, waiting, (await held(directory)).length], [52, 52, 52]);
      const [event, ...others] = await eventsOf(directory, 'brake.held');
      assert.deepEqual(others, []);
      assert.deepEqual(event?.data, {
        directory: directory.id,
        departed: 12,
        most: 12,
        activeUsers: 52,
        percent: 20,
        minutes: 60,
      });
    });

    test('what is held is answered 429 with Retry-After in the words of SCIM, and changes nothing', async () => {
      const { directory, ids } = await filled(11);
      await switchOffAll(directory, ids.slice(0, 10));
      const id = ids[10] ?? '';
      const before = await directory.get(`/Users/${id}`);
      const answer = await directory.send(
        'PATCH',
        `/Users/${id}`,
        patchOf({ op: 'replace', value: { active: false, title: 'Leaver' } }),
      );
      assert.equal(answer.status, 429);
      assert.equal(answer.headers.get('retry-after'), '600');
      assert.deepEqual(answer.body['schemas'], ['urn:ietf:params:scim:api:messages:2.0:Error']);
      assert.equal(answer.body['status'], '429');
      assert.match(String(answer.body['detail']), /operator of Portico decides/);
      assert.equal((await directory.get(`/Users/${id}`)).text, before.text);
      assert.equal((await eventsOf(directory, 'user.deactivated')).length, 10);
    });

    test('ten users always go, however few there are', async () => {
      const { directory, ids } = await filled(10);
      assert.deepEqual(await switchOffAll(directory, ids), Array(10).fill(200));
    });

    test('PUT and DELETE are held as PATCH is; a delete of somebody inactive is not', async () => {
      const { directory, ids } = await filled(13);
      await switchOffAll(directory, ids.slice(0, 10));
      const put = { schemas: [userUrn], userName: 'u10@x.example', active: false };
      assert.equal((await directory.send('PUT', `/Users/${ids[10]}`, put)).status, 429);
      assert.equal((await directory.send('DELETE', `/Users/${ids[11]}`)).status, 429);
      assert.equal((await directory.send('DELETE', `/Users/${ids[0]}`)).status, 204);
      assert.deepEqual(
        (await held(directory)).map(({ wish, method }) => [wish, method]),
        [
          ['deactivate', 'PUT'],
          ['delete', 'DELETE'],
        ],
      );
    });

    test('RFC 7644 §3.7: operations of a Bulk request are held one by one, and can be released', async () => {
      const { directory, ids } = await filled(12);
      const answer = await directory.send('POST', '/Bulk', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
        Operations: ids.map((id) => ({ method: 'PATCH', path: `/Users/${id}`, data: off })),
      });
      const statuses = (answer.body['Operations'] as JsonObject[]).map(({ status }) => status);
      assert.deepEqual(statuses, [...Array(10).fill('200'), '429', '429']);
      await releaseHeld(world, operator, ...scopeOf(directory), { all: true });
      await make(directory);
      assert.equal((await getDirectory(world, ...scopeOf(directory))).activeUsers, 0);
    });

    test('somebody held keeps being changed otherwise, and a repetition is not stored twice', async () => {
      const { directory, ids } = await filled(11);
      await switchOffAll(directory, ids.slice(0, 10));
      const id = ids[10] ?? '';
      await switchOff(directory, id);
      world.clock.now += 40 * minute;
      assert.equal((await switchOff(directory, id)).status, 429);
      const title = patchOf({ op: 'Replace', path: 'title', value: 'Head' });
      assert.equal((await directory.send('PATCH', `/Users/${id}`, title)).status, 200);
      const [only, ...others] = await held(directory);
      assert.deepEqual(others, []);
      assert.equal(only?.times, 2);
      assert.equal(only?.user.userName, 'u10@x.example');
      assert.equal(Date.parse(only?.lastAskedAt ?? '') - Date.parse(only?.heldAt ?? ''), 40 * minute + 1);
      assert.deepEqual(JSON.parse(only?.body ?? ''), off);
      const { items } = await pageOfRequests(world, ...scopeOf(directory), { limit: 5, outcome: 'refused' });
      assert.equal(items[0]?.id, only?.request);
      assert.match(items[0]?.outcome ?? '', /^Held: u10@x\.example/);
    });

    test('time alone lets nobody through who is held; others go once the window is over', async () => {
      const { directory, ids } = await filled(13);
      await switchOffAll(directory, ids.slice(0, 11));
      world.clock.now += 61 * minute;
      assert.equal((await switchOff(directory, ids[10] ?? '')).status, 429);
      assert.equal((await switchOff(directory, ids[11] ?? '')).status, 200);
    });

    test('released: Portico makes the changes itself, by the name of the operator, recorded and told', async () => {
      const { directory, ids } = await filled(14);
      await switchOffAll(directory, ids.slice(0, 12));
      await directory.send('DELETE', `/Users/${ids[12]}`);
      const answer = await releaseHeld(world, operator, ...scopeOf(directory), { all: true });
      assert.deepEqual(answer, { released: 3, held: 0 });
      await make(directory);
      assert.equal(await isActive(directory, ids[10] ?? ''), false);
      assert.equal(await isActive(directory, ids[11] ?? ''), false);
      assert.equal((await directory.get(`/Users/${ids[12]}`)).status, 404);
      const events = [
        ...(await eventsOf(directory, 'user.deactivated')),
        ...(await eventsOf(directory, 'user.deleted')),
      ];
      const made = events.filter(({ actor }) => actor.name === 'Ada');
      assert.deepEqual(new Set(made.map(({ subject }) => subject.id)), new Set(ids.slice(10, 13)));
      assert.equal(made[0]?.requestId, 'request-of-ada');
      const [released] = await eventsOf(directory, 'brake.released');
      assert.equal(released?.data['users'], 3);
      const { items } = await pageOfRequests(world, ...scopeOf(directory), { limit: 3, outcome: 'changed' });
      for (const { outcome } of items) assert.match(outcome, /^Released by Ada: (?:Switched off|Deleted) the user u1/);
      assert.deepEqual(await held(directory, 'released'), []);
      const { held: waiting, heldSince, activeUsers } = await getDirectory(world, ...scopeOf(directory));
      assert.deepEqual([waiting, heldSince, activeUsers], [0, null, 1]);
    });

    test('releasing all says that it is meant: the brake counts anew', async () => {
      const { directory, ids } = await filled(14);
      await switchOffAll(directory, ids.slice(0, 11));
      await releaseHeld(world, operator, ...scopeOf(directory), { all: true });
      assert.equal((await switchOff(directory, ids[11] ?? '')).status, 200);
    });

    test('a released change that the client asks for first is made at once, and only once', async () => {
      const { directory, ids } = await filled(12);
      await switchOffAll(directory, ids.slice(0, 11));
      await releaseHeld(world, operator, ...scopeOf(directory), { all: false, users: [ids[10] ?? ''] });
      assert.equal((await switchOff(directory, ids[10] ?? '')).status, 200);
      await make(directory);
      assert.equal((await eventsOf(directory, 'user.deactivated')).length, 11);
    });

    test('one by one: the others stay held', async () => {
      const { directory, ids } = await filled(14);
      await switchOffAll(directory, ids.slice(0, 13));
      const answer = await releaseHeld(world, operator, ...scopeOf(directory), { all: false, users: [ids[11] ?? ''] });
      assert.deepEqual(answer, { released: 1, held: 2 });
      await make(directory);
      assert.deepEqual(
        (await held(directory)).map(({ user }) => user.id),
        [ids[10], ids[12]],
      );
      assert.equal((await switchOff(directory, ids[13] ?? '')).status, 429);
    });

    test('dropped: refused for a day when asked for again, then judged anew; a release before passes it', async () => {
      const { directory, ids } = await filled(13);
      await switchOffAll(directory, ids.slice(0, 12));
      const answer = await dropHeld(world, operator, ...scopeOf(directory), { all: true });
      assert.deepEqual(answer, { dropped: 2, held: 0 });
      const [dropped] = await eventsOf(directory, 'brake.dropped');
      assert.equal(dropped?.data['users'], 2);
      world.clock.now += 23 * 60 * minute;
      const refused = await switchOff(directory, ids[10] ?? '');
      assert.equal(refused.status, 403);
      assert.match(String(refused.body['detail']), /an operator of Portico dropped/);
      assert.equal(await isActive(directory, ids[10] ?? ''), true);
      await releaseHeld(world, operator, ...scopeOf(directory), { all: false, users: [ids[11] ?? ''] });
      await make(directory);
      assert.equal(await isActive(directory, ids[11] ?? ''), false);
      world.clock.now += 2 * 60 * minute;
      assert.equal((await switchOff(directory, ids[10] ?? '')).status, 200);
      assert.deepEqual(await held(directory, 'dropped'), []);
    });

    test('a released PUT or PATCH takes access away, and leaves what came in between', async () => {
      const { directory, ids } = await filled(13);
      await switchOffAll(directory, ids.slice(0, 10));
      const [put = '', patch = '', untouched = ''] = ids.slice(10);
      const whole = (userName: string) => ({ schemas: [userUrn], userName, title: 'Old', active: false });
      assert.equal((await directory.send('PUT', `/Users/${put}`, whole('u10@x.example'))).status, 429);
      const both = patchOf({ op: 'Replace', value: { active: 'False', title: 'Old' } });
      assert.equal((await directory.send('PATCH', `/Users/${patch}`, both)).status, 429);
      assert.equal((await directory.send('PUT', `/Users/${untouched}`, whole('u12@x.example'))).status, 429);
      const { active: _, ...later } = { ...whole('renamed@x.example'), title: 'New', nickName: 'R' };
      assert.equal((await directory.send('PUT', `/Users/${put}`, later)).status, 200);
      const title = patchOf({ op: 'Replace', path: 'title', value: 'New' });
      assert.equal((await directory.send('PATCH', `/Users/${patch}`, title)).status, 200);
      await releaseHeld(world, operator, ...scopeOf(directory), { all: true });
      await make(directory);
      const shown = async (id: string) => {
        const { userName, title: its, nickName, active } = (await directory.get(`/Users/${id}`)).body;
        return [userName, its, nickName, active];
      };
      assert.deepEqual(await shown(put), ['renamed@x.example', 'New', 'R', false]);
      assert.deepEqual(await shown(patch), ['u11@x.example', 'New', undefined, false]);
      assert.deepEqual(await shown(untouched), ['u12@x.example', 'Old', undefined, false]);
      const { items } = await pageOfRequests(world, ...scopeOf(directory), { limit: 3, outcome: 'changed' });
      const texts = items.map(({ outcome }) => outcome).reverse();
      for (const text of texts.slice(0, 2)) assert.match(text, /^Released by Ada: .*changed after it was held/);
      assert.doesNotMatch(texts[2] ?? '', /changed after/);
      assert.equal((await getDirectory(world, ...scopeOf(directory))).activeUsers, 0);
    });

    test('a repeated wish is judged by what it was repeated on', async () => {
      const { directory, ids } = await filled(11);
      await switchOffAll(directory, ids.slice(0, 10));
      const id = ids[10] ?? '';
      const both = patchOf({ op: 'Replace', value: { active: 'False', title: 'Asked' } });
      await directory.send('PATCH', `/Users/${id}`, both);
      await directory.send('PATCH', `/Users/${id}`, patchOf({ op: 'Replace', path: 'title', value: 'Between' }));
      assert.equal((await directory.send('PATCH', `/Users/${id}`, both)).status, 429);
      await releaseHeld(world, operator, ...scopeOf(directory), { all: true });
      await make(directory);
      const { title, active } = (await directory.get(`/Users/${id}`)).body;
      assert.deepEqual([title, active], ['Asked', false]);
    });

    test('who is said to be active again is held no more, changed or not, and no release switches them off', async () => {
      const { directory, ids } = await filled(14);
      await switchOffAll(directory, ids.slice(0, 14));
      const on = patchOf({ op: 'Replace', path: 'active', value: 'True' });
      assert.equal((await directory.send('PATCH', `/Users/${ids[10]}`, on)).status, 200);
      const urn = patchOf({ op: 'Replace', value: { [`${userUrn}:active`]: true, title: 'Head' } });
      assert.equal((await directory.send('PATCH', `/Users/${ids[11]}`, urn)).status, 200);
      const put = { schemas: [userUrn], userName: 'u12@x.example', active: true };
      assert.equal((await directory.send('PUT', `/Users/${ids[12]}`, put)).status, 200);
      assert.deepEqual(
        (await held(directory)).map(({ user }) => user.id),
        [ids[13]],
      );
      assert.equal((await getDirectory(world, ...scopeOf(directory))).held, 1);
      const withdrawn = await eventsOf(directory, 'brake.withdrawn');
      assert.deepEqual(
        withdrawn.map(({ subject, data }) => [subject.id, data['held']]),
        [
          [ids[10], 3],
          [ids[11], 2],
          [ids[12], 1],
        ],
      );
      await releaseHeld(world, operator, ...scopeOf(directory), { all: true });
      await make(directory);
      assert.deepEqual(await Promise.all(ids.slice(10).map((id) => isActive(directory, id))), [
        true,
        true,
        true,
        false,
      ]);
    });

    test('a released change that can be made no more is recorded as refused', async () => {
      const { directory, ids } = await filled(12);
      await switchOffAll(directory, ids.slice(0, 10));
      const body = { schemas: [userUrn], userName: 'wanted@x.example', active: false };
      assert.equal((await directory.send('PUT', `/Users/${ids[10]}`, body)).status, 429);
      await directory.send('POST', '/Users', { schemas: [userUrn], userName: 'Wanted@x.example' });
      await releaseHeld(world, operator, ...scopeOf(directory), { all: true });
      await make(directory);
      assert.equal(await isActive(directory, ids[10] ?? ''), true);
      const { items } = await pageOfRequests(world, ...scopeOf(directory), { limit: 1, outcome: 'refused' });
      assert.match(items[0]?.outcome ?? '', /^Released by Ada: Refused: userName .* is already in use/);
      assert.deepEqual(await held(directory, 'released'), []);
    });

    test('a held body is kept without passwords', async () => {
      const { directory, ids } = await filled(11);
      await switchOffAll(directory, ids.slice(0, 10));
      const body = { schemas: [userUrn], userName: 'u10@x.example', active: false, password: 'Sesame-7' };
      await directory.send('PUT', `/Users/${ids[10]}`, body);
      assert.doesNotMatch(JSON.stringify(await held(directory)), /Sesame/);
    });

    test('100 percent: nothing is held', async () => {
      const { directory, ids } = await filled(15);
      await changeSettings(world, byItself, ...scopeOf(directory), { brake: { percent: 100, minutes: 60 } }, undefined);
      world.clock.now += 1001;
      assert.deepEqual(await switchOffAll(directory, ids), Array(15).fill(200));
    });

    test('neither users nor all is refused, and so are both', async () => {
      const { directory, ids } = await filled(1);
      for (const which of [{ all: false }, { all: true, users: ids }]) {
        await assert.rejects(releaseHeld(world, operator, ...scopeOf(directory), which), {
          problem: 'invalid-request',
        });
      }
    });

    test('another directory and its users are not touched', async () => {
      const { directory, ids } = await filled(11);
      const other = await filled(11);
      await switchOffAll(directory, ids);
      await switchOffAll(other.directory, other.ids);
      await releaseHeld(world, operator, ...scopeOf(directory), { all: false, users: other.ids });
      assert.equal((await held(other.directory)).length, 1);
      await dropHeld(world, operator, ...scopeOf(directory), { all: true });
      assert.equal((await held(other.directory)).length, 1);
    });

    test('what need not be known any more is forgotten', async () => {
      const { directory, ids } = await filled(11);
      await switchOffAll(directory, ids);
      await dropHeld(world, operator, ...scopeOf(directory), { all: true });
      const work = { kind: 'directory.forget', organizationId: directory.organizationId, subject: directory.id };
      await forgetOldRequests(world, { ...work, attempts: 1 });
      assert.equal((await held(directory, 'dropped')).length, 1);
      world.clock.now += 25 * 60 * minute;
      await forgetOldRequests(world, { ...work, attempts: 1 });
      assert.deepEqual(await held(directory, 'dropped'), []);
    });
  });
}
