import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { pageOfPasskeys } from '#signin';
import { dialects } from '../world.ts';
import { type Browser, openBrowser, visible } from './browser.ts';
import { addPerson, allowLocal, post } from './local.ts';
import { addSoftPasskey } from './passkey.ts';
import { type Stage, setStage } from './stage.ts';

const edge =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0';

for (const dialect of dialects) {
  describe(`names of passkeys (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect);
      await allowLocal(stage);
    });
    after(() => stage.close());

    let people = 0;
    const person = async (browser = openBrowser()) => {
      const { id, link } = await addPerson(stage, `named-${++people}@elsewhere.example`);
      await (await addSoftPasskey(stage, id)).signIn(browser);
      const passkeys = async () => (await pageOfPasskeys(stage.world, stage.organizationId, id, { limit: 10 })).items;
      return { id, link, browser, passkeys, passkey: (await passkeys())[0]?.id ?? '' };
    };
    const rename = (browser: Browser, fields: Record<string, string>, origin = stage.url) =>
      post(stage, '/me/passkeys/rename', fields, { browser, origin });
    const renamed = async (of: string) =>
      (await stage.events('passkey.renamed')).filter(({ subject }) => subject.id === of);

    test('the person renames one on /me; operators see the name, and the event tells both', async () => {
      const { id, browser, passkeys, passkey } = await person();
      const form = await rename(browser, { passkey });
      assert.equal(form.status, 200);
      assert.match(form.html, /<input id="name" name="name" required maxlength="50" value="Soft" autofocus>/);
      const done = await rename(browser, { passkey, name: '  Key \u202Eon my\tring ' });
      assert.deepEqual([done.status, done.headers.get('location')], [303, '/me?said=passkeys.renamed']);
      const page = visible((await browser.open(`${stage.url}/me?said=passkeys.renamed`)).html);
      assert.match(page, /The passkey has its new name\./);
      assert.match(page, /Key on my ring since/);
      assert.deepEqual(
        (await passkeys()).map(({ name }) => name),
        ['Key on my ring'],
      );
      assert.equal((await rename(browser, { passkey, name: 'Key on my ring' })).status, 303);
      const events = await renamed(id);
      assert.deepEqual(
        events.map(({ data, actor }) => [data['passkey'], data['before'], actor.id]),
        [['Key on my ring', 'Soft', id]],
        'the same name again is no change',
      );
    });

    test('bad input: no name is refused by words, a long one is cut, and one that is gone is said', async () => {
      const { browser, passkeys, passkey } = await person();
      const empty = await rename(browser, { passkey, name: ' \u0000 ' });
      assert.equal(empty.status, 422);
      assert.match(visible(empty.html), /Give it a name\./);
      await rename(browser, { passkey, name: '😀'.repeat(60) });
      assert.equal((await passkeys())[0]?.name, '😀'.repeat(50));
      const gone = await rename(browser, { passkey: 'nothing', name: 'x' });
      assert.equal(gone.headers.get('location'), '/me?said=passkeys.gone');
    });

    test('attack: a passkey of somebody else is renamed by nobody, nor from another page, nor by an old sign-in', async () => {
      const [anna, mallory] = [await person(), await person()];
      const theirs = await rename(mallory.browser, { passkey: anna.passkey, name: 'Mine' });
      assert.equal(theirs.headers.get('location'), '/me?said=passkeys.gone');
      const forged = await rename(anna.browser, { passkey: anna.passkey, name: 'Mine' }, 'https://evil.example');
      assert.equal(forged.status, 403);
      await stage.sql(
        `update session set authenticated_at = authenticated_at - 301000 where account_id = '${anna.id}'`,
      );
      const old = await rename(anna.browser, { passkey: anna.passkey, name: 'Mine' });
      assert.equal(old.headers.get('location'), '/login?anew');
      assert.equal((await anna.passkeys())[0]?.name, 'Soft');
      assert.deepEqual([await renamed(anna.id), await renamed(mallory.id)], [[], []]);
    });

    test('attack: stored script by the name of a passkey: it is text on /me and in the form', async () => {
      const { browser, passkey } = await person();
      await rename(browser, { passkey, name: '"><script>alert(1)</script>' });
      for (const page of [await browser.open(`${stage.url}/me`), await rename(browser, { passkey })]) {
        assert.ok(!page.html.includes('<script>alert'));
        assert.ok(page.html.includes('&quot;&gt;&lt;script&gt;alert(1)'));
      }
    });

    test('a new one is called after the device, on /me and behind a one-time link', async () => {
      const { browser, link } = await person(openBrowser({ 'user-agent': edge }));
      const named = /<input id="passkey-name" name="name" maxlength="50" value="([^"]*)" required>/;
      assert.equal(named.exec((await post(stage, '/me/passkeys/add', {}, { browser })).html)?.[1], 'Edge on Windows');
      assert.equal(named.exec((await browser.open(link.url)).html)?.[1], 'Edge on Windows');
      const silent = openBrowser({ 'user-agent': '' });
      assert.equal(named.exec((await silent.open(link.url)).html)?.[1], 'Passkey');
    });
  });
}
