import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { byItself } from '#events';
import { createLink, deleteLink, getAccount, pageOfAccounts, pageOfLinks } from '#signin';
import { dialects } from '../world.ts';
import { type Browser, openBrowser, type Page, visible } from './browser.ts';
import { addPersonWithPassword, allowLocal, goodPassword, post, tryPassword } from './local.ts';
import { connectUpstream, signInBy } from './openid-stage.ts';
import { openProvisioning, type Provisioning } from './provisioning.ts';
import { type Stage, setStage } from './stage.ts';
import { startUpstream, type Upstream } from './upstream.ts';

const all = { limit: 1000 };

for (const dialect of dialects) {
  describe(`S4: a person adds and removes links (${dialect})`, () => {
    let stage: Stage;
    let upstream: Upstream;
    let provisioning: Provisioning;
    before(async () => {
      stage = await setStage(dialect, {
        settings: { provisioning: true },
        outside: { PORTICO_ALLOW_PRIVATE_ADDRESSES: 'true' },
      });
      await allowLocal(stage);
      upstream = await startUpstream('/realms/one');
      await connectUpstream(stage, upstream, 'another', { linkable: true });
      provisioning = await openProvisioning(stage);
    });
    after(async () => {
      await stage.close();
      await upstream.close();
    });
    beforeEach(async () => {
      upstream.reset();
      await open(true);
    });

    /** Opens or shuts the second connection for links. */
    const open = (linkable: boolean) =>
      stage.sql(
        `update connection set live = replace(live, '"linkable":${!linkable}', '"linkable":${linkable}') where id = 'another'`,
      );
    let used = 0;
    /** Somebody who signed in by a password a moment ago. */
    const local = async () => {
      const email = `person-${++used}@elsewhere.example`;
      const { id } = await addPersonWithPassword(stage, email);
      const browser = openBrowser();
      await tryPassword(stage, email, goodPassword, browser);
      return { account: id, email, browser };
    };
    const linksOf = async (account: string) =>
      (await pageOfLinks(stage.world, stage.organizationId, account, all)).items;
    const me = async (browser: Browser, said = '') => visible((await browser.ask(`${stage.url}/me${said}`)).html);
    const act = (browser: Browser, action: string, form: Record<string, string>, origin = stage.url) =>
      post(stage, `/me/links/${action}`, form, { browser, origin });
    /** Begins to add a link; gives the answer of the provider, not taken yet. */
    const begin = async (browser: Browser, sub: string) => {
      upstream.claims = { sub, email: `${sub}@another.example`, name: `Name of ${sub}` };
      const begun = await act(browser, 'add', { connection: 'another' });
      const location = begun.headers.get('location') ?? assert.fail(begun.html);
      assert.ok(location.startsWith(upstream.url), location);
      return browser.open(location, (it) => it.startsWith(`${stage.url}/oauth/login/another/callback`));
    };
    const refusedFor = async (page: Page, title: RegExp, reason: string) => {
      assert.equal(page.status, 400);
      assert.match(visible(page.html), title);
      assert.equal((await stage.events('sign_in.refused')).at(-1)?.data['reason'], reason);
    };

    test('a link that was added opens the account, and the session stays as it is', async () => {
      const { account, browser } = await local();
      const before = browser.cookie(stage.host, '__Host-portico_session');
      assert.match(await me(browser), /Add Another/);
      const answer = await begin(browser, 'first');
      const done = await browser.ask(answer.url);
      assert.equal(done.headers.get('location'), '/me?said=links.added');
      assert.equal(browser.cookie(stage.host, '__Host-portico_session'), before);
      const [, added] = await linksOf(account);
      assert.deepEqual(
        [added?.authority, added?.objectId, added?.connection, added?.lastSignInAt],
        [upstream.issuer, 'first', 'another', null],
      );
      const [event] = (await stage.events('link.created')).slice(-1);
      assert.deepEqual([event?.actor.type, event?.actor.id, event?.data['by']], ['person', account, 'the person']);
      assert.match(await me(browser, '?said=links.added'), /It was added/);
      const there = await signInBy(stage, 'another');
      assert.match(visible(there.html), /You are signed in as Name of first/);
      assert.equal((await linksOf(account)).length, 2);
      const sessions = (await stage.events('sign_in.succeeded')).at(-1);
      assert.equal(sessions?.subject.id, account);
    });

    test('S9: name and e-mail are told by the operator first, then by the provider that is linked first, and by the next where that is removed', async () => {
      const { account, browser } = await local();
      const shown = async () => {
        const { name, email, toldBy } = await getAccount(stage.world, stage.organizationId, account);
        return [name, email, toldBy];
      };
      const entered = await shown();
      assert.equal(entered[2], null);
      assert.doesNotMatch(await me(browser), /are changed there/);
      await browser.ask((await begin(browser, 'told')).url);
      assert.deepEqual(await shown(), entered, 'a link alone tells nothing');
      await signInBy(stage, 'another');
      const told = ['Name of told', 'told@another.example', upstream.issuer];
      assert.deepEqual(await shown(), told);
      assert.match(await me(browser), /Name and e-mail address come from another of your ways to sign in/);
      const person = stage.people.at(-1) ?? assert.fail();
      const input = { connection: stage.connection, tenantId: null, objectId: person.id };
      await createLink(stage.world, byItself, stage.organizationId, account, input, true);
      await stage.signIn(person);
      assert.deepEqual(await shown(), told, 'the first that told goes on telling');
      const link = (await linksOf(account)).find(({ authority }) => authority === upstream.issuer);
      await deleteLink(stage.world, byItself, stage.organizationId, account, link?.id ?? '');
      await stage.signIn(person);
      assert.deepEqual(await shown(), [person.displayName, person.mail, stage.entra.contoso.id]);
    });

    test('the provider is asked to let the person choose, and the state is bound to browser and session', async () => {
      const { browser } = await local();
      const begun = await act(browser, 'add', { connection: 'another' });
      const location = new URL(begun.headers.get('location') ?? '');
      assert.equal(location.searchParams.get('prompt'), 'select_account');
      assert.equal(begun.status, 303);
    });

    test('adding and removing want a sign-in not older than five minutes', async () => {
      const { account, browser, email } = await local();
      await stage.sql(
        `update session set authenticated_at = authenticated_at - 301000 where account_id = '${account}'`,
      );
      for (const [action, form] of [
        ['add', { connection: 'another' }],
        ['remove', { link: (await linksOf(account))[0]?.id ?? '' }],
      ] as const)
        assert.equal((await act(browser, action, form)).headers.get('location'), '/login?anew', action);
      assert.equal((await linksOf(account)).length, 1);
      await tryPassword(stage, email, goodPassword, browser);
      assert.equal((await act(browser, 'add', { connection: 'another' })).status, 303);
    });

    test('a connection that is not open to be linked is not offered, and not taken', async () => {
      const { browser } = await local();
      await open(false);
      assert.doesNotMatch(await me(browser), /Add Another/);
      for (const connection of ['another', stage.connection, 'nowhere', ''])
        assert.equal(
          (await act(browser, 'add', { connection })).headers.get('location'),
          '/me?said=links.closed',
          connection,
        );
    });

    test('attack: linking CSRF: what another page posts adds and removes nothing', async () => {
      const { account, browser } = await local();
      for (const origin of ['https://evil.example', 'null'])
        for (const action of ['add', 'remove'])
          assert.equal((await act(browser, action, { connection: 'another', link: 'x' }, origin)).status, 403);
      assert.equal((await linksOf(account)).length, 1);
    });

    test('attack: linking CSRF: an answer of the attacker’s is not attached to the account of a victim', async () => {
      const [attacker, victim] = [await local(), await local()];
      const answer = await begin(attacker.browser, 'attackers');
      await refusedFor(
        await victim.browser.ask(answer.url),
        /started in another browser|kept no cookie/,
        'cookies_blocked',
      );
      // The victim has a linking of its own under way, and gets the answer of the attacker’s.
      await begin(victim.browser, 'victims');
      await refusedFor(await victim.browser.ask(answer.url), /started in another browser/, 'other_browser');
      assert.equal((await linksOf(victim.account)).length, 1);
      assert.equal((await linksOf(attacker.account)).length, 1);
    });

    test('attack: a code of the attacker’s in the victim’s own answer is refused by verifier and nonce', async () => {
      const [attacker, victim] = [await local(), await local()];
      const theirs = new URL((await begin(attacker.browser, 'attackers-2')).url);
      const own = new URL((await begin(victim.browser, 'victims-2')).url);
      own.searchParams.set('code', theirs.searchParams.get('code') ?? '');
      const page = await victim.browser.ask(own.href);
      assert.equal(page.status, 400, visible(page.html));
      assert.equal((await linksOf(victim.account)).length, 1);
    });

    test('attack: session fixation: who signs in meanwhile in the same browser does not get the link', async () => {
      const [one, two] = [await local(), await local()];
      const answer = await begin(one.browser, 'meanwhile');
      await tryPassword(stage, two.email, goodPassword, one.browser);
      await refusedFor(await one.browser.ask(answer.url), /You are no longer signed in as before/, 'link_session_over');
      assert.deepEqual([(await linksOf(one.account)).length, (await linksOf(two.account)).length], [1, 1]);
    });

    test('attack: a link is added to a session that has ended', async () => {
      const { account, browser } = await local();
      const answer = await begin(browser, 'ended');
      await stage.sql(`delete from session where account_id = '${account}'`);
      await refusedFor(await browser.ask(answer.url), /You are no longer signed in as before/, 'link_session_over');
      assert.equal((await linksOf(account)).length, 1);
      assert.equal(await stage.isSignedIn(browser), false, 'and no session comes of it');
    });

    test('attack: the connection was shut meanwhile', async () => {
      const { account, browser } = await local();
      const answer = await begin(browser, 'shut');
      await open(false);
      await refusedFor(await browser.ask(answer.url), /cannot be added any more/, 'link_closed');
      assert.equal((await linksOf(account)).length, 1);
    });

    test('attack: account takeover by linking: who is linked to another account stays there, and nobody is named', async () => {
      const owner = await local();
      await owner.browser.ask((await begin(owner.browser, 'owned')).url);
      const thief = await local();
      const page = await thief.browser.ask((await begin(thief.browser, 'owned')).url);
      await refusedFor(page, /This is in use already/, 'linked_elsewhere');
      for (const told of [owner.email, owner.account, 'Lena Local'])
        assert.ok(!page.html.includes(told), `the page tells ${told}`);
      assert.equal((await linksOf(thief.account)).length, 1);
      const again = await owner.browser.ask((await begin(owner.browser, 'owned')).url);
      await refusedFor(again, /You have this already/, 'linked_already');
      assert.equal((await linksOf(owner.account)).length, 2);
    });

    test('attack: account takeover by linking: a user whom the directory switched off, or another account has, is not linked', async () => {
      await stage.provision({ externalId: 'off', active: false, directory: 'another' });
      const { account, browser } = await local();
      await refusedFor(await browser.ask((await begin(browser, 'off')).url), /switched off/, 'user_disabled');
      const other = await local();
      await other.browser.ask((await begin(other.browser, 'former')).url);
      const user = await stage.provision({ externalId: 'renamed', directory: 'another' });
      await stage.sql(`update account_link set user_id = '${user}' where object_id = 'former'`);
      await refusedFor(await browser.ask((await begin(browser, 'renamed')).url), /in use already/, 'linked_elsewhere');
      assert.equal((await linksOf(account)).length, 1);
      assert.equal(await stage.isSignedIn(browser), true);
    });

    test('an answer that was used, and a refusal of the provider, add nothing', async () => {
      const { account, browser } = await local();
      const answer = await begin(browser, 'twice');
      await browser.ask(answer.url);
      assert.match(visible((await browser.ask(answer.url)).html), /This sign-in was finished already/);
      const next = new URL((await begin(browser, 'cancelled')).url);
      next.searchParams.delete('code');
      next.searchParams.set('error', 'access_denied');
      assert.equal((await browser.ask(next.href)).status, 400);
      assert.equal((await linksOf(account)).length, 2);
    });

    test('a link is removed, and sessions that came by it end; the last way in is not', async () => {
      const { account, browser } = await local();
      await browser.ask((await begin(browser, 'gone')).url);
      const { browser: there } = await signInBy(stage, 'another');
      const [own, added] = await linksOf(account);
      const removed = await act(browser, 'remove', { link: added?.id ?? '' });
      assert.equal(removed.headers.get('location'), '/me?said=links.removed');
      assert.deepEqual([await stage.isSignedIn(there), await stage.isSignedIn(browser)], [false, true]);
      const [event] = (await stage.events('link.removed')).slice(-1);
      assert.deepEqual([event?.actor.id, event?.data['object']], [account, 'gone']);
      assert.equal((await stage.events('session.ended')).at(-1)?.data['why'], 'link removed');
      for (const [link, said] of [
        [added?.id ?? '', 'gone'],
        [own?.id ?? '', 'last'],
      ] as const)
        assert.equal((await act(browser, 'remove', { link })).headers.get('location'), `/me?said=links.${said}`);
      assert.doesNotMatch((await browser.ask(`${stage.url}/me`)).html, /links\/remove/);
    });

    test('a connection that signs nobody in is no way in, and with the sign-in here goes its password', async () => {
      const { account, browser, email } = await local();
      await browser.ask((await begin(browser, 'other-way')).url);
      const [own] = await linksOf(account);
      await stage.sql(`update connection set state = 'paused' where id = 'another'`);
      assert.equal(
        (await act(browser, 'remove', { link: own?.id ?? '' })).headers.get('location'),
        '/me?said=links.last',
      );
      await stage.sql(`update connection set state = 'active' where id = 'another'`);
      await act(browser, 'remove', { link: own?.id ?? '' });
      assert.equal(await stage.isSignedIn(browser), false, 'the session came by it');
      assert.equal((await tryPassword(stage, email, goodPassword)).status, 403);
      assert.match(visible((await signInBy(stage, 'another')).html), /You are signed in/);
    });

    test('attack: whoever removes two links at the same moment keeps one', async () => {
      const { account, browser } = await local();
      await browser.ask((await begin(browser, 'race')).url);
      const links = await linksOf(account);
      await Promise.all(links.map(({ id }) => act(browser, 'remove', { link: id })));
      assert.equal((await linksOf(account)).length, 1);
    });

    test('attack: a link of somebody else is not removed', async () => {
      const [one, two] = [await local(), await local()];
      await one.browser.ask((await begin(one.browser, 'mine')).url);
      const [, added] = await linksOf(one.account);
      const answer = await act(two.browser, 'remove', { link: added?.id ?? '' });
      assert.equal(answer.headers.get('location'), '/me?said=links.gone');
      assert.equal((await linksOf(one.account)).length, 2);
    });

    test('attack: a provisioned person does not cut the link by which the directory switches it off', async () => {
      const person = stage.people[0] ?? assert.fail();
      const user = await provisioning.create(person);
      const { browser } = await stage.signIn(person);
      const account =
        (await pageOfAccounts(stage.world, stage.organizationId, { ...all, search: person.mail ?? '' })).items[0]?.id ??
        assert.fail();
      await browser.ask((await begin(browser, 'way-out')).url);
      const [provisioned] = await linksOf(account);
      const answer = await act(browser, 'remove', { link: provisioned?.id ?? '' });
      assert.equal(answer.headers.get('location'), '/me?said=links.provisioned');
      // Provisioned since the last sign-in, the link does not remember it yet.
      await stage.sql(`update account_link set user_id = null where id = '${provisioned?.id}'`);
      await stage.sql(`update session set user_id = null where link_id = '${provisioned?.id}'`);
      const again = await act(browser, 'remove', { link: provisioned?.id ?? '' });
      assert.equal(again.headers.get('location'), '/me?said=links.provisioned');
      const { browser: there, html } = await signInBy(stage, 'another');
      assert.match(visible(html), new RegExp(`You are signed in as ${RegExp.escape(person.displayName)}`));
      assert.match(await me(there), /Name and e-mail address come from another of your ways to sign in/);
      assert.match(await me(browser), /come from your organization/);
      assert.equal(await stage.isSignedIn(there), true);
      await provisioning.switchTo(user, false);
      assert.deepEqual([await stage.isSignedIn(there), await stage.isSignedIn(browser)], [false, false]);
    });
  });
}
