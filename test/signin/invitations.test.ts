import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { createConnection, createOrganization, deleteConnection } from '#connections';
import { byItself } from '#events';
import { rawStatement } from '#store';
import { until } from '../until.ts';
import { dialects } from '../world.ts';
import { type Browser, openBrowser, type Page, visible } from './browser.ts';
import { post, tokenOf } from './local.ts';
import { openRest, type Rest } from './rest.ts';
import { type Stage, setStage } from './stage.ts';

const cookie = '__Host-portico_invitation';

for (const dialect of dialects) {
  describe(`S7: registration by invitation (${dialect})`, () => {
    let stage: Stage;
    let rest: Rest;
    before(async () => {
      stage = await setStage(dialect, { settings: { registration: 'invitation', defaultRole: 'viewer' } });
      rest = await openRest(stage);
    });
    after(() => stage.close());
    beforeEach(() => stage.sql('delete from limit_window'));

    const person = (index: number) => stage.people[index] ?? assert.fail();
    const base = () => `/organizations/${stage.organizationId}`;
    const invite = async (more: Record<string, unknown> = {}) => {
      const body = { connection: stage.connection, name: 'New person', ...more };
      const { status, body: answer } = await rest.call('POST', `${base()}/invitations`, body);
      assert.equal(status, 201, JSON.stringify(answer));
      return { ...answer, id: String(answer['id']), url: String(answer['url']), value: String(answer['value']) };
    };
    const invitations = async () => (await rest.call('GET', `${base()}/invitations`)).body.items ?? [];
    const stateOf = async (id: string) => (await invitations()).find((it) => it['id'] === id)?.['state'];
    const accounts = async () => (await rest.call('GET', `${base()}/accounts`)).body.items ?? [];
    const accountOf = async (index: number) => (await accounts()).find((it) => it['email'] === person(index).mail);
    /** Opens the link and presses the button; stops where the provider asks who it is. */
    const accept = async (url: string, browser: Browser): Promise<Page> => {
      const page = await browser.open(url);
      return browser.submit(page, {});
    };
    /** Says at the provider who it is. */
    const pick = (browser: Browser, picker: Page, index: number) =>
      browser.submit(picker, { login: person(index).userPrincipalName });

    test('invitations to a connection go with it', async () => {
      const { organizationId, world } = stage;
      await createConnection(world, byItself, organizationId, { id: `passing-${dialect}`, name: 'Passing' });
      const [gone, kept] = [await invite({ connection: `passing-${dialect}` }), await invite()];
      await deleteConnection(world, byItself, organizationId, `passing-${dialect}`, undefined);
      await until('the invitation is gone', async () => (await stateOf(gone.id)) === undefined);
      assert.equal(await stateOf(kept.id), 'open');
      await stage.sql('delete from account_invitation');
    });

    test('without an invitation nobody gets an account', async () => {
      const { html, browser } = await stage.signIn(person(0));
      assert.match(visible(html), /You have not been invited/);
      assert.equal(await stage.isSignedIn(browser), false);
      assert.deepEqual(await accounts(), []);
    });

    test('it works once: the link shown once leads to a page and into the sign-in, and the account gets its role', async () => {
      const made = await invite({ email: 'somebody.else@elsewhere.example', role: 'editor' });
      const secret = made.value.slice(made.value.lastIndexOf('_') + 1);
      const stored = await stage.world.store.read(rawStatement('select * from account_invitation'), {});
      assert.equal(JSON.stringify(stored).includes(secret), false, 'only the hash is kept');
      assert.equal(JSON.stringify(await invitations()).includes(secret), false);
      const browser = openBrowser();
      const page = await browser.open(made.url);
      assert.match(visible(page.html), /^You are invited Contoso invites you to sign in here/);
      const picker = await browser.submit(page, {});
      assert.equal(browser.cookie(stage.host, cookie), made.value);
      await pick(browser, picker, 0);
      assert.equal(await stage.isSignedIn(browser), true);
      assert.equal(browser.cookie(stage.host, cookie), undefined, 'the cookie is gone with the sign-in');
      const account = await accountOf(0);
      assert.equal(account?.['role'], 'editor');
      const [listed] = await invitations();
      assert.deepEqual(
        [listed?.['state'], listed?.['account'], listed?.['email']],
        ['used', account?.['id'], 'somebody.else@elsewhere.example'],
        'the address recognizes nobody',
      );
      const [used] = await stage.events('invitation.used');
      assert.deepEqual(
        [used?.subject.id, used?.data['account'], used?.data['role']],
        [made.id, account?.['id'], 'editor'],
      );
      const again = await openBrowser().open(made.url);
      assert.deepEqual([again.status, visible(again.html).slice(0, 29)], [403, 'This invitation does not work']);
      const another = openBrowser();
      another.plant(stage.host, cookie, made.value);
      assert.match(visible((await stage.signIn(person(1), another)).html), /You have not been invited/);
      assert.equal(await accountOf(1), undefined);
    });

    test('opened by a scanner it uses nothing up; a post of another page sets no cookie', async () => {
      const made = await invite();
      for (let time = 0; time < 3; time++) {
        const scanner = openBrowser();
        assert.equal((await scanner.open(made.url)).status, 200);
        assert.equal(scanner.cookie(stage.host, cookie), undefined);
      }
      const browser = openBrowser();
      const token = tokenOf(made.url);
      const foreign = await post(stage, '/login/invitation', { token }, { browser, origin: 'https://evil.example' });
      assert.equal(foreign.status, 403);
      assert.equal(browser.cookie(stage.host, cookie), undefined);
      assert.equal(await stateOf(made.id), 'open');
    });

    test('who has an account already just signs in, and the invitation stays', async () => {
      const made = await invite({ role: 'owner' });
      const browser = openBrowser();
      await pick(browser, await accept(made.url, browser), 0);
      assert.equal(await stage.isSignedIn(browser), true);
      assert.equal((await accountOf(0))?.['role'], 'editor');
      assert.equal(await stateOf(made.id), 'open');
    });

    test('two people at once: one gets in', async () => {
      const made = await invite({ role: 'editor' });
      const browsers = [openBrowser(), openBrowser()];
      const pickers = await Promise.all(browsers.map((it) => accept(made.url, it)));
      await Promise.all(browsers.map((it, index) => pick(it, pickers[index] ?? assert.fail(), index + 1)));
      const signedIn = await Promise.all(browsers.map((it) => stage.isSignedIn(it)));
      assert.deepEqual(signedIn.toSorted(), [false, true]);
      const newcomers = [await accountOf(1), await accountOf(2)].filter((it) => it !== undefined);
      assert.equal(newcomers.length, 1);
      assert.equal((await stage.events('invitation.used')).filter(({ subject }) => subject.id === made.id).length, 1);
    });

    test('expired while the person was at the provider, or before, it lets nobody in', async () => {
      const made = await invite({ days: 30 });
      const browser = openBrowser();
      const picker = await accept(made.url, browser);
      await stage.sql(`update account_invitation set expires_at = ${Date.now() - 1} where id = '${made.id}'`);
      assert.match(visible((await pick(browser, picker, 3)).html), /You have not been invited/);
      assert.equal((await openBrowser().open(made.url)).status, 403);
      assert.equal(await stateOf(made.id), 'expired');
      assert.equal(await accountOf(3), undefined);
      const tooLong = { connection: stage.connection, name: 'Late', days: 31 };
      assert.equal((await rest.call('POST', `${base()}/invitations`, tooLong)).status, 400);
    });

    test('revoked while the person was at the provider, or before, it lets nobody in', async () => {
      const made = await invite();
      const browser = openBrowser();
      const picker = await accept(made.url, browser);
      assert.equal((await rest.call('DELETE', `${base()}/invitations/${made.id}`)).status, 204);
      assert.match(visible((await pick(browser, picker, 3)).html), /You have not been invited/);
      assert.equal((await openBrowser().open(made.url)).status, 403);
      assert.equal((await rest.call('DELETE', `${base()}/invitations/${made.id}`)).status, 404);
      assert.equal((await stage.events('invitation.removed')).length, 1);
    });

    test('attack: an invitation of one organization used at another, or at another connection, or taken back from there', async () => {
      const other = await createOrganization(stage.world, byItself, { name: 'Other' });
      for (const [organization, id] of [
        [other.id, 'others'],
        [stage.organizationId, 'second'],
      ] as const)
        await createConnection(stage.world, byItself, organization, {
          id,
          name: id,
          startFrom: stage.entra.contoso.domain,
        });
      const foreign = await rest.call('POST', `/organizations/${other.id}/invitations`, {
        connection: 'others',
        name: 'X',
      });
      assert.equal(foreign.status, 201);
      const theirs = String(foreign.body['value']);
      const second = await invite({ connection: 'second' });
      const ours = await invite();
      const values = [
        theirs,
        second.value,
        ours.value.replace(/^[^.]+/, other.id),
        theirs.replace(/^[^.]+/, stage.organizationId),
      ];
      for (const value of values) {
        const browser = openBrowser();
        browser.plant(stage.host, cookie, value);
        const { html } = await stage.signIn(person(3), browser);
        assert.match(visible(html), /You have not been invited/);
        assert.equal(await stage.isSignedIn(browser), false);
      }
      assert.equal(await accountOf(3), undefined);
      assert.equal(await stateOf(ours.id), 'open');
      assert.equal((await rest.call('DELETE', `/organizations/${other.id}/invitations/${ours.id}`)).status, 404);
      const elsewhere = { connection: 'others', name: 'X' };
      assert.equal((await rest.call('POST', `${base()}/invitations`, elsewhere)).status, 404);
    });

    test('attack: guessed invitations are failures that count towards the limit of the address', async () => {
      const made = await invite();
      const wrong = `${made.url.slice(0, -4)}AAAA`;
      assert.equal((await openBrowser().open(wrong)).status, 403);
      let status = 0;
      for (let time = 0; time < 30 && status !== 429; time++) ({ status } = await openBrowser().open(wrong));
      assert.equal(status, 429);
      assert.equal(await stateOf(made.id), 'open');
    });
  });
}
