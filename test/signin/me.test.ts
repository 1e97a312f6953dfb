import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { dialects } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { first, type Stage, setStage } from './stage.ts';

for (const dialect of dialects) {
  describe(`the person's page (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect);
    });
    after(() => stage.close());

    const person = (index: number) => stage.people[index] ?? assert.fail();
    const me = () => `${stage.url}/me`;
    const post = (
      browser: ReturnType<typeof openBrowser>,
      path: string,
      form: Record<string, string>,
      origin = stage.url,
    ) => browser.ask(`${stage.url}${path}`, { method: 'POST', body: new URLSearchParams(form), headers: { origin } });

    test('without a session it leads to the sign-in, and the sign-in leads back to it', async () => {
      const nobody = await openBrowser().ask(me());
      assert.deepEqual([nobody.status, nobody.headers.get('location')], [303, '/login']);
      const { browser, url } = await stage.signIn(person(0));
      assert.equal(new URL(url).pathname, '/me');
      assert.equal((await browser.ask(`${stage.url}/login`)).headers.get('location'), '/me');
    });

    test('S9: who it is, and that name and e-mail are changed at the organization', async () => {
      const { html } = await stage.signIn(person(0));
      const text = visible(html);
      assert.match(text, new RegExp(`You are signed in as ${RegExp.escape(person(0).displayName)}`));
      assert.match(text, new RegExp(`E-mail address ${RegExp.escape(person(0).mail ?? '')}`));
      assert.match(text, /Name and e-mail address come from your organization, and are changed there/);
    });

    test('one session is ended, all others are, and the own one is a sign-out', async () => {
      const [here, there, elsewhere, last] = await Promise.all([1, 1, 1, 1].map((it) => stage.signIn(person(it))));
      assert.ok(here && there && elsewhere && last);
      const page = await here.browser.ask(me());
      const ids = [...page.html.matchAll(/name="session" value="([^"]+)"/g)].map(([, id = '']) => id);
      assert.equal(ids.length, 4);
      const [mine = '', other = ''] = ids;
      const ended = await post(here.browser, '/me/sessions/end', { session: other });
      assert.equal(ended.headers.get('location'), '/me?said=sessions.ended');
      assert.match(
        visible((await here.browser.ask(`${stage.url}/me?said=sessions.ended`)).html),
        /That session is over/,
      );
      const left = async () =>
        (await Promise.all([there, elsewhere, last].map(({ browser }) => stage.isSignedIn(browser)))).filter(Boolean)
          .length;
      assert.equal(await left(), 2);
      assert.equal((await post(here.browser, '/me/sessions/end', { session: other })).status, 303, 'over is over');
      await post(here.browser, '/me/sessions/end-others', {});
      assert.equal(await left(), 0);
      assert.equal(await stage.isSignedIn(here.browser), true);
      await post(here.browser, '/me/sessions/end', { session: mine });
      assert.equal(await stage.isSignedIn(here.browser), false);
      const why = (await stage.events('session.ended')).map(({ data }) => data['why']);
      assert.deepEqual(why.slice(-4), [
        'ended by the person',
        'ended by the person',
        'ended by the person',
        'signed out',
      ]);
    });

    test('a session of somebody else is not ended', async () => {
      const anna = await stage.signIn(person(2));
      const ben = await stage.signIn(person(3));
      const [, id = ''] = /name="session" value="([^"]+)"/.exec((await ben.browser.ask(me())).html) ?? [];
      await post(anna.browser, '/me/sessions/end', { session: id });
      await post(anna.browser, '/me/sessions/end-others', {});
      assert.equal(await stage.isSignedIn(ben.browser), true);
    });

    test('recent sign-ins: the own ones, refused ones too, twenty at most, and nobody else’s', async () => {
      const { browser, html } = await stage.signIn(person(4));
      assert.equal(visible(html).match(/ Signed in node · 127\.0\.0\.1/g)?.length, 1);
      const { organizationId, connection } = stage;
      const user = await stage.provision({ externalId: person(4).id, active: false });
      await stage.signIn(person(4), openBrowser());
      await stage.sql(`update scim_user set active = 1 where organization_id = '${organizationId}' and id = '${user}'`);
      for (let count = 0; count < 20; count++) await stage.signIn(person(4), openBrowser());
      const text = visible((await browser.ask(me())).html);
      assert.equal(text.match(/ Signed in node · 127/g)?.length, 20);
      await stage.sql(`update scim_user set active = 0 where organization_id = '${organizationId}' and id = '${user}'`);
      await stage.signIn(person(4), openBrowser());
      await stage.sql(`update scim_user set active = 1 where organization_id = '${organizationId}' and id = '${user}'`);
      const after = visible((await browser.ask(me())).html);
      assert.match(after, /Refused: Your access was switched off node · 127\.0\.0\.1/);
      assert.equal(after.match(/ Signed in node · 127/g)?.length, 19);
      assert.equal(connection, 'contoso');
    });

    test('attack: CSRF on a form of /me: what does not come from the page itself is refused', async () => {
      const { browser } = await stage.signIn(person(5));
      const other = await stage.signIn(person(5), openBrowser());
      for (const [path, form] of [
        ['/me/sessions/end', { session: 'x' }],
        ['/me/sessions/end-others', {}],
      ] as const) {
        for (const origin of ['https://evil.example', 'null', `${stage.url}.evil.example`]) {
          assert.equal((await post(browser, path, form, origin)).status, 403, `${path} from ${origin}`);
        }
        const silent = await browser.ask(`${stage.url}${path}`, { method: 'POST', body: new URLSearchParams(form) });
        assert.equal(silent.status, 403);
        assert.equal((await browser.ask(`${stage.url}${path}`)).headers.get('location'), '/me', 'a GET does nothing');
      }
      assert.equal(await stage.isSignedIn(other.browser), true);
    });

    test('attack: stored script by user agents and names: both are shown as text', async () => {
      const { browser } = await stage.signIn(person(6));
      const script = '<script>alert(1)</script>';
      await stage.sql(`update session set user_agent = '${script}'`);
      await stage.sql(`update account set name = '${script}'`);
      const page = await browser.ask(me());
      assert.equal(page.status, 200);
      assert.ok(!page.html.includes('<script>alert'));
      assert.ok(page.html.includes('&lt;script&gt;alert(1)'));
    });

    test('attack: cookie tossing: a lookalike, or a second cookie of the name, signs nobody in as somebody else', async () => {
      const [anna, mallory] = [await stage.signIn(person(7)), await stage.signIn(person(8))];
      const own = anna.browser.cookie(stage.host, '__Host-portico_session') ?? '';
      const planted = mallory.browser.cookie(stage.host, '__Host-portico_session') ?? '';
      const ask = async (cookie: string) => visible((await openBrowser().ask(me(), { headers: { cookie } })).html);
      for (const name of [
        '__host-portico_session',
        ' portico_session',
        '__Host-portico_session2',
        '__Secure-portico_session',
      ])
        assert.match(
          await ask(`${name}=${planted}; __Host-portico_session=${own}`),
          new RegExp(person(7).displayName),
          name,
        );
      assert.equal(await ask(`portico_session=${own}`), '', 'a lookalike alone is nobody');
    });

    test('attack: clickjacking of /me: it may not be framed', async () => {
      const { browser } = await stage.signIn(person(5));
      assert.match((await browser.ask(me())).headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
    });

    test('bad input: what is not there is a 404, and what is said is never what the address says', async () => {
      const { browser } = await stage.signIn(first(stage.people));
      for (const path of ['/me/nothing/end', '/me/sessions/nothing', '/me/sessions/end/more', '/me/sessions/toString'])
        assert.equal((await post(browser, path, {})).status, 404, path);
      for (const said of ['sessions.<script>', 'toString.ended', 'sessions.toString', '.'])
        assert.ok(
          !(await browser.ask(`${me()}?said=${encodeURIComponent(said)}`)).html.includes('role="status"'),
          said,
        );
    });
  });
}
