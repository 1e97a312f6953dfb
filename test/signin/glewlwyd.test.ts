import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connectionChecks, findLive, redirectUrisOf, setSecret, switchSecret } from '#connections';
import { byItself } from '#events';
import { pageOfAccounts, pageOfLinks } from '#signin';
import { type Browser, openBrowser, type Page, visible } from './browser.ts';
import { type Glewlwyd, startGlewlwyd, withoutGlewlwyd } from './glewlwyd.ts';
import { connectUpstream } from './openid-stage.ts';
import { first, type Stage, setStage } from './stage.ts';

const all = { limit: 1000 };
const passwords = { anna: 'correct horse battery', ben: 'staple of the staple' };

describe('people sign in at Glewlwyd, an OpenID provider as it comes from Debian', { skip: withoutGlewlwyd }, () => {
  let stage: Stage;
  let glewlwyd: Glewlwyd;
  before(async () => {
    stage = await setStage('sqlite', { outside: { PORTICO_ALLOW_PRIVATE_ADDRESSES: 'true' } });
    const [redirect, logout] = redirectUrisOf(stage.url, 'glewlwyd');
    glewlwyd = await startGlewlwyd({ redirectUri: redirect?.uri ?? '', logoutUri: logout?.uri ?? '' });
    await glewlwyd.add('anna', { name: 'Anna Berg', email: 'anna@another.example', password: passwords.anna });
    await glewlwyd.add('ben', { name: 'Ben Tal', email: 'ben@another.example', password: passwords.ben });
    await connectUpstream(stage, glewlwyd, 'glewlwyd');
  });
  after(async () => {
    await glewlwyd?.close();
    await stage?.close();
  });

  const send = (browser: Browser, method: string, path: string, body: object): Promise<Page> =>
    browser.ask(`${glewlwyd.url}/api/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  /** Signs in there as its page does it: a password, consent, and on. Gives what the password was answered, too. */
  const signIn = async (username: string, password: string, browser = openBrowser(), search = '') => {
    const login = await browser.open(`${stage.url}/oauth/login/glewlwyd${search}`);
    assert.ok(login.url.startsWith(`${glewlwyd.url}/login.html?`), login.url);
    const { status } = await send(browser, 'POST', 'auth', { username, password });
    await send(browser, 'PUT', `auth/grant/${glewlwyd.clientId}`, { scope: 'openid profile email' });
    const back = new URL(login.url).searchParams.get('callback_url') ?? '';
    return { ...(await browser.open(`${back}&g_continue`)), browser, passwordAnswer: status };
  };
  const people = async () => {
    const { items } = await pageOfAccounts(stage.world, stage.organizationId, all);
    return items.map(({ id, name, email, emailVerified }) => ({ id, name, email, emailVerified }));
  };
  const linkOf = async (account: string) =>
    first((await pageOfLinks(stage.world, stage.organizationId, account, all)).items);

  test('its discovery document is found by the issuer alone, and the checks say what it can do', async () => {
    const connection = await findLive(stage.world, stage.organizationId, 'glewlwyd');
    assert.ok(connection);
    assert.equal(connection.settings.issuer, glewlwyd.issuer);
    const answers = await Promise.all(connectionChecks.map((check) => check(stage.world, connection)));
    assert.deepEqual(
      answers.flat().map(({ name, outcome }) => `${name} ${outcome}`),
      ['openid.discovery passed', 'openid.flow passed', 'entra.secret passed'],
    );
  });

  test('a secret that is not the client’s is told from one that is, before anybody signs in', async () => {
    const { organizationId, world } = stage;
    const wrong = await setSecret(world, byItself, organizationId, 'glewlwyd', { value: `${glewlwyd.secret}x` });
    await assert.rejects(switchSecret(world, byItself, organizationId, 'glewlwyd', wrong.id), {
      problem: 'refused-by-provider',
    });
    const right = await setSecret(world, byItself, organizationId, 'glewlwyd', { value: glewlwyd.secret });
    assert.equal((await switchSecret(world, byItself, organizationId, 'glewlwyd', right.id)).state, 'current');
  });

  test('attack: a wrong password there signs nobody in here, whoever it is for', async () => {
    for (const [username, password] of [
      ['anna', passwords.ben],
      ['nobody', passwords.anna],
    ] as const) {
      const page = await signIn(username, password);
      assert.equal(page.passwordAnswer, 401);
      assert.ok(page.url.startsWith(`${glewlwyd.url}/login.html?`), page.url);
      assert.equal(await stage.isSignedIn(page.browser), false);
    }
    assert.deepEqual(await people(), []);
  });

  test('code, PKCE and the secret in the body of the request: the account has its issuer and subject', async () => {
    const asked = await openBrowser().ask(`${stage.url}/oauth/login/glewlwyd`);
    const { searchParams } = new URL(asked.headers.get('location') ?? '');
    assert.deepEqual(
      ['response_type', 'code_challenge_method', 'client_id'].map((name) => searchParams.get(name)),
      ['code', 'S256', glewlwyd.clientId],
    );
    const page = await signIn('anna', passwords.anna);
    assert.match(visible(page.html), /You are signed in/);
    const anna = first(await people());
    // It says nothing of a proof of the address, so nothing is believed.
    assert.deepEqual([anna.name, anna.email, anna.emailVerified], ['Anna Berg', 'anna@another.example', false]);
    const { authority, objectId, connection } = await linkOf(anna.id);
    assert.deepEqual([authority, connection], [glewlwyd.issuer, 'glewlwyd']);
    assert.match(objectId, /^[A-Za-z0-9]{32}$/);
  });

  test('a second sign-in finds the same account, by the subject: name and address are other ones by then', async () => {
    const before = first(await people());
    await glewlwyd.change('anna', { name: 'Anna Maria Berg', email: 'anna.maria@another.example' });
    assert.match(visible((await signIn('anna', passwords.anna)).html), /You are signed in/);
    assert.deepEqual(await people(), [{ ...before, name: 'Anna Maria Berg', email: 'anna.maria@another.example' }]);
  });

  test('nOAuth: attack: somebody else there with the same address is somebody else here', async () => {
    const anna = first(await people());
    await glewlwyd.change('ben', { name: anna.name ?? '', email: anna.email ?? '' });
    assert.match(visible((await signIn('ben', passwords.ben)).html), /You are signed in/);
    const both = await people();
    assert.deepEqual(
      both.map(({ email }) => email),
      [anna.email, anna.email],
    );
    const subjects = await Promise.all(both.map(async ({ id }) => (await linkOf(id)).objectId));
    assert.equal(new Set(subjects).size, 2);
  });

  test('attack: a code of it that was used, or belongs to another browser, signs nobody in', async () => {
    const browser = openBrowser();
    const login = await browser.open(`${stage.url}/oauth/login/glewlwyd`);
    await send(browser, 'POST', 'auth', { username: 'anna', password: passwords.anna });
    await send(browser, 'PUT', `auth/grant/${glewlwyd.clientId}`, { scope: 'openid profile email' });
    const back = new URL(login.url).searchParams.get('callback_url') ?? '';
    const { url } = await browser.open(`${back}&g_continue`, (location) => location.startsWith(stage.url));
    // RFC 9207: it names itself.
    assert.equal(new URL(url).searchParams.get('iss'), glewlwyd.issuer);
    const other = openBrowser();
    await other.open(url);
    assert.equal(await stage.isSignedIn(other), false);
    await browser.open(url);
    assert.equal(await stage.isSignedIn(browser), true);
    const again = openBrowser();
    again.plant(stage.host, '__Host-portico_signin', browser.cookie(stage.host, '__Host-portico_signin') ?? '');
    await again.open(url);
    assert.equal(await stage.isSignedIn(again), false);
  });

  test('OpenID Connect Front-Channel Logout §2: the frame that ends a session is shown to its pages alone', async () => {
    const asked = new URLSearchParams({ iss: glewlwyd.issuer, sid: 'unknown' });
    const answer = await fetch(`${stage.url}/oauth/logout/glewlwyd?${asked}`);
    const policy = answer.headers.get('content-security-policy');
    assert.equal(policy, `default-src 'none'; frame-ancestors ${glewlwyd.url}`);
  });

  test('a sign-out ends the session here, and names the provider where the person is signed in still', async () => {
    const { browser } = await signIn('ben', passwords.ben);
    const page = await browser.submit(await browser.open(`${stage.url}/login`), {});
    assert.match(visible(page.html), /You are signed out .* You are still signed in at Another\./);
    const [, link = ''] = /<a class="button quiet" href="([^"]+)"/.exec(page.html) ?? [];
    const there = new URL(link.replaceAll('&amp;', '&'));
    assert.equal(`${there.origin}${there.pathname}`, `${glewlwyd.issuer}/end_session`);
    assert.equal(there.searchParams.get('client_id'), glewlwyd.clientId);
    assert.equal(await stage.isSignedIn(browser), false);
  });
});
