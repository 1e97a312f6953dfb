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
import { type Server, serve } from '../cli/portico.ts';
import { openTestWorld, type TestWorld } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { openRest, type Rest } from './rest.ts';
import { freePort } from './stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-clouds-'));
const url = `http://localhost:${await freePort()}`;

/** The clouds of Microsoft by their own names: each leads to the simulated tenant, and nothing else is reached. */
describe('a sign-in in each cloud (facts §1.1)', () => {
  let entra: TestEntra;
  let world: TestWorld;
  let running: Running;
  let byName: typeof globalThis.fetch;
  let rest: Rest;
  let server: Server;
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
    const kept = { ...world, store: { ...world.store, close: async () => undefined } };
    running = await startPortico(kept);
    server = await serve(kept);
    rest = await openRest({ world, url });
  });
  after(async () => {
    await server.stop();
    await running.stop();
    await world.close();
    await entra.close();
    rmSync(folder, { recursive: true });
  });

  const cases: readonly {
    cloud: ConnectionSettings['cloud'];
    name: string;
    issuer: RegExp;
    asked: string;
    portal: string;
  }[] = [
    {
      cloud: 'global',
      name: 'Contoso',
      issuer: /^https:\/\/login\.microsoftonline\.com\//,
      asked: 'login.microsoftonline.com',
      portal: 'https://entra.microsoft.com',
    },
    {
      cloud: 'usgov',
      name: 'Woodgrove',
      issuer: /^https:\/\/login\.microsoftonline\.us\//,
      asked: 'login.microsoftonline.us',
      portal: 'https://portal.azure.us',
    },
    {
      cloud: 'china',
      name: 'Tailspin',
      issuer: /^https:\/\/login\.partner\.microsoftonline\.cn\//,
      asked: 'login.chinacloudapi.cn',
      portal: 'https://portal.azure.cn',
    },
  ];
  for (const { cloud, name, issuer, asked, portal } of cases) {
    test(`${name} in the cloud ${cloud}; a refusal there is explained with a link into its portal`, async () => {
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

      // S14: refused, the page for the administrator leads to the portal of that cloud, with the connection's own application.
      const other = openBrowser();
      const state = new URL(
        (await other.ask(`${url}/oauth/login/${cloud}`)).headers.get('location') ?? '',
      ).searchParams.get('state');
      await entra.control('POST', '/faults', { name: 'aadsts', code: 7000222, at: 'token' });
      const refused = await other.open(
        `${url}/oauth/login/${cloud}/callback?${new URLSearchParams({ code: 'c', state: state ?? '' })}`,
      );
      await entra.control('DELETE', '/faults');
      const [, request = ''] = /id="reference">([^<]+)</.exec(refused.html) ?? [];
      const link = `${portal}/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Credentials/appId/${app['appId']}`;
      assert.ok(refused.html.includes(`href="${link}"`), refused.html);
      const { body } = await rest.call('GET', `/refused-sign-ins/${request}`);
      assert.deepEqual([body['reason'], body['organization'], body['link']], ['secret_expired', id, link]);
      const facts = new Map((body['facts'] as { name: string; value: string }[]).map((it) => [it.name, it.value]));
      assert.deepEqual(
        [facts.get('Code'), facts.get('Tenant'), facts.get('Application (client) ID')],
        ['AADSTS7000222', tenant.id, app['appId']],
      );
      const said = visible(refused.html);
      for (const name of ['Correlation id', 'Trace id']) {
        assert.match(facts.get(name) ?? '', /^[0-9a-f-]{36}$/);
        assert.ok(said.includes(`${name} ${facts.get(name)}`), said);
      }
      const explained = await server.portico(['explain', request]);
      assert.equal(explained.code, 0, explained.err);
      for (const text of [link, 'AADSTS7000222', facts.get('What to do') ?? 'none'])
        assert.ok(explained.out.includes(text), `${text} in ${explained.out}`);
    });
  }
});
