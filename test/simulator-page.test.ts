import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { fillWorld } from '../simulator/test-filled-world.ts';
import { startTestEntra, type TestEntra } from '../simulator/test-tenant.ts';
import { startChromium } from './console/browser.ts';
import { type View, views, watchPage } from './console/watched-page.ts';

/** Between them these have every kind of content; the others are looked at where they have least room. */
const fully = ['', '/view/apps', '/view/requests', '/view/faults'];
const others = ['people', 'groups', 'tokens', 'sessions', 'mail', 'provisioning', 'time'].map((tab) => `/view/${tab}`);

describe('the control page of the simulator', () => {
  let browser: Browser;
  let entra: TestEntra;
  before(async () => {
    browser = await startChromium();
    entra = await startTestEntra({ users: 60 });
    await fillWorld(entra);
  });
  after(async () => {
    await browser.close();
    await entra.close();
  });

  test('light, dark and at 400 px: no error, no violation of the policy, nothing too wide, nothing for axe', async () => {
    const [first, dark, narrow] = views;
    assert.ok(first && dark && narrow);
    const watched = await watchPage(browser, entra.url, narrow);
    for (const tab of [...others, ...fully]) {
      await watched.open(`/_control${tab}`);
      const ways: readonly View[] = fully.includes(tab) ? [narrow, first, dark] : [narrow];
      for (const view of ways) {
        await watched.turnTo(view);
        assert.deepEqual(await watched.findings(), [], `${tab} ${view.name}`);
      }
      await watched.turnTo(narrow);
    }
    await watched.close();
  });

  test('a fault that is forced by a click strikes, and what it did comes to the log by itself', async () => {
    const [first] = views;
    assert.ok(first);
    const watched = await watchPage(browser, entra.url, first);
    const { page } = watched;
    await watched.open('/_control/view/faults');
    await page.locator('#fault-unavailable').getByRole('button', { name: 'Once' }).click();
    await page.getByRole('cell', { name: 'unavailable' }).waitFor();
    const log = await watched.context.newPage();
    await log.goto(`${entra.url}/_control/view/requests?path=openid-configuration`);
    assert.equal(await log.getByText('No request fits.').count(), 1);
    const struck = await fetch(`${entra.url}/common/v2.0/.well-known/openid-configuration`);
    assert.equal(struck.status, 503);
    await log.getByText('503 AADSTS90033').waitFor();
    assert.deepEqual(await watched.findings(), []);
    await watched.close();
  });
});
