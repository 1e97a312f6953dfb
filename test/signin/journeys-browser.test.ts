import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import * as oidc from 'openid-client';
import type { Browser, Page } from 'playwright-core';
import { startChromium } from '../console/browser.ts';
import { type View, views, type WatchedPage, watchPage } from '../console/watched-page.ts';
import { type SightsStage, setSights, sights, steps } from './sights.ts';
import { first } from './stage.ts';

/** Answers that are refusals on purpose. */
const meant = /(?:400 \(Bad Request\)|401 \(Unauthorized\)|404 \(Not Found\)|favicon)/;

describe('journeys of sign-in in Chromium', {
  skip: process.env['TEST_CHROMIUM'] === undefined && 'no Chromium here',
}, () => {
  let all: SightsStage;
  let browser: Browser;
  before(async () => {
    all = await setSights();
    browser = await startChromium();
  });
  after(async () => {
    await browser?.close();
    await all?.close();
  });
  const [light] = views as [View, ...View[]];
  const person = () => first(all.stage.people);
  const visit = async (journey: (watched: WatchedPage) => Promise<void>) => {
    const watched = await watchPage(browser, all.stage.url, light, meant);
    try {
      await journey(watched);
    } finally {
      await watched.close();
    }
  };
  /** As far as the tenant's first page. */
  const toTenant = async (page: Page, url: string, { mail } = person()) => {
    await page.goto(url);
    await steps.giveEmail(page, mail ?? '');
    await page.waitForURL((at) => at.origin === all.stage.entra.url);
  };

  test('web: e-mail first, the tenant, the product; a second product is one redirect away; out of all at once', () =>
    visit(async ({ page }) => {
      const { web, stage } = all;
      const { url, checks } = await web.begin();
      await toTenant(page, url);
      await steps.chooseAtTenant(page, person().userPrincipalName);
      await page.waitForURL((at) => at.href.startsWith(web.callback));
      const tokens = await oidc.authorizationCodeGrant(web.config, new URL(page.url()), checks);
      assert.equal(tokens.claims()?.['oid'], person().id);
      const again = await web.begin();
      await page.goto(again.url);
      assert.ok(page.url().startsWith(web.callback), 'the second one asked again');
      const { href } = oidc.buildEndSessionUrl(web.config, {
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: web.afterLogout,
      });
      await page.goto(href).catch(() => undefined);
      await page.waitForURL((at) => at.href.startsWith(web.afterLogout));
      await page.goto(`${stage.url}/login`);
      await page.waitForSelector('input[name=email]');
    }));

  test('with a session at Microsoft the whole way from the form to the product is one chain of redirects', () =>
    visit(async ({ page }) => {
      const { web } = all;
      await toTenant(page, (await web.begin()).url);
      await steps.chooseAtTenant(page, person().userPrincipalName);
      await page.waitForURL((at) => at.href.startsWith(web.callback));
      await page.context().clearCookies({ name: /portico/ });
      await page.goto((await web.begin()).url);
      await steps.giveEmail(page, person().mail ?? '');
      await page.waitForURL((at) => at.href.startsWith(web.callback));
    }));

  test('a person signs out by our own page, and at Microsoft too', () =>
    visit(async ({ page }) => {
      await toTenant(page, '/login');
      await steps.chooseAtTenant(page, person().userPrincipalName);
      await page.waitForURL((at) => at.pathname === '/me');
      await page.click('button:has-text("Sign out")');
      await page.waitForSelector('h1:has-text("You are signed out")');
      await page.click('a:has-text("Sign out of Microsoft too")');
      await page.waitForURL((at) => at.pathname === '/login' && at.searchParams.has('signed-out'));
    }));

  test('single page: tokens by the page itself, the API takes them, the next one, out', () =>
    visit(async ({ page }) => {
      const { singlePage } = all;
      const faults: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' && !/favicon/.test(message.location().url)) faults.push(message.text());
      });
      await page.goto(`${singlePage.url}/`);
      await page.click('body[data-ready] >> text=Sign in');
      await steps.giveEmail(page, person().mail ?? '');
      await steps.chooseAtTenant(page, person().userPrincipalName);
      await page.waitForSelector(`h1:has-text("Hello, ${person().displayName}")`);
      await page.waitForSelector('#tasks:has-text("Call back")');
      assert.equal(new URL(page.url()).search, '', 'the code stands in the address bar');
      await page.click('text=Renew the token');
      await page.waitForSelector('#note:has-text("renewed")');
      await page.click('text=Sign out');
      await page.waitForURL(`${singlePage.url}/`);
      await page.waitForSelector('body[data-ready]');
      await page.click('body[data-ready] >> text=Sign in');
      await page.waitForSelector('input[name=email]');
      assert.deepEqual(faults, []);
    }));

  test('native: the browser comes back to the loopback address, at whatever port', () =>
    visit(async ({ page }) => {
      const { terminal } = all;
      const back = Promise.withResolvers<string>();
      const server = createServer((request, response) => {
        if (request.url?.startsWith('/callback') === true) back.resolve(request.url);
        response.setHeader('content-type', 'text/html').end('<!doctype html><title>Terminal</title><h1>Done</h1>');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
      const { url, checks } = await terminal.begin({ redirect_uri: redirectUri });
      await toTenant(page, url);
      await steps.chooseAtTenant(page, person().userPrincipalName);
      await page.waitForSelector('h1:has-text("Done"), button[value=allow]');
      if (page.url().includes('/consent/')) await page.click('button[value=allow]');
      const tokens = await oidc.authorizationCodeGrant(
        terminal.config,
        new URL(await back.promise, redirectUri),
        checks,
      );
      assert.equal(tokens.claims()?.['oid'], person().id);
      server.close();
      server.closeAllConnections();
    }));

  test('second factor: the tenant asks for it, and what it proved comes along', () =>
    visit(async ({ page }) => {
      await all.tenantAsks({ secondFactor: 'always' });
      try {
        const { url, checks } = await all.web.begin();
        await toTenant(page, url);
        await steps.chooseAtTenant(page, person().userPrincipalName);
        const register = page.locator('button:has-text("Set up Authenticator")');
        const approve = page.locator('button:has-text("Yes, enter")');
        await register.or(approve).first().waitFor();
        if ((await register.count()) > 0) await register.click();
        await approve.click();
        await page.waitForURL((at) => at.href.startsWith(all.web.callback));
        const tokens = await oidc.authorizationCodeGrant(all.web.config, new URL(page.url()), checks);
        assert.equal(tokens.claims()?.['oid'], person().id);
      } finally {
        await all.tenantAsks({ secondFactor: 'whereRequired' });
      }
    }));

  test('consent at the tenant: declined it is said, given it goes on', () =>
    visit(async ({ page }) => {
      const another = all.stage.people[1] ?? assert.fail();
      await all.tenantAsks({ userConsent: 'allowed' });
      try {
        const { url } = await all.web.begin();
        await toTenant(page, url, another);
        await steps.chooseAtTenant(page, another.userPrincipalName);
        await page.click('button:has-text("Cancel")');
        await page.waitForSelector('h1:has-text("You cancelled the sign-in")');
        await page.click('a:has-text("Start again")');
        await steps.giveEmail(page, another.mail ?? '');
        const picker = page.locator('input[name=login]');
        const accept = page.locator('button:has-text("Accept")');
        await picker.or(accept).first().waitFor();
        if ((await accept.count()) === 0) await steps.chooseAtTenant(page, another.userPrincipalName);
        await accept.click();
        await page.waitForURL((at) => at.href.startsWith(all.web.callback));
      } finally {
        await all.tenantAsks({ userConsent: 'implied' });
      }
    }));

  for (const { name, open } of sights) {
    test(`${name}: fits at 400 px, keeps its policy, is accessible, light and dark`, () =>
      visit(async (watched) => {
        await open(all, watched);
        assert.equal(new URL(watched.page.url()).origin, all.stage.url);
        for (const view of views) {
          await watched.turnTo(view);
          assert.deepEqual(await watched.findings(), [], `${view.name}, ${watched.page.url()}`);
        }
      }));
  }
});
