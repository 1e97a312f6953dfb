import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import axe from 'axe-core';
import * as oidc from 'openid-client';
import type { Browser, Page } from 'playwright-core';
import { byItself } from '#events';
import { createClient } from '#signin';
import { startChromium } from '../console/browser.ts';
import { addProduct, type Product } from './product.ts';
import { first, type Stage, setStage } from './stage.ts';

/** A folder for pictures, where somebody wants to look. */
const pictures = process.env['TEST_PICTURES'];

describe('pages of the provider in a real browser', {
  skip: process.env['TEST_CHROMIUM'] === undefined && 'no Chromium here',
}, () => {
  let stage: Stage;
  let partner: Product;
  let server: Server;
  let browser: Browser;
  const faults: string[] = [];
  before(async () => {
    stage = await setStage('sqlite');
    server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<h1>Product</h1>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const at = `http://localhost:${(server.address() as AddressInfo).port}`;
    partner = await addProduct(stage, 'Partner', at, { firstParty: false });
    browser = await startChromium();
  });
  after(async () => {
    await browser?.close();
    server?.close();
    await stage?.close();
  });

  const openPage = async ({ width, dark }: { width: number; dark?: boolean }): Promise<Page> => {
    const context = await browser.newContext({
      colorScheme: dark === true ? 'dark' : 'light',
      viewport: { width, height: 800 },
    });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) faults.push(message.text());
    });
    return page;
  };
  const look = async (page: Page, name: string): Promise<void> => {
    if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
    const wide = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    assert.ok(Number(wide) <= 0, `${name} is ${wide} px too wide`);
    await page.evaluate(axe.source);
    const found: unknown = await page.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))',
    );
    assert.deepEqual(found, [], name);
  };
  const signIn = async (page: Page): Promise<void> => {
    await page.fill('input[name=login]', first(stage.people).userPrincipalName);
    await page.click('button:has-text("Sign in")');
  };

  for (const it of [{ width: 400 }, { width: 400, dark: true }, { width: 1000 }]) {
    const name = `${it.width}${it.dark === true ? '-dark' : ''}`;
    test(`consent, then a code of a device, at ${name}: no step is held up, nothing too wide, nothing for axe`, async () => {
      const page = await openPage(it);
      const { url, checks } = await partner.begin({ prompt: 'consent' });
      await page.goto(url);
      await signIn(page);
      await page.waitForSelector('h1:has-text("Allow Partner?")');
      await look(page, `consent-${name}`);
      await page.click('button:has-text("Allow"):not(:has-text("not"))');
      await page.waitForURL((to) => to.href.startsWith(partner.callback));
      assert.ok((await oidc.authorizationCodeGrant(partner.config, new URL(page.url()), checks)).access_token);

      const tool = await createClient(stage.world, byItself, { kind: 'native', name: 'Backup tool', deviceFlow: true });
      const config = await oidc.discovery(new URL(`${stage.url}/oidc`), tool.id, undefined, oidc.None(), {
        execute: [oidc.allowInsecureRequests],
      });
      const begun = await oidc.initiateDeviceAuthorization(config, { scope: 'openid' });
      const fresh = await openPage(it);
      await fresh.goto(begun.verification_uri);
      await fresh.fill('#user_code', 'wrong');
      await fresh.click('button:has-text("Next")');
      await fresh.waitForSelector('#fault');
      await look(fresh, `device-code-${name}`);
      await fresh.goto(begun.verification_uri_complete ?? '');
      await fresh.waitForSelector('h1:has-text("Connect Backup tool?")');
      await look(fresh, `device-confirm-${name}`);
      await fresh.click('button:has-text("It was me: connect")');
      await signIn(fresh);
      await fresh.waitForSelector('h1:has-text("Connected")');
      await look(fresh, `device-done-${name}`);
      const tokens = await oidc.pollDeviceAuthorizationGrant(config, { ...begun, interval: 0.01 });
      assert.ok(tokens.access_token);
      await page.context().close();
      await fresh.context().close();
      assert.deepEqual(faults, []);
    });
  }
});
