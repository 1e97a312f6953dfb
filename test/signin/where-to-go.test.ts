import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import * as oidc from 'openid-client';
import { createOrganization } from '#connections';
import { byItself } from '#events';
import { createOauthDoor } from '#signin';
import { StoreUnavailable } from '#store';
import { dialects } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { addPersonWithPassword, allowLocal, goodPassword } from './local.ts';
import { addProduct, type Product } from './product.ts';
import { first, type Stage, setStage } from './stage.ts';

for (const dialect of dialects) {
  describe(`where to go (${dialect})`, () => {
    let stage: Stage;
    let product: Product;
    /** The read that fails, once. */
    let failing: string | undefined;
    before(async () => {
      const onRead = (name: string) => {
        if (name !== failing) return;
        failing = undefined;
        throw new StoreUnavailable(new Error('gone'));
      };
      stage = await setStage(dialect, { onRead });
      product = await addProduct(stage);
    });
    after(() => stage.close());

    const atMicrosoft = (location: string) => location.startsWith(stage.entra.url);
    const isBack = (location: string) => location.startsWith(product.callback);
    const sentTo = async (parameters: Record<string, string>, browser = openBrowser()) => {
      const { url } = await product.begin(parameters);
      return new URL((await browser.open(url, atMicrosoft)).url).searchParams;
    };

    test("with nothing to choose the product's request leads to Microsoft at once, and Microsoft's answer back to the product", async () => {
      const browser = openBrowser();
      const begun = await product.begin();
      const asked = await browser.ask(begun.url);
      const { origin, searchParams } = new URL(asked.headers.get('location') ?? '');
      assert.deepEqual([asked.status, origin], [303, stage.entra.url]);
      assert.equal(searchParams.get('redirect_uri'), `${stage.url}/oauth/login/contoso/callback`);
      const picker = await browser.open(asked.headers.get('location') ?? '');
      const login = first(stage.people).userPrincipalName;
      const answer = await browser.submit(picker, { login }, (location) => location.startsWith(stage.url));
      const back = await browser.ask(answer.url);
      assert.equal(back.status, 303);
      assert.ok(isBack(back.headers.get('location') ?? ''), back.headers.get('location') ?? '');
      assert.equal(back.headers.get('referrer-policy'), 'no-referrer');
      const answered = new URL(back.headers.get('location') ?? '');
      const tokens = await oidc.authorizationCodeGrant(product.config, answered, begun.checks);
      assert.equal(tokens.claims()?.['oid'], first(stage.people).id);
      assert.equal(await stage.isSignedIn(browser), true);
    });

    test('where the start fails at once our own page comes first, and says what is wrong or starts it', async () => {
      const browser = openBrowser();
      const { url } = await product.begin();
      failing = 'connections.findConnection';
      const { status, headers } = await browser.ask(url);
      assert.deepEqual([status, failing], [303, undefined]);
      assert.match(headers.get('location') ?? '', /^\/login\/[\w-]{43}$/);
      const page = new URL(headers.get('location') ?? '', stage.url).href;
      failing = 'connections.findConnection';
      assert.equal((await browser.ask(page)).status, 503);
      assert.ok(atMicrosoft((await browser.open(page, atMicrosoft)).url));
    });

    test('a request inside another page starts no sign-in: our own page says why', async () => {
      const { url } = await product.begin();
      const { status, headers } = await openBrowser().ask(url, { headers: { 'sec-fetch-dest': 'iframe' } });
      assert.equal(status, 303);
      assert.match(headers.get('location') ?? '', /^\/login\/[\w-]{43}$/);
      assert.doesNotMatch(headers.get('set-cookie') ?? '', /__Host-portico_signin/);
    });

    test("facts/entra.md §1.7: domain_hint is the product's, where Microsoft takes it for this connection; others are left out", async () => {
      const { domain } = stage.entra.contoso;
      for (const [given, sent] of [
        [{ domain_hint: domain }, domain],
        [{ domain_hint: 'organizations' }, 'organizations'],
        [{ domain_hint: 'consumers' }, 'consumers'],
        [{ domain_hint: 'evil.example' }, null],
        [{ login_hint: `anna@${domain}` }, domain],
        [{ login_hint: 'anna@elsewhere.example' }, null],
        [{}, null],
      ] as const)
        assert.equal((await sentTo(given)).get('domain_hint'), sent, JSON.stringify(given));
    });

    test('prompt=select_account: Microsoft lets the person choose, without login_hint (AADSTS90005)', async () => {
      const sent = await sentTo({ prompt: 'select_account', login_hint: `anna@${stage.entra.contoso.domain}` });
      assert.deepEqual([sent.get('prompt'), sent.get('login_hint')], ['select_account', null]);
    });

    test('prompt=select_account: who is signed in is shown who, and goes on as that one or as another', async () => {
      const { browser } = await product.signIn(first(stage.people));
      const { url } = await product.begin({ prompt: 'select_account' });
      const page = await browser.open(url, isBack);
      assert.match(visible(page.html), /^Choose an account You are signed in as .*Continue as .*Use another account$/);
      const forged = await browser.ask(`${page.url}?continue=`, {
        method: 'POST',
        headers: { origin: 'https://evil.example' },
      });
      assert.equal(forged.status, 403);
      const [, another = ''] = /href="([^"]*another[^"]*)"/.exec(page.html) ?? [];
      const elsewhere = await browser.open(new URL(another, page.url).href, atMicrosoft);
      assert.equal(new URL(elsewhere.url).searchParams.get('prompt'), 'select_account');
      const done = await browser.submit(page, {}, isBack);
      assert.ok(new URL(done.url).searchParams.has('code'), done.url);
    });

    test('the last connection of this browser is offered first and named, by a cookie that holds its id and nothing else', async () => {
      const other = await createOrganization(stage.world, byItself, { name: 'Local people' });
      await allowLocal(stage, other.id);
      const browser = openBrowser();
      const fresh = await browser.open(`${stage.url}/login`);
      assert.match(visible(fresh.html), /^Sign in With the account of your organization. E-mail address Next/);
      const start = await browser.submit(fresh, { email: `anna@${stage.entra.contoso.domain}` }, atMicrosoft);
      assert.ok(atMicrosoft(start.url));
      assert.equal(browser.cookie(stage.host, '__Host-portico_last'), 'contoso');
      const again = await browser.open(`${stage.url}/login`);
      assert.match(
        visible(again.html),
        /^Sign in As last time in this browser: Login to Contoso Use another E-mail address/,
      );
      for (const planted of ['nowhere', '../evil', '"><script>']) {
        browser.plant(stage.host, '__Host-portico_last', planted);
        assert.match(visible((await browser.open(`${stage.url}/login`)).html), /^Sign in With the account/);
      }
    });

    test('a product gets a person who signs in by a password, in the organization that it names', async () => {
      await allowLocal(stage);
      await addPersonWithPassword(stage, 'lena@elsewhere.example');
      const { url, checks } = await product.begin({ organization: stage.organizationId });
      const browser = openBrowser();
      const page = await browser.open(url, isBack);
      assert.match(visible(page.html), /^Sign in .*Login to Contoso E-mail address Next/);
      const step = await browser.submit(page, { email: 'lena@elsewhere.example' }, isBack);
      const done = await browser.submit(step, { email: 'lena@elsewhere.example', password: goodPassword }, isBack);
      const { authorizationCodeGrant } = await import('openid-client');
      const tokens = await authorizationCodeGrant(product.config, new URL(done.url), checks);
      const claims = tokens.claims();
      assert.deepEqual(
        [claims?.['org_id'], claims?.['tid'], claims?.['connection']],
        [stage.organizationId, undefined, undefined],
      );
    });

    test('attack: sign-ins that are started and never finished: one address is told to wait, on every machine', async () => {
      const few = { ...stage.world, config: { ...stage.world.config, unfinishedSignIns: 10 } };
      const [one, two] = [createOauthDoor(few), createOauthDoor(few)];
      const ask = async (door: typeof one, address: string) => {
        const answer = await door(new Request(`${stage.url}/oauth/login/contoso`), {
          requestId: 'r',
          address,
          userAgent: null,
        });
        return answer.status;
      };
      for (let round = 0; round < 10; round++) assert.equal(await ask(one, '192.0.2.1'), 303);
      assert.equal(await ask(one, '192.0.2.1'), 429);
      assert.equal(await ask(one, '192.0.2.2'), 303);
      await setTimeout(1300);
      assert.equal(await ask(two, '192.0.2.1'), 429, 'another machine');
      assert.equal(await ask(two, '192.0.2.2'), 303);
    });
  });
}
