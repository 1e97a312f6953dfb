import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import * as oidc from 'openid-client';
import { dialects } from '../world.ts';
import { type Browser, openBrowser, visible } from './browser.ts';
import { addPersonWithPassword, allowLocal, goodPassword, tryPassword } from './local.ts';
import { connectUpstream, signInBy } from './openid-stage.ts';
import { addProduct, type Product } from './product.ts';
import { first, type Stage, setStage } from './stage.ts';
import { startUpstream, type Upstream } from './upstream.ts';

for (const dialect of dialects) {
  describe(`what products ask of a sign-in, and are told of it (${dialect})`, () => {
    let stage: Stage;
    let product: Product;
    let upstream: Upstream;
    before(async () => {
      stage = await setStage(dialect, { outside: { PORTICO_ALLOW_PRIVATE_ADDRESSES: 'true' } });
      product = await addProduct(stage, 'Product', 'http://localhost:4998');
      upstream = await startUpstream();
      await connectUpstream(stage, upstream, 'another');
      await allowLocal(stage);
      await stage.entra.control('POST', `/tenants/${stage.entra.contoso.id}/policies`, {
        displayName: 'Context',
        conditions: { applications: { includeAuthenticationContextClassReferences: ['c1'] } },
        grantControls: { builtInControls: ['compliantDevice'] },
      });
      const device = `/tenants/${stage.entra.contoso.id}/users/${anna().id}/credentials`;
      await stage.entra.control('PATCH', device, { compliantDevice: true });
    });
    after(async () => {
      await stage.close();
      await upstream.close();
    });
    beforeEach(() => upstream.reset());

    const anna = () => first(stage.people);
    const seconds = () => Math.floor(Date.now() / 1000);
    const isBack = (location: string) => location.startsWith(product.callback);
    const atEntra = (location: string) => location.startsWith(stage.entra.url);
    const atAnother = (location: string) => location.startsWith(`${upstream.url}/authorize`);
    /** Goes from the product by the other provider, which asks nothing, back to it. */
    const byAnother = async (parameters: Record<string, string> = {}, browser: Browser = openBrowser()) => {
      const { url, checks } = await product.begin({ connection: 'another', ...parameters });
      const page = await browser.open(url, isBack);
      const claims = async (): Promise<Record<string, unknown>> =>
        (await oidc.authorizationCodeGrant(product.config, new URL(page.url), checks)).claims() ?? {};
      return { ...page, browser, claims };
    };
    const errorOf = ({ url }: { url: string }) => new URL(url).searchParams.get('error');
    const askedOf = async (
      parameters: Record<string, string>,
      where: (to: string) => boolean,
      browser = openBrowser(),
    ) => new URL((await browser.open((await product.begin(parameters)).url, where)).url).searchParams;

    test('OpenID Connect Core §2: acr, amr and auth_time are what the provider of the connection said', async () => {
      const auth_time = seconds() - 100;
      upstream.claims = { sub: 'ada', acr: 'urn:gold', amr: ['otp', 'pwd'], auth_time };
      const claims = await (await byAnother()).claims();
      assert.deepEqual([claims['acr'], claims['amr'], claims['auth_time']], ['urn:gold', ['otp', 'pwd'], auth_time]);
    });

    test('§2: a provider that tells nothing: no acr and amr, and auth_time is when the sign-in ended here', async () => {
      upstream.claims = { sub: 'bea' };
      const claims = await (await byAnother()).claims();
      assert.deepEqual(['acr' in claims, 'amr' in claims], [false, false]);
      assert.ok(Math.abs(Number(claims['auth_time']) - seconds()) < 20, `${claims['auth_time']}`);
    });

    test('attack: a sign-in of no known time satisfies no max_age, silently or not', async () => {
      upstream.claims = { sub: 'bea' };
      const { browser } = await byAnother();
      assert.match(visible((await byAnother({ max_age: '9999' }, browser)).html), /You have to sign in anew/);
      assert.equal(errorOf(await byAnother({ max_age: '9999', prompt: 'none' }, browser)), 'login_required');
    });

    test('facts §1.5, RFC 8176: a password is pwd; Microsoft’s id token tells no amr, and nothing is made up', async () => {
      await addPersonWithPassword(stage, 'lena@portico.example');
      const browser = openBrowser();
      await tryPassword(stage, 'lena@portico.example', goodPassword, browser);
      const { url, checks } = await product.begin();
      const back = await browser.open(url, isBack);
      const local = await oidc.authorizationCodeGrant(product.config, new URL(back.url), checks);
      assert.deepEqual(local.claims()?.['amr'], ['pwd']);
      assert.ok(Math.abs(Number(local.claims()?.['auth_time']) - seconds()) < 20);
      const { tokens } = await product.signIn(anna(), { parameters: { connection: 'contoso' } });
      assert.deepEqual(
        Object.keys(tokens.claims() ?? {}).filter((it) => it === 'amr' || it === 'acr'),
        [],
      );
    });

    test('max_age and acr_values go on to another provider as they came; without prompt=login it need not ask', async () => {
      upstream.claims = { sub: 'cleo', acr: 'urn:gold', auth_time: seconds() - 100 };
      const asked = await askedOf(
        { connection: 'another', max_age: '300', acr_values: 'urn:gold urn:silver' },
        atAnother,
      );
      assert.deepEqual(
        ['max_age', 'acr_values', 'prompt'].map((it) => asked.get(it)),
        ['300', 'urn:gold urn:silver', null],
      );
      const claims = await (await byAnother({ max_age: '300', acr_values: 'urn:platinum urn:gold' })).claims();
      assert.equal(claims['acr'], 'urn:gold');
      assert.match(visible((await byAnother({ max_age: '50' })).html), /You have to sign in anew/);
      const zero = await askedOf({ connection: 'another', max_age: '0' }, atAnother);
      assert.deepEqual([zero.get('max_age'), zero.get('prompt')], ['0', 'login']);
    });

    test('at Microsoft acr_values become authentication contexts, max_age a new sign-in, and acr says which context', async () => {
      const asked = await askedOf({ connection: 'contoso', acr_values: 'c1', max_age: '300' }, atEntra);
      assert.equal(asked.get('prompt'), 'login');
      assert.equal(asked.get('acr_values'), null);
      assert.deepEqual(JSON.parse(asked.get('claims') ?? '').id_token.acrs, { essential: true, value: 'c1' });
      const { tokens } = await product.signIn(anna(), { parameters: { connection: 'contoso', acr_values: 'c1' } });
      assert.equal(tokens.claims()?.['acr'], 'c1');
    });

    test('a session that does not satisfy acr_values leads to a step-up at its own connection; one that does, to an answer', async () => {
      const { browser } = await product.signIn(anna(), { parameters: { connection: 'contoso' } });
      const silent = await browser.open((await product.begin({ acr_values: 'c1', prompt: 'none' })).url, isBack);
      assert.equal(errorOf(silent), 'login_required');
      const { url, checks } = await product.begin({ acr_values: 'c1' });
      const asked = await browser.open(url, atEntra);
      assert.equal(JSON.parse(new URL(asked.url).searchParams.get('claims') ?? '').id_token.acrs.value, 'c1');
      const back = await product.reach(asked.url, anna(), browser);
      const tokens = await oidc.authorizationCodeGrant(product.config, back, checks);
      assert.equal(tokens.claims()?.['acr'], 'c1');
      const known = await product.begin({ acr_values: 'c2 c1', prompt: 'none' });
      const answer = await browser.open(known.url, isBack);
      const again = await oidc.authorizationCodeGrant(product.config, new URL(answer.url), known.checks);
      assert.equal(again.claims()?.['acr'], 'c1');
    });

    test('what a sign-in cannot satisfy the product is told: unmet_authentication_requirements, and once only', async () => {
      upstream.claims = { sub: 'dora', acr: 'urn:silver' };
      const begun = upstream.seen.length;
      const page = await byAnother({ acr_values: 'urn:gold' });
      assert.equal(errorOf(page), 'unmet_authentication_requirements');
      assert.equal(upstream.seen.slice(begun).filter((it) => it === '/authorize').length, 1);
      assert.equal(
        errorOf(await byAnother({ acr_values: 'urn:gold' }, page.browser)),
        'unmet_authentication_requirements',
      );
    });

    test('what a product is told and max_age count by the session as it is now, not as the product was told of it last', async () => {
      upstream.claims = { sub: 'fay', auth_time: seconds() - 100, amr: ['pwd'] };
      const { browser } = await byAnother();
      const again = seconds() - 10;
      upstream.claims = { sub: 'fay', auth_time: again, amr: ['otp'], acr: 'urn:gold' };
      await signInBy(stage, 'another', browser);
      for (const asked of [{ prompt: 'none', max_age: '50' }, { prompt: 'none' }] as const) {
        const claims = await (await byAnother(asked, browser)).claims();
        assert.deepEqual([claims['auth_time'], claims['amr'], claims['acr']], [again, ['otp'], 'urn:gold']);
      }
      assert.equal(errorOf(await byAnother({ prompt: 'none', max_age: '5' }, browser)), 'login_required');
    });

    test('who was just asked is not asked again, however long the way back to the product takes', async () => {
      upstream.claims = { sub: 'gus', auth_time: seconds() };
      const { url, checks } = await product.begin({ connection: 'another', max_age: '1' });
      const browser = openBrowser();
      const answer = await browser.open(url, (to) => to.includes('/callback?'));
      await setTimeout(2100);
      const back = await browser.open(answer.url, isBack);
      const tokens = await oidc.authorizationCodeGrant(product.config, new URL(back.url), checks);
      assert.equal(tokens.claims()?.['auth_time'], upstream.claims['auth_time']);
    });

    test('a password satisfies no acr_values: the product is told, and the person is not asked in a circle', async () => {
      await addPersonWithPassword(stage, 'lisa@portico.example');
      const { url } = await product.begin({ acr_values: 'urn:gold', organization: stage.organizationId });
      const browser = openBrowser();
      const page = await browser.open(url);
      const password = { email: 'lisa@portico.example', password: goodPassword };
      assert.equal(errorOf(await browser.submit(page, password, isBack)), 'unmet_authentication_requirements');
    });

    test('OpenID Connect Unmet Authentication Requirements 1.0 §2: what the provider did not prove the product is told when the person goes back', async () => {
      upstream.claims = { sub: 'hal', auth_time: seconds() - 100 };
      const page = await byAnother({ max_age: '50' });
      assert.match(visible(page.html), /You have to sign in anew.*Back to Product/);
      assert.match(page.headers.get('content-security-policy') ?? '', /form-action 'self' http:\/\/localhost:4998;/);
      const back = await page.browser.submit(page, {}, isBack);
      assert.equal(errorOf(back), 'unmet_authentication_requirements');
      assert.ok(new URL(back.url).searchParams.get('state'));
      assert.equal((await page.browser.submit(page, {}, isBack)).status, 400, 'once');
    });

    test('RFC 6749 §4.1.2.1: who cancels at Microsoft goes back to the product with access_denied', async () => {
      const browser = openBrowser();
      const { url } = await product.begin({ connection: 'contoso', acr_values: 'c1' });
      const picker = await browser.open(url);
      const page = await browser.submit(picker, { cancel: '1' });
      assert.match(visible(page.html), /^You cancelled the sign-in.*Start again Back to Product/);
      assert.equal(errorOf(await browser.submit(page, {}, isBack)), 'access_denied');
    });

    test('attack: another page, or another browser, does not give a sign-in up; nor is the product told another error', async () => {
      upstream.claims = { sub: 'ivy', auth_time: seconds() - 100 };
      const page = await byAnother({ max_age: '50' });
      const { href } = new URL(/<form method="post" action="([^"]+)"/.exec(page.html)?.[1] ?? '', stage.url);
      const send = async (to: string, origin: string, browser = page.browser) =>
        (await browser.ask(to, { method: 'POST', headers: { origin } })).status;
      assert.equal(await send(href, 'https://evil.example'), 403);
      assert.equal(await send(href, stage.url, openBrowser()), 400);
      assert.equal(await send(href.replace(/give-up=.*/, 'give-up=invalid_request'), stage.url), 403);
      assert.equal(await send(href.replace(/give-up=.*/, 'give-up=constructor'), stage.url), 403);
      assert.equal((await page.browser.ask(href)).headers.get('location')?.startsWith(stage.url), false, 'a link asks');
      assert.equal(await send(href, stage.url), 303);
    });

    test('attack: acr_values taken out on the way to the provider: the product gets no code', async () => {
      const browser = openBrowser();
      const { url } = await product.begin({ connection: 'contoso', acr_values: 'c1' });
      const stopped = new URL((await browser.open(url, atEntra)).url);
      stopped.searchParams.delete('claims');
      const back = await product.reach(stopped.href, anna(), browser);
      assert.equal(errorOf({ url: back.href }), 'unmet_authentication_requirements');
    });

    test('attack: prompt=login taken out within the minute after a sign-in is no new sign-in', async () => {
      upstream.claims = { sub: 'emma', auth_time: seconds() - 20 };
      const page = await signInBy(stage, 'another?prompt=login');
      assert.match(visible(page.html), /You have to sign in anew/);
    });
  });
}
