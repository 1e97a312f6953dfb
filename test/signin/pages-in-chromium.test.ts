import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import {
  activateConnection,
  createConnection,
  markTested,
  redirectUrisOf,
  setSecret,
  switchSecret,
} from '#connections';
import { byItself } from '#events';
import { refusalsOfEntra } from '#signin';
import { startChromium } from '../console/browser.ts';
import { first, type Stage, setStage } from './stage.ts';

/** Adds a second connection to the tenant, which people may add to their accounts. */
async function addLinkable({ world, url, entra, organizationId }: Stage): Promise<void> {
  const id = 'workshop';
  const [web] = redirectUrisOf(url, id);
  const app = await entra.register({ redirectUris: { web: [web?.uri ?? ''] } });
  const settings = { name: 'The workshop', startFrom: entra.contoso.domain, clientId: app.appId, linkable: true };
  await createConnection(world, byItself, organizationId, { id, ...settings });
  const secret = await setSecret(world, byItself, organizationId, id, { value: app.secret });
  await switchSecret(world, byItself, organizationId, id, secret.id);
  await markTested(world, byItself, organizationId, id, 1);
  await activateConnection(world, byItself, organizationId, id);
}

describe("the person's page and refusals in a real browser", {
  skip: process.env['TEST_CHROMIUM'] === undefined && 'no Chromium',
}, () => {
  let stage: Stage;
  let browser: Browser;
  const faults: string[] = [];
  before(async () => {
    stage = await setStage('sqlite');
    await addLinkable(stage);
    browser = await startChromium();
  });
  after(async () => {
    await browser?.close();
    await stage?.close();
  });

  const every = Object.keys(refusalsOfEntra) as (keyof typeof refusalsOfEntra)[];
  const longest = ['redirect_uri_mismatch', 'certificate_refused'] as const;

  const openPage = async ({ dark = false, width = 1000 }: { dark?: boolean; width?: number }): Promise<Page> => {
    const context = await browser.newContext({
      colorScheme: dark ? 'dark' : 'light',
      viewport: { width, height: 800 },
    });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) faults.push(message.text());
    });
    return page;
  };
  const signIn = async (page: Page) => {
    await page.goto(`${stage.url}/oauth/login/contoso`);
    if (!page.url().startsWith(stage.entra.url)) return;
    await page.fill('input[name=login]', first(stage.people).userPrincipalName);
    await page.click('button:has-text("Sign in")');
    await page.waitForURL((url) => url.origin === stage.url);
  };
  const judge = async (page: Page, name: string) => {
    const wide = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    assert.ok(Number(wide) <= 0, `${name} is ${wide} px too wide`);
    await page.evaluate(axe.source);
    const found: unknown = await page.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))',
    );
    assert.deepEqual(found, [], name);
    const folder = process.env['TEST_PICTURES'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  };

  for (const look of [{ width: 400 }, { width: 400, dark: true }, { width: 1000 }]) {
    const called = `${look.width}${look.dark === true ? '-dark' : ''}`;

    test(`/me fits, is accessible, and its buttons work at ${called}`, async () => {
      const other = await openPage(look);
      await signIn(other);
      const page = await openPage(look);
      await signIn(page);
      await judge(page, `me-${called}`);
      await page.click('button:has-text("End all others")');
      await page.waitForSelector('[role=status]:has-text("All other sessions are over")');
      await judge(page, `me-ended-${called}`);
      await page.click('button:has-text("End")');
      await page.waitForSelector('h1:has-text("You are signed out")');
    });

    test(`/me adds and removes a link, fits and is accessible at ${called}`, async () => {
      const page = await openPage(look);
      await signIn(page);
      await page.click('button:has-text("Add The workshop")');
      await page.waitForSelector('input[name=login]');
      await page.fill('input[name=login]', stage.people[1]?.userPrincipalName ?? '');
      await page.click('button:has-text("Sign in")');
      await page.waitForSelector('[role=status]:has-text("It was added")');
      await judge(page, `me-link-added-${called}`);
      await page.click('button:has-text("Remove") >> nth=1');
      await page.waitForSelector('[role=status]:has-text("It was removed")');
      await judge(page, `me-link-removed-${called}`);
    });

    test(`refusals fit and are accessible at ${called}, the admin's part open`, async () => {
      const page = await openPage(look);
      // All are of one cut: those with the most on them stand for the others, unless somebody wants to look at each.
      for (const reason of process.env['TEST_PICTURES'] === undefined ? longest : every) {
        const [code] = refusalsOfEntra[reason].codes;
        await stage.entra.control('POST', '/faults', {
          name: 'aadsts',
          code,
          at: 'authorize',
          as: 'redirect',
          times: 1,
        });
        await signIn(page);
        await page.click('summary');
        await judge(page, `${reason}-${called}`);
      }
    });
  }

  test('no page broke its own policy', () => {
    assert.deepEqual(faults, []);
  });
});
