import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { byItself } from '#events';
import { changeAccount, deleteLink, getAccount, pageOfAccounts, pageOfLinks, pageOfSessions } from '#signin';
import { dialects } from '../world.ts';
import { visible } from './browser.ts';
import { first, type Stage, setStage } from './stage.ts';

const all = { limit: 1000 };

for (const dialect of dialects) {
  describe(`signing in by Microsoft Entra (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect);
    });
    after(() => stage.close());

    const person = (index: number) => {
      const found = stage.people[index];
      assert.ok(found);
      return found;
    };
    const accountOf = async (mail: string | null) => {
      const { items } = await pageOfAccounts(stage.world, stage.organizationId, all);
      return items.find((it) => it.email === mail);
    };

    test('the first sign-in makes an account with a link of tenant id and object id, and starts a session', async () => {
      const anna = person(0);
      const page = await stage.signIn(anna);
      assert.equal(page.url, `${stage.url}/me`);
      assert.match(visible(page.html), new RegExp(`You are signed in as ${RegExp.escape(anna.displayName)}`));
      const account = await accountOf(anna.mail);
      assert.equal(account?.name, anna.displayName);
      assert.equal(account?.emailVerified, true);
      assert.equal(account?.userName, anna.userPrincipalName.slice(0, 36));
      const links = await pageOfLinks(stage.world, stage.organizationId, account?.id ?? '', all);
      assert.deepEqual(
        links.items.map(({ authority, objectId, userId, connection }) => ({ authority, objectId, userId, connection })),
        [{ authority: stage.entra.contoso.id, objectId: anna.id, userId: null, connection: 'contoso' }],
      );
      const sessions = await pageOfSessions(stage.world, stage.organizationId, account?.id ?? '', all);
      assert.equal(sessions.items.length, 1);
      assert.equal(first(await stage.events('sign_in.succeeded')).subject.id, account?.id);
    });

    test('the next sign-in finds the same account and takes over name and e-mail as they are now', async () => {
      const anna = person(1);
      await stage.signIn(anna);
      const before = await accountOf(anna.mail);
      const mail = `renamed@${stage.entra.contoso.domain}`;
      await stage.entra.control('PATCH', `/tenants/${stage.entra.contoso.id}/users/${anna.id}`, {
        displayName: 'Renamed Person',
        mail,
      });
      await stage.signIn(anna);
      const after = await getAccount(stage.world, stage.organizationId, before?.id ?? '');
      assert.deepEqual([after.name, after.email, after.userName], ['Renamed Person', mail, before?.userName]);
      const [updated] = (await stage.events('account.updated')).filter((it) => it.subject.id === before?.id);
      assert.deepEqual(updated?.data['changed'], ['name', 'email']);
    });

    test('the same person at once in many browsers gets one account', async () => {
      const anna = person(2);
      await Promise.all(Array.from({ length: 6 }, () => stage.signIn(anna)));
      const { items } = await pageOfAccounts(stage.world, stage.organizationId, all);
      const own = items.filter((it) => it.email === anna.mail);
      assert.equal(own.length, 1);
      const sessions = await pageOfSessions(stage.world, stage.organizationId, own[0]?.id ?? '', all);
      assert.equal(sessions.items.length, 6);
    });

    test('S8: a user name that is taken gets some random characters', async () => {
      const [one, two] = [person(3), person(4)];
      await stage.signIn(one);
      const name = two.userPrincipalName;
      const id = (await accountOf(one.mail))?.id;
      await stage.sql(`update user_name set folded = '${name.toLowerCase()}' where account_id = '${id}'`);
      await stage.signIn(two);
      assert.match(
        (await accountOf(two.mail))?.userName ?? '',
        new RegExp(`^${RegExp.escape(name.slice(0, 34))}.*-[a-z0-9]{1,5}$`),
      );
    });

    test('a disabled account is refused and its session is over for good; enabled, it signs in again', async () => {
      const anna = person(5);
      const { browser } = await stage.signIn(anna);
      const id = (await accountOf(anna.mail))?.id ?? '';
      await changeAccount(stage.world, byItself, stage.organizationId, id, { disabled: true });
      assert.equal(await stage.isSignedIn(browser), false);
      const refused = await stage.signIn(anna);
      assert.equal(refused.status, 400);
      assert.match(visible(refused.html), /Your account is disabled/);
      await changeAccount(stage.world, byItself, stage.organizationId, id, { disabled: false });
      assert.equal(await stage.isSignedIn(browser), false);
      assert.equal(await stage.isSignedIn((await stage.signIn(anna, browser)).browser), true);
    });

    test('a removed link ends the sessions that came by it, and nothing else', async () => {
      const [anna, ben] = [person(6), person(7)];
      const [atAnnas, atBens] = [await stage.signIn(anna), await stage.signIn(ben)];
      const id = (await accountOf(anna.mail))?.id ?? '';
      const { items } = await pageOfLinks(stage.world, stage.organizationId, id, all);
      await deleteLink(stage.world, byItself, stage.organizationId, id, first(items).id);
      assert.equal(await stage.isSignedIn(atAnnas.browser), false);
      assert.equal(await stage.isSignedIn(atBens.browser), true);
      assert.ok((await stage.events('session.ended')).some((it) => it.data['why'] === 'link removed'));
    });

    test('signing in anew in the same browser goes on with the session under another secret', async () => {
      const anna = person(8);
      const { browser } = await stage.signIn(anna);
      const before = browser.cookie(stage.host, '__Host-portico_session');
      await stage.signIn(anna, browser);
      const after = browser.cookie(stage.host, '__Host-portico_session');
      assert.notEqual(after, before);
      const id = (await accountOf(anna.mail))?.id ?? '';
      assert.equal((await pageOfSessions(stage.world, stage.organizationId, id, all)).items.length, 1);
      const old = await fetch(`${stage.url}/me`, {
        headers: { cookie: `__Host-portico_session=${before}` },
        redirect: 'manual',
      });
      assert.notEqual(old.status, 200);
    });

    test('the cookies are host-only, Secure, HttpOnly and Lax', async () => {
      const { browser } = await stage.signIn(person(9));
      const start = await browser.ask(`${stage.url}/oauth/login/contoso`);
      assert.match(
        start.headers.get('set-cookie') ?? '',
        /^__Host-portico_signin=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; Secure; SameSite=Lax$/,
      );
    });
  });

  describe(`who may sign in (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect, { settings: { registration: 'provisioned', provisioning: true } });
    });
    after(() => stage.close());
    const person = (index: number) => {
      const found = stage.people[index];
      assert.ok(found);
      return found;
    };
    const reasons = async () => (await stage.events('sign_in.refused')).map((it) => it.data['reason']);

    test('S7 "provisioned": nobody without a user in the directory, and the page says what to map', async () => {
      const page = await stage.signIn(person(0));
      assert.equal(page.status, 400);
      assert.match(visible(page.html), /Your account has not arrived yet/);
      assert.match(visible(page.html), /map objectId to externalId/);
      assert.ok((await reasons()).includes('not_provisioned'));
    });

    test('S16: a provisioned user is the same person by externalId = object id, and the link remembers it', async () => {
      const anna = person(1);
      const userId = await stage.provision({ externalId: anna.id });
      assert.equal((await stage.signIn(anna)).url, `${stage.url}/me`);
      const { items } = await pageOfAccounts(stage.world, stage.organizationId, all);
      const id = items.find((it) => it.email === anna.mail)?.id ?? '';
      assert.equal(first((await pageOfLinks(stage.world, stage.organizationId, id, all)).items).userId, userId);
    });

    test('a user in another directory, or with another externalId, does not count', async () => {
      const anna = person(2);
      await stage.provision({ externalId: anna.id, directory: 'elsewhere' });
      await stage.provision({ externalId: anna.id.toUpperCase() });
      assert.match(visible((await stage.signIn(anna)).html), /has not arrived yet/);
    });

    test('S17: a switched-off user is out with the next click, and cannot sign in again', async () => {
      const anna = person(3);
      const userId = await stage.provision({ externalId: anna.id });
      const { browser } = await stage.signIn(anna);
      assert.equal(await stage.isSignedIn(browser), true);
      await stage.sql(`update scim_user set active = 0 where id = '${userId}'`);
      assert.equal(await stage.isSignedIn(browser), false);
      assert.match(visible((await stage.signIn(anna)).html), /Your access was switched off/);
      await stage.sql(`update scim_user set active = 1 where id = '${userId}'`);
      assert.equal(await stage.isSignedIn(browser), true);
    });

    test('a switched-off user is out whatever externalId it has by then: the link remembers the user', async () => {
      const anna = person(6);
      const userId = await stage.provision({ externalId: anna.id });
      const { browser } = await stage.signIn(anna);
      await stage.sql(`update scim_user set active = 0, external_id = 'mapped anew' where id = '${userId}'`);
      assert.equal(await stage.isSignedIn(browser), false);
      assert.match(visible((await stage.signIn(anna)).html), /Your access was switched off/);
    });

    test('a hard-deleted user leaves a tombstone: out, refused, and back only by a new user', async () => {
      const anna = person(4);
      const userId = await stage.provision({ externalId: anna.id });
      const { browser } = await stage.signIn(anna);
      await stage.sql(`delete from scim_user where id = '${userId}'`);
      assert.equal(await stage.isSignedIn(browser), false);
      assert.match(visible((await stage.signIn(anna)).html), /Your access was removed/);
      await stage.provision({ externalId: anna.id });
      assert.equal(await stage.isSignedIn(browser), false, 'the session of the deleted user came back');
      assert.equal((await stage.signIn(anna)).status, 200);
      assert.equal(await stage.isSignedIn(browser), false, 'the session of the deleted user came back with the link');
    });

    test('two users with the same externalId are nobody, and the page says so', async () => {
      const anna = person(5);
      await stage.provision({ externalId: anna.id });
      await stage.provision({ externalId: anna.id });
      assert.match(visible((await stage.signIn(anna)).html), /You exist twice/);
      assert.ok((await reasons()).includes('ambiguous_user'));
    });
  });

  describe(`registration on beside provisioning (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect, { settings: { registration: 'on', provisioning: true } });
    });
    after(() => stage.close());

    test('who came before the directory knew is out when the directory learns that the person is switched off', async () => {
      const anna = first(stage.people);
      const { browser } = await stage.signIn(anna);
      await stage.provision({ externalId: anna.id, active: false });
      assert.equal(await stage.isSignedIn(browser), false);
    });
  });

  describe(`registration off (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect, { settings: { registration: 'off' } });
    });
    after(() => stage.close());

    test('S7 "off": nobody new gets in, and nothing is made', async () => {
      const page = await stage.signIn(first(stage.people));
      assert.match(visible(page.html), /You have no account here/);
      assert.deepEqual((await pageOfAccounts(stage.world, stage.organizationId, all)).items, []);
    });
  });
}
