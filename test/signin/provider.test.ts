import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as oidc from 'openid-client';
import { byItself } from '#events';
import { changeAccount, pageOfAccounts, purgeProvider } from '#signin';
import { dialects } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { addProduct, type Product } from './product.ts';
import { type Stage, setStage } from './stage.ts';

for (const dialect of dialects) {
  describe(`the provider for products (${dialect})`, () => {
    let stage: Stage;
    let product: Product;
    before(async () => {
      stage = await setStage(dialect, { onRead: (name) => void reads.push(name) });
      product = await addProduct(stage);
    });
    after(() => stage.close());
    const reads: string[] = [];
    const person = (index: number) => {
      const found = stage.people[index];
      assert.ok(found);
      return found;
    };

    test('a stock client signs a person in and gets who it is, in the id token and from userinfo', async () => {
      const anna = person(0);
      const { tokens } = await product.signIn(anna);
      const claims = tokens.claims();
      const { items } = await pageOfAccounts(stage.world, stage.organizationId, { limit: 100 });
      const account = items.find((it) => it.email === anna.mail);
      const expected = {
        sub: account?.id,
        org_id: stage.organizationId,
        connection: 'contoso',
        tid: stage.entra.contoso.id,
        oid: anna.id,
        name: anna.displayName,
        preferred_username: anna.userPrincipalName,
        email: anna.mail,
        email_verified: true,
      };
      assert.deepEqual({ ...claims, ...expected }, claims);
      assert.deepEqual(await oidc.fetchUserInfo(product.config, tokens.access_token, claims?.sub ?? ''), expected);
      assert.equal(tokens.refresh_token, undefined);
    });

    test('a session check by userinfo asks for the token, the session and, twice a second, the client; nothing else', async () => {
      const { tokens } = await product.signIn(person(0));
      const check = () => oidc.fetchUserInfo(product.config, tokens.access_token, oidc.skipSubjectCheck);
      await check();
      reads.length = 0;
      await check();
      assert.deepEqual(
        reads.filter((name) => name.startsWith('signin.') && name !== 'signin.findClient'),
        ['signin.findTokenOfGrant', 'signin.findSession'],
      );
    });

    test('a second product gets in without a page, and prompt=login asks again', async () => {
      const other = await addProduct(stage, 'Other');
      const { browser } = await product.signIn(person(1));
      const { url } = await other.begin();
      const silent = await browser.open(url, (location) => location.startsWith(other.callback));
      assert.ok(silent.url.startsWith(other.callback), silent.url);
      const again = await other.begin({ prompt: 'login' });
      const asked = await browser.open(again.url, (location) => location.startsWith(stage.entra.url));
      const sent = new URL(asked.url);
      assert.equal(sent.searchParams.get('prompt'), 'login');
      const answer = await other.reach(asked.url, person(1), browser);
      const tokens = await oidc.authorizationCodeGrant(other.config, answer, again.checks);
      assert.equal(tokens.claims()?.['oid'], person(1).id);
    });

    test('who proves anew who it is stays in the same session of the product: sid is the same', async () => {
      const { browser, tokens } = await product.signIn(person(1));
      const { tokens: anew } = await product.signIn(person(1), { browser, parameters: { prompt: 'login' } });
      const [before, after] = [tokens.claims(), anew.claims()];
      assert.ok(Number(after?.auth_time) >= Number(before?.auth_time));
      assert.match(String(before?.['sid']), /^.{20,}$/);
      assert.equal(after?.['sid'], before?.['sid']);
    });

    test('another person who signs in at the same browser takes over, and the first one is out', async () => {
      const { browser, tokens } = await product.signIn(person(2));
      const { url, checks } = await product.begin({ prompt: 'login' });
      const answer = await product.reach(url, person(3), browser);
      const next = await oidc.authorizationCodeGrant(product.config, answer, checks);
      assert.equal(next.claims()?.['oid'], person(3).id);
      await assert.rejects(oidc.fetchUserInfo(product.config, tokens.access_token, oidc.skipSubjectCheck));
    });

    test('what expired is purged, what is valid stays', async () => {
      const parameters = { scope: 'openid offline_access', prompt: 'consent' };
      const { tokens } = await product.signIn(person(3), { parameters });
      await purgeProvider(stage.world);
      const refreshed = await oidc.refreshTokenGrant(product.config, tokens.refresh_token ?? '');
      await purgeProvider({ ...stage.world, now: () => Date.now() + 365 * 86_400_000 });
      await assert.rejects(oidc.refreshTokenGrant(product.config, refreshed.refresh_token ?? ''), {
        error: 'invalid_grant',
      });
    });

    test('offline_access brings a refresh token that rotates; a used one ends the whole grant', async () => {
      const parameters = { scope: 'openid offline_access', prompt: 'consent' };
      const { tokens } = await product.signIn(person(4), { parameters });
      const refreshed = await oidc.refreshTokenGrant(product.config, tokens.refresh_token ?? '');
      assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
      assert.equal(refreshed.claims()?.['oid'], person(4).id);
      await assert.rejects(oidc.refreshTokenGrant(product.config, tokens.refresh_token ?? ''), {
        error: 'invalid_grant',
      });
      await assert.rejects(oidc.refreshTokenGrant(product.config, refreshed.refresh_token ?? ''), {
        error: 'invalid_grant',
      });
      await assert.rejects(oidc.fetchUserInfo(product.config, refreshed.access_token, oidc.skipSubjectCheck));
    });

    test('introspection and revocation: own tokens only', async () => {
      const other = await addProduct(stage, 'Stranger');
      const { tokens } = await product.signIn(person(5));
      const own = await oidc.tokenIntrospection(product.config, tokens.access_token);
      assert.deepEqual([own.active, own.client_id], [true, product.clientId]);
      assert.deepEqual(await oidc.tokenIntrospection(other.config, tokens.access_token), { active: false });
      await oidc.tokenRevocation(other.config, tokens.access_token);
      assert.equal((await oidc.tokenIntrospection(product.config, tokens.access_token)).active, true);
      await oidc.tokenRevocation(product.config, tokens.access_token);
      assert.deepEqual(await oidc.tokenIntrospection(product.config, tokens.access_token), { active: false });
    });

    test('client_secret_basic works as well', async () => {
      const config = await oidc.discovery(
        new URL(`${stage.url}/oidc`),
        product.clientId,
        undefined,
        oidc.ClientSecretBasic(product.secret),
        { execute: [oidc.allowInsecureRequests] },
      );
      const { url, checks } = await product.begin();
      const answer = await product.reach(url, person(6), openBrowser());
      assert.ok((await oidc.authorizationCodeGrant(config, answer, checks)).access_token);
    });

    test('sign-out by a product ends the session here and goes back to the product', async () => {
      const { browser, tokens } = await product.signIn(person(7));
      assert.equal(await stage.isSignedIn(browser), true);
      const url = oidc.buildEndSessionUrl(product.config, {
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: product.afterLogout,
        state: 'bye',
      });
      const page = await browser.open(url.href);
      assert.match(page.html, /document.getElementById\('op.logoutForm'\).submit\(\)/);
      const done = await browser.submit(page, {}, (location) => location.startsWith('http://localhost:9/'));
      assert.equal(done.url, `${product.afterLogout}?state=bye`);
      assert.equal(await stage.isSignedIn(browser), false);
      await assert.rejects(oidc.fetchUserInfo(product.config, tokens.access_token, oidc.skipSubjectCheck));
      assert.ok((await stage.events('session.ended')).some((it) => it.data['why'] === 'signed out'));
    });

    test('sign-out without a hint asks first, and offers to sign out of Microsoft', async () => {
      const { browser } = await product.signIn(person(8));
      const page = await browser.open(`${stage.url}/oidc/session/end`);
      assert.match(visible(page.html), /Do you want to sign out\?/);
      const stay = await browser.submit(page, {});
      assert.equal(await stage.isSignedIn(browser), true, stay.url);
      const again = await browser.open(`${stage.url}/oidc/session/end`);
      const done = await browser.submit(again, { logout: 'yes' });
      assert.match(visible(done.html), /You are signed out/);
      assert.match(done.html, new RegExp(`href="${RegExp.escape(stage.entra.url)}/[^"]*oauth2/v2.0/logout`));
      assert.equal(await stage.isSignedIn(browser), false);
    });

    test('the product may name organization or connection, and the e-mail address goes along', async () => {
      const { url } = await product.begin({ connection: 'contoso', login_hint: 'anna@contoso.example' });
      const page = await openBrowser().open(url, (location) => location.startsWith(stage.entra.url));
      const sent = new URL(page.url).searchParams;
      assert.equal(sent.get('login_hint'), 'anna@contoso.example');
      assert.equal(sent.get('domain_hint'), 'contoso.example');
    });
  });

  describe(`access ends with the person's (${dialect})`, () => {
    let stage: Stage;
    let product: Product;
    before(async () => {
      stage = await setStage(dialect, { settings: { registration: 'provisioned', provisioning: true } });
      product = await addProduct(stage);
    });
    after(() => stage.close());

    const ways = {
      'the directory switches the user off': (userId: string) =>
        stage.sql(`update scim_user set active = 0 where id = '${userId}'`),
      'the directory deletes the user': (userId: string) => stage.sql(`delete from scim_user where id = '${userId}'`),
      'an operator disables the account': async (_: string, accountId: string) =>
        void (await changeAccount(stage.world, byItself, stage.organizationId, accountId, { disabled: true })),
    };
    for (const [index, [what, cut]] of Object.entries(ways).entries()) {
      test(`${what}: userinfo, introspection, refresh and code exchange stop at once`, async () => {
        const anna = stage.people[index];
        assert.ok(anna);
        const userId = await stage.provision({ externalId: anna.id });
        const parameters = { scope: 'openid offline_access', prompt: 'consent' };
        const { browser, tokens } = await product.signIn(anna, { parameters });
        const sub = tokens.claims()?.sub ?? '';
        const begun = await product.begin();
        const code = await product.reach(begun.url, anna, browser);
        assert.equal((await oidc.tokenIntrospection(product.config, tokens.access_token)).active, true);
        assert.equal((await oidc.fetchUserInfo(product.config, tokens.access_token, sub)).sub, sub);

        await cut(userId, sub);
        await assert.rejects(oidc.fetchUserInfo(product.config, tokens.access_token, sub), { status: 401 });
        assert.deepEqual(await oidc.tokenIntrospection(product.config, tokens.access_token), { active: false });
        assert.deepEqual(await oidc.tokenIntrospection(product.config, tokens.refresh_token ?? ''), { active: false });
        await assert.rejects(oidc.refreshTokenGrant(product.config, tokens.refresh_token ?? ''), {
          error: 'invalid_grant',
        });
        await assert.rejects(oidc.authorizationCodeGrant(product.config, code, begun.checks), {
          error: 'invalid_grant',
        });
        const next = await product.begin();
        const page = await browser.open(next.url, (location) => location.startsWith(product.callback));
        assert.ok(!page.url.startsWith(product.callback), 'a new code was given');
      });
    }

    test('others stay', async () => {
      const ben = stage.people[5];
      assert.ok(ben);
      await stage.provision({ externalId: ben.id });
      const { tokens } = await product.signIn(ben);
      const anna = stage.people[6];
      assert.ok(anna);
      const userId = await stage.provision({ externalId: anna.id });
      await product.signIn(anna);
      await stage.sql(`update scim_user set active = 0 where id = '${userId}'`);
      assert.ok(await oidc.fetchUserInfo(product.config, tokens.access_token, tokens.claims()?.sub ?? ''));
    });
  });
}
