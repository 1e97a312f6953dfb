import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { activateConnection, findLive, pauseConnection } from '#connections';
import { createScimDoor, directoryChecks, forgetOldRequests, getDirectory, pageOfCycles } from '#directory';
import { byItself } from '#events';
import { dialects } from '../world.ts';
import {
  call,
  enterpriseUrn,
  idOf,
  openScimWorld,
  patchOf,
  type ScimWorld,
  type TestDirectory,
  userUrn,
} from './scim-world.ts';

const minute = 60_000;

for (const dialect of dialects) {
  describe(`cycles on ${dialect}`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    before(async () => {
      const opened = await openScimWorld(dialect, { now: Date.parse('2026-11-02T08:00:00.000Z') });
      world = opened;
      directory = opened.directory;
    });
    after(() => world.close());

    const cycles = async (of: TestDirectory = directory) => {
      await world.door.close();
      return (await pageOfCycles(world, of.organizationId, of.id, { limit: 100 })).items;
    };
    const shown = async (of: TestDirectory = directory) => {
      await world.door.close();
      return getDirectory(world, of.organizationId, of.id);
    };
    const create = async (userName: string, more: object = {}) =>
      idOf(await directory.send('POST', '/Users', { schemas: [userUrn], userName, ...more }));
    const disable = (id: string) =>
      directory.send('PATCH', `/Users/${id}`, patchOf({ op: 'Replace', path: 'active', value: 'False' }));

    test('§1.2: a connection test is one, and nothing has happened before it', async () => {
      assert.deepEqual([(await shown()).lastCycle, (await shown()).nextExpectedAt], [null, null]);
      await directory.find('/Users', 'userName eq "b4c9c0de-1111-4222-8333-944455556666"');
      await directory.find('/Groups', 'displayName eq "b4c9c0de-1111-4222-8333-944455556666"');
      const [tested] = await cycles();
      assert.deepEqual([tested?.kind, tested?.requests, tested?.lookups], ['test', 2, 2]);
      assert.equal(tested?.endedAt, null);
    });

    test('§1.10: the first cycle is an initial one, and counts what it did', async () => {
      world.clock.now += 30 * minute;
      const started = new Date(world.clock.now + 1).toISOString();
      const ids: string[] = [];
      for (let index = 0; index < 24; index++) {
        await directory.find('/Users', `userName eq "user-${index}"`);
        ids.push(await create(`user-${index}`));
      }
      await directory.send('POST', '/Users', { schemas: [userUrn], userName: 'USER-1' });
      await disable(ids[2] ?? '');
      await directory.send('PATCH', `/Users/${ids[3]}`, patchOf({ op: 'add', path: 'title', value: 'T' }));
      await directory.send('PATCH', `/Users/${ids[3]}`, patchOf({ op: 'add', path: 'title', value: 'T' }));
      await directory.send('DELETE', `/Users/${ids[4]}`);
      const manager = { op: 'Add', path: `${enterpriseUrn}:manager`, value: 'no\u0000body' };
      await directory.send('PATCH', `/Users/${ids[5]}`, patchOf(manager));
      const [cycle, ...others] = await cycles();
      assert.equal(others.length, 1);
      assert.deepEqual(
        { ...cycle, id: '', lastAt: '' },
        {
          id: '',
          kind: 'initial',
          client: 'provisioning-test',
          startedAt: started,
          lastAt: '',
          endedAt: null,
          requests: 54,
          lookups: 24,
          created: 24,
          updated: 1,
          disabled: 1,
          deleted: 1,
          unchanged: 1,
          failed: 1,
          referencesFailed: 1,
          throttled: 0,
          resourceId: null,
        },
      );
    });

    test('a client that is silent for ten minutes has ended its cycle; what comes within goes on with it', async () => {
      const before = (await cycles())[0];
      world.clock.now += 9 * minute;
      await directory.find('/Users', 'userName eq "user-1"');
      const [same] = await cycles();
      assert.deepEqual([same?.id, same?.requests, same?.endedAt], [before?.id, 55, null]);
      world.clock.now += 11 * minute;
      assert.equal((await cycles())[0]?.endedAt, same?.lastAt);
      await directory.find('/Users', 'userName eq "user-1"');
      assert.notEqual((await cycles())[0]?.id, before?.id);
    });

    test('a cycle about one user is told from one about several', async () => {
      const [single] = await cycles();
      assert.equal(single?.kind, 'single');
      assert.ok(single?.resourceId);
      await directory.find('/Users', 'userName eq "user-3"');
      const [several] = await cycles();
      assert.deepEqual([several?.id, several?.kind, several?.resourceId], [single?.id, 'incremental', null]);
    });

    test('§1.10: a restart, which looks at everybody, is an initial cycle again', async () => {
      world.clock.now += 40 * minute;
      for (let index = 0; index < 24; index++) await directory.find('/Users', `userName eq "user-${index}"`);
      const [restart] = await cycles();
      assert.deepEqual([restart?.kind, restart?.created, restart?.lookups], ['initial', 0, 24]);
    });

    test('another client has cycles of its own', async () => {
      const authorization = `Bearer ${directory.token}`;
      await call(
        world.door,
        'GET',
        `${directory.tenantUrl}/Users?count=1`,
        undefined,
        { authorization },
        { userAgent: 'curl' },
      );
      const [curl, entra] = await cycles();
      assert.deepEqual([curl?.client, entra?.client], ['curl', 'provisioning-test']);
    });

    test('two machines go on with the same cycle', async () => {
      const second = createScimDoor(world);
      const headers = { authorization: `Bearer ${directory.token}` };
      world.clock.now += 40 * minute;
      await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          call(
            index % 2 === 0 ? world.door : second,
            'GET',
            `${directory.tenantUrl}/Users?count=${index}`,
            undefined,
            headers,
          ),
        ),
      );
      await Promise.all([world.door.close(), second.close()]);
      const [newest, older] = await cycles();
      assert.equal(newest?.requests, 8);
      assert.ok(Date.parse(older?.lastAt ?? '') < Date.parse(newest?.startedAt ?? ''));
    });

    test('P10: it is expected in forty minutes, and late after two cycles', async () => {
      const { nextExpectedAt, lastContactAt, lateSince } = await shown();
      assert.equal(Date.parse(nextExpectedAt ?? '') - Date.parse(lastContactAt ?? ''), 40 * minute);
      assert.equal(lateSince, null);
      world.clock.now += 80 * minute + 1;
      assert.equal((await shown()).lateSince, nextExpectedAt);
    });

    test('who was turned away, or fails too often, is in quarantine or near it', async () => {
      const other = await world.addDirectory(`risky-${dialect}`);
      assert.equal((await shown(other)).quarantine.risk, 'none');
      for (let index = 0; index < 12; index++) {
        await other.find('/Users', `userName eq "x-${index}"`);
        await other.send('POST', '/Users', { schemas: [userUrn], userName: `x-${index}`, active: 'perhaps' });
      }
      const near = (await shown(other)).quarantine;
      assert.equal(near.risk, 'some');
      assert.match(near.why ?? '', /12 of about 12 failed.*100 %.*5,000 failures.*40 %.*40,000.*60,000/);
      assert.match(near.recover ?? '', /--outcome refused.*Restart provisioning/);
      world.clock.now += minute;
      await call(world.door, 'GET', `${other.tenantUrl}/Users`, undefined, { authorization: 'Bearer wrong' });
      const turnedAway = (await shown(other)).quarantine;
      assert.equal(turnedAway.risk, 'high');
      assert.match(turnedAway.recover ?? '', /tokens create risky-.*Restart provisioning/);
    });

    test('§1.10: who calls a paused connection is turned away with 403, and quarantine risk says so until it was let in again', async () => {
      const other = await world.addDirectory(`closed-${dialect}`);
      const { organizationId, id } = other;
      await other.get('/Users?count=0');
      const live = await findLive(world, organizationId, id);
      assert.ok(live);
      await pauseConnection(world, byItself, organizationId, id);
      world.clock.now += minute;
      assert.equal((await shown(other)).quarantine.risk, 'none');
      assert.equal((await other.get('/Users?count=0')).status, 403);
      const paused = (await shown(other)).quarantine;
      assert.equal(paused.risk, 'high');
      assert.match(paused.why ?? '', /^It was turned away on 2026-\S+Z: the connection was paused\. .*403/);
      assert.match(paused.recover ?? '', new RegExp(`connections activate ${id}.*Restart provisioning`));
      const checks = (await Promise.all(directoryChecks.map((check) => check(world, live)))).flat();
      const contact = checks.find(({ name }) => name === 'directory.contact');
      assert.deepEqual([contact?.outcome, contact?.next], ['failed', paused.recover]);
      await activateConnection(world, byItself, organizationId, id);
      const open = (await shown(other)).quarantine;
      assert.equal(open.risk, 'high');
      assert.match(open.recover ?? '', /provisions again.*Restart provisioning/);
      world.clock.now += minute;
      assert.equal((await other.get('/Users?count=0')).status, 200);
      assert.equal((await shown(other)).quarantine.risk, 'none');
    });

    test('cycles are forgotten with the requests, and belong to one directory', async () => {
      const other = await world.addDirectory(`cycles-${dialect}`);
      assert.deepEqual(await cycles(other), []);
      await other.get('/Users?count=0');
      world.clock.now += 31 * 86_400_000;
      const { organizationId, id } = directory;
      await forgetOldRequests(world, { kind: 'directory.forget', organizationId, subject: id, attempts: 1 });
      assert.deepEqual(await cycles(), []);
      assert.equal((await cycles(other)).length, 1);
    });

    test('a paused connection is not late', async () => {
      const other = await world.addDirectory(`paused-${dialect}`);
      await other.get('/Users?count=0');
      await pauseConnection(world, byItself, other.organizationId, other.id);
      world.clock.now += 90 * minute;
      assert.equal((await shown(other)).lateSince, null);
    });
  });
}
