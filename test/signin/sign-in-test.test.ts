import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { changeConnection, createConnection, createOrganization } from '#connections';
import { byItself } from '#events';
import { createSignInTest, getSignInTest, pageOfAccounts } from '#signin';
import { dialects } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { first, type Stage, setStage } from './stage.ts';

const all = { limit: 1000 };

for (const dialect of dialects) {
  describe(`D5: test sign-in (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect, { settings: { registration: 'on' } });
    });
    after(() => stage.close());
    const begin = () => createSignInTest(stage.world, stage.organizationId, stage.connection);
    const result = (id: string) => getSignInTest(stage.world, stage.organizationId, stage.connection, id);
    const run = async (url: string, person = first(stage.people)) => {
      const browser = openBrowser();
      const picker = await browser.open(url);
      return { browser, page: await browser.submit(picker, { login: person.userPrincipalName }) };
    };
    const answerTo = (test: Awaited<ReturnType<typeof result>>, question: string) =>
      test.wouldDo.find((it) => it.question === question);

    test('it shows the claims and what would happen, and creates nothing', async () => {
      const person = first(stage.people);
      const started = await begin();
      assert.deepEqual([started.state, started.claims], ['waiting', null]);
      assert.match(started.url, /\/oauth\/login\/contoso\?test=[\w-]{32}$/);
      const { browser, page } = await run(started.url);
      assert.match(visible(page.html), /^The sign-in works/);
      assert.match(page.html, new RegExp(person.id));
      assert.equal(browser.cookie(stage.host, '__Host-portico_session'), undefined);
      const done = await result(started.id);
      assert.equal(done.state, 'passed');
      assert.equal(done.refusal, null);
      assert.equal(done.claims?.['oid'], person.id);
      assert.deepEqual(answerTo(done, 'Account'), { question: 'Account', answer: 'gets a new account', good: true });
      assert.equal(
        answerTo(done, 'User name')?.answer,
        `${person.userPrincipalName.slice(0, 36)}, made of the claim preferred_username`,
      );
      assert.equal(answerTo(done, 'E-mail')?.good, true);
      assert.equal(answerTo(done, 'Domain')?.good, true);
      assert.equal(answerTo(done, 'Sign-out')?.good, true);
      assert.deepEqual(
        done.wouldDo.map(({ question }) => question),
        ['Account', 'User name', 'E-mail', 'Domain', 'Directory user', 'Roles', 'Groups', 'Assignment', 'Sign-out'],
      );
      assert.deepEqual((await pageOfAccounts(stage.world, stage.organizationId, all)).items, []);
      assert.deepEqual(await stage.events('sign_in.succeeded'), []);
      assert.equal((await stage.events('sign_in.tested')).length, 1);
    });

    test('it can be started for ten minutes', async () => {
      const started = await begin();
      await stage.sql(`update sign_in_test set expires_at = ${Date.now() - 1} where id = '${started.id}'`);
      assert.match(visible((await openBrowser().open(started.url)).html), /This test is over/);
    });

    test('it works once', async () => {
      const started = await begin();
      await run(started.url);
      assert.match(visible((await openBrowser().open(started.url)).html), /This test is over/);
      assert.match(visible((await openBrowser().open(started.url.replace(/.{4}$/, 'AAAA'))).html), /This test is over/);
    });

    test('it takes the draft where there is one: the rule that would hold, and what is missing', async () => {
      const { world, organizationId, connection } = stage;
      const draft = { registration: 'provisioned', provisioning: true, domains: [] } as const;
      await changeConnection(world, byItself, organizationId, connection, { ...draft, domains: [] }, undefined);
      const started = await begin();
      const { page } = await run(started.url);
      assert.match(visible(page.html), /But this person would not get in/);
      const done = await result(started.id);
      assert.equal(done.state, 'passed');
      assert.match(done.refusal?.remedy ?? '', /map objectId to externalId/);
      assert.equal(answerTo(done, 'Account')?.good, false);
      assert.equal(answerTo(done, 'Domain')?.good, false);
      assert.equal(answerTo(done, 'Directory user')?.good, false);
      await stage.provision({ externalId: first(stage.people).id });
      const next = await begin();
      await run(next.url);
      assert.equal((await result(next.id)).refusal, null);
    });

    test('a refusal by Microsoft is explained, with its code', async () => {
      const started = await begin();
      const browser = openBrowser();
      const page = await browser.submit(await browser.open(started.url), { cancel: '1' });
      assert.match(visible(page.html), /^The sign-in was refused/);
      const done = await result(started.id);
      assert.equal(done.state, 'failed');
      assert.equal(done.refusal?.code, 'AADSTS65004');
    });

    test('an incomplete connection cannot be tested, and the answer names what is missing', async () => {
      const organization = await createOrganization(stage.world, byItself, { name: 'New' });
      await createConnection(stage.world, byItself, organization.id, { id: 'incomplete', name: 'Incomplete' });
      await assert.rejects(createSignInTest(stage.world, organization.id, 'incomplete'), { problem: 'wrong-state' });
      await createConnection(stage.world, byItself, organization.id, {
        id: 'no-secret',
        name: 'No secret',
        startFrom: stage.entra.contoso.domain,
        clientId: stage.app.appId,
      });
      await assert.rejects(createSignInTest(stage.world, organization.id, 'no-secret'), /no client secret/);
      const started = await begin();
      const gone = { problem: 'not-found' };
      await assert.rejects(getSignInTest(stage.world, organization.id, stage.connection, started.id), gone);
      await assert.rejects(getSignInTest(stage.world, stage.organizationId, 'no-secret', started.id), gone);
    });
  });
}
