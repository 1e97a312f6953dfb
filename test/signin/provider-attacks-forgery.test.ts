import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as oidc from 'openid-client';
import { byItself } from '#events';
import { createClient } from '#signin';
import { dialects } from '../world.ts';
import { type Browser, openBrowser, visible } from './browser.ts';
import { addProduct, uidOf } from './product.ts';
import { first, type Stage, setStage } from './stage.ts';

for (const dialect of dialects) {
  describe(`forged requests to the provider (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect);
    });
    after(() => stage.close());
    const anna = () => first(stage.people);

    /** A device of the attacker that waits for somebody to connect it; `error` says what it gets. */
    const waitingDevice = async () => {
      const tool = await createClient(stage.world, byItself, { kind: 'native', name: 'Tool', deviceFlow: true });
      const begun = await fetch(`${stage.url}/oidc/device/auth`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: tool.id, scope: 'openid' }),
      });
      const { user_code: userCode = '', device_code: code = '' } = (await begun.json()) as Record<string, string>;
      const body = new URLSearchParams({
        client_id: tool.id,
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code: code,
      });
      const error = async () => {
        const answer = await fetch(`${stage.url}/oidc/token`, { method: 'POST', body });
        return ((await answer.json()) as Record<string, string>)['error'];
      };
      return { userCode, error };
    };

    /** What a sibling host does, as https://shop.example.com may for .example.com: names without __Host- can be set. */
    const toss = (names: readonly string[], from: Browser, into: Browser, path: string) => {
      for (const name of names.flatMap((it) => [it, `${it}.sig`])) {
        const value = from.cookie(stage.host, name);
        assert.ok(value !== undefined, name);
        into.plant(stage.host, name, value, path);
      }
    };

    test('attack: cookie tossing: an interaction of the attacker, finished by the session of somebody who saw no code', async () => {
      const { browser: victim } = await stage.signIn(anna());
      const device = await waitingDevice();
      const attacker = openBrowser();
      const confirm = await attacker.submit(await attacker.open(`${stage.url}/oidc/device`), {
        user_code: device.userCode,
      });
      const isLogin = (location: string) => location.includes('/login/');
      const { url } = await attacker.submit(confirm, { confirm: 'yes' }, isLogin);
      const uid = url.split('/').at(-1) ?? '';
      toss(['portico_interaction'], attacker, victim, `/login/${uid}`);
      toss(['portico_resume'], attacker, victim, `/oidc/device/${uid}`);

      assert.match(visible((await victim.open(url)).html), /This sign-in is over/);
      const resumed = await victim.open(`${stage.url}/oidc/device/${uid}`);
      assert.deepEqual([resumed.status, /Connected/.test(resumed.html)], [200, false]);
      assert.match(visible(resumed.html), /Connect a device/);
      assert.equal(await device.error(), 'authorization_pending');
      // What the attacker began is still good in the attacker's browser.
      assert.equal(new URL((await attacker.open(url)).url).origin, stage.entra.url);
    });

    test('attack: cookie tossing: an authorization request of the attacker in the browser of somebody else', async () => {
      const product = await addProduct(stage, 'Tossed');
      const { browser: victim } = await stage.signIn(anna());
      const attacker = openBrowser();
      const uid = uidOf(await attacker.ask((await product.begin()).url));
      const url = `${stage.url}/login/${uid}`;
      toss(['portico_interaction'], attacker, victim, `/login/${uid}`);
      toss(['portico_resume'], attacker, victim, `/oidc/auth/${uid}`);
      assert.match(visible((await victim.open(url)).html), /This sign-in is over/);
      assert.equal((await victim.open(`${stage.url}/oidc/auth/${uid}`)).status, 400);
    });

    test('attack: cookie tossing: a session of the provider, whose form values the attacker knows', async () => {
      const { browser: victim } = await stage.signIn(anna());
      const device = await waitingDevice();
      const attacker = openBrowser();
      const { html } = await attacker.open(`${stage.url}/oidc/device`);
      const xsrf = /name="xsrf" value="([^"]*)"/.exec(html)?.[1] ?? '';
      assert.match(xsrf, /^[0-9a-f]{48}$/);
      toss(['portico_provider'], attacker, victim, '/oidc');
      const body = new URLSearchParams({ xsrf, user_code: device.userCode, confirm: 'yes' });
      for (const [path, origin, status] of [
        ['device', 'https://shop.example.com', 403],
        ['device', 'null', 403],
        ['device/', 'https://shop.example.com', 403],
        ['DEVICE', 'https://shop.example.com', 403],
        // Even from our own page: the value is of no session of this browser.
        ['device', stage.url, 200],
      ] as const) {
        const headers = { origin };
        const sent = await victim.ask(`${stage.url}/oidc/${path}`, { method: 'POST', headers, body });
        assert.deepEqual([sent.status, sent.headers.get('location')], [status, null], `${path} from ${origin}`);
        assert.doesNotMatch(sent.html, /Connected/);
      }
      const unnamed = await victim.ask(`${stage.url}/oidc/device`, { method: 'POST', body });
      assert.equal(unnamed.status, 403);
      assert.match(visible(unnamed.html), /The form was sent by another page/);
      assert.equal(await device.error(), 'authorization_pending');
    });

    test('attack: logout CSRF: an address of ours alone ends no session, also where the provider has seen no product yet', async () => {
      const { browser } = await stage.signIn(anna());
      const asked = await browser.open(`${stage.url}/oidc/session/end`);
      assert.match(visible(asked.html), /Do you want to sign out\?/);
      assert.doesNotMatch(asked.html, /submit\(\)/);
      assert.match(asked.headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/);
      // A person with another's id token is asked as well: it is no word of theirs.
      const product = await addProduct(stage, 'Hinted');
      const [, ben] = stage.people;
      assert.ok(ben);
      const { tokens, browser: bens } = await product.signIn(ben);
      const hint = (of: Browser) => {
        const url = oidc.buildEndSessionUrl(product.config, { id_token_hint: tokens.id_token ?? '' });
        return of.open(url.href);
      };
      assert.doesNotMatch((await hint(browser)).html, /submit\(\)/);
      bens.plant(stage.host, 'portico_provider', 'gone');
      assert.match((await hint(bens)).html, /Signing you out.*submit\(\)/s, 'their own id token is');

      await browser.submit(await browser.open(`${stage.url}/oidc/session/end`), {});
      assert.equal(await stage.isSignedIn(browser), true, 'who wants to stay stays');
      await browser.submit(await browser.open(`${stage.url}/oidc/session/end`), { logout: 'yes' });
      assert.equal(await stage.isSignedIn(browser), false);
    });

    test('the cookie by which a browser is known again is host-only, Secure, HttpOnly and Lax', async () => {
      const product = await addProduct(stage, 'Known');
      const { headers } = await openBrowser().ask((await product.begin()).url);
      const [cookie = ''] = headers.getSetCookie().filter((it) => it.startsWith('__Host-portico_browser'));
      assert.match(
        cookie,
        /^__Host-portico_browser=[\w-]{43}; Path=\/; Max-Age=86400; HttpOnly; Secure; SameSite=Lax$/,
      );
    });

    test('two products in two windows of one browser both get their code', async () => {
      const [one, two] = [await addProduct(stage, 'One'), await addProduct(stage, 'Two')];
      const browser = openBrowser();
      const isTenants = (location: string) => location.startsWith(stage.entra.url);
      const begun = [await one.begin(), await two.begin()] as const;
      const first = await browser.open(begun[0].url, isTenants);
      const second = await browser.open(begun[1].url, isTenants);
      for (const [product, { url }, { checks }] of [
        [one, first, begun[0]],
        [two, second, begun[1]],
      ] as const) {
        const answer = await product.reach(url, anna(), browser);
        assert.ok((await oidc.authorizationCodeGrant(product.config, answer, checks)).access_token);
      }
    });
  });
}
