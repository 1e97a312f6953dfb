import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { deleteConnection } from '#connections';
import { changeSettings } from '#directory';
import { byItself } from '#events';
import { pageOfAccounts } from '#signin';
import { until } from '../until.ts';
import { dialects } from '../world.ts';
import { type Browser, openBrowser, visible } from './browser.ts';
import { addPersonWithPassword, allowLocal, goodPassword, tryPassword } from './local.ts';
import { connectUpstream, signInBy } from './openid-stage.ts';
import { openProvisioning, type Provisioning } from './provisioning.ts';
import { type Stage, setStage } from './stage.ts';
import { startUpstream, type Upstream } from './upstream.ts';

for (const dialect of dialects) {
  describe(`S17: one account, several links (${dialect})`, () => {
    let stage: Stage;
    let upstream: Upstream;
    let provisioning: Provisioning;
    before(async () => {
      stage = await setStage(dialect, {
        settings: { provisioning: true },
        outside: { PORTICO_ALLOW_PRIVATE_ADDRESSES: 'true' },
      });
      await allowLocal(stage);
      upstream = await startUpstream('/realms/one');
      await connectUpstream(stage, upstream, 'another');
      provisioning = await openProvisioning(stage);
    });
    after(async () => {
      await stage.close();
      await upstream.close();
    });

    let used = 0;
    /** A provisioned person whose account is got into by a second provider and by a password as well; signed in by each. */
    const threeWays = async () => {
      const index = used++;
      const person = stage.people[index] ?? assert.fail();
      const user = await provisioning.create(person);
      const { browser: byTenant } = await stage.signIn(person);
      const find = async (q: string) =>
        (await pageOfAccounts(stage.world, stage.organizationId, { limit: 10, search: q })).items[0]?.id ??
        assert.fail(q);
      const account = await find(person.mail ?? '');
      const email = `second-${index}@another.example`;
      const local = await addPersonWithPassword(stage, `local-${index}@elsewhere.example`);
      const byOther = async (browser = openBrowser()) => {
        upstream.claims = { sub: `second-${index}`, email, email_verified: true };
        return signInBy(stage, 'another', browser);
      };
      await byOther();
      for (const other of [local.id, await find(email)]) {
        await stage.sql(`delete from session where account_id = '${other}'`);
        for (const table of ['account_link', 'local_password'])
          await stage.sql(`update ${table} set account_id = '${account}' where account_id = '${other}'`);
      }
      const byPassword = async (browser = openBrowser()) => {
        const page = await tryPassword(stage, `local-${index}@elsewhere.example`, goodPassword, browser);
        return { ...page, browser };
      };
      const browsers: Browser[] = [byTenant, (await byOther()).browser, (await byPassword()).browser];
      assert.deepEqual(await areIn(browsers), [true, true, true]);
      return { person, user, account, browsers, byOther, byPassword };
    };
    const areIn = (browsers: readonly Browser[]) => Promise.all(browsers.map((it) => stage.isSignedIn(it)));
    const endsOf = async (account: string) =>
      (await stage.events('session.ended')).filter(({ data }) => data['account'] === account);
    const endsWithin = async (account: string, many: number) => {
      await until(`${many} sessions ended`, async () => (await endsOf(account)).length >= many);
      return endsOf(account);
    };

    const ways: Record<string, (user: string) => Promise<unknown>> = {
      'switched off': (user) => provisioning.switchTo(user, false),
      deleted: (user) => provisioning.send('DELETE', `/Users/${user}`),
    };
    for (const [way, work] of Object.entries(ways)) {
      test(`attack: whom the directory has ${way} is out by every link, within a second, and comes in by none`, async () => {
        const { user, account, browsers, byOther, byPassword, person } = await threeWays();
        const startedAt = performance.now();
        await work(user);
        assert.deepEqual(await areIn(browsers), [false, false, false]);
        const events = await endsWithin(account, 3);
        const took = performance.now() - startedAt;
        assert.ok(took < 1000, `${took} ms`);
        for (const { data } of events) {
          assert.equal(data['why'], 'switched off by the directory');
          assert.ok(Number(data['ms']) >= 0 && Number(data['ms']) <= took);
        }
        const other = await byOther();
        assert.match(visible(other.html), /Your access was switched off/);
        const local = await byPassword();
        assert.match(visible(local.html), /E-mail address and password do not belong together/);
        const { html } = await stage.signIn(person);
        assert.match(visible(html), /Your access was (?:switched off|removed)/);
        assert.deepEqual(await areIn([other.browser, local.browser]), [false, false]);
        if (way !== 'switched off') return;
        await provisioning.switchTo(user, true);
        assert.deepEqual(await areIn(browsers), [false, false, false], 'ended is ended');
        assert.deepEqual(await areIn([(await byOther()).browser, (await byPassword()).browser]), [true, true]);
      });
    }

    test('a user who is provisioned anew under the same externalId lets the other links in again', async () => {
      const { user, account, person, byOther } = await threeWays();
      await provisioning.send('DELETE', `/Users/${user}`);
      await endsWithin(account, 3);
      await provisioning.create(person);
      assert.deepEqual(await areIn([(await byOther()).browser]), [true]);
    });

    test('attack: whoever leaves the groups that may sign in is out by every link, by leaving and by the setting', async () => {
      const [one, two] = [await threeWays(), await threeWays()];
      const limit = (groups: string[]) =>
        changeSettings(
          stage.world,
          byItself,
          stage.organizationId,
          stage.connection,
          { onlyMembersOf: groups },
          undefined,
        );
      const group = await provisioning.createGroup('Staff', [one.user]);
      await limit(['Staff']);
      // Settings of a directory hold within a second.
      await setTimeout(1050);
      assert.deepEqual(await areIn([...one.browsers, ...two.browsers]), [true, true, true, false, false, false]);
      assert.equal((await endsWithin(two.account, 3)).length, 3);
      await provisioning.member('Remove', group, one.user);
      assert.deepEqual(await areIn(one.browsers), [false, false, false]);
      assert.equal((await endsWithin(one.account, 3)).length, 3);
      assert.deepEqual(await areIn([(await one.byOther()).browser, (await one.byPassword()).browser]), [false, false]);
      await limit([]);
    });

    test('a directory that is gone with its connection shuts nobody out', async () => {
      const { account, browsers } = await threeWays();
      await stage.sql(`update connection set state = 'tested' where id = '${stage.connection}'`);
      await deleteConnection(stage.world, byItself, stage.organizationId, stage.connection, undefined);
      await endsWithin(account, 1);
      assert.deepEqual(await areIn(browsers), [false, true, true]);
    });
  });
}
