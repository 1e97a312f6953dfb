import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { byItself } from '#events';
import { createClient, rotateKeys } from '#signin';
import { type Apache, startApache, withoutApache } from './apache.ts';
import { type Browser, openBrowser, type Page } from './browser.ts';
import { first, freePort, type Stage, setStage } from './stage.ts';

describe('Apache with mod_auth_openidc signs people in by Portico, as it comes from Debian', {
  skip: withoutApache,
}, () => {
  let stage: Stage;
  let apache: Apache;
  before(async () => {
    stage = await setStage('sqlite');
    const port = await freePort();
    const client = await createClient(stage.world, byItself, {
      name: 'Apache',
      redirectUris: [`http://localhost:${port}/members/callback`],
      postLogoutRedirectUris: [`http://localhost:${port}/open`],
    });
    apache = await startApache(port, { issuer: `${stage.url}/oidc`, id: client.id, secret: client.secret ?? '' });
  });
  after(async () => {
    await apache?.close();
    await stage?.close();
  });
  const anna = () => first(stage.people);

  /** Opens a page and signs in where it is asked for. */
  const open = async (browser: Browser, path: string): Promise<Page> => {
    const page = await browser.open(`${apache.url}${path}`);
    return page.url.startsWith(apache.url) ? page : browser.submit(page, { login: anna().userPrincipalName });
  };
  const headersOf = ({ html }: Page): Record<string, string> => JSON.parse(html);

  test('a page for members: by code and PKCE, with the claims in its headers', async () => {
    const browser = openBrowser();
    const begun = await browser.ask(`${apache.url}/members/page`);
    const asked = new URL(begun.headers.get('location') ?? '');
    assert.equal(`${asked.origin}${asked.pathname}`, `${stage.url}/oidc/auth`);
    assert.deepEqual(
      ['response_type', 'code_challenge_method'].map((name) => asked.searchParams.get(name)),
      ['code', 'S256'],
    );
    const page = await open(browser, '/members/page');
    assert.equal(page.url, `${apache.url}/members/page`);
    const headers = headersOf(page);
    assert.equal(headers['oidc_claim_oid'], anna().id);
    assert.equal(headers['oidc_claim_tid'], stage.entra.contoso.id);
    assert.equal(headers['oidc_claim_org_id'], stage.organizationId);
    assert.equal(headers['oidc_claim_email'], anna().mail);
    assert.equal(headers['oidc_claim_email_verified'], '1');
    assert.equal(headers['oidc_claim_iss'], `${stage.url}/oidc`);
    assert.ok((headers['oidc_claim_sub'] ?? '').length > 20);
  });

  test('a page for a role is opened by who has it alone, and a claim that somebody sends along is no claim', async () => {
    const browser = openBrowser();
    await open(browser, '/members/page');
    const refused = await browser.ask(`${apache.url}/members/admins`, { headers: { oidc_claim_roles: 'admin' } });
    assert.equal(refused.status, 401);
    await stage.sql(`update account set role = 'admin'`);
    const admitted = openBrowser();
    await open(admitted, '/members/page');
    assert.equal((await admitted.ask(`${apache.url}/members/admins`)).status, 200);
  });

  test('signing out at Apache ends the session here, and comes back', async () => {
    const browser = openBrowser();
    await open(browser, '/members/page');
    assert.equal(await stage.isSignedIn(browser), true);
    const back = encodeURIComponent(`${apache.url}/open`);
    const leaving = await browser.open(`${apache.url}/members/callback?logout=${back}`);
    assert.ok(leaving.url.startsWith(`${stage.url}/oidc/session/end`), leaving.url);
    const done = await browser.submit(leaving, {});
    assert.ok(done.url.startsWith(`${apache.url}/open`), done.url);
    assert.equal(await stage.isSignedIn(browser), false);
    const again = await browser.ask(`${apache.url}/members/page`);
    assert.ok(again.headers.get('location')?.startsWith(`${stage.url}/oidc/auth?`));
  });

  test('keys that are forgotten: it finds the new ones by itself', async () => {
    await open(openBrowser(), '/members/page');
    await rotateKeys(stage.world, byItself, { forgetOld: true });
    await new Promise((resolve) => setTimeout(resolve, 700));
    const page = await open(openBrowser(), '/members/page');
    assert.equal(headersOf(page)['oidc_claim_oid'], anna().id);
  });
});
