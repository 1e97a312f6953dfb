import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { firstLink } from '#access';
import { buildConsole } from '../../scripts/build-console.ts';
import { openRest, type Rest } from '../signin/rest.ts';
import { type Stage, setStage } from '../signin/stage.ts';
import { startChromium } from './browser.ts';
import { views, type WatchedPage, watchPage } from './watched-page.ts';

const [light = assert.fail()] = views;

describe('accounts, requests for one, domains and user names in the console', () => {
  let stage: Stage;
  let rest: Rest;
  let browser: Browser;
  let watched: WatchedPage;
  before(async () => {
    await buildConsole();
    stage = await setStage('sqlite', { settings: { registration: 'approval' } });
    rest = await openRest(stage);
    browser = await startChromium();
    watched = await watchPage(browser, stage.url, light, /favicon|400 \(Bad Request\)|409 \(Conflict\)/);
    await watched.page.goto((await firstLink(stage.world))?.url ?? '');
    await watched.page.getByRole('button', { name: 'Open the console' }).click();
    await watched.page.waitForURL(`${stage.url}/`);
  });
  after(async () => {
    await watched?.close();
    await browser?.close();
    await stage?.close();
  });

  const person = (index: number) => stage.people[index] ?? assert.fail();
  const base = () => `/organizations/${stage.organizationId}`;
  const listed = async (what: string) => (await rest.call('GET', `${base()}/${what}`)).body.items ?? [];
  const menu = async (of: string, item: string): Promise<void> => {
    await watched.page.getByRole('button', { name: `Actions for ${of}` }).click();
    await watched.page.getByRole('menuitem', { name: item }).click();
  };
  const look = async (name: string): Promise<void> => {
    for (const view of views) {
      await watched.turnTo(view);
      const folder = process.env['TEST_PICTURES'];
      if (folder !== undefined) await watched.page.screenshot({ path: `${folder}/console-${name}-${view.name}.png` });
      assert.deepEqual(await watched.findings(), [], `${name}, ${view.name}`);
    }
    await watched.turnTo(light);
  };

  test('S7: one who asks is let in with a role, another is declined with words, and the overview tells who waits', async () => {
    const { page } = watched;
    for (const index of [0, 1, 2]) await stage.signIn(person(index));
    await watched.open('/');
    await page.getByText('3 people ask to be let in').waitFor();
    await page.getByText('There is no break-glass operator').waitFor();
    await page.getByRole('link', { name: /^Requests/ }).click();
    await page.getByText(person(0).mail ?? '').waitFor();
    await look('access-requests');
    await menu(person(0).displayName, 'Approve');
    await page.getByText(person(0).id).waitFor();
    await page.getByRole('textbox', { name: 'Role' }).fill('chief editor');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page
      .getByText(/must have no blanks/)
      .first()
      .waitFor();
    await page.getByRole('textbox', { name: 'Role' }).fill('editor');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('gets in with the next sign-in').first().waitFor();
    await menu(person(1).displayName, 'Decline');
    await page.getByLabel('Words for the person').fill('Ask Ada first.');
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByText('was declined').first().waitFor();
    await page.getByLabel('State').selectOption('declined');
    await page.getByText('“Ask Ada first.”').waitFor();
    await menu(person(1).displayName, 'Delete');
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('No request is declined').waitFor();
    assert.deepEqual(
      (await listed('access-requests?state=approved')).map(({ role, objectId }) => [role, objectId]),
      [['editor', person(0).id]],
    );
  });

  test('an account is searched, tells who tells its name, gets another role, and is deleted; its user name is given free', async () => {
    const { page } = watched;
    await stage.signIn(person(0));
    const [account = assert.fail()] = await listed('accounts');
    await watched.open(`/accounts?organization=${stage.organizationId}&search=nobody-like-this`);
    await page.getByText('No such account').waitFor();
    await page.getByRole('searchbox').fill(String(account['userName']).slice(0, 6));
    await page.getByRole('link', { name: person(0).displayName }).click();
    await page.getByText(/^are told by/).waitFor();
    await look('account');
    await page.getByRole('button', { name: 'Change role' }).click();
    await page.getByRole('textbox', { name: 'Role' }).fill('author');
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await page.getByText('author', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No account yet').waitFor();
    assert.deepEqual(await listed('accounts'), []);
    await page.getByRole('link', { name: 'Past user names' }).click();
    await page.getByText('of account').waitFor();
    await look('past-user-names');
    await menu(String(account['userName']), 'Give free');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Give free' }).click();
    await page.getByText('No past user name').waitFor();
  });

  test('an account of its own is added where the organization allows that; its link is shown once', async () => {
    const { page } = watched;
    await watched.open('/accounts');
    const add = page.getByRole('button', { name: 'Add account' });
    assert.equal(await add.getAttribute('aria-disabled'), 'true');
    await rest.call('PATCH', base(), { localSignIn: true });
    await watched.open('/accounts');
    await add.click();
    await page.getByRole('textbox', { name: 'E-mail' }).fill('lena');
    await page.getByRole('textbox', { name: 'Name' }).fill('Lena Hoffmann');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: /mail/ }).first().waitFor();
    await look('add-account');
    await page.getByRole('textbox', { name: 'E-mail' }).fill('lena@elsewhere.example');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    const link = page.getByText('/login/set?token=');
    await link.waitFor();
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('link', { name: 'Lena Hoffmann' }).click();
    await page.getByText('Portico’s own').waitFor();
    assert.equal(await link.count(), 0);
  });

  test('S4: an account is linked to a person of the tenant, and what is no object id is said beside the field', async () => {
    const { page } = watched;
    const [account] = await listed('accounts');
    await watched.open(`/accounts/${stage.organizationId}/${account?.['id']}`);
    await page.getByRole('button', { name: 'Add a link' }).click();
    await page.getByLabel('Object id').fill('anna@contoso.example');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('is no object id').waitFor();
    await look('create-link');
    await page.getByLabel('Object id').fill(person(4).id);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText(`object ${person(4).id}`).waitFor();
    await look('account-links');
    const links = await listed(`accounts/${account?.['id']}/links`);
    assert.equal(links.filter((it) => it['objectId'] === person(4).id).length, 1);
  });

  test('S6: a domain is added with its record, taken on trust, and deleted', async () => {
    const { page } = watched;
    await watched.open(`/domains?organization=${stage.organizationId}`);
    await page.getByRole('button', { name: 'Add domain' }).first().click();
    await page.getByRole('textbox', { name: 'Domain' }).fill('contoso-north.example');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('_portico.contoso-north.example').waitFor();
    await look('domains');
    await page.getByRole('button', { name: 'Take on trust: contoso-north.example' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Take on trust' }).click();
    await page.getByRole('button', { name: 'Trust no more: contoso-north.example' }).waitFor();
    const trusted = (await listed('domains')).find(({ domain }) => domain === 'contoso-north.example');
    assert.deepEqual([trusted?.['trusted'], trusted?.['routes']], [true, true]);
    await page.getByRole('button', { name: 'Delete contoso-north.example' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('_portico.contoso-north.example').waitFor({ state: 'detached' });
  });

  test('S8: what user name a person would get is told from claims that one enters, and nothing is created', async () => {
    const { page } = watched;
    const before = await listed('accounts');
    await watched.open(`/connections/${stage.connection}/user-names`);
    await page.getByRole('textbox', { name: 'given_name' }).fill('Greta');
    await page.getByRole('textbox', { name: 'family_name' }).fill('Lindqvist');
    await page.getByLabel('Made of').selectOption('fullName');
    await page.getByText('free', { exact: true }).waitFor();
    await look('user-names');
    assert.deepEqual(await listed('accounts'), before);
  });
});
