import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { changeOrganization, rollBackConnection } from '#connections';
import type { UpdateConnection } from '#contract';
import { byItself } from '#events';
import { rawStatement } from '#store';
import { dialects } from '../world.ts';
import { openBrowser } from './browser.ts';
import { addPersonWithPassword, allowLocal, goodPassword, tryPassword } from './local.ts';
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
      for (const startedAt = Date.now(); ; await setTimeout(20)) {
        if ((await stage.world.store.read(rawStatement('select id from session'), {})).length === 0) return;
        assert.ok(Date.now() - startedAt < 2000, 'a session is kept');
      }
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
      while ((await stage.events('session.ended')).at(-1)?.data['why'] !== 'local sign-in switched off')
        await setTimeout(20);
      await allow(true);
      assert.equal(await stage.isSignedIn(browser), false, 'for good');
    });
  });
}
