import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { changeOrganization, rollBackConnection } from '#connections';
import type { UpdateConnection } from '#contract';
import { byItself } from '#events';
import { changeAccount, createLoginDoor, deletePassword, linkForAccount, sweepSessions } from '#signin';
import { rawStatement } from '#store';
import { until } from '../until.ts';
import { dialects } from '../world.ts';
import { openBrowser } from './browser.ts';
import { addPersonWithPassword, allowLocal, goodPassword, post, tokenOf, tryPassword } from './local.ts';
import { settle } from './settle.ts';
import { first, type Stage, setStage } from './stage.ts';

const elsewhere = '11111111-1111-4111-8111-111111111111';

for (const dialect of dialects) {
  describe(`attacks by what outlives its ground (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect);
      await allowLocal(stage);
    });
    after(() => stage.close());

    const anna = () => first(stage.people);
    /** A browser that is signed in by a password. */
    const signedInHere = async (email: string) => {
      await addPersonWithPassword(stage, email);
      const browser = openBrowser();
      assert.equal((await tryPassword(stage, email, goodPassword, browser)).status, 303);
      assert.equal(await stage.isSignedIn(browser), true);
      return browser;
    };
    /** Waits until all sessions are ended for good. */
    const allEnd = async () => {
      const sessions = rawStatement('select id from session');
      await until('no session is kept', async () => (await stage.world.store.read(sessions, {})).length === 0);
    };

    const changes: Record<string, [UpdateConnection, UpdateConnection]> = {
      'sign-in switched off': [{ signIn: false }, { signIn: true }],
      'the tenant taken off the list': [
        { accountType: 'selectedTenants', tenantIds: [elsewhere] },
        { accountType: 'oneTenant' },
      ],
      'personal accounts only': [{ accountType: 'personalOnly' }, { accountType: 'oneTenant' }],
    };
    for (const [change, [to, back]] of Object.entries(changes)) {
      test(`attack: a session outlives the settings that let it in: ${change}`, async () => {
        const { browser } = await stage.signIn(anna());
        assert.equal(await stage.isSignedIn(browser), true);
        await settle(stage, to);
        assert.equal(await stage.isSignedIn(browser), false, 'from the commit on');
        await allEnd();
        await settle(stage, back);
        assert.equal(await stage.isSignedIn(browser), false, 'for good');
        const { browser: again } = await stage.signIn(anna());
        await settle(stage, { name: 'Contoso anew', sessionHours: 11 });
        assert.equal(await stage.isSignedIn(again), true, 'other settings end nothing');
      });
    }

    test('attack: a session outlives a roll-back of the settings that let it in', async () => {
      await settle(stage, { accountType: 'selectedTenants', tenantIds: [elsewhere] });
      await settle(stage, { accountType: 'oneTenant' });
      const { browser } = await stage.signIn(anna());
      assert.equal(await stage.isSignedIn(browser), true);
      await rollBackConnection(stage.world, byItself, stage.organizationId, stage.connection);
      assert.equal(await stage.isSignedIn(browser), false);
      await allEnd();
      await settle(stage, { accountType: 'oneTenant' });
    });

    test('attack: a session outlives local sign-in', async () => {
      const browser = await signedInHere('switched@elsewhere.example');
      const { browser: other } = await stage.signIn(anna());
      const allow = (localSignIn: boolean) =>
        changeOrganization(stage.world, byItself, stage.organizationId, { localSignIn }, undefined);
      await allow(false);
      assert.equal(await stage.isSignedIn(browser), false, 'from the commit on');
      assert.equal(await stage.isSignedIn(other), true, 'who came by a connection stays');
      await until('the session ended because of that', async () =>
        (await stage.events('session.ended')).some(({ data }) => data['why'] === 'local sign-in switched off'),
      );
      await allow(true);
      assert.equal(await stage.isSignedIn(browser), false, 'for good');
    });

    test('why a session ended is told truly, also where the sweep of a connection has begun before that', async () => {
      await signedInHere('swept@elsewhere.example');
      const before = (await stage.events('session.ended')).length;
      const { organizationId, connection } = stage;
      const { store } = stage.world;
      const switchedOffMeanwhile: typeof store.write = async (work) => {
        await stage.sql('update organization set local_sign_in = 0');
        return store.write(work);
      };
      await sweepSessions(
        { ...stage.world, store: { ...store, write: switchedOffMeanwhile } },
        { kind: 'signin.sweepSessions', organizationId, subject: `${connection}/${Date.now()}`, attempts: 0 },
      );
      await stage.sql('update organization set local_sign_in = 1');
      const ended = (await stage.events('session.ended')).slice(before);
      assert.deepEqual([...new Set(ended.map(({ data }) => data['why']))], ['local sign-in switched off']);
    });

    const meanwhiles: Record<string, (account: { id: string }) => Promise<unknown>> = {
      replaced: async ({ id }) => {
        const { url } = await linkForAccount(stage.world, byItself, stage.organizationId, id);
        await post(stage, '/login/set', { token: tokenOf(url), password: 'another one, as long' });
      },
      removed: ({ id }) => deletePassword(stage.world, byItself, stage.organizationId, id),
      'right, and its account disabled': ({ id }) =>
        changeAccount(stage.world, byItself, stage.organizationId, id, { disabled: true }),
    };
    for (const [index, [what, meanwhile]] of Object.entries(meanwhiles).entries()) {
      test(`attack: a race: a password that is ${what} while it is looked at opens nothing`, async () => {
        const email = `race-${index}@elsewhere.example`;
        const account = await addPersonWithPassword(stage, email);
        const { store } = stage.world;
        const door = createLoginDoor({
          ...stage.world,
          store: {
            ...store,
            read: async (statement, params) => {
              const rows = await store.read(statement, params);
              if (statement.name === 'signin.findLocalAccount') await meanwhile(account);
              return rows;
            },
          },
        });
        const answer = await door(
          new Request(`${stage.url}/login`, {
            method: 'POST',
            headers: { origin: stage.url },
            body: new URLSearchParams({ organization: stage.organizationId, email, password: goodPassword }),
          }),
          { requestId: 'r', address: `192.0.2.${index}`, userAgent: null },
        );
        assert.equal(answer.status, 403);
        assert.equal(answer.headers.get('set-cookie'), null);
        const sessions = rawStatement(`select id from session where account_id = '${account.id}'`);
        assert.deepEqual(await store.read(sessions, {}), []);
      });
    }
  });
}
