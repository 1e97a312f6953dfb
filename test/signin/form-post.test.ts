import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { dialects } from '../world.ts';
import { openBrowser, type Page, visible } from './browser.ts';
import { settle } from './settle.ts';
import { first, type Stage, setStage } from './stage.ts';

for (const dialect of dialects) {
  describe(`code id_token by form_post (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect, { app: { implicitGrant: { idToken: true } } });
      await settle(stage, { responseType: 'code id_token', responseMode: 'form_post' });
    });
    after(() => stage.close());

    /** The form that the provider's page posts by itself, not sent yet. */
    const answerFor = async (login: string, browser = openBrowser()) => {
      const picker = await browser.open(`${stage.url}/oauth/login/contoso`);
      const page = await browser.submit(picker, { login });
      const fields = new URLSearchParams();
      for (const [, name = '', value = ''] of page.html.matchAll(/name="(\w+)" value="([^"]*)"/g))
        fields.set(name, value);
      assert.ok(fields.has('code') && fields.has('id_token') && fields.has('state'), page.html);
      return { browser, fields };
    };
    /** Posts it as a browser does from another site: without cookies of ours. */
    const post = async (fields: URLSearchParams): Promise<string> => {
      const answer = await fetch(`${stage.url}/oauth/login/contoso/callback`, {
        method: 'POST',
        body: fields,
        redirect: 'manual',
      });
      assert.equal(answer.status, 303);
      return new URL(answer.headers.get('location') ?? '', stage.url).href;
    };
    const said = (page: Page) => visible(page.html);
    const login = (index = 0) => stage.people[index]?.userPrincipalName ?? '';
    const lastDetail = async () => (await stage.events('sign_in.refused')).at(-1)?.data['detail'];

    test('OpenID Connect Core §3.3: a person signs in, and no token or code stands in an address of ours', async () => {
      const { browser, fields } = await answerFor(login());
      const location = await post(fields);
      assert.deepEqual([...new URL(location).searchParams.keys()], ['state']);
      assert.match(said(await browser.open(location)), /You are signed in/);
      assert.match(said(await browser.open(location)), /finished already/);
    });

    test('attack: login CSRF: a posted answer opened in another browser is refused', async () => {
      const { fields } = await answerFor(login());
      const victim = openBrowser();
      await victim.open(`${stage.url}/oauth/login/contoso`);
      assert.match(said(await victim.open(await post(fields))), /started in another browser/);
    });

    test('attack: code injection: a code that is not the one of the id token (c_hash) is refused', async () => {
      const attacker = await answerFor(login(1));
      const { browser, fields } = await answerFor(login());
      fields.set('code', attacker.fields.get('code') ?? '');
      assert.match(said(await browser.open(await post(fields))), /proof of your sign-in is not valid/);
      assert.match(String(await lastDetail()), /^hash: .*c_hash/);
    });

    test('attack: an id token of another sign-in is refused by its nonce, a missing one at all', async () => {
      const attacker = await answerFor(login(1));
      const { browser, fields } = await answerFor(login());
      fields.set('id_token', attacker.fields.get('id_token') ?? '');
      assert.match(said(await browser.open(await post(fields))), /belongs to another sign-in/);
      const again = await answerFor(login());
      again.fields.delete('id_token');
      await again.browser.open(await post(again.fields));
      assert.match(String(await lastDetail()), /no id token beside its code/);
    });

    test('attack: the first posted answer counts, and an id token in the address does not', async () => {
      const { browser, fields } = await answerFor(login());
      const location = await post(fields);
      await post(new URLSearchParams({ state: fields.get('state') ?? '', code: 'evil' }));
      assert.match(said(await browser.open(`${location}&code=evil`)), /You are signed in/);
    });

    test('attack: oversize and unknown posts keep nothing', async () => {
      const unknown = await post(new URLSearchParams({ state: 'x'.repeat(43), code: 'c' }));
      assert.match(said(await openBrowser().open(unknown)), /not known here/);
      assert.match(said(await openBrowser().open(await post(new URLSearchParams({ code: 'c' })))), /not the answer/);
    });

    test('settings that do not go together are refused with the name of the field', async () => {
      await assert.rejects(settle(stage, { responseMode: 'query' }), (error: { details?: { errors?: unknown[] } }) => {
        assert.deepEqual(
          (error.details?.errors ?? []).map((it) => (it as { field: string }).field),
          ['responseMode'],
        );
        return true;
      });
    });

    test('the person is the same one as by code alone', async () => {
      await settle(stage, { responseType: 'code', responseMode: 'query' });
      const page = await stage.signIn(first(stage.people));
      assert.match(visible(page.html), /You are signed in/);
    });
  });
}
