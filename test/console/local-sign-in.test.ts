import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { firstLink } from '#access';
import { getLocalSignIn } from '#signin';
import { buildConsole } from '../../scripts/build-console.ts';
import { addPersonWithPassword, allowLocal, post, tryPassword } from '../signin/local.ts';
import { type Stage, setStage } from '../signin/stage.ts';
import { startChromium } from './browser.ts';
import { views, type WatchedPage, watchPage } from './watched-page.ts';

const [light = assert.fail()] = views;

describe('passwords, locks and break-glass in the console', () => {
  let stage: Stage;
  let browser: Browser;
  let watched: WatchedPage;
  before(async () => {
    await buildConsole();
    stage = await setStage('sqlite');
    browser = await startChromium();
    watched = await watchPage(browser, stage.url, light, /favicon|404 \(Not Found\)/);
    await watched.page.goto((await firstLink(stage.world))?.url ?? '');
    await watched.page.getByRole('button', { name: 'Open the console' }).click();
    await watched.page.waitForURL(`${stage.url}/`);
  });
  after(async () => {
    await watched?.close();
    await browser?.close();
    await stage?.close();
  });

  const look = async (name: string): Promise<void> => {
    for (const view of views) {
      await watched.turnTo(view);
      assert.deepEqual(await watched.findings(), [], `${name}, ${view.name}`);
      const folder = process.env['TEST_PICTURES'];
      if (folder !== undefined) await watched.page.screenshot({ path: `${folder}/console-${name}-${view.name}.png` });
    }
    await watched.turnTo(light);
  };

  test('an organization lets its people have passwords; a locked account is seen, unlocked, and gets a link', async () => {
    const { page } = watched;
    await watched.open('/organizations');
    await page.getByRole('button', { name: 'Actions for Contoso' }).click();
    await page.getByRole('menuitem', { name: 'Change' }).click();
    await page.getByRole('switch', { name: 'Passwords and passkeys' }).check();
    await page.getByRole('button', { name: 'Change' }).click();
    await page.getByText('Contoso was changed').first().waitFor();
    const account = await addPersonWithPassword(stage, 'lena@elsewhere.example');
    for (let round = 0; round < 5; round++)
      await tryPassword(stage, 'lena@elsewhere.example', 'wrong, and long enough');
    await watched.open(`/accounts/${stage.organizationId}/${account.id}`);
    await page.getByText('after 5 wrong passwords').waitFor();
    await look('account');
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByText('not locked').waitFor();
    assert.equal((await getLocalSignIn(stage.world, stage.organizationId, account.id)).lock, null);
    await page.getByRole('button', { name: 'Make a link to set' }).click();
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByText('/login/set?token=').waitFor();
  });

  test('a break-glass operator is added; its use is announced on every page until it is acknowledged', async () => {
    await allowLocal(stage);
    const { page } = watched;
    await watched.open('/operators');
    await page.getByText('No break-glass operator').waitFor();
    await page.getByRole('button', { name: 'Add break-glass operator' }).first().click();
    await page.getByLabel('Name').fill('Safe, Berlin');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    const shown = page.getByText(/pt_breakglass_/);
    await shown.waitFor();
    const [credential = ''] = /pt_breakglass_[\w-]+/.exec((await shown.textContent()) ?? '') ?? [];
    const entered = await post(stage, '/operator/sign-in', { credential });
    assert.equal(entered.status, 303);
    await watched.open('/operators');
    await page.getByText('The break-glass credential of Safe, Berlin was used').waitFor();
    await look('operators');
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.getByText('The break-glass credential of').waitFor({ state: 'detached' });
    await watched.open('/');
    assert.equal(await page.getByText('The break-glass credential of').count(), 0);
  });
});
