import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { firstLink } from '#access';
import { changeOrganization } from '#connections';
import { byItself } from '#events';
import { createClient, decideOnAccess, pageOfAccessRequests, pageOfAccounts } from '#signin';
import { buildConsole } from '../../scripts/build-console.ts';
import { startChromium } from '../console/browser.ts';
import { views, type WatchedPage, watchPage } from '../console/watched-page.ts';
import { connectUpstream } from './openid-stage.ts';
import { addProduct, type Product } from './product.ts';
import { settle } from './settle.ts';
import { first, type Stage, setStage } from './stage.ts';
import { startUpstream, type Upstream } from './upstream.ts';

/** Leaves an attribute, an element, a title and a script, whichever it stands in; within what names may be long. */
const markup = (name: string) => `${name}"'></title></script><x-mark onclick=alert(1)>`;

const [light = assert.fail()] = views;

describe('markup in the claims of a person, and in the names of products and connections', {
  skip: process.env['TEST_CHROMIUM'] === undefined && 'no Chromium here',
}, () => {
  let stage: Stage;
  let upstream: Upstream;
  let product: Product;
  let chromium: Browser;
  let watched: WatchedPage;
  const dialogs: string[] = [];
  before(async () => {
    await buildConsole();
    stage = await setStage('sqlite', { outside: { PORTICO_ALLOW_PRIVATE_ADDRESSES: 'true' } });
    await settle(stage, { name: markup('T'), linkable: true });
    await changeOrganization(stage.world, byItself, stage.organizationId, { name: markup('Org') }, undefined);
    upstream = await startUpstream();
    await connectUpstream(stage, upstream, 'another', { name: markup('C'), linkable: true });
    product = await addProduct(stage, 'Product', stage.entra.url, { name: markup('Product'), firstParty: false });
    await stage.entra.control('PATCH', `/tenants/${stage.entra.contoso.id}/users/${anna().id}`, {
      displayName: markup('Display'),
      givenName: markup('Given'),
      surname: markup('Sur'),
    });
    chromium = await startChromium();
    watched = await watchPage(chromium, stage.url, light, /favicon|status of 4\d\d/);
    watched.page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
  });
  after(async () => {
    await watched?.close();
    await chromium?.close();
    await stage?.close();
    await upstream?.close();
  });

  const anna = () => first(stage.people);
  /** The page that is open shows these as text, and has made nothing else of them. */
  const showsAsText = async (name: string, texts: readonly string[]) => {
    const read = await watched.page.evaluate<{ text: string; marks: number }>(
      `({ text: document.title + ' ' + document.body.textContent, marks: document.querySelectorAll('x-mark').length })`,
    );
    for (const text of texts) assert.ok(read.text.includes(text), `${name}: ${text} in ${read.text}`);
    assert.equal(read.marks, 0, name);
    assert.deepEqual([(await watched.findings()).filter((it) => !/^overflow/.test(it)), dialogs], [[], []], name);
  };
  const claims = (sub: string) => ({
    sub,
    name: markup('Name'),
    given_name: markup('Given'),
    family_name: markup('Family'),
    preferred_username: markup('User'),
    email: `"${markup('mail')}"@evil.example`,
    groups: [markup('Group')],
    roles: [markup('Role')],
  });
  /** Signs in by the other provider, which says what it wants. */
  const signInByAnother = async (sub = 'mallory') => {
    upstream.claims = claims(sub);
    await watched.context.clearCookies();
    await watched.open('/oauth/login/another');
  };
  const atTenant = async () => {
    const { page } = watched;
    await watched.context.clearCookies();
    await watched.open('/oauth/login/contoso');
    if (!page.url().startsWith(stage.entra.url)) return;
    await page.fill('input[name=login]', anna().userPrincipalName);
    await page.click('button:has-text("Sign in")');
    await page.waitForURL((url) => url.origin === stage.url);
  };

  test('attack: stored script by names of connections and of the organization: the login page shows text', async () => {
    await watched.open(`/login?organization=${stage.organizationId}`);
    await showsAsText('login', [`Login to ${markup('T')}`, `Login to ${markup('C')}`]);
    await changeOrganization(stage.world, byItself, stage.organizationId, { localSignIn: true }, undefined);
    await watched.open(
      `/login?organization=${stage.organizationId}&email=${encodeURIComponent(markup('a@b.example'))}`,
    );
    await showsAsText('password', [markup('Org')]);
    assert.equal(await watched.page.inputValue('input[name=email]'), markup('a@b.example'));
    await changeOrganization(stage.world, byItself, stage.organizationId, { localSignIn: false }, undefined);
  });

  test('attack: stored script by the claims of a tenant: /me shows text', async () => {
    await atTenant();
    await watched.open('/me');
    await showsAsText('me', [markup('Display'), markup('T'), `Add ${markup('C')}`]);
  });

  test('attack: stored script by the claims of another provider: /me, the consent page and the choice of account show text', async () => {
    await signInByAnother();
    await watched.open('/me');
    await showsAsText('me', [markup('Name'), markup('User'), `"${markup('mail')}"@evil.example`, markup('C')]);
    const { url } = await product.begin({ scope: 'openid profile email groups roles' });
    await watched.open(url);
    await showsAsText('consent', [`Allow ${markup('Product')}?`, markup('Name'), `"${markup('mail')}"@evil.example`]);
    await watched.open((await product.begin({ prompt: 'select_account' })).url);
    await showsAsText('choice of account', [markup('Name')]);
    await watched.open(`/login?signed-out=another`);
    await showsAsText('signed out', [markup('C')]);
  });

  test('attack: stored script by the name of a product that is closed to somebody, and of one on a device', async () => {
    await signInByAnother();
    const closed = await addProduct(stage, 'Closed', stage.entra.url, { organizations: [], name: markup('Closed') });
    await watched.open((await closed.begin()).url);
    await showsAsText('closed', [markup('Closed'), `"${markup('mail')}"@evil.example`]);
    const { id } = await createClient(stage.world, byItself, {
      kind: 'native',
      name: markup('Tool'),
      deviceFlow: true,
    });
    const body = new URLSearchParams({ client_id: id, scope: 'openid' });
    const begun = await fetch(`${stage.url}/oidc/device/auth`, { method: 'POST', body });
    const { verification_uri_complete: at } = (await begun.json()) as Record<string, string>;
    await watched.open(at ?? '');
    if ((await watched.page.locator('form').count()) > 0) await watched.page.locator('form button').first().click();
    await watched.settle();
    await showsAsText('device', [markup('Tool')]);
  });

  test('attack: reflected script by what a provider answers, and stored by what an operator writes: the refusal page shows text', async () => {
    await watched.context.clearCookies();
    upstream.answer = { error: 'server_error', error_description: markup('Described'), code: '' };
    await watched.open('/oauth/login/another');
    await watched.page.click('summary');
    await showsAsText('refused by the provider', [markup('Described'), `${markup('C')} (another)`]);
    upstream.reset();
    await settle(stage, { registration: 'approval' });
    const other = stage.people[1] ?? assert.fail();
    await stage.signIn(other);
    const { world, organizationId } = stage;
    const [asked = assert.fail()] = (await pageOfAccessRequests(world, organizationId, { limit: 10, state: 'waiting' }))
      .items;
    const decision = { decision: 'declined', words: markup('Words') } as const;
    await decideOnAccess(world, byItself, organizationId, asked.id, decision);
    await watched.open('/oauth/login/contoso');
    await watched.page.fill('input[name=login]', other.userPrincipalName);
    await watched.page.click('button:has-text("Sign in")');
    await watched.page.waitForURL((url) => url.origin === stage.url);
    await watched.page.click('summary');
    await showsAsText('declined', [markup('Words'), `${markup('T')} (contoso)`]);
    await settle(stage, { registration: 'on' });
  });

  test('attack: stored script by claims and names: the pages of the console show text', async () => {
    const { page } = watched;
    await signInByAnother();
    const { items } = await pageOfAccounts(stage.world, stage.organizationId, { limit: 10 });
    const account = items.find(({ name }) => name === markup('Name')) ?? assert.fail();
    const tenants = items.find(({ name }) => name === markup('Display')) ?? assert.fail();
    await page.goto((await firstLink(stage.world))?.url ?? '');
    await page.getByRole('button', { name: 'Open the console' }).click();
    await page.waitForURL(`${stage.url}/`);
    const { organizationId } = stage;
    const mail = `"${markup('mail')}"@evil.example`;
    const seen: readonly (readonly [path: string, texts: readonly string[]])[] = [
      [`/accounts/${organizationId}/${account.id}`, [markup('Name'), mail]],
      [`/accounts/${organizationId}/${tenants.id}`, [markup('Display')]],
      [`/accounts?organization=${organizationId}`, [markup('Name'), mail, markup('Display')]],
      [`/events?organization=${organizationId}`, [markup('Name')]],
      ['/connections/another', [markup('C')]],
      ['/clients', [markup('Product'), markup('Tool')]],
    ];
    for (const [path, texts] of seen) {
      await watched.open(path);
      await showsAsText(path, texts);
    }
  });
});
