import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { statement } from '#store';
import { dialects } from '../world.ts';
import { type Browser, openBrowser, visible } from './browser.ts';
import { connectUpstream, signInBy } from './openid-stage.ts';
import { addProduct, type Product } from './product.ts';
import { first, type Stage, setStage } from './stage.ts';
import { startUpstream, type Upstream } from './upstream.ts';

const findAuthenticatedAt = statement('test.authenticatedAt', (db, p: { organizationId: string; id: string }) =>
  db
    .selectFrom('session')
    .select('authenticated_at as at')
    .where('organization_id', '=', p.organizationId)
    .where('id', '=', p.id),
);

for (const dialect of dialects) {
  describe(`attacks on proving anew who one is (${dialect})`, () => {
    let stage: Stage;
    let product: Product;
    let upstream: Upstream;
    before(async () => {
      stage = await setStage(dialect, { outside: { PORTICO_ALLOW_PRIVATE_ADDRESSES: 'true' } });
      product = await addProduct(stage, 'Product', 'http://localhost:4998');
      upstream = await startUpstream();
      await connectUpstream(stage, upstream, 'another');
    });
    after(async () => {
      await stage.close();
      await upstream.close();
    });
    beforeEach(() => upstream.reset());

    const anna = () => first(stage.people);
    const isBack = (location: string) => location.startsWith(product.callback);
    const atEntra = (location: string) => location.startsWith(stage.entra.url);
    const agoMs = 400_000;
    /** Anna’s browser, which signed in at Microsoft some minutes ago and here just now. */
    const signedInAgo = async () => {
      await stage.entra.control('POST', '/clock', { advanceMs: -agoMs });
      const browser = openBrowser();
      const picker = await browser.open(`${stage.url}/oauth/login/contoso`);
      const isAnswer = (to: string) => to.includes('/callback?');
      const answer = await browser.submit(picker, { login: anna().userPrincipalName }, isAnswer);
      await stage.entra.control('POST', '/clock', { advanceMs: agoMs });
      assert.equal((await browser.open(answer.url)).url, `${stage.url}/me`);
      return browser;
    };
    /** Milliseconds since the person of the browser's session authenticated, as the session has it. */
    const sinceProof = async (browser: Browser) => {
      const [, id = ''] =
        /\.pt_session_([^_]+)_/.exec(browser.cookie(stage.host, '__Host-portico_session') ?? '') ?? [];
      const [row] = await stage.world.store.read(findAuthenticatedAt, { organizationId: stage.organizationId, id });
      return Date.now() - (row?.at ?? Number.NaN);
    };

    test('auth_time tells when the person authenticated at Microsoft, which is asked for it in every sign-in', async () => {
      const browser = await signedInAgo();
      const { tokens } = await product.signIn(anna(), { browser });
      const told = Number(tokens.claims()?.['auth_time']) * 1000;
      assert.ok(Math.abs(told - (Date.now() - agoMs)) < 20_000, `${told}`);
      const { url } = await browser.open(`${stage.url}/oauth/login/contoso`, atEntra);
      assert.deepEqual(JSON.parse(new URL(url).searchParams.get('claims') ?? ''), {
        id_token: { auth_time: { essential: true } },
      });
    });

    test('attack: a max_age that somebody writes into the address makes no old sign-in new', async () => {
      const browser = await signedInAgo();
      const { url } = await product.begin({ prompt: 'login', connection: stage.connection });
      const stopped = await browser.open(url, (to) => new URL(to).pathname.startsWith('/login/'));
      const uid = new URL(stopped.url).pathname.slice('/login/'.length);
      const done = await browser.open(
        `${stage.url}/oauth/login/contoso?interaction=${uid}&max_age=99999999`,
        (to) => isBack(to) || (atEntra(to) && to.includes('prompt=login')),
      );
      assert.ok(atEntra(done.url), done.url);
    });

    test('attack: prompt=login taken out on the way to Microsoft is no new sign-in', async () => {
      const browser = await signedInAgo();
      const stopped = await browser.open(
        (await product.begin({ prompt: 'login', connection: stage.connection })).url,
        atEntra,
      );
      const without = new URL(stopped.url);
      assert.equal(without.searchParams.get('prompt'), 'login');
      without.searchParams.delete('prompt');
      const page = await browser.open(without.href, isBack);
      assert.equal(page.status, 400, page.url);
      assert.match(visible(page.html), /You have to sign in anew/);
      const silent = await browser.open(
        (await product.begin({ prompt: 'login', connection: stage.connection })).url,
        atEntra,
      );
      const bare = new URL(silent.url);
      for (const name of ['prompt', 'claims']) bare.searchParams.delete(name);
      assert.match(visible((await browser.open(bare.href, isBack)).html), /does not say when the person signed in/);
    });

    test('attack: a session of Microsoft that signs in silently does not count as a new proof', async () => {
      const browser = await signedInAgo();
      assert.equal((await browser.open(`${stage.url}/oauth/login/contoso`)).url, `${stage.url}/me`);
      assert.ok((await sinceProof(browser)) >= agoMs);
      const asked = await browser.open(`${stage.url}/oauth/login/contoso?prompt=login`);
      assert.ok(atEntra(asked.url));
      const done = await browser.submit(asked, { login: anna().userPrincipalName });
      assert.equal(done.url, `${stage.url}/me`);
      assert.ok((await sinceProof(browser)) < 20_000);
    });

    test('attack: a native application of our own gets no code by a session of Microsoft, before the person is asked', async () => {
      const desk = await addProduct(stage, 'Desk', undefined, {
        kind: 'native',
        redirectUris: ['http://127.0.0.1/cb'],
      });
      const browser = await signedInAgo();
      await browser.ask(`${stage.url}/login/sign-out`, { method: 'POST', headers: { origin: stage.url } });
      const { url } = await desk.begin({ redirect_uri: 'http://127.0.0.1:5000/cb', connection: stage.connection });
      const page = await browser.open(url, (to) => to.startsWith('http://127.0.0.1:5000/'));
      assert.match(visible(page.html), /Continue to Desk\?/);
    });

    test('prompt=login goes on to work: a password later than the question is enough, once', async () => {
      const browser = await signedInAgo();
      const { url } = await product.begin({ prompt: 'login', connection: stage.connection });
      const answer = await product.reach(url, anna(), browser);
      assert.ok(answer.searchParams.has('code'), answer.href);
    });

    test('another provider is asked with max_age=0 beside prompt=login, and without auth_time a session is of no known time', async () => {
      upstream.claims = { sub: 'cleo' };
      const { browser, ...page } = await signInBy(stage, 'another');
      assert.equal(page.url, `${stage.url}/me`);
      assert.ok((await sinceProof(browser)) > 1e12, 'not known');
      const begun = await browser.ask(`${stage.url}/oauth/login/another?prompt=login`);
      const asked = new URL(begun.headers.get('location') ?? '').searchParams;
      assert.deepEqual([asked.get('prompt'), asked.get('max_age')], ['login', '0']);
      const refused = await browser.open(asked.size > 0 ? (begun.headers.get('location') ?? '') : '');
      assert.match(visible(refused.html), /You have to sign in anew/);
      upstream.claims = { sub: 'cleo', auth_time: Math.floor(Date.now() / 1000) };
      await browser.open(`${stage.url}/oauth/login/another?prompt=login`);
      assert.ok((await sinceProof(browser)) < 20_000);
    });

    test('an account that was chosen at Microsoft without a password is chosen: nobody asks again', async () => {
      const browser = await signedInAgo();
      await browser.ask(`${stage.url}/login/sign-out`, { method: 'POST', headers: { origin: stage.url } });
      const { url } = await product.begin({ prompt: 'select_account', connection: stage.connection });
      const picker = await browser.open(url, isBack);
      assert.ok(atEntra(picker.url));
      const done = await browser.submit(picker, { login: anna().userPrincipalName }, isBack);
      assert.ok(isBack(done.url), visible(done.html));
    });
  });
}
