import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { decodeProtectedHeader } from 'jose';
import * as oidc from 'openid-client';
import { byItself } from '#events';
import { createClient, listKeys, rotateKeys } from '#signin';
import { dialects } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { addProduct, type Product } from './product.ts';
import { type Stage, setStage } from './stage.ts';

for (const dialect of dialects) {
  describe(`two machines on one database, asked in turn (${dialect})`, () => {
    let stage: Stage;
    let product: Product;
    before(async () => {
      stage = await setStage(dialect, { machines: 2 });
      product = await addProduct(stage);
    });
    after(() => stage.close());
    const person = (index: number) => {
      const found = stage.people[index];
      assert.ok(found);
      return found;
    };

    test('a sign-in begins on one and ends on the other, with its tokens', async () => {
      for (const index of [0, 1, 2]) {
        const parameters = { scope: 'openid profile offline_access', prompt: 'consent' };
        const { tokens, browser } = await product.signIn(person(index), { parameters });
        const sub = tokens.claims()?.sub ?? '';
        for (let turn = 0; turn < 2; turn++) {
          assert.equal((await oidc.fetchUserInfo(product.config, tokens.access_token, sub)).sub, sub);
          assert.equal((await oidc.tokenIntrospection(product.config, tokens.access_token)).active, true);
          assert.equal(await stage.isSignedIn(browser), true);
        }
        const next = await oidc.refreshTokenGrant(product.config, tokens.refresh_token ?? '');
        await assert.rejects(oidc.refreshTokenGrant(product.config, tokens.refresh_token ?? ''));
        for (let turn = 0; turn < 2; turn++) {
          await assert.rejects(oidc.fetchUserInfo(product.config, next.access_token, sub), { status: 401 });
        }
      }
    });

    test('a device asks one while its person confirms at the other', async () => {
      const tool = await createClient(stage.world, byItself, { kind: 'native', name: 'Tool', deviceFlow: true });
      const config = await oidc.discovery(new URL(`${stage.url}/oidc`), tool.id, undefined, oidc.None(), {
        execute: [oidc.allowInsecureRequests],
      });
      const begun = await oidc.initiateDeviceAuthorization(config, { scope: 'openid' });
      const browser = openBrowser();
      await stage.signIn(person(3), browser);
      const confirm = await browser.submit(await browser.open(begun.verification_uri), { user_code: begun.user_code });
      const done = await browser.submit(confirm, { confirm: 'yes' });
      assert.match(visible(done.html), /Connected/);
      assert.ok((await oidc.pollDeviceAuthorizationGrant(config, { ...begun, interval: 0.01 })).access_token);
    });

    test('other keys: within a second both publish them and sign with them', async () => {
      await rotateKeys(stage.world, byItself, { forgetOld: true });
      await setTimeout(900);
      const expected = (await listKeys(stage.world)).items.map(({ kid }) => kid);
      for (let turn = 0; turn < 4; turn++) {
        const { keys } = (await (await fetch(`${stage.url}/oidc/jwks`)).json()) as { keys: { kid: string }[] };
        assert.deepEqual(keys.map(({ kid }) => kid).toSorted(), expected.toSorted());
        const { tokens } = await (await addProduct(stage)).signIn(person(4));
        assert.ok(expected.includes(decodeProtectedHeader(tokens.id_token ?? '').kid ?? ''));
      }
    });
  });
}
