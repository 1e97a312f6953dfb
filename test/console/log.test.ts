import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { buildConsole } from '../../scripts/build-console.ts';
import { startChromium } from './browser.ts';
import { type FilledStage, fillStage } from './filled-stage.ts';
import { signInAs } from './sign-in.ts';
import { views, type WatchedPage, watchPage } from './watched-page.ts';

describe('why a user did or did not arrive, in the console', () => {
  let filled: FilledStage;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;
  before(async () => {
    await buildConsole();
    browser = await startChromium();
    filled = await fillStage();
    watched = await watchPage(browser, filled.stage.porticoUrl, views[0] ?? assert.fail());
    page = watched.page;
    await signInAs(filled.stage, 'reader', watched);
  });
  after(async () => {
    await watched.close();
    await browser.close();
    await filled.stage.close();
  });
  const rows = () => page.getByRole('table', { name: 'Provisioning requests' }).getByRole('row');

  test('the log is searched by a name, and narrowed to what changed something', async () => {
    await watched.open('/directories/contoso/requests');
    await page.getByRole('searchbox', { name: /User name, group/ }).fill('Anna.Dvorak@');
    await page.waitForURL(/about=/);
    await rows().getByText('Created the user anna.dvorak@contoso.example.').waitFor();
    await page.getByRole('combobox', { name: 'Method' }).selectOption('PATCH');
    await page.getByRole('combobox', { name: 'Outcome' }).selectOption('That changed something');
    await rows().getByText('Created the user').waitFor({ state: 'detached' });
    await rows().getByText('Switched off the user anna.dvorak@contoso.example.').waitFor();
    assert.deepEqual(await watched.findings(), []);
  });

  test('who was never asked about is said to be out of scope, not a fault', async () => {
    await watched.open('/directories/contoso/requests?about=nobody');
    await page.getByText('Nothing of this kind was recorded.').waitFor();
    assert.deepEqual(await watched.findings(), []);
  });

  test('a request is tried again: what it would do now, and nothing is written', async () => {
    const { operator } = filled.stage;
    await watched.open(`/directories/contoso/requests/${filled.sights.request}`);
    const before = await operator('directories.get', { directory: 'contoso' });
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('It would be answered').waitFor();
    assert.deepEqual(await watched.findings(), []);
    const { users, activeUsers, groups } = await operator('directories.get', { directory: 'contoso' });
    assert.deepEqual([users, activeUsers, groups], [before.users, before.activeUsers, before.groups]);
  });

  test('S14: a refused sign-in is found by the id that the person quotes, and by its event', async () => {
    const refused = await fetch(`${filled.stage.porticoUrl}/oauth/login/contoso/callback?code=x&state=unknown`);
    const [, id = ''] = /id="reference">([^<]+)</.exec(await refused.text()) ?? [];
    await watched.open(`/events?organization=${filled.sights.organization}`);
    await page.getByRole('searchbox', { name: 'Id of a refused sign-in' }).fill(id);
    await page.waitForURL(/refused=/);
    await page.getByRole('heading', { name: 'This sign-in is not known here' }).waitFor();
    await page.getByText('The state is of no sign-in of this connection.').waitFor();
    for (const view of views) {
      await watched.turnTo(view);
      assert.deepEqual(await watched.findings(), [], view.name);
    }
    await watched.turnTo(views[0] ?? assert.fail());
    await watched.open(`/events?organization=${filled.sights.organization}&type=sign_in.refused`);
    await page.locator('summary').first().click();
    await page.getByRole('heading', { name: 'This sign-in is not known here' }).waitFor();
  });

  test('a cycle leads to its requests', async () => {
    await watched.open('/directories/contoso/cycles');
    await page.getByRole('table', { name: 'Provisioning cycles' }).getByRole('link').first().click();
    await page.waitForURL(/requests\?.*from=/);
    await page.getByRole('button', { name: 'At any time' }).waitFor();
    await rows().nth(1).waitFor();
    assert.deepEqual(await watched.findings(), []);
  });
});
