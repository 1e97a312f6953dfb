import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { createConnection, createOrganization } from '#connections';
import { byItself } from '#events';
import { createLocalAccount } from '#signin';
import { dialects } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { addPersonWithPassword, allowLocal, goodPassword, tokenOf, tryPassword } from './local.ts';
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
      stage = await setStage(dialect, {
        outside: { PORTICO_ALLOW_PRIVATE_ADDRESSES: 'true', PORTICO_UNFINISHED_SIGN_INS: '20' },
      });
      product = await addProduct(stage, 'Shop', 'http://localhost:4997');
      upstream = await startUpstream();
      const { id } = await createOrganization(stage.world, byItself, { name: 'Evil' });
      await connectUpstream({ ...stage, organizationId: id }, upstream, 'evil');
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
      assert.match(
        visible(page.html),
        /Change the account\?.*You are signed in as .* sent to sign in by Another instead/,
      );
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

    /** What a browser sends for a picture on a page of somebody else. */
    const asPicture = (path: string) =>
      fetch(`${stage.url}${path}`, {
        redirect: 'manual',
        headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors' },
      });

    test('attack: pictures of sign-ins and of answers count towards no limit', async () => {
      await allowLocal(stage);
      await addPersonWithPassword(stage, 'o@y.example');
      for (let at = 0; at < 31; at++) {
        assert.equal((await asPicture(`/oauth/login/contoso/callback?x=${at}`)).status, 403);
        assert.equal((await asPicture(`/oauth/login/contoso?x=${at}`)).status, 403);
      }
      await setTimeout(1100);
      assert.equal((await tryPassword(stage, 'o@y.example', goodPassword)).status, 303);
      assert.equal((await stage.signIn(anna())).status, 200, 'of the unfinished ones none is of a picture');
    });

    test('attack: answers and links that a page sends the browser to keep nobody from a password, a link or the console', async () => {
      await allowLocal(stage);
      const account = await addPersonWithPassword(stage, 'p@y.example');
      const { link } = await createLocalAccount(stage.world, byItself, stage.organizationId, {
        email: 'q@y.example',
        name: 'Q',
        role: null,
      });
      const bare = (path: string) => fetch(`${stage.url}${path}`, { redirect: 'manual' });
      for (let at = 0; at < 31; at++) {
        assert.equal((await bare(`/oauth/login/contoso/callback?state=${at}`)).status, 400);
        await bare('/login/set?token=none');
        await bare('/operator/sign-in?token=none');
      }
      assert.equal((await bare('/login/set?token=none')).status, 429);
      assert.equal((await bare('/operator/sign-in?token=none')).status, 429);
      assert.equal((await tryPassword(stage, 'p@y.example', goodPassword)).status, 303, `${account}`);
      assert.equal((await bare(`/login/set?token=${tokenOf(link.url)}`)).status, 200);
    });

    test('attack: a draft is not shown to whoever guesses its id', async () => {
      const { id } = await createOrganization(stage.world, byItself, { name: 'Other' });
      await createConnection(stage.world, byItself, id, {
        id: 'merger',
        name: 'Project Falcon',
        startFrom: stage.entra.contoso.domain,
        clientId: '99999999-aaaa-4bbb-8ccc-dddddddddddd',
      });
      const { html } = await openBrowser().open(`${stage.url}/oauth/login/merger`);
      assert.match(visible(html), /There is no such sign-in/);
      assert.doesNotMatch(html, /Falcon|99999999|merger/);
    });
  });
}
