import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { createOrganization } from '#connections';
import { byItself } from '#events';
import { dialects } from '../world.ts';
import { visible } from './browser.ts';
import { connectUpstream } from './openid-stage.ts';
import { addProduct, type Product } from './product.ts';
import { first, type Stage, setStage } from './stage.ts';
import { startUpstream, type Upstream } from './upstream.ts';

for (const dialect of dialects) {
  describe(`attacks by a page of somebody else (${dialect})`, () => {
    let stage: Stage;
    let upstream: Upstream;
    let product: Product;
    before(async () => {
      stage = await setStage(dialect, { outside: { PORTICO_ALLOW_PRIVATE_ADDRESSES: 'true' } });
      product = await addProduct(stage, 'Shop', 'http://localhost:4997');
      upstream = await startUpstream();
      const { id } = await createOrganization(stage.world, byItself, { name: 'Evil' });
      await connectUpstream({ ...stage, organizationId: id }, upstream, 'evil', { name: 'Evil' });
    });
    after(async () => {
      await stage.close();
      await upstream.close();
    });
    beforeEach(() => {
      upstream.reset();
      upstream.claims = { sub: 'attacker', name: 'Mallory' };
    });
    const anna = () => first(stage.people);

    test('attack: login CSRF by the provider of another organization asks before it takes the session’s place', async () => {
      const { browser, tokens } = await product.signIn(anna());
      const page = await browser.open(`${stage.url}/oauth/login/evil`);
      assert.match(visible(page.html), /Change the account\?.*You are signed in as .* sent to sign in by Evil instead/);
      assert.match(page.html, new RegExp(`href="/me"[^>]*>Stay signed in as ${anna().displayName}`));
      const again = await product.signIn(anna(), { browser });
      assert.equal(again.tokens.claims()?.sub, tokens.claims()?.sub);
      // A form of the attacker's page comes from another origin, and brings no Lax cookies.
      const forged = await browser.ask(page.url, {
        method: 'POST',
        headers: { origin: 'https://evil.example' },
        body: new URL(page.url).searchParams,
      });
      const asked = await browser.open(new URL(forged.headers.get('location') ?? '', page.url).href);
      assert.match(visible(asked.html), /Change the account\?/);
      assert.match(visible((await browser.ask(`${stage.url}/me`)).html), new RegExp(anna().displayName));
    });

    test('attack: nor does a product’s request that names the connection of another organization', async () => {
      const { browser } = await product.signIn(anna());
      const { url } = await product.begin({ connection: 'evil', prompt: 'login' });
      upstream.claims = { sub: 'attacker', auth_time: Math.floor(Date.now() / 1000) };
      const page = await browser.open(url, (to) => to.startsWith(product.callback));
      assert.match(visible(page.html), /Change the account\?/);
    });

    test('who wants to change says so on the page, and is the other one then', async () => {
      const { browser } = await stage.signIn(anna());
      const page = await browser.open(`${stage.url}/oauth/login/evil`);
      const changed = await browser.submit(page, {});
      assert.match(visible(changed.html), /You have changed the account Continue/);
      assert.match(visible((await browser.ask(`${stage.url}/me`)).html), /You are signed in as Mallory/);
      const why = (await stage.events('session.ended')).at(-1)?.data['why'];
      assert.equal(why, 'another person signed in');
      assert.equal((await browser.submit(page, {})).status, 400, 'the answer is used up');
    });
  });
}
