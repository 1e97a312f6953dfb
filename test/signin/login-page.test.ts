import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  activateConnection,
  createConnection,
  createOrganization,
  markTested,
  setSecret,
  trustDomain,
} from '#connections';
import { byItself } from '#events';
import { dialects } from '../world.ts';
import { openBrowser, type Page, visible } from './browser.ts';
import { addProduct, type Product } from './product.ts';
import { first, type Stage, setStage } from './stage.ts';

for (const dialect of dialects) {
  describe(`where people sign in (${dialect})`, () => {
    let stage: Stage;
    let product: Product;
    before(async () => {
      stage = await setStage(dialect);
      product = await addProduct(stage);
    });
    after(() => stage.close());

    const atMicrosoft = (location: string) => location.startsWith(stage.entra.url);
    const addConnection = async (organizationId: string, id: string, name: string, domains: string[]) => {
      await createConnection(stage.world, byItself, organizationId, {
        id,
        name,
        startFrom: stage.entra.fabrikam.domain,
        clientId: '11111111-2222-4333-8444-555555555555',
        domains,
      });
      await setSecret(stage.world, byItself, organizationId, id, { value: 'abc8Q~abcdefghijklmnopqrstuvwxyz0123456' });
      await markTested(stage.world, byItself, organizationId, id, 1);
      await activateConnection(stage.world, byItself, organizationId, id);
      for (const domain of domains) await trustDomain(stage.world, byItself, organizationId, domain, true);
    };

    test('S1: with exactly one connection straight to Microsoft', async () => {
      const { url } = await product.begin();
      const page = await openBrowser().open(url, atMicrosoft);
      assert.match(page.url, new RegExp(`/${stage.entra.contoso.id}/oauth2/v2.0/authorize`));
    });

    describe('with several', () => {
      before(async () => {
        const fabrikam = await createOrganization(stage.world, byItself, { name: 'Fabrikam' });
        await addConnection(fabrikam.id, 'fabrikam', 'Fabrikam', [stage.entra.fabrikam.domain]);
        await addConnection(stage.organizationId, 'contoso-two', 'Contoso <Two>', []);
      });

      const openPage = async (parameters: Record<string, string> = {}) => {
        const browser = openBrowser();
        const { url } = await product.begin(parameters);
        return { browser, page: await browser.open(url, atMicrosoft) };
      };
      const submit = (browser: ReturnType<typeof openBrowser>, page: Page, email: string) =>
        browser.submit(page, { email }, atMicrosoft);

      test('the page asks for the e-mail address and sends on by its domain, with both hints', async () => {
        const { browser, page } = await openPage();
        assert.match(visible(page.html), /^Sign in With the account of your organization. E-mail address Next$/);
        const sent = new URL((await submit(browser, page, ` Anna@${stage.entra.contoso.domain.toUpperCase()} `)).url);
        assert.match(sent.pathname, new RegExp(stage.entra.contoso.id));
        assert.equal(sent.searchParams.get('login_hint'), `Anna@${stage.entra.contoso.domain.toUpperCase()}`);
        assert.equal(sent.searchParams.get('domain_hint'), stage.entra.contoso.domain);
        const other = await openPage();
        const elsewhere = await submit(other.browser, other.page, `bob@${stage.entra.fabrikam.domain}`);
        assert.match(elsewhere.url, new RegExp(stage.entra.fabrikam.id));
      });

      test('nothing tells whether somebody has an account: by words, by status, or by where it leads', async () => {
        const known = first(stage.people);
        await stage.signIn(known);
        const answers = [];
        for (const email of [known.mail ?? '', `nobody@${stage.entra.contoso.domain}`]) {
          const { browser, page } = await openPage();
          const sent = new URL((await submit(browser, page, email)).url);
          answers.push(`${sent.origin}${sent.pathname} ${[...sent.searchParams.keys()].sort()}`);
        }
        assert.equal(answers[0], answers[1]);
        const unknown = [];
        for (const email of [
          'someone@nowhere.example',
          'x',
          `a@b@${stage.entra.contoso.domain}`,
          '\u0000@\u0000',
          '',
        ]) {
          const { browser, page } = await openPage();
          const answer = await submit(browser, page, email);
          unknown.push([answer.status, visible(answer.html)]);
        }
        for (const it of unknown) assert.deepEqual(it, unknown[0]);
        assert.match(String(unknown[0]?.[1]), /Nobody signs in here with an address like this one/);
      });

      test('"Login to <name>" for the connections of the organization that the product names, and the name as text', async () => {
        const { browser, page } = await openPage({ organization: stage.organizationId });
        assert.match(visible(page.html), /Login to Contoso Login to Contoso <Two>/);
        assert.match(page.html, /Contoso &lt;Two&gt;/);
        const [, link = ''] = /href="(\/login\/[^"]*connection=contoso-two)"/.exec(page.html) ?? [];
        const sent = await browser.open(`${stage.url}${link.replaceAll('&amp;', '&')}`, atMicrosoft);
        assert.match(sent.url, new RegExp(stage.entra.fabrikam.id));
      });

      test('the product may name the connection, or give the address as login_hint', async () => {
        assert.match((await openPage({ connection: 'fabrikam' })).page.url, new RegExp(stage.entra.fabrikam.id));
        const hinted = await openPage({ login_hint: `bob@${stage.entra.fabrikam.domain}` });
        assert.match(hinted.page.url, new RegExp(stage.entra.fabrikam.id));
        for (const parameters of [{ connection: 'nowhere' }, { organization: 'nobody' }, { connection: '\u0000' }]) {
          assert.match(visible((await openPage(parameters)).page.html), /E-mail address/);
        }
      });

      test('the policy of the page lets its form lead to Microsoft and to the product, and runs no script', async () => {
        const { page } = await openPage();
        const policy = page.headers.get('content-security-policy') ?? '';
        assert.match(policy, new RegExp(`form-action 'self' https: ${stage.entra.url} http://localhost:9;`));
        assert.match(policy, /default-src 'none'/);
        assert.doesNotMatch(page.html, /<script/);
      });

      test('reflected script: an address is shown as text', async () => {
        const { browser, page } = await openPage();
        const answer = await submit(browser, page, '"><script>alert(1)</script>@x');
        assert.ok(!answer.html.includes('<script>alert'));
      });
    });
  });
}
