import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { hiddenFields, openBrowser } from '../test-browser.ts';
import { authorizeUrl, callback, claimsOf, startTestEntra } from '../test-tenant.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-logout-'));
after(() => rmSync(folder, { recursive: true }));

test('logout: frames the apps’ logout URLs with iss and sid, then leads on; the session is over', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register({ logoutUrl: 'https://product.example/fclogout' });
  const browser = openBrowser();
  await browser.signIn(authorizeUrl(entra, entra.contoso.id, app), `${entra.contoso.users[0]?.userPrincipalName}`);
  const query = new URLSearchParams({ post_logout_redirect_uri: callback, state: 'bye' });
  const response = await browser.get(`${entra.url}/${entra.contoso.id}/oauth2/v2.0/logout?${query}`);
  const page = await response.text();
  const frame = new URL((/<iframe[^>]* src="([^"]+)"/.exec(page)?.[1] ?? '').replace('&amp;', '&'));
  assert.equal(frame.searchParams.get('iss'), `${entra.url}/${entra.contoso.id}/v2.0`);
  assert.match(frame.searchParams.get('sid') ?? '', /^[0-9a-f-]{36}$/);
  assert.match(response.headers.get('content-security-policy') ?? '', /frame-src https:\/\/product\.example/);
  assert.match(page, new RegExp(`href="${callback}\\?state=bye"`));
  assert.equal((await browser.get(authorizeUrl(entra, entra.contoso.id, app))).status, 200);
});

test('logout: post_logout_redirect_uri must be one of the redirect URIs', async (t) => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  for (const [uri, status] of [
    [callback, 302],
    ['http://localhost:8080/elsewhere', 200],
  ] as const) {
    await t.test(uri, async () => {
      const browser = openBrowser();
      await browser.signIn(authorizeUrl(entra, entra.contoso.id, app), `${entra.contoso.users[0]?.userPrincipalName}`);
      const query = new URLSearchParams({ post_logout_redirect_uri: uri });
      const response = await browser.get(`${entra.url}/common/oauth2/v2.0/logout?${query}`);
      assert.equal(response.status, status);
    });
  }
});

test('sid: the same for all apps of a session and after signing in again, another one for another account and after signing out', async () => {
  await using entra = await startTestEntra();
  const apps = [1, 2].map(() =>
    entra.register({
      implicitGrant: { idToken: true },
      optionalClaims: ['sid'],
      logoutUrl: 'https://product.example/out',
    }),
  );
  const [one, two] = await Promise.all(apps);
  assert.ok(one && two);
  const [first, second] = entra.contoso.users.map(({ userPrincipalName }) => userPrincipalName);
  const browser = openBrowser();
  const sidOf = async (app: typeof one, login: string, parameters: Record<string, string> = {}): Promise<unknown> => {
    const url = authorizeUrl(entra, entra.contoso.id, app, { response_type: 'id_token', nonce: 'n', ...parameters });
    const location = await browser.signIn(url, login);
    return claimsOf(new URLSearchParams(location.hash.slice(1)).get('id_token'))['sid'];
  };
  const sid = await sidOf(one, `${first}`);
  assert.match(String(sid), /^[0-9a-f-]{36}$/);
  assert.equal(await sidOf(two, `${first}`), sid);
  assert.equal(await sidOf(one, `${first}`, { prompt: 'login' }), sid);
  const another = await sidOf(one, `${second}`, { prompt: 'login' });
  assert.notEqual(another, sid);
  const logout = `${entra.url}/${entra.contoso.id}/oauth2/v2.0/logout`;
  const page = await (await browser.get(`${logout}?${new URLSearchParams({ logout_hint: `${first}` })}`)).text();
  const frames = [...page.matchAll(/<iframe[^>]* src="([^"]+)"/g)].map(
    ([, src]) => new URL(String(src).replace('&amp;', '&')),
  );
  assert.deepEqual(
    frames.map(({ searchParams }) => searchParams.get('sid')),
    [sid, sid],
    'both apps of the first account',
  );
  assert.notEqual(await sidOf(one, `${first}`, { prompt: 'login' }), sid);
  assert.equal(await sidOf(one, `${second}`, { login_hint: `${second}` }), another, 'the other account stayed');
});

test('several accounts and no hint: the person says which one leaves; v1 too', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const [first, second] = entra.contoso.users.map(({ userPrincipalName }) => userPrincipalName);
  const browser = openBrowser();
  for (const login of [first, second])
    await browser.signIn(authorizeUrl(entra, entra.contoso.id, app, { prompt: 'login' }), `${login}`);
  const logout = `${entra.url}/${entra.contoso.id}/oauth2/logout`;
  const query = new URLSearchParams({ post_logout_redirect_uri: callback });
  const page = await (await browser.get(`${logout}?${query}`)).text();
  assert.match(page, /Which account do you want to sign out of\?/);
  const form = hiddenFields(page);
  form.set('account', `${entra.contoso.users[0]?.id}`);
  const response = await browser.post(logout, form);
  assert.equal(response.headers.get('location'), callback);
  const left = await browser.get(authorizeUrl(entra, entra.contoso.id, app, { prompt: 'none' }));
  assert.match(left.headers.get('location') ?? '', /code=/, 'one account is left');
  const gone = await browser.get(
    authorizeUrl(entra, entra.contoso.id, app, { prompt: 'none', login_hint: `${first}` }),
  );
  assert.match(gone.headers.get('location') ?? '', /AADSTS50058/);
});

test('cookies: Secure and for other sites by https, Lax by http', async () => {
  await using entra = await startTestEntra({ certificates: folder });
  const app = await entra.register();
  const secure = `${entra.https?.url}`;
  const ca = readFileSync(entra.https?.authority ?? '', 'utf8');
  const path = `/${entra.contoso.id}/oauth2/v2.0/authorize`;
  const query = new URLSearchParams(new URL(authorizeUrl(entra, entra.contoso.id, app)).searchParams);
  query.set('login', `${entra.contoso.users[1]?.userPrincipalName}`);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const asked = request(`${secure}${path}`, { method: 'POST', headers, ca });
  asked.end(query.toString());
  const [answer] = await once(asked, 'response');
  answer.resume();
  assert.match(String(answer.headers['set-cookie']), /; Path=\/; HttpOnly; Secure; SameSite=None$/);
  const plain = await fetch(`${entra.url}${path}`, { method: 'POST', body: query, redirect: 'manual' });
  assert.match(String(plain.headers.getSetCookie()), /; Path=\/; HttpOnly; SameSite=Lax$/);
});
