import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ProxyAgent, fetch as undiciFetch } from 'undici';
import {
  activateConnection,
  createConnection,
  createOrganization,
  markTested,
  redirectUrisOf,
  setSecret,
} from '#connections';
import type { ConnectionSettings } from '#contract';
import { byItself } from '#events';
import { type Running, startPortico } from '../../bin/compose.ts';
import { startTestEntra, type TestEntra } from '../../simulator/test-tenant.ts';
import { openTestWorld, type TestWorld } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { freePort } from './stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-clouds-'));
const url = `http://localhost:${await freePort()}`;

/** The clouds of Microsoft by their own names: each leads to the simulated tenant, and nothing else is reached. */
describe('a sign-in in each cloud (facts §1.1)', () => {
  let entra: TestEntra;
  let world: TestWorld;
  let running: Running;
  let byName: typeof globalThis.fetch;
  before(async () => {
    entra = await startTestEntra({ certificates: folder });
    const dispatcher = new ProxyAgent({
      uri: entra.url,
      requestTls: { ca: readFileSync(join(folder, 'ca.pem'), 'utf8') },
    });
    byName = ((input: string, init: RequestInit) =>
      undiciFetch(input, { ...(init as object), dispatcher })) as unknown as typeof globalThis.fetch;
    world = await openTestWorld('sqlite', {
      settings: { PORTICO_URL: url, PORTICO_PORT: new URL(url).port },
      fetch: (input, init) => byName(input, init),
    });
    running = await startPortico({ ...world, store: { ...world.store, close: async () => undefined } });
  });
  after(async () => {
    await running.stop();
    await world.close();
    await entra.close();
    rmSync(folder, { recursive: true });
  });

  const cases: readonly [cloud: ConnectionSettings['cloud'], tenant: string, issuer: RegExp, asked: string][] = [
    ['global', 'Contoso', /^https:\/\/login\.microsoftonline\.com\//, 'login.microsoftonline.com'],
    ['usgov', 'Woodgrove', /^https:\/\/login\.microsoftonline\.us\//, 'login.microsoftonline.us'],
    ['china', 'Tailspin', /^https:\/\/login\.partner\.microsoftonline\.cn\//, 'login.chinacloudapi.cn'],
  ];
  for (const [cloud, name, issuer, asked] of cases) {
    test(`${name} in the cloud ${cloud}`, async () => {
      const tenant = entra.tenants.find((it) => it.name === name) ?? assert.fail();
      const redirectUri = redirectUrisOf(url, cloud)[0]?.uri ?? '';
      const app = await entra.control('POST', `/tenants/${tenant.id}/applications`, {
        displayName: 'Portico',
        redirectUris: { web: [redirectUri] },
        secret: {},
      });
      const { secretText } = app['secret'] as { secretText: string };
      const { id } = await createOrganization(world, byItself, { name });
      const made = await createConnection(world, byItself, id, {
        id: cloud,
        name,
        cloud,
        startFrom: tenant.domain,
        clientId: String(app['appId']),
        registration: 'on',
      });
      assert.match(made.draft?.issuer ?? '', issuer);
      await setSecret(world, byItself, id, cloud, { value: secretText });
      await markTested(world, byItself, id, cloud, 1);
      await activateConnection(world, byItself, id, cloud);
      const browser = openBrowser();
      const start = new URL((await browser.ask(`${url}/oauth/login/${cloud}`)).headers.get('location') ?? '');
      assert.equal(start.hostname, asked);
      const person = tenant.users.find((it) => it.accountEnabled && it.userType === 'Member') ?? assert.fail();
      const answer = await byName(`${start.origin}${start.pathname}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: String(new URLSearchParams([...start.searchParams, ['login', person.userPrincipalName]])),
        redirect: 'manual',
      });
      const page = await browser.open(answer.headers.get('location') ?? '');
      assert.match(visible(page.html), /You are signed in|Signed in/);
    });
  }
});
