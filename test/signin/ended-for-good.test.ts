import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { activateConnection, deleteConnection, pauseConnection } from '#connections';
import type { Event } from '#contract';
import { changeSettings, releaseHeld } from '#directory';
import { byItself } from '#events';
import { rawStatement } from '#store';
import { until } from '../until.ts';
import { dialects } from '../world.ts';
import { openProvisioning, type Provisioning } from './provisioning.ts';
import { type Stage, setStage } from './stage.ts';

const core = 'urn:ietf:params:scim:schemas:core:2.0';
const messages = 'urn:ietf:params:scim:api:messages:2.0';

for (const dialect of dialects) {
  describe(`S17: sessions end for good with what they stand on (${dialect})`, () => {
    let stage: Stage;
    let provisioning: Provisioning;
    before(async () => {
      stage = await setStage(dialect, { settings: { provisioning: true } });
      provisioning = await openProvisioning(stage);
    });
    after(() => stage.close());

    /** Settings of a directory hold within a second. */
    const holds = () => setTimeout(1050);
    let used = 0;
    /** A person who is provisioned and signed in. */
    const signedIn = async () => {
      const person = stage.people[used++] ?? assert.fail();
      const user = await provisioning.create(person);
      const { browser } = await stage.signIn(person);
      return { person, user, browser };
    };
    const ends = async (): Promise<Event[]> => stage.events('session.ended');
    /** Does it, and gives the sessions that ended by it, and the milliseconds until they did. */
    const endedBy = async (work: () => Promise<unknown>, many = 1) => {
      const before = (await ends()).length;
      const startedAt = performance.now();
      await work();
      await until(`${many} sessions ended`, async () => (await ends()).length >= before + many);
      const took = performance.now() - startedAt;
      return { took, events: (await ends()).slice(before) };
    };
    const userBody = (person: { id: string; userPrincipalName: string }, active: boolean) => ({
      schemas: [`${core}:User`],
      userName: person.userPrincipalName,
      externalId: person.id,
      active,
    });

    const ways: Record<string, (it: Awaited<ReturnType<typeof signedIn>>) => Promise<unknown>> = {
      'PATCH active false': ({ user }) => provisioning.switchTo(user, false),
      'PUT without activity': ({ user, person }) => provisioning.send('PUT', `/Users/${user}`, userBody(person, false)),
      'DELETE of the user': ({ user }) => provisioning.send('DELETE', `/Users/${user}`),
      'an operation of Bulk': ({ user }) =>
        provisioning.send('POST', '/Bulk', {
          schemas: [`${messages}:BulkRequest`],
          Operations: [{ method: 'DELETE', path: `/Users/${user}` }],
        }),
    };
    for (const [way, work] of Object.entries(ways)) {
      test(`by ${way}, within a second, and the event says by which request and after how many milliseconds`, async () => {
        const it = await signedIn();
        const { took, events } = await endedBy(() => work(it));
        assert.ok(took < 1000, `${took} ms`);
        const [event] = events;
        assert.equal(event?.data['why'], 'switched off by the directory');
        const ms = Number(event?.data['ms']);
        assert.ok(ms >= 0 && ms <= took, `${ms} of ${took} ms`);
        const [request] = (await stage.events(way.includes('of') ? 'user.deleted' : 'user.deactivated')).slice(-1);
        assert.equal(event?.requestId, request?.requestId);
        assert.notEqual(event?.requestId, null);
        await stage.sql(`update scim_user set active = 1 where id = '${it.user}'`);
        assert.equal(await stage.isSignedIn(it.browser), false, 'switched on again, the session stays ended');
      });
    }

    test('attack: a disabling outlived: switched off and on again at once, the session is over all the same, and a new one is not', async () => {
      const it = await signedIn();
      const { events } = await endedBy(async () => {
        await provisioning.switchTo(it.user, false);
        await provisioning.switchTo(it.user, true);
      });
      assert.deepEqual(
        events.map(({ data }) => data['why']),
        ['switched off by the directory'],
      );
      assert.equal(await stage.isSignedIn(it.browser), false);
      const { browser } = await stage.signIn(it.person);
      await setTimeout(600);
      assert.equal(await stage.isSignedIn(browser), true);
      await endedBy(() => provisioning.switchTo(it.user, false));
    });

    test('somebody who signed in before being provisioned is out as soon as the directory says so', async () => {
      const person = stage.people[used++] ?? assert.fail();
      await stage.signIn(person);
      const { events } = await endedBy(() => provisioning.send('POST', '/Users', userBody(person, false)));
      assert.equal(events.length, 1);
    });

    test('what the brake held ends sessions when it is released, not before', async () => {
      const { world, organizationId, connection } = stage;
      const change = (percent: number) =>
        changeSettings(world, byItself, organizationId, connection, { brake: { percent, minutes: 60 } }, undefined);
      const it = await signedIn();
      await change(1);
      await holds();
      // The first ten who leave are never held.
      for (let index = 0, held = false; !held; index++) {
        const name = `leaver-${index}`;
        const user = await provisioning.create({ id: name, userPrincipalName: name });
        held = await provisioning.switchTo(user, false).then(
          () => false,
          () => true,
        );
      }
      await assert.rejects(provisioning.switchTo(it.user, false), /429/);
      assert.equal(await stage.isSignedIn(it.browser), true);
      const { events } = await endedBy(() => releaseHeld(world, byItself, organizationId, connection, { all: true }));
      assert.equal(events.length, 1);
      assert.equal(await stage.isSignedIn(it.browser), false);
      await change(100);
      await holds();
    });

    test('onlyMembersOf: by leaving the group, by its renaming, by the setting', async () => {
      const { world, organizationId, connection } = stage;
      const limit = (groups: string[]) =>
        changeSettings(world, byItself, organizationId, connection, { onlyMembersOf: groups }, undefined);
      const [one, two] = [await signedIn(), await signedIn()];
      const group = await provisioning.createGroup('Staff', [one.user, two.user]);
      const outsider = await signedIn();
      const bySetting = await endedBy(() => limit(['Staff']));
      assert.equal(bySetting.events.length, 1);
      assert.equal(bySetting.events[0]?.data['why'], 'connection paused, deleted, switched off, or for others only');
      assert.equal(await stage.isSignedIn(outsider.browser), false);
      await holds();
      const byLeaving = await endedBy(() => provisioning.member('Remove', group, one.user));
      assert.equal(byLeaving.events.length, 1);
      assert.equal(await stage.isSignedIn(two.browser), true);
      const rename = { op: 'Replace', path: 'displayName', value: 'Crew' };
      const byName = await endedBy(() =>
        provisioning.send('PATCH', `/Groups/${group}`, { schemas: [`${messages}:PatchOp`], Operations: [rename] }),
      );
      assert.equal(byName.events.length, 1);
      await limit([]);
    });

    test('of people without a session nothing becomes due', async () => {
      const person = stage.people[used++] ?? assert.fail();
      const user = await provisioning.create(person);
      await provisioning.switchTo(user, false);
      const due = await stage.world.store.read(
        rawStatement(`select subject from due where kind = 'signin.endSessions'`),
        {},
      );
      assert.deepEqual(due, []);
    });

    test('pausing the connection ends the sessions by it, and taking it up again brings none back', async () => {
      const { world, organizationId, connection } = stage;
      const it = await signedIn();
      const { events } = await endedBy(() => pauseConnection(world, byItself, organizationId, connection));
      assert.ok(events.length >= 1);
      await activateConnection(world, byItself, organizationId, connection);
      assert.equal(await stage.isSignedIn(it.browser), false);
    });

    test('deleting the connection ends them too', async () => {
      const { world, organizationId, connection } = stage;
      const it = await signedIn();
      await stage.sql(`update connection set state = 'tested' where id = '${connection}'`);
      const { events } = await endedBy(() => deleteConnection(world, byItself, organizationId, connection, undefined));
      assert.equal(events.length, 1);
      assert.equal(await stage.isSignedIn(it.browser), false);
    });
  });
}
