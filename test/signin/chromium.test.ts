import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import axe from 'axe-core';
import * as oidc from 'openid-client';
import { type Browser, chromium, type Page } from 'playwright-core';
import {
  activateConnection,
  createConnection,
  createOrganization,
  markTested,
  setSecret,
  trustDomain,
} from '#connections';
import { byItself } from '#events';
import { addProduct, type Product } from './product.ts';
import { first, type Stage, setStage } from './stage.ts';

const executablePath = process.env['TEST_CHROMIUM'];

describe('signing in with a real browser', { skip: executablePath === undefined && 'no Chromium here' }, () => {
  let stage: Stage;
  let product: Product;
  let productServer: Server;
  let browser: Browser;
  const faults: string[] = [];
  before(async () => {
    stage = await setStage('sqlite', { settings: { registration: 'on' } });
    const other = await createOrganization(stage.world, byItself, { name: 'Fabrikam' });
    await createConnection(stage.world, byItself, other.id, {
      id: 'fabrikam',
      name: 'Fabrikam',
      startFrom: stage.entra.fabrikam.domain,
      clientId: '11111111-2222-4333-8444-555555555555',
      domains: [stage.entra.fabrikam.domain],
    });
    await setSecret(stage.world, byItself, other.id, 'fabrikam', { value: 'abc8Q~abcdefghijklmnopqrstuvwxyz0123456' });
    await markTested(stage.world, byItself, other.id, 'fabrikam', 1);
    await activateConnection(stage.world, byItself, other.id, 'fabrikam');
    await trustDomain(stage.world, byItself, other.id, stage.entra.fabrikam.domain, true);
    productServer = createServer((_, response) =>
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><title>Product</title><h1>Product</h1>'),
    );
    await new Promise<void>((resolve) => productServer.listen(0, '127.0.0.1', resolve));
    const { port } = productServer.address() as AddressInfo;
    product = await addProduct(stage, 'Product', `http://localhost:${port}`);
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ['--no-sandbox'],
    });
  });
  after(async () => {
    await browser?.close();
    productServer?.close();
    await stage?.close();
  });

  const openPage = async (look: { dark?: boolean; width?: number } = {}): Promise<Page> => {
    const context = await browser.newContext({
      colorScheme: look.dark === true ? 'dark' : 'light',
      viewport: { width: look.width ?? 1000, height: 800 },
    });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) faults.push(message.text());
    });
    return page;
  };
  /** Goes as far as the sign-in page of Microsoft with an address. */
  const giveEmail = async (page: Page) => {
    await page.fill('input[name=email]', `anna@${stage.entra.contoso.domain}`);
    await page.click('button:has-text("Next")');
    await page.waitForURL((url) => url.origin === stage.entra.url);
  };

  test('e-mail first, Microsoft, product, and out again: no step is held up by cookies or policies', async () => {
    const page = await openPage();
    const { url, checks } = await product.begin();
    await page.goto(url);
    await giveEmail(page);
    const person = first(stage.people);
    await page.fill('input[name=login]', person.userPrincipalName);
    await page.click('button:has-text("Sign in")');
    await page.waitForURL((it) => it.href.startsWith(product.callback));
    const tokens = await oidc.authorizationCodeGrant(product.config, new URL(page.url()), checks);
    assert.equal(tokens.claims()?.['oid'], person.id);

    const again = await product.begin();
    await page.goto(again.url);
    assert.ok(page.url().startsWith(product.callback), 'the second sign-in asked again');

    const out = oidc.buildEndSessionUrl(product.config, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: product.afterLogout,
    });
    await page.goto(out.href).catch(() => undefined);
    await page.waitForURL((it) => it.href.startsWith(product.afterLogout));
    await assert.rejects(oidc.fetchUserInfo(product.config, tokens.access_token, oidc.skipSubjectCheck));
  });

  test('with a session at Microsoft the whole way from the form to the product is one chain of redirects', async () => {
    const page = await openPage();
    const { url } = await product.begin();
    await page.goto(url);
    await giveEmail(page);
    await page.fill('input[name=login]', first(stage.people).userPrincipalName);
    await page.click('button:has-text("Sign in")');
    await page.waitForURL((it) => it.href.startsWith(product.callback));
    await page.context().clearCookies({ name: /portico/ });
    const next = await product.begin();
    await page.goto(next.url);
    await page.fill('input[name=email]', first(stage.people).mail ?? '');
    await page.click('button:has-text("Next")');
    await page.waitForURL((it) => it.href.startsWith(product.callback));
  });

  test('a person signs out by our own page', async () => {
    const page = await openPage();
    await page.goto(`${stage.url}/login`);
    await giveEmail(page);
    await page.fill('input[name=login]', first(stage.people).userPrincipalName);
    await page.click('button:has-text("Sign in")');
    await page.waitForURL(`${stage.url}/me`);
    await page.click('button:has-text("Sign out")');
    await page.waitForSelector('h1:has-text("You are signed out")');
    await page.click('a:has-text("Sign out of Microsoft too")');
    await page.waitForURL((it) => it.pathname === '/login' && it.searchParams.has('signed-out'), { timeout: 10_000 });
  });

  for (const look of [{ width: 400 }, { width: 400, dark: true }, { width: 1000 }]) {
    test(`pages fit and are accessible at ${look.width} px${look.dark ? ', dark' : ''}`, async () => {
      const page = await openPage(look);
      const { url } = await product.begin({ organization: stage.organizationId });
      const pages = [
        async () => void (await page.goto(`${stage.url}/login`)),
        async () => {
          await page.fill('input[name=email]', 'nobody@nowhere.example');
          await page.click('button:has-text("Next")');
          await page.waitForSelector('#fault');
        },
        async () => void (await page.goto(`${stage.url}/oauth/login/nowhere`)),
        async () => void (await page.click('summary')),
        async () => void (await page.goto(`${stage.url}/login?signed-out=contoso`)),
        async () => void (await page.goto(`${stage.url}/oidc/session/end/success`)),
        async () => void (await page.goto(`${stage.url}/oidc/auth?client_id=nobody`)),
        async () => void (await page.goto(url.replace('prompt', 'x'))),
      ];
      for (const [index, open] of pages.entries()) {
        await open();
        if (!page.url().startsWith(stage.url)) continue;
        const wide = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
        assert.ok(Number(wide) <= 0, `page ${index} is ${wide} px too wide`);
        await page.evaluate(axe.source);
        const found: unknown = await page.evaluate(
          'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))',
        );
        assert.deepEqual(found, [], `page ${index}, ${page.url()}`);
      }
    });
  }

  test('no page broke its own policy', () => {
    assert.deepEqual(faults, []);
  });
});
