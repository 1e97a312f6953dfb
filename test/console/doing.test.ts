import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Stage, setStage } from '../../demo/stage.ts';
import { buildConsole } from '../../scripts/build-console.ts';
import { startChromium } from './browser.ts';
import { signInAs } from './sign-in.ts';
import { views, type WatchedPage, watchPage } from './watched-page.ts';

/** A refusal that a story provokes on purpose. */
const meant = /(?:400 \(Bad Request\)|401 \(Unauthorized\)|409 \(Conflict\)|422 \(Unprocessable)/;

describe('what an operator does in the console', () => {
  let stage: Stage;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;

  before(async () => {
    await buildConsole();
    browser = await startChromium();
    stage = await setStage({ ports: { portico: 0, tenant: 0, product: 0 } });
    watched = await watchPage(browser, stage.porticoUrl, views[0] ?? assert.fail(), meant);
    page = watched.page;
    await signInAs(stage, 'owner', watched);
  });
  after(async () => {
    await watched.close();
    await browser.close();
    await stage.close();
  });
  const field = (name: RegExp) => page.getByRole('textbox', { name });
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  test('from nothing: an organization, then a connection whose tenant is found while one types', async () => {
    await button('Add an organization').click();
    await field(/^Name/).fill('Contoso');
    await button('Add').click();
    await page.waitForURL(/\/add-connection\?organization=/);
    await field(/^Name/).fill('Contoso');
    await page.getByText(`${stage.porticoUrl}/oauth/login/contoso/callback`).waitFor();
    await field(/^Tenant/).fill(` ${stage.admin.domain}\u200b`);
    await page.getByRole('status').getByText(stage.admin.id, { exact: true }).waitFor();
    assert.deepEqual(await watched.findings(), []);
  });

  test('C5: an object id as Application (client) ID, or a URL, is named at the field in the words of the API', async () => {
    await field(/^Application/).fill('https://portal.azure.com/');
    await button('Add as a draft').click();
    const words = page.getByRole('alert').filter({ hasText: /URL/ });
    await words.first().waitFor();
    assert.deepEqual(await watched.findings(), []);
    await field(/^Application/).fill('');
    await button('Add as a draft').click();
    await page.waitForURL(/\/connections\/contoso\/setup$/);
  });

  test('C8: secret stored, proven and switched, draft tested, activated', async () => {
    const uris = (await stage.operator('connections.get', { connection: 'contoso' })).redirectUris;
    const app = await stage.admin.registerApp({
      displayName: 'Portico',
      redirectUris: { web: uris.filter(({ platform }) => platform === 'web').map(({ uri }) => uri) },
      logoutUrl: null,
      optionalClaims: ['email', 'xms_edov'],
      permissions: [],
      secret: { displayName: 'first', endDateTime: new Date(Date.now() + 100 * 86_400_000).toISOString() },
    });
    await watched.open('/connections/contoso/settings');
    await field(/^Application/).fill(app.appId);
    await button('Save as draft').click();
    await page.waitForURL(/\/connections\/contoso$/);
    await watched.open('/connections/contoso/secrets');
    await button('Set a secret').click();
    await page.getByLabel(/^Value/).fill(app.secret.secretText);
    await page.getByLabel('Ends on').fill(app.secret.endDateTime.slice(0, 10));
    await button('Store').click();
    await page.getByRole('table').getByText('waiting').waitFor();
    await page.getByRole('button', { name: /^Actions for/ }).click();
    await page.getByRole('menuitem', { name: 'Prove and switch' }).click();
    await page.getByRole('table').getByText('in use').waitFor();
    assert.equal(await page.getByText(app.secret.secretText).count(), 0);
    await button('Test the draft').click();
    await page.waitForURL(/\/checks$/);
    await page.getByText('On the draft settings').waitFor();
    await button('Activate').click();
    await page.locator('header').getByText('active', { exact: true }).waitFor();
    assert.equal((await stage.operator('connections.get', { connection: 'contoso' })).state, 'active');
    assert.deepEqual(await watched.findings(), []);
  });

  test('P1: a Secret Token is shown once, together with the Tenant URL', async () => {
    await watched.open('/connections/contoso/provisioning');
    await button('Issue a token').click();
    await button('Issue').click();
    const dialog = page.getByRole('alertdialog');
    const value = await dialog.getByText(/^pt_scim_/).textContent();
    await dialog.getByText('/scim/v2/contoso').waitFor();
    assert.deepEqual(await watched.findings(), []);
    await dialog.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('table').getByText('not yet').waitFor();
    assert.ok(value);
    assert.equal(await page.getByText(value).count(), 0);
    const answer = await fetch(`${stage.porticoUrl}/scim/v2/contoso/ServiceProviderConfig`, {
      headers: { authorization: `Bearer ${value}` },
    });
    assert.equal(answer.status, 200);
  });

  test('P2: a client secret is shown once, with all that Entra asks for, and gives an access token', async () => {
    await watched.open('/connections/contoso/provisioning');
    await button('Create a client secret').click();
    await button('Create').click();
    const dialog = page.getByRole('alertdialog');
    const value = (await dialog.getByText(/^pt_scimclient_/).textContent()) ?? '';
    const tokenEndpoint = (await dialog.getByText(/\/scim\/oauth2\/contoso\/token$/).textContent()) ?? '';
    assert.deepEqual(await watched.findings(), []);
    await dialog.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('table', { name: 'Client secrets' }).getByText('not yet').waitFor();
    assert.equal(await page.getByText(value).count(), 0);
    const form = { grant_type: 'client_credentials', client_id: 'contoso', client_secret: value };
    const answer = await fetch(tokenEndpoint, { method: 'POST', body: new URLSearchParams(form) });
    assert.equal(answer.status, 200);
  });

  test('P2: a workload identity is trusted, and trusted no more', async () => {
    await watched.open('/connections/contoso/provisioning');
    await button('Trust a workload identity').click();
    await page.getByLabel(/^Subject/).fill('d2f8ee76-c549-45b8-a143-f5b640669704');
    await button('Trust').click();
    const table = page.getByRole('table', { name: 'Trusted assertions' });
    await table.getByText('d2f8ee76-c549-45b8-a143-f5b640669704').waitFor();
    assert.deepEqual(await watched.findings(), []);
    await table.getByRole('button', { name: /^Actions for/ }).click();
    await page.getByRole('menuitem', { name: 'Trust no more' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Trust no more' }).click();
    await page.getByText('None is trusted yet').waitFor();
  });

  test('P9: the brake and the groups that may sign in are set in a form, which names a wrong value and an unknown group', async () => {
    await watched.open('/directories/contoso/settings');
    await page.getByLabel('Percent of the active users').fill('0');
    await page.getByLabel('Within so many minutes').fill('90');
    await page.getByLabel('Only members of these groups').fill('Sales, north\n\nSupport ');
    await page.getByText('There are no groups “Sales, north”, “Support” here').waitFor();
    await button('Save').click();
    await page.getByRole('alert').filter({ hasText: '1' }).first().waitFor();
    assert.deepEqual(await watched.findings(), []);
    await page.getByLabel('Percent of the active users').fill('35');
    await button('Save').click();
    await page.getByText('The settings were saved').first().waitFor();
    const { settings } = await stage.operator('directories.get', { directory: 'contoso' });
    assert.deepEqual(settings.brake, { percent: 35, minutes: 90 });
    assert.deepEqual(settings.onlyMembersOf, ['Sales, north', 'Support']);
  });

  test('D5: a test sign-in shows the claims and what would happen, and creates nothing', async () => {
    await watched.open('/connections/contoso/sign-in-test');
    await button('Start a test').click();
    const link = page.getByRole('link', { name: 'Open the sign-in page' });
    const [beside] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
    await beside.waitForLoadState();
    await beside.getByLabel('User name').fill(`anna.dvorak@${stage.admin.domain}`);
    await beside.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('What Portico would do').waitFor({ timeout: 10_000 });
    await page
      .getByRole('term')
      .filter({ hasText: /^preferred_username$/ })
      .waitFor();
    const { organization } = await stage.operator('connections.get', { connection: 'contoso' });
    assert.deepEqual((await stage.operator('accounts.list', { organization })).items, []);
    assert.deepEqual(await watched.findings(), []);
    await beside.close();
  });

  test('the choice of dark is remembered by the browser', async () => {
    await watched.open('/');
    await page.getByRole('button', { name: /^You:/ }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await watched.open('/connections');
    assert.equal(await page.evaluate('document.documentElement.dataset.appearance'), 'dark');
    assert.deepEqual(await watched.findings(), []);
  });

  test('by keyboard: the first Tab offers the way past the navigation, and a row opens by Enter', async () => {
    await watched.open('/connections');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to content');
    await page.getByRole('link', { name: 'Contoso' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/connections\/contoso$/);
    assert.equal(await page.evaluate('document.activeElement.tagName'), 'MAIN');
  });

  test('at 400 px the navigation is behind a button and closes when it has led somewhere', async () => {
    const narrow = await watchPage(browser, stage.porticoUrl, views[2] ?? assert.fail());
    await signInAs(stage, 'reader', narrow);
    await narrow.page.getByRole('button', { name: 'Open navigation' }).click();
    await narrow.page.getByRole('dialog').getByRole('link', { name: 'Events' }).click();
    await narrow.page.waitForURL(/\/events/);
    await narrow.page.getByRole('dialog').waitFor({ state: 'detached' });
    await narrow.settle();
    assert.deepEqual(await narrow.findings(), []);
    await narrow.close();
  });

  test('a session that ended leads to the page that tells how to get a link', async () => {
    await watched.open('/');
    await page.getByRole('button', { name: /^You:/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Open your sign-in link' }).waitFor();
    assert.deepEqual(await watched.findings(), []);
  });
});
