import assert from 'node:assert/strict';
import test from 'node:test';
import { openBrowser } from '../test-browser.ts';
import { authorizeUrl, callback, startTestEntra } from '../test-tenant.ts';

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
