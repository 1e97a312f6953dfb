import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { authorizeUrl, startTestEntra, type TestApp, type TestEntra } from '../test-tenant.ts';

const executablePath = process.env['TEST_CHROMIUM'];
/** Where to keep a picture of every page, light, dark and narrow; nowhere when unset. */
const pictures = process.env['SIMULATOR_PICTURES'];

/** Between them these have every kind of content; the others are looked at where they have least room. */
const fully = ['picker-signed-in', 'password', 'second-factor', 'consent', 'approval-required', 'error'];

describe('the pages of a sign-in in a real browser', {
  skip: executablePath === undefined && 'no Chromium here',
}, () => {
  let entra: TestEntra;
  let app: TestApp;
  /** The app that people come back to. */
  let product: Server;
  let callback: string;
  let browser: Browser;
  const faults: string[] = [];
  before(async () => {
    entra = await startTestEntra();
    product = createServer((_, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Product</title>');
    });
    await new Promise<void>((resolve) => product.listen(0, '127.0.0.1', resolve));
    callback = `http://localhost:${(product.address() as AddressInfo).port}/callback`;
    app = await entra.register({
      displayName: 'Product',
      redirectUris: { web: [callback] },
      logoutUrl: 'https://localhost:8080/fclogout',
      requiredResourceAccess: [
        {
          resourceAppId: '00000003-0000-0000-c000-000000000000',
          resourceAccess: [
            { id: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d', type: 'Scope' },
            { id: 'b633e1c5-b582-4048-a93e-9f11b44c7e96', type: 'Role' },
          ],
        },
      ],
    });
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ['--no-sandbox'],
    });
  });
  after(async () => {
    await browser?.close();
    product?.close();
    await entra?.close();
  });

  const set = (signIn: Record<string, unknown>): Promise<unknown> =>
    entra.control('PATCH', `/tenants/${entra.contoso.id}`, { signIn });
  const person = (position: number): string => `${entra.contoso.users[position]?.userPrincipalName}`;
  const credentials = (position: number): string =>
    `/tenants/${entra.contoso.id}/users/${entra.contoso.users[position]?.id}/credentials`;

  async function openPage(): Promise<Page> {
    const page = await (await browser.newContext({ viewport: { width: 1000, height: 800 } })).newPage();
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/i.test(message.text())) faults.push(message.text());
    });
    await page.route('https://localhost:8080/**', (route) => route.fulfill({ body: 'ok' }));
    return page;
  }

  /** Looks at a page light, dark and narrow: nothing is too wide, and nothing for axe to find. */
  async function look(page: Page, name: string): Promise<void> {
    for (const [mode, width, scheme] of [
      ['light', 1000, 'light'],
      ['dark', 1000, 'dark'],
      ['narrow', 400, 'light'],
    ] as const) {
      const whole = fully.includes(name);
      if (mode !== 'narrow' && !whole && pictures === undefined) continue;
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: scheme });
      const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      assert.ok(Number(over) <= 0, `${name} ${mode} is ${over} pixels too wide`);
      if (pictures !== undefined) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: join(pictures, `${name}-${mode}.png`), fullPage: true });
      }
      if (mode === 'narrow' || !whole) continue;
      if (mode === 'light') await page.evaluate(axe.source);
      // Colours are all that changes in the dark.
      const rules = mode === 'light' ? '"wcag2a", "wcag2aa"' : '"color-contrast"';
      const found = await page.evaluate(
        `axe.run(document, { runOnly: [${rules}] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ")))`,
      );
      assert.deepEqual(found, [], `${name} ${mode}`);
    }
    await page.setViewportSize({ width: 1000, height: 800 });
    await page.emulateMedia({ colorScheme: 'light' });
  }

  const heading = async (page: Page, text: string): Promise<void> => {
    await page.waitForSelector(`h1:has-text("${text}")`);
  };
  const back = async (page: Page): Promise<URL> => {
    await page.waitForURL(`${callback}**`);
    return new URL(page.url());
  };
  const open = (page: Page, parameters: Record<string, string> = {}): Promise<unknown> =>
    page.goto(authorizeUrl(entra, entra.contoso.id, app, { redirect_uri: callback, ...parameters }));

  test('password, new password, second factor, stay signed in, consent: from the picker to the app', async () => {
    await set({ passwords: true, secondFactor: 'always', staySignedIn: true, userConsent: 'allowed' });
    await entra.control('PATCH', credentials(1), {
      password: 'First-word-1',
      mustChangePassword: true,
      secondFactor: 'none',
    });
    const page = await openPage();
    await open(page, { scope: 'openid profile offline_access Mail.Read' });
    await look(page, 'picker');
    await page.fill('input[name=login]', person(1));
    await page.click('button:has-text("Sign in")');
    await heading(page, 'Enter password');
    await page.fill('input[name=passwd]', 'wrong');
    await page.click('button:has-text("Sign in")');
    await page.waitForSelector('.fault');
    await look(page, 'password');
    await page.fill('input[name=passwd]', 'First-word-1');
    await page.click('button:has-text("Sign in")');
    await heading(page, 'Update your password');
    await look(page, 'new-password');
    await page.fill('input[name=oldpasswd]', 'First-word-1');
    await page.fill('input[name=newpasswd]', 'Second-word-2');
    await page.fill('input[name=confirmpasswd]', 'Second-word-2');
    await page.click('button:has-text("Sign in")');
    await heading(page, 'More information required');
    await look(page, 'register-factor');
    await page.click('button:has-text("Set up Authenticator")');
    await heading(page, 'Approve sign in request');
    await look(page, 'second-factor');
    await page.click('button:has-text("Yes, enter")');
    await heading(page, 'Stay signed in?');
    await look(page, 'stay-signed-in');
    await page.click('button:has-text("Yes")');
    await heading(page, 'Permissions requested');
    await page.click('summary >> nth=0');
    await look(page, 'consent');
    await page.click('button:has-text("Accept")');
    assert.ok((await back(page)).searchParams.has('code'));
    await open(page, { prompt: 'select_account' });
    await look(page, 'picker-signed-in');
    await page.click(`button[aria-label^="Sign out"]`);
    assert.equal(await page.locator('text=Signed in').count(), 0);
  });

  test('the code of the Authenticator app is as good; who says no is refused', async () => {
    await set({ passwords: false, secondFactor: 'always', staySignedIn: false, userConsent: 'implied' });
    const page = await openPage();
    await open(page);
    await page.fill('input[name=login]', person(2));
    await page.click('button:has-text("Sign in")');
    await page.click('summary:has-text("can\'t use")');
    const { authenticatorCode } = await entra.control('GET', credentials(2));
    await page.fill('input[name=otc]', String(authenticatorCode));
    await page.click('button:has-text("Verify")');
    await back(page);
    await open(page, { prompt: 'login' });
    await page.fill('input[name=login]', person(2));
    await page.click('button:has-text("Sign in")');
    await page.click('button:has-text("No, it\'s not me")');
    await heading(page, 'You could not be signed in');
    await look(page, 'error');
  });

  test('a device: its code, the sign-in, whether it is really him, and the end', async () => {
    await set({ passwords: false, secondFactor: 'whereRequired', userConsent: 'implied' });
    const tool = await entra.register({ displayName: 'Tool', isFallbackPublicClient: true });
    const body = new URLSearchParams({ client_id: tool.appId, scope: 'openid User.Read' });
    const url = `${entra.url}/${entra.contoso.id}/oauth2/v2.0/devicecode`;
    const device = (await (await fetch(url, { method: 'POST', body })).json()) as Record<string, string>;
    const page = await openPage();
    await page.goto(String(device['verification_uri']));
    await page.fill('input[name=otc]', 'WRONGCODE');
    await page.click('button:has-text("Next")');
    await page.waitForSelector('.fault');
    await look(page, 'device-code');
    await page.fill('input[name=otc]', String(device['user_code']).toLowerCase());
    await page.click('button:has-text("Next")');
    await page.fill('input[name=login]', person(4));
    await page.click('button:has-text("Sign in")');
    await heading(page, 'Are you trying to sign in to Tool?');
    await look(page, 'device-confirm');
    await page.click('button:has-text("Continue")');
    await page.waitForSelector('text=You have signed in to the Tool application on your device');
    await look(page, 'device-done');
    const form = { grant_type: 'device_code', client_id: tool.appId, device_code: String(device['device_code']) };
    assert.equal((await entra.token(entra.contoso.id, form)).status, 200);
  });

  test('need admin approval, approval required, request sent; admin consent; terms of use', async () => {
    await set({ secondFactor: 'whereRequired', userConsent: 'allowed' });
    const page = await openPage();
    const scope = 'openid User.Read.All Directory.Read.All';
    await open(page, { scope, login_hint: person(3) });
    await page.click('button:has-text("Sign in")');
    await heading(page, 'Need admin approval');
    await look(page, 'need-admin-approval');
    await page.click('button:has-text("Return to the application")');
    assert.match((await back(page)).searchParams.get('error_description') ?? '', /^AADSTS90094/);
    await set({ consentRequests: true });
    await open(page, { scope });
    await heading(page, 'Approval required');
    await look(page, 'approval-required');
    await page.fill('textarea', 'For the quarterly report');
    await page.click('button:has-text("Request approval")');
    await heading(page, 'Request sent');
    await look(page, 'request-sent');
    await page.click('button:has-text("Back to app")');
    await back(page);

    const admin = await openPage();
    const query = new URLSearchParams({ client_id: app.appId, redirect_uri: callback, login_hint: person(0) });
    await admin.goto(`${entra.url}/${entra.contoso.id}/adminconsent?${query}`);
    await admin.click('button:has-text("Sign in")');
    await heading(admin, 'Permissions requested');
    await look(admin, 'admin-consent');
    await admin.click('button:has-text("Accept")');
    assert.equal((await back(admin)).searchParams.get('admin_consent'), 'True');

    await entra.control('POST', `/tenants/${entra.contoso.id}/policies`, {
      displayName: 'Terms',
      grantControls: { termsOfUse: ['House rules'] },
    });
    await set({ userConsent: 'implied' });
    await open(page);
    await heading(page, 'terms of use');
    await look(page, 'terms-of-use');
    await page.click('button:has-text("Accept")');
    assert.ok((await back(page)).searchParams.has('code'));

    await page.goto(`${entra.url}/${entra.contoso.id}/oauth2/v2.0/logout`);
    await heading(page, 'You signed out');
    await look(page, 'signed-out');
  });

  test('no content security policy was offended', () => {
    assert.deepEqual(faults, []);
  });
});
