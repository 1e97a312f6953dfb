import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createOrganization } from '#connections';
import { byItself } from '#events';
import { type Server, serve } from '../cli/portico.ts';
import { dialects } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { openRest, type Rest } from './rest.ts';
import { first, type Stage, setStage } from './stage.ts';

for (const dialect of dialects) {
  describe(`the administrator behind a refused sign-in (${dialect})`, () => {
    let stage: Stage;
    let rest: Rest;
    let server: Server;
    before(async () => {
      stage = await setStage(dialect);
      rest = await openRest(stage);
      // The stage closes the database itself.
      server = await serve({ ...stage.world, store: { ...stage.world.store, close: async () => undefined } });
    });
    after(async () => {
      await server.stop();
      await stage.close();
    });

    /** Has Microsoft refuse a sign-in, and gives what the page says, and the id on it. */
    const refuse = async (code: number) => {
      await stage.entra.control('POST', '/faults', { name: 'aadsts', code, at: 'authorize', as: 'redirect' });
      const page = await stage.signIn(first(stage.people), openBrowser());
      await stage.entra.control('DELETE', '/faults');
      const [, request = ''] = /id="reference">([^<]+)</.exec(page.html) ?? [];
      return { page, request };
    };

    test('S14: by the id that the person quotes: what happened, code, cause, what to click, the same as the page says', async () => {
      const { page, request } = await refuse(50105);
      const { status, body } = await rest.call('GET', `/refused-sign-ins/${request}`);
      assert.equal(status, 200);
      assert.deepEqual(
        [body['reason'], body['title'], body['connection'], body['organization']],
        ['unassigned', 'You are not assigned to this application', 'contoso', stage.organizationId],
      );
      const facts = body['facts'] as { name: string; value: string }[];
      const told = new Map(facts.map(({ name, value }) => [name, value]));
      assert.equal(told.get('Code'), 'AADSTS50105');
      assert.match(told.get('What to do') ?? '', /Assign the person or one of their groups/);
      assert.equal(told.get('Tenant'), stage.entra.contoso.id);
      assert.equal(told.get('Application (client) ID'), stage.app.appId);
      const text = visible(page.html);
      for (const { name, value } of facts) if (name !== 'Time') assert.ok(text.includes(`${name} ${value}`), name);
    });

    test('the simulated cloud has no portal: neither says where to click', async () => {
      const { page, request } = await refuse(65001);
      const { body } = await rest.call('GET', `/refused-sign-ins/${request}`);
      assert.equal(body['link'], null);
      assert.doesNotMatch(page.html, /admin center/);
    });

    test('portico explain takes the id as it takes a code', async () => {
      const { request } = await refuse(53003);
      const { code, out } = await server.portico(['explain', request]);
      assert.equal(code, 0);
      assert.match(out, /AADSTS53003/);
      assert.match(out, /A Conditional Access policy blocked it/);
      assert.match((await server.portico(['explain', 'AADSTS53003'])).out, /AADSTS53003/);
    });

    test('attack: a key of another organization, or without events:read, learns nothing of it; nor does an id that is none', async () => {
      const { request } = await refuse(50105);
      const other = await createOrganization(stage.world, byItself, { name: 'Fabrikam' });
      const ask = async (id: string, key?: string) =>
        (await rest.call('GET', `/refused-sign-ins/${id}`, undefined, key)).status;
      assert.equal(await ask(request, await rest.keyWith(['events:read'], other.id)), 404);
      assert.equal(await ask(request, await rest.keyWith(['accounts:read'], stage.organizationId)), 403);
      assert.equal(await ask(request, await rest.keyWith(['events:read'], stage.organizationId)), 200);
      for (const id of [
        `${request.slice(0, -1)}${request.endsWith('0') ? '1' : '0'}`,
        'x',
        '00000000-0000-7000-8000-000000000000',
      ])
        assert.equal(await ask(id), 404, id);
    });
  });
}
