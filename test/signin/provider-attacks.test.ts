import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as oidc from 'openid-client';
import { byItself, deployment, listEvents } from '#events';
import { deleteClient, getClient } from '#signin';
import { dialects } from '../world.ts';
import { type Browser, openBrowser, visible } from './browser.ts';
import { addProduct, type Product, uidOf } from './product.ts';
import { first, type Stage, setStage } from './stage.ts';

for (const dialect of dialects) {
  describe(`attacks on the provider (${dialect})`, () => {
    let stage: Stage;
    let product: Product;
    before(async () => {
      stage = await setStage(dialect);
      product = await addProduct(stage);
    });
    after(() => stage.close());
    const anna = () => first(stage.people);
    const refused = { error: 'invalid_grant' };

    /** The page that an authorization request with changed parameters ends on. */
    const authorize = async (change: (parameters: URLSearchParams) => void) => {
      const url = new URL((await product.begin()).url);
      change(url.searchParams);
      return openBrowser().ask(url.href);
    };
    /** Asks the token endpoint. */
    const token = (form: Record<string, string>, headers: Record<string, string> = {}) =>
      fetch(`${stage.url}/oidc/token`, { method: 'POST', body: new URLSearchParams(form), headers });

    const nearMisses = (callback: string): Record<string, string> => ({
      suffix: `${callback}/more`,
      query: `${callback}?next=https://evil.example`,
      fragment: `${callback}#x`,
      userinfo: callback.replace('http://', 'http://evil.example@'),
      port: callback.replace(':9/', ':10/'),
      case: callback.replace('/callback', '/Callback'),
      'trailing slash': `${callback}/`,
      encoding: callback.replace('/callback', '%2Fcallback'),
      'dot segments': callback.replace('/callback', '/x/../callback'),
      'other host': callback.replace('localhost', 'localhost.evil.example'),
      'other scheme': callback.replace('http:', 'https:'),
    });
    for (const what of Object.keys(nearMisses(''))) {
      test(`redirect near-miss (${what}): the browser stays here`, async () => {
        const page = await authorize((it) => it.set('redirect_uri', nearMisses(product.callback)[what] ?? ''));
        assert.equal(page.status, 400);
        assert.equal(page.headers.get('location'), null);
        assert.match(page.html, /invalid_redirect_uri|redirect_uri/);
        assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
      });
    }

    test('PKCE missing, plain, or without method: refused', async () => {
      for (const change of [
        (it: URLSearchParams) => {
          it.delete('code_challenge');
          it.delete('code_challenge_method');
        },
        (it: URLSearchParams) => it.set('code_challenge_method', 'plain'),
        (it: URLSearchParams) => it.delete('code_challenge_method'),
      ]) {
        const { headers } = await authorize(change);
        const back = new URL(headers.get('location') ?? '');
        assert.equal(back.searchParams.get('error'), 'invalid_request');
        assert.equal(back.searchParams.get('code'), null);
      }
    });

    test('PKCE with another verifier, or none: the code is worth nothing', async () => {
      const { url, checks } = await product.begin();
      const answer = await product.reach(url, anna(), openBrowser());
      const form = {
        grant_type: 'authorization_code',
        code: answer.searchParams.get('code') ?? '',
        redirect_uri: product.callback,
        client_id: product.clientId,
        client_secret: product.secret,
      };
      assert.equal(await errorOf(await token(form)), 'invalid_grant');
      const other = await token({ ...form, code_verifier: oidc.randomPKCECodeVerifier() });
      assert.equal(await errorOf(other), 'invalid_grant');
      assert.ok((await oidc.authorizationCodeGrant(product.config, answer, checks)).access_token);
    });

    test('response types other than code are refused', async () => {
      for (const type of ['token', 'id_token', 'code id_token', 'none']) {
        const page = await authorize((it) => it.set('response_type', type));
        const location = page.headers.get('location') ?? '';
        assert.match(location + page.html, /unsupported_response_type|invalid_request/, type);
        assert.doesNotMatch(location, /[?#&](code|access_token|id_token)=/);
      }
    });

    test('a code used twice ends what the first use brought', async () => {
      const { url, checks } = await product.begin();
      const answer = await product.reach(url, anna(), openBrowser());
      const tokens = await oidc.authorizationCodeGrant(product.config, answer, checks);
      await assert.rejects(oidc.authorizationCodeGrant(product.config, answer, checks), refused);
      assert.deepEqual(await oidc.tokenIntrospection(product.config, tokens.access_token), { active: false });
    });

    test('a code used twice at the same moment gives tokens once', async () => {
      const { url, checks } = await product.begin();
      const answer = await product.reach(url, anna(), openBrowser());
      const outcomes = await Promise.allSettled(
        Array.from({ length: 4 }, () => oidc.authorizationCodeGrant(product.config, answer, checks)),
      );
      assert.ok(outcomes.filter(({ status }) => status === 'fulfilled').length <= 1);
    });

    test('a refresh token used twice at the same moment is taken once at most', async () => {
      const parameters = { scope: 'openid offline_access', prompt: 'consent' };
      const { tokens } = await product.signIn(anna(), { parameters });
      const outcomes = await Promise.allSettled(
        Array.from({ length: 4 }, () => oidc.refreshTokenGrant(product.config, tokens.refresh_token ?? '')),
      );
      assert.ok(outcomes.filter(({ status }) => status === 'fulfilled').length <= 1);
    });

    test('the code and the tokens of one client are nothing at another', async () => {
      const other = await addProduct(stage, 'Thief');
      const { url, checks } = await product.begin();
      const answer = await product.reach(url, anna(), openBrowser());
      await assert.rejects(oidc.authorizationCodeGrant(other.config, answer, checks), refused);
      const parameters = { scope: 'openid offline_access', prompt: 'consent' };
      const { tokens } = await product.signIn(anna(), { parameters });
      await assert.rejects(oidc.refreshTokenGrant(other.config, tokens.refresh_token ?? ''), refused);
      assert.ok(await oidc.refreshTokenGrant(product.config, tokens.refresh_token ?? ''));
    });

    test('a wrong secret, the stored hash, or another client’s secret authenticate nobody, and are recorded', async () => {
      const other = await addProduct(stage, 'Neighbour');
      const hash = await hashOfClient(stage, product.clientId);
      const close = product.secret.slice(0, -1) + (product.secret.endsWith('A') ? 'B' : 'A');
      for (const secret of ['wrong', hash, other.secret, product.secret.slice(0, -1), close, '']) {
        const answer = await token({
          grant_type: 'authorization_code',
          code: 'x',
          redirect_uri: product.callback,
          client_id: product.clientId,
          client_secret: secret,
        });
        assert.equal(answer.status, 401, secret);
        assert.equal(await errorOf(answer), 'invalid_client');
      }
      await stage.events('authentication.failed');
      const { items } = await listEvents(stage.world, deployment, { limit: 100, order: 'newest' });
      const failures = items.filter((it) => it.type === 'authentication.failed' && it.data['door'] === 'oidc');
      assert.ok(failures.some((it) => String(it.data['why']).includes('invalid_client')));
    });

    test('neither secrets nor tokens nor codes stand in the database', async () => {
      const parameters = { scope: 'openid offline_access', prompt: 'consent' };
      const { tokens } = await product.signIn(anna(), { parameters });
      const kept = await everythingKept(stage);
      for (const secret of [
        product.secret,
        product.secret.split('_')[3] ?? '',
        tokens.access_token,
        tokens.refresh_token ?? '',
      ]) {
        assert.ok(secret.length > 20);
        assert.ok(!kept.includes(secret));
      }
      assert.ok(kept.includes(product.clientId));
    });

    test('a deleted client gets nothing, and its tokens are worth nothing', async () => {
      const gone = await addProduct(stage, 'Gone');
      const { tokens } = await gone.signIn(anna());
      await deleteClient(stage.world, byItself, gone.clientId);
      await assert.rejects(getClient(stage.world, gone.clientId), { problem: 'not-found' });
      await assert.rejects(oidc.fetchUserInfo(gone.config, tokens.access_token, oidc.skipSubjectCheck), {
        status: 401,
      });
      const { url } = await gone.begin();
      assert.match((await openBrowser().open(url)).html, /invalid_client/);
    });

    test('a redirect URI has to be named, also where there is only one', async () => {
      const { url } = await product.begin();
      const without = new URL(url);
      without.searchParams.delete('redirect_uri');
      const page = await openBrowser().ask(without.href);
      assert.equal(page.status, 400);
      assert.match(visible(page.html), /redirect_uri/);
    });

    test('an authorization request goes on only in the browser that brought it', async () => {
      const { url } = await product.begin();
      const page = `${stage.url}/login/${uidOf(await openBrowser().ask(url))}`;
      const thief = await openBrowser().open(page);
      assert.match(visible(thief.html), /This sign-in is over/);
      const guesser = openBrowser();
      guesser.plant(stage.host, 'portico_interaction', 'x'.repeat(21), '/');
      const guessed = await guesser.open(`${stage.url}/login/${'x'.repeat(21)}`);
      assert.match(visible(guessed.html), /This sign-in is over/);
      const victim = await stage.signIn(anna());
      assert.match(visible((await victim.browser.open(page)).html), /This sign-in is over/);
      const resumed = await victim.browser.open(page.replace('/login/', '/oidc/auth/'));
      assert.equal(resumed.status, 400);
      assert.match(visible(resumed.html), /interaction session not found/);
    });

    test("the provider's session of one browser is nothing in another, and nothing after the person signed out", async () => {
      const { browser } = await product.signIn(anna());
      const silently = async (of: Browser) => {
        const { headers } = await of.ask((await product.begin({ prompt: 'none' })).url);
        const back = new URL(headers.get('location') ?? '');
        return back.searchParams.get('error') ?? (back.searchParams.has('code') ? 'a code' : 'neither');
      };
      assert.equal(await silently(browser), 'a code');
      const stolen = ['portico_provider', 'portico_provider.sig'].map(
        (name) => [name, browser.cookie(stage.host, name) ?? ''] as const,
      );
      const plant = (into: Browser) => {
        for (const [name, value] of stolen) into.plant(stage.host, name, value);
        return into;
      };
      assert.ok(stolen.every(([, value]) => value !== ''));
      assert.equal(await silently(plant(openBrowser())), 'login_required');
      const [, ben] = stage.people;
      assert.ok(ben);
      const other = await stage.signIn(ben);
      assert.equal(await silently(plant(other.browser)), 'login_required');
      const page = await browser.open(`${stage.url}/login`);
      await browser.submit(page, {});
      assert.equal(await silently(browser), 'login_required');
    });

    test('logout: a forged hint (alg none, HS256) is refused, and a foreign address is not followed', async () => {
      const { browser, tokens } = await product.signIn(anna());
      const [, payload = ''] = (tokens.id_token ?? '').split('.');
      const part = (it: object) => Buffer.from(JSON.stringify(it)).toString('base64url');
      for (const hint of [`${part({ alg: 'none' })}.${payload}.`, `${part({ alg: 'HS256' })}.${payload}.AAAA`]) {
        const page = await browser.open(`${stage.url}/oidc/session/end?id_token_hint=${hint}`);
        assert.equal(page.status, 400);
        assert.doesNotMatch(page.html, /submit\(\)/);
      }
      const url = oidc.buildEndSessionUrl(product.config, {
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: `${product.afterLogout}/elsewhere`,
      });
      assert.equal((await browser.open(url.href)).status, 400);
      assert.equal(await stage.isSignedIn(browser), true);
    });

    test('logout CSRF: without the form’s own value nothing ends', async () => {
      const { browser } = await product.signIn(anna());
      await browser.open(`${stage.url}/oidc/session/end`);
      const forged = await browser.ask(`${stage.url}/oidc/session/end/confirm`, {
        method: 'POST',
        headers: { origin: stage.url },
        body: new URLSearchParams({ logout: 'yes', xsrf: 'guess' }),
      });
      assert.equal(forged.status, 400);
      const foreign = await browser.ask(`${stage.url}/login/sign-out`, {
        method: 'POST',
        headers: { origin: 'https://evil.example' },
      });
      assert.equal(foreign.status, 303);
      assert.equal(await stage.isSignedIn(browser), true);
    });

    test('host header: discovery and redirects name PORTICO_URL whatever is asked', async () => {
      const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
      const answer = await rawGet(stage, '/oidc/.well-known/openid-configuration', headers);
      assert.match(await answer.text(), new RegExp(`"token_endpoint":"${RegExp.escape(stage.url)}/oidc/token"`));
    });

    test('malformed requests get a 4xx in the protocol’s words', async () => {
      const cases: readonly (readonly [string, RequestInit])[] = [
        ['/oidc/token', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }],
        ['/oidc/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'password' }) }],
        ['/oidc/token', { method: 'POST', headers: { authorization: 'Basic !!!' } }],
        ['/oidc/me', {}],
        ['/oidc/me', { headers: { authorization: 'Bearer nonsense' } }],
        ['/oidc/token/introspection', { method: 'POST', body: new URLSearchParams({ token: 'x' }) }],
        ['/oidc/auth', {}],
        ['/oidc/auth?client_id=%00&response_type=code', {}],
        ['/oidc/nothing-here', {}],
      ];
      for (const [path, init] of cases) {
        const { status } = await fetch(`${stage.url}${path}`, { ...init, redirect: 'manual' });
        assert.ok(status >= 400 && status < 500, `${path}: ${status}`);
      }
    });
  });
}

/** The `error` of an answer. */
async function errorOf(answer: Response): Promise<unknown> {
  const body: unknown = await answer.json();
  return typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
}

async function hashOfClient(stage: Stage, id: string): Promise<string> {
  const kept = await everythingKept(stage);
  return new RegExp(`"${id}"[^}]*?"hash":"([0-9a-f]{64})"`).exec(kept)?.[1] ?? '';
}

/** Everything that the database holds, as text. */
async function everythingKept(stage: Stage): Promise<string> {
  const { tables } = await import('#store');
  const rows: unknown[] = [];
  for (const name of Object.keys(tables)) {
    const all = {
      name: `test.all.${name}`,
      compile: () => ({ sql: `select * from ${name}`, takes: [], bind: () => [] }),
    };
    rows.push(...(await stage.world.store.read(all, {})));
  }
  return JSON.stringify(rows);
}

/** A request whose Host header is not that of its address. */
function rawGet(stage: Stage, path: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`http://127.0.0.1:${new URL(stage.url).port}${path}`, { headers });
}
