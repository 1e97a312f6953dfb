import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as oidc from 'openid-client';
import { changeSettings } from '#directory';
import { byItself } from '#events';
import { dialects } from '../world.ts';
import { addProduct, type Product } from './product.ts';
import { openProvisioning, type Provisioning } from './provisioning.ts';
import { type Stage, setStage } from './stage.ts';

for (const dialect of dialects) {
  describe(`groups decide (${dialect})`, () => {
    let stage: Stage;
    let product: Product;
    let provisioning: Provisioning;
    before(async () => {
      stage = await setStage(dialect, { settings: { provisioning: true } });
      product = await addProduct(stage);
      provisioning = await openProvisioning(stage);
    });
    after(() => stage.close());

    const person = (index: number) => stage.people[index] ?? assert.fail();
    const limitTo = (...groups: string[]) =>
      changeSettings(
        stage.world,
        byItself,
        stage.organizationId,
        stage.connection,
        { onlyMembersOf: groups },
        undefined,
      );

    test('P6: only members of a role sign in; who leaves the group is out at once, who comes back may sign in', async () => {
      const inside = await provisioning.create(person(0));
      await provisioning.create(person(1));
      const group = await provisioning.createGroup('Portal Users', [inside]);
      await provisioning.createGroup('Others', [inside]);
      await limitTo('Nobody yet', 'portal users');
      const { browser } = await stage.signIn(person(0));
      assert.equal(await stage.isSignedIn(browser), true);
      const refused = await stage.signIn(person(1));
      assert.match(refused.html, /You are not in a group that may sign in/);
      assert.match((await stage.signIn(person(2))).html, /You are not in a group that may sign in/);
      await provisioning.member('Remove', group, inside);
      assert.equal(await stage.isSignedIn(browser), false);
      assert.match((await stage.signIn(person(0))).html, /You are not in a group that may sign in/);
      await provisioning.member('Add', group, inside);
      assert.equal(await stage.isSignedIn((await stage.signIn(person(0))).browser), true);
      const reasons = (await stage.events('sign_in.refused')).map(({ data }) => data['reason']);
      assert.deepEqual(reasons, ['not_member', 'not_member', 'not_member']);
    });

    test('the limit itself ends sessions of others, and its end lets them sign in again', async () => {
      await limitTo();
      const other = await stage.signIn(person(3));
      assert.equal(await stage.isSignedIn(other.browser), true);
      await limitTo('Portal Users');
      assert.equal(await stage.isSignedIn(other.browser), false);
      await limitTo();
      assert.equal(await stage.isSignedIn((await stage.signIn(person(3))).browser), true);
    });

    test('a deleted group admits nobody any more', async () => {
      await limitTo();
      const user = await provisioning.create(person(4));
      const group = await provisioning.createGroup('Short-lived', [user]);
      await limitTo('Short-lived');
      const { browser } = await stage.signIn(person(4));
      assert.equal(await stage.isSignedIn(browser), true);
      await provisioning.send('DELETE', `/Groups/${group}`);
      assert.equal(await stage.isSignedIn(browser), false);
      await limitTo();
    });

    test('P5: a product that asks for the scope groups gets the display names, as they are now', async () => {
      const user = await provisioning.create(person(5));
      const group = await provisioning.createGroup('Editors', [user]);
      await provisioning.createGroup('Admins', [user]);
      const { tokens } = await product.signIn(person(5), { parameters: { scope: 'openid groups' } });
      assert.deepEqual(tokens.claims()?.['groups'], ['Admins', 'Editors']);
      await provisioning.member('Remove', group, user);
      const info = await oidc.fetchUserInfo(product.config, tokens.access_token, oidc.skipSubjectCheck);
      assert.deepEqual(info['groups'], ['Admins']);
      const without = await product.signIn(person(5));
      assert.equal(without.tokens.claims()?.['groups'], undefined);
    });
  });
}
