import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { byItself } from '#events';
import { linkForAccount, pageOfPasskeys } from '#signin';
import { startChromium } from '../console/browser.ts';
import { views, type WatchedPage, watchPage } from '../console/watched-page.ts';
import { addPerson, addPersonWithPassword, allowLocal, goodPassword, post, tryPassword } from './local.ts';
import { type Stage, setStage } from './stage.ts';

const pictures = process.env['TEST_PICTURES'];

describe('passkeys and passwords in a real browser', {
  skip: process.env['TEST_CHROMIUM'] === undefined && 'no Chromium here',
}, () => {
  let stage: Stage;
  let browser: Browser;
  before(async () => {
    stage = await setStage('sqlite');
    await allowLocal(stage);
    browser = await startChromium();
    if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
  });
  after(async () => {
    await browser?.close();
    await stage?.close();
  });

  /** A page whose device keeps passkeys and unlocks them by itself. */
  const openWatched = async (): Promise<{
    watched: WatchedPage;
    page: Page;
    cdp: CDPSession;
    authenticatorId: string;
  }> => {
    const [light] = views;
    assert.ok(light);
    const watched = await watchPage(browser, stage.url, light, /favicon|status of 4(?:03|22|29)/);
    const cdp = await watched.context.newCDPSession(watched.page);
    await cdp.send('WebAuthn.enable');
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return { watched, page: watched.page, cdp, authenticatorId };
  };
  /** Looks at a page in all three ways. */
  const look = async (watched: WatchedPage, name: string) => {
    for (const view of views) {
      await watched.turnTo(view);
      assert.deepEqual(await watched.findings(), [], `${name}, ${view.name}`);
      if (pictures !== undefined)
        await watched.page.screenshot({ path: `${pictures}/${name}-${view.name}.png`, fullPage: true });
    }
  };

  test('a link makes a passkey; it signs in without a name; every page reads well in light, dark and at 400 px', async () => {
    const account = await addPerson(stage, 'pia@elsewhere.example', 'Pia Passkey');
    const { watched, page } = await openWatched();
    await watched.open(account.link.url);
    await look(watched, 'set');
    await page.fill('#passkey-name', 'Laptop');
    await page.click('button:has-text("Make a passkey")');
    await page.waitForSelector('h1:has-text("Your passkey is set")');
    await look(watched, 'was-set');
    const { items } = await pageOfPasskeys(stage.world, stage.organizationId, account.id, { limit: 10 });
    assert.deepEqual(
      items.map(({ name, lastUsedAt }) => [name, lastUsedAt]),
      [['Laptop', null]],
    );

    await page.click('a:has-text("Sign in")');
    // The suggestions of the name field sign in by themselves, as the device of the test says yes to everything.
    await page.waitForURL(`${stage.url}/me`);
    assert.match(String(await page.textContent('main')), /Pia Passkey/);
    await look(watched, 'me');
    assert.equal((await stage.events('sign_in.succeeded')).at(-1)?.data['by'], 'passkey');

    await page.click('button:has-text("Rename")');
    await look(watched, 'rename');
    await page.fill('#name', 'Key on my ring');
    await page.click('button:has-text("Rename")');
    await page.waitForSelector('strong:has-text("Key on my ring")');
    await page.click('button:has-text("Add a passkey")');
    await look(watched, 'add');
    await page.click('a:has-text("Back")');
    await page.click('button:has-text("Remove")');
    await page.waitForSelector('text=your only way in');
    await page.click('button:has-text("Set the password")');
    await look(watched, 'password');
    await page.fill('#password', goodPassword);
    await page.click('button:has-text("Set the password")');
    await page.waitForSelector('text=Your password was changed');
    await page.click('button:has-text("Remove")');
    await page.waitForSelector('text=The passkey was removed');
    assert.equal((await tryPassword(stage, 'pia@elsewhere.example', goodPassword)).status, 303);
    await watched.close();
  });

  test('e-mail first, the password step, wrong, locked, and a passkey during the lock', async () => {
    const account = await addPersonWithPassword(stage, 'lea@elsewhere.example');
    const link = await linkForAccount(stage.world, byItself, stage.organizationId, account.id);
    const { watched, page, cdp, authenticatorId } = await openWatched();
    await watched.open(link.url);
    await page.click('button:has-text("Make a passkey")');
    await page.waitForSelector('h1:has-text("Your passkey is set")');
    const [made] = (await pageOfPasskeys(stage.world, stage.organizationId, account.id, { limit: 10 })).items;
    assert.equal(made?.name, 'Chrome on Linux');
    await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: false });
    await watched.open(`/login?organization=${stage.organizationId}`);
    await look(watched, 'email-first');
    await page.fill('#email', 'lea@elsewhere.example');
    await page.click('button:has-text("Next")');
    await look(watched, 'password-step');
    for (let round = 0; round < 5; round++) {
      await page.fill('#password', 'wrong, and long enough');
      await page.click('button:has-text("Sign in")');
      await page.waitForSelector('[role=alert]:has-text("wrong"), [role=alert]:has-text("belong")');
      if (round === 0) await look(watched, 'wrong');
    }
    await page.waitForSelector('text=too many wrong attempts');
    await look(watched, 'locked');
    await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: true });
    await page.click('button:has-text("Use a passkey")');
    await page.waitForURL(`${stage.url}/me`);
    await watched.close();
  });

  test('attack: an answer of a passkey replayed, also at the same moment, of another origin, and of a copy whose counter went back', async () => {
    const account = await addPerson(stage, 'rep@elsewhere.example', 'Rep Lay');
    const { watched, page, cdp, authenticatorId } = await openWatched();
    await watched.open(account.link.url);
    await page.click('button:has-text("Make a passkey")');
    await page.waitForSelector('h1:has-text("Your passkey is set")');
    /** What the browser would send, caught on its way. */
    const answerOf = async (): Promise<string> => {
      await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: false });
      await watched.open(`/login?organization=${stage.organizationId}`);
      await page.evaluate('HTMLFormElement.prototype.submit = function () { this.dataset.caught = "1"; }');
      await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled: true });
      await page.click('button:has-text("Use a passkey")');
      await page.waitForSelector('#passkey[data-caught]', { state: 'attached' });
      return page.inputValue('#passkey input[name=credential]');
    };
    const [
      {
        credentials: [kept],
      } = { credentials: [] },
    ] = [await cdp.send('WebAuthn.getCredentials', { authenticatorId })];
    assert.ok(kept);
    const credential = await answerOf();
    const changed = (member: string, change: (text: string) => string): string => {
      const sent = JSON.parse(credential);
      const text = Buffer.from(sent.response[member], 'base64url').toString('latin1');
      sent.response[member] = Buffer.from(change(text), 'latin1').toString('base64url');
      return JSON.stringify(sent);
    };
    for (const forged of [
      changed('clientDataJSON', (it) => it.replace(stage.url, 'http://evil.example')),
      changed('authenticatorData', (it) => `${'x'.repeat(32)}${it.slice(32)}`),
      changed('authenticatorData', (it) => `${it.slice(0, 32)}\u0001${it.slice(33)}`),
      changed('signature', (it) => `${it.slice(0, -1)}x`),
      changed('userHandle', (it) => `${it.slice(0, -1)}x`),
      '{}',
      'x',
    ])
      assert.equal((await post(stage, '/login', { credential: forged })).status, 403, forged.slice(0, 80));
    assert.equal((await post(stage, '/login', { credential }, { origin: 'https://evil.example' })).status, 403);
    // A race: twice at the same moment it signs in once.
    const raced = await Promise.all([1, 2].map(() => post(stage, '/login', { credential })));
    assert.deepEqual(raced.map(({ status }) => status).toSorted(), [303, 403]);
    assert.equal((await post(stage, '/login', { credential })).status, 403, 'later');
    const late = await answerOf();
    await stage.sql(`update passkey set counter = 1000 where account_id = '${account.id}'`);
    assert.equal((await post(stage, '/login', { credential: late })).status, 403);
    const [suspected] = (await stage.events('passkey.suspected')).slice(-1);
    assert.deepEqual([suspected?.subject.id, suspected?.data['before']], [account.id, 1000]);
    await watched.close();
  });
});
