import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createOrganization } from '#connections';
import { byItself } from '#events';
import { dialects } from '../world.ts';
import { visible } from './browser.ts';
import { openRest, type Rest } from './rest.ts';
import { type Stage, setStage } from './stage.ts';

for (const dialect of dialects) {
  describe(`S7: registration with approval (${dialect})`, () => {
    let stage: Stage;
    let rest: Rest;
    before(async () => {
      stage = await setStage(dialect, { settings: { registration: 'approval' } });
      rest = await openRest(stage);
    });
    after(() => stage.close());

    const person = (index: number) => stage.people[index] ?? assert.fail();
    const base = () => `/organizations/${stage.organizationId}`;
    const waiting = async () => (await rest.call('GET', `${base()}/access-requests`)).body.items ?? [];
    const accounts = async () => (await rest.call('GET', `${base()}/accounts`)).body.items ?? [];

    test('the first sign-in leaves a request; another one while it waits changes nothing', async () => {
      for (let time = 0; time < 2; time++) {
        const { html, browser } = await stage.signIn(person(0));
        assert.match(visible(html), /Your request waits for an answer/);
        assert.equal(await stage.isSignedIn(browser), false);
      }
      const [request, another] = await waiting();
      assert.equal(another, undefined);
      assert.deepEqual(
        [request?.['email'], request?.['connection'], request?.['objectId'], request?.['state']],
        [person(0).mail, 'contoso', person(0).id, 'waiting'],
      );
      assert.equal(Object(request?.['claims']).emailVerified, true);
      assert.equal((await stage.events('access.requested')).length, 1);
      assert.deepEqual(await accounts(), []);
    });

    test('approved with a role, the person gets in with the next sign-in', async () => {
      const [request] = await waiting();
      const path = `${base()}/access-requests/${request?.['id']}`;
      const approved = await rest.call('POST', `${path}/approve`, { role: 'editor' });
      assert.deepEqual([approved.status, approved.body['state'], approved.body['role']], [200, 'approved', 'editor']);
      assert.deepEqual(await accounts(), [], 'not before the sign-in');
      const { browser } = await stage.signIn(person(0));
      assert.equal(await stage.isSignedIn(browser), true);
      assert.equal((await accounts())[0]?.['role'], 'editor');
      assert.equal((await rest.call('GET', path)).status, 404, 'the request is used up');
    });

    test('declined, the person reads the words and gets in nowhere; deleted, it can ask again', async () => {
      await stage.signIn(person(1));
      const [request] = await waiting();
      const path = `${base()}/access-requests/${request?.['id']}`;
      const words = 'Ask <script>alert(1)</script> Ada first.';
      assert.equal((await rest.call('POST', `${path}/decline`, { words })).body['state'], 'declined');
      const page = await stage.signIn(person(1));
      assert.match(visible(page.html), /Your request was declined/);
      assert.ok(page.html.includes('Ask &lt;script&gt;alert(1)&lt;/script&gt; Ada first.'), 'stored script by words');
      assert.equal(await stage.isSignedIn(page.browser), false);
      assert.equal((await rest.call('DELETE', path)).status, 204);
      await stage.signIn(person(1));
      assert.equal((await waiting()).length, 1);
    });

    test('attack: an approval answered twice counts once, and the second answer says whose the first was', async () => {
      const [request] = await waiting();
      const path = `${base()}/access-requests/${request?.['id']}`;
      const answers = await Promise.all([
        rest.call('POST', `${path}/decline`, {}),
        rest.call('POST', `${path}/approve`, { role: 'owner' }),
      ]);
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
      const refused = answers.find(({ status }) => status === 409);
      assert.match(String(refused?.body['detail']), /the request was (approved|declined) already by/);
    });

    test('attack: an operator of another organization answers nothing here', async () => {
      await stage.signIn(person(2));
      const [request] = await waiting();
      const other = await createOrganization(stage.world, byItself, { name: 'Other' });
      const foreign = `/organizations/${other.id}/access-requests/${request?.['id']}`;
      assert.equal((await rest.call('POST', `${foreign}/approve`, {})).status, 404);
      assert.equal((await rest.call('DELETE', foreign)).status, 404);
      assert.equal((await rest.call('GET', foreign)).status, 404);
      assert.equal((await waiting()).length, 1);
    });
  });
}
