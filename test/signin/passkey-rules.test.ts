import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as oidc from 'openid-client';
import { createOrganization } from '#connections';
import { byItself } from '#events';
import { changeAccount, createLink, deleteLink, pageOfLinks } from '#signin';
import { dialects } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { addPerson, allowLocal } from './local.ts';
import { addSoftPasskey, type Forged } from './passkey.ts';
import { addProduct, type Product } from './product.ts';
import { openProvisioning, type Provisioning } from './provisioning.ts';
import { type Stage, setStage } from './stage.ts';

for (const dialect of dialects) {
  describe(`whom a passkey signs in (${dialect})`, () => {
    let stage: Stage;
    let product: Product;
    let provisioning: Provisioning;
    before(async () => {
      stage = await setStage(dialect, { settings: { provisioning: true } });
      await allowLocal(stage);
      product = await addProduct(stage, 'Product', 'http://localhost:4998');
      provisioning = await openProvisioning(stage);
    });
    after(() => stage.close());

    let used = 0;
    const person = async () => {
      const { id } = await addPerson(stage, `holder-${++used}@elsewhere.example`);
      return { id, passkey: await addSoftPasskey(stage, id) };
    };
    const failure = async () => (await stage.events('authentication.failed')).at(-1)?.data;
    const off = /Your access was switched off\. Ask the administrator of your organization\./;
    const wrong = /The passkey was not accepted/;

    test('RFC 8176 §2: a product is told pop, user and mfa of a passkey, and when it was used', async () => {
      const { passkey } = await person();
      const { url, checks } = await product.begin({ organization: stage.organizationId });
      const isBack = (to: string) => to.startsWith(product.callback);
      const browser = openBrowser();
      const shown = await browser.open(url, isBack);
      const { pathname } = new URL(shown.url);
      const done = await passkey.signIn(browser, { path: pathname });
      assert.deepEqual([done.status, done.headers.get('location')], [303, pathname]);
      const back = await browser.open(`${stage.url}${pathname}`, isBack);
      const claims = (await oidc.authorizationCodeGrant(product.config, new URL(back.url), checks)).claims();
      assert.deepEqual([claims?.['amr'], claims?.['acr']], [['pop', 'user', 'mfa'], undefined]);
      assert.ok(Math.abs(Number(claims?.['auth_time']) - Date.now() / 1000) < 20);
    });

    test('attack: the passkey of an account that an operator disabled: refused, said, and an event', async () => {
      const { id, passkey } = await person();
      const { browser } = await passkey.signIn();
      assert.equal(await stage.isSignedIn(browser), true);
      await changeAccount(stage.world, byItself, stage.organizationId, id, { disabled: true });
      assert.equal(await stage.isSignedIn(browser), false);
      const page = await passkey.signIn();
      assert.equal(page.status, 403);
      assert.match(visible(page.html), off);
      assert.deepEqual(
        [(await failure())?.['door'], (await failure())?.['why']],
        ['passkey', `the account is disabled, account ${id}`],
      );
      await changeAccount(stage.world, byItself, stage.organizationId, id, { disabled: false });
      assert.equal((await passkey.signIn()).status, 303);
    });

    test('attack: the passkey of a person whom the directory of another link switched off, or deleted', async () => {
      const tenants = stage.people[0] ?? assert.fail();
      const user = await provisioning.create(tenants);
      const { id, passkey } = await person();
      const input = { connection: stage.connection, tenantId: null, objectId: tenants.id };
      await createLink(stage.world, byItself, stage.organizationId, id, input, true);
      const { browser } = await passkey.signIn();
      assert.equal(await stage.isSignedIn(browser), true);
      const out = async () => {
        assert.equal(await stage.isSignedIn(browser), false);
        const before = (await stage.events('sign_in.succeeded')).length;
        const page = await passkey.signIn();
        assert.equal(page.status, 403);
        assert.match(visible(page.html), off);
        assert.equal(await stage.isSignedIn(page.browser), false);
        assert.equal((await failure())?.['why'], `a directory has switched the person off, account ${id}`);
        assert.equal((await stage.events('sign_in.succeeded')).length, before);
      };
      await provisioning.switchTo(user, false);
      await out();
      await provisioning.switchTo(user, true);
      assert.equal((await passkey.signIn()).status, 303);
      await provisioning.send('DELETE', `/Users/${user}`);
      await out();
    });

    test('attack: the passkey of somebody whose sign-in here was removed', async () => {
      const { id, passkey } = await person();
      const { items } = await pageOfLinks(stage.world, stage.organizationId, id, { limit: 10 });
      await deleteLink(stage.world, byItself, stage.organizationId, id, items[0]?.id ?? '');
      const page = await passkey.signIn();
      assert.equal(page.status, 403);
      assert.match(visible(page.html), wrong);
      assert.equal((await failure())?.['why'], 'the passkey is not known');
    });

    test('attack: a passkey of another account, organization or origin', async () => {
      const [one, two] = [await person(), await person()];
      const other = await createOrganization(stage.world, byItself, { name: 'Other' });
      await allowLocal(stage, other.id);
      const forged: Record<string, Forged> = {
        'another account': { account: two.id },
        'an account that is none': { account: '00000000-0000-7000-8000-000000000000' },
        'another organization': { organization: other.id },
        'the page of another organization': { path: `/login?organization=${other.id}` },
        'another origin': { origin: 'https://portico.evil.example' },
        'another port': { origin: `${stage.url}0` },
        'the RP id of another host': { rpId: 'evil.example' },
      };
      for (const [name, by] of Object.entries(forged)) {
        // Failures of an address are limited: here they are all from this machine.
        await stage.sql('delete from limit_window');
        const page = await one.passkey.signIn(openBrowser(), by);
        assert.equal(page.status, 403, name);
        assert.match(visible(page.html), wrong, name);
        assert.equal(await stage.isSignedIn(page.browser), false, name);
      }
      assert.equal(
        (await one.passkey.signIn(openBrowser(), { path: '/login' })).status,
        303,
        'it says itself whose it is',
      );
    });
  });
}
