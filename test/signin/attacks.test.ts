import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { activateConnection, changeConnection, markTested, pauseConnection } from '#connections';
import { byItself } from '#events';
import { pageOfAccounts } from '#signin';
import { dialects } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { first, type Stage, setStage } from './stage.ts';

const all = { limit: 1000 };
const isCallback = (location: string) => location.includes('/callback?');

for (const dialect of dialects) {
  describe(`attacks on the relying party (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect);
    });
    after(() => stage.close());

    /** Goes as far as Microsoft's answer, which is not opened yet. */
    const answerFor = async (login: string, browser = openBrowser()) => {
      const picker = await browser.open(`${stage.url}/oauth/login/contoso`);
      const { url } = await browser.submit(picker, { login }, isCallback);
      assert.match(url, /^http:\/\/localhost:\d+\/oauth\/login\/contoso\/callback\?/);
      return { browser, callback: new URL(url) };
    };
    const login = () => first(stage.people).userPrincipalName;

    test('login CSRF: an answer opened in another browser is refused, and still good in its own', async () => {
      const { browser, callback } = await answerFor(login());
      const victim = openBrowser();
      const nothing = await victim.open(callback.href);
      assert.match(visible(nothing.html), /Your browser kept no cookie/);
      await victim.open(`${stage.url}/oauth/login/contoso`);
      const other = await victim.open(callback.href);
      assert.equal(other.status, 400);
      assert.match(visible(other.html), /started in another browser/);
      assert.equal(victim.cookie(stage.host, '__Host-portico_session'), undefined);
      assert.equal((await browser.open(callback.href)).status, 200);
    });

    test('code and state replayed: the second time is refused', async () => {
      const { browser, callback } = await answerFor(login());
      assert.equal((await browser.open(callback.href)).status, 200);
      assert.match(visible((await browser.open(callback.href)).html), /finished already/);
    });

    test('an answer used twice at the same moment signs in once', async () => {
      const { browser, callback } = await answerFor(login());
      const answers = await Promise.all([browser.ask(callback.href), browser.ask(callback.href)]);
      assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 400]);
    });

    test('state missing, twice, or invented', async () => {
      const { browser, callback } = await answerFor(login());
      const code = callback.searchParams.get('code') ?? '';
      for (const [search, words] of [
        [`?code=${code}`, /not the answer to a sign-in/],
        [`${callback.search}&state=x`, /not the answer to a sign-in/],
        [`?code=${code}&state=${'x'.repeat(43)}`, /not known here/],
      ] as const) {
        const page = await browser.open(`${stage.url}/oauth/login/contoso/callback${search}`);
        assert.match(visible(page.html), words);
      }
    });

    test('code injection: the code of one sign-in in the answer of another is refused by its verifier', async () => {
      const attacker = await answerFor(stage.people[1]?.userPrincipalName ?? '');
      const victim = await answerFor(login());
      victim.callback.searchParams.set('code', attacker.callback.searchParams.get('code') ?? '');
      const page = await victim.browser.open(victim.callback.href);
      assert.equal(page.status, 400);
      assert.match(visible(page.html), /AADSTS501481/);
    });

    test('a connection that is paused meanwhile takes no answer any more', async () => {
      const { world, organizationId, connection } = stage;
      const { browser, callback } = await answerFor(login());
      await pauseConnection(world, byItself, organizationId, connection);
      const page = await browser.open(callback.href);
      assert.match(visible(page.html), /There is no such sign-in/);
      assert.equal(browser.cookie(stage.host, '__Host-portico_session'), undefined);
      await activateConnection(world, byItself, organizationId, connection);
    });

    test('mix-up: an answer of one connection is none of another', async () => {
      const { browser, callback } = await answerFor(login());
      callback.pathname = callback.pathname.replace('contoso', 'fabrikam');
      const page = await browser.open(callback.href);
      assert.match(visible(page.html), /There is no such sign-in/);
    });

    test('session fixation: a planted session cookie opens nothing before the sign-in, and is another one after it', async () => {
      const attacker = await stage.signIn(first(stage.people));
      const planted = `${stage.organizationId}.pt_session_${'0'.repeat(24)}_${'A'.repeat(43)}`;
      const victim = openBrowser();
      victim.plant(stage.host, '__Host-portico_session', planted);
      assert.equal(await stage.isSignedIn(victim), false);
      await stage.signIn(first(stage.people), victim);
      assert.equal(await stage.isSignedIn(victim), true);
      const own = attacker.browser.cookie(stage.host, '__Host-portico_session');
      assert.notEqual(victim.cookie(stage.host, '__Host-portico_session'), planted);
      assert.notEqual(victim.cookie(stage.host, '__Host-portico_session'), own);
    });

    test("a session's secret is needed, its id alone opens nothing", async () => {
      const { browser } = await stage.signIn(first(stage.people));
      const cookie = browser.cookie(stage.host, '__Host-portico_session') ?? '';
      const thief = openBrowser();
      thief.plant(stage.host, '__Host-portico_session', cookie.replace(/.{43}$/, 'A'.repeat(43)));
      assert.equal(await stage.isSignedIn(thief), false);
      thief.plant(stage.host, '__Host-portico_session', cookie.replace(/^[^.]+/, 'another-organization'));
      assert.equal(await stage.isSignedIn(thief), false);
    });

    test('open redirect: nothing that comes with the address says where the sign-in ends', async () => {
      const browser = openBrowser();
      const search = 'interaction=//evil.example&return_to=https://evil.example&redirect_uri=https://evil.example';
      const picker = await browser.open(`${stage.url}/oauth/login/contoso?${search}`);
      const page = await browser.submit(picker, { login: login() });
      assert.equal(page.url, `${stage.url}/me`);
    });

    test('host header: addresses come from PORTICO_URL', async () => {
      const answer = await fetch(`${stage.url}/oauth/login/contoso`, {
        redirect: 'manual',
        headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
      });
      const sent = new URL(answer.headers.get('location') ?? '');
      assert.equal(sent.searchParams.get('redirect_uri'), `${stage.url}/oauth/login/contoso/callback`);
    });

    test('oversize: a callback with a huge body is refused', async () => {
      const answer = await fetch(`${stage.url}/oauth/login/contoso/callback`, {
        method: 'POST',
        body: new URLSearchParams({ state: 'x'.repeat(50_000) }),
        redirect: 'manual',
      });
      assert.equal(answer.status, 413);
    });

    test('bad input: what no address of ours holds is a 4xx', async () => {
      for (const path of [
        '/oauth/login/%00',
        '/oauth/login/contoso?test=%00',
        '/oauth/login/contoso/callback?state=%00',
        '/oauth/logout/contoso?iss=%00&sid=%00',
        '/oauth/logout/contoso',
        '/oauth/logout/nowhere?iss=x&sid=y',
        '/oauth/login/',
        '/oauth/login/contoso/callback/more',
        '/login/%00',
        '/login/a/b',
        `/oauth/login/${'x'.repeat(5000)}`,
      ]) {
        const { status } = await fetch(`${stage.url}${path}`, { redirect: 'manual' });
        assert.ok(status >= 400 && status < 500, `${path}: ${status}`);
      }
    });

    test('clickjacking: pages may not be framed', async () => {
      const { headers } = await fetch(`${stage.url}/oauth/login/nowhere-at-all`);
      assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
    });

    test('reflected script: what comes with the answer is shown as text', async () => {
      const { browser, callback } = await answerFor(login());
      const script = '<script>alert(1)</script>';
      const address = new URL(`${stage.url}/oauth/login/contoso/callback`);
      address.search = String(
        new URLSearchParams({
          error: script,
          error_description: script,
          state: callback.searchParams.get('state') ?? '',
        }),
      );
      const page = await browser.open(address.href);
      assert.equal(page.status, 400);
      assert.ok(!page.html.includes('<script>alert'));
    });

    test('flooding: of sign-ins that cannot start ten a minute of an address become events', async () => {
      const { world, organizationId, connection } = stage;
      const before = (await stage.events('sign_in.refused')).length;
      await pauseConnection(world, byItself, organizationId, connection);
      for (let attempt = 0; attempt < 13; attempt++) {
        assert.equal((await openBrowser().open(`${stage.url}/oauth/login/${connection}`)).status, 400);
      }
      const events = await stage.events('sign_in.refused');
      const more = events.slice(before).filter((it) => it.data['reason'] === 'unknown_connection');
      assert.equal(more.length, 10);
      await activateConnection(world, byItself, organizationId, connection);
    });

    test('guessing: after 30 failures of an address it has to wait', async () => {
      const { browser, callback } = await answerFor(login());
      let page = await browser.open(callback.href);
      for (let attempt = 0; attempt < 40 && page.status !== 429; attempt++) page = await browser.open(callback.href);
      assert.equal(page.status, 429);
    });
  });

  describe(`nOAuth (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect, {
        app: { signInAudience: 'AzureADMultipleOrgs', removeUnverifiedEmailClaim: false },
      });
    });
    after(() => stage.close());

    const settle = async (change: Parameters<typeof changeConnection>[4]) => {
      const { world, organizationId, connection } = stage;
      const changed = await changeConnection(world, byItself, organizationId, connection, change, undefined);
      await markTested(world, byItself, organizationId, connection, changed.version);
      await activateConnection(world, byItself, organizationId, connection);
    };
    const foreigner = async (mail: string | null) => {
      const { fabrikam } = stage.entra;
      const mallory = first(fabrikam.users.filter((it) => it.accountEnabled && it.userType === 'Member'));
      await stage.entra.control('PATCH', `/tenants/${fabrikam.id}/users/${mallory.id}`, { mail });
      return mallory;
    };

    test('a foreign tenant with a known e-mail is refused where the tenant is not on the list', async () => {
      const victim = first(stage.people);
      await stage.signIn(victim);
      const { contoso, fabrikam } = stage.entra;
      await settle({ accountType: 'selectedTenants', tenantIds: [contoso.id, contoso.id.replace(/^./, 'f')] });
      const mallory = await foreigner(victim.mail);
      const page = await stage.signIn(mallory);
      assert.equal(page.status, 400);
      assert.match(visible(page.html), /signed in with another organization/);
      const refused = (await stage.events('sign_in.refused')).at(-1);
      assert.equal(refused?.data['reason'], 'wrong_tenant');
      assert.match(String(refused?.data['detail']), new RegExp(fabrikam.id));
      assert.equal((await pageOfAccounts(stage.world, stage.organizationId, all)).items.length, 1);
    });

    test('where any tenant may come, a known e-mail makes another account, never the known one', async () => {
      await settle({ accountType: 'anyOrganization' });
      const victim = first(stage.people);
      const page = await stage.signIn(await foreigner(victim.mail));
      assert.equal(page.status, 200);
      const { items } = await pageOfAccounts(stage.world, stage.organizationId, all);
      const same = items.filter((it) => it.email === victim.mail);
      assert.equal(same.length, 2);
      assert.deepEqual(same.map((it) => it.emailVerified).sort(), [false, true]);
    });
  });
}
