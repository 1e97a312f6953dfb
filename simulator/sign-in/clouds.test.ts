import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import test from 'node:test';
import { openBrowser } from '../test-browser.ts';
import { callback, claimsOf, readObject, startTestEntra, type TestEntra } from '../test-tenant.ts';

type Reply = { readonly status: number; readonly body: Record<string, unknown>; readonly text: string };

/** Asks the simulator under one of Microsoft's names, as a proxy would lead there. */
async function ask(entra: TestEntra, address: string, form?: Readonly<Record<string, string>>): Promise<Reply> {
  const { host, pathname, search } = new URL(address);
  const body = form === undefined ? '' : new URLSearchParams(form).toString();
  const headers = { host, ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }) };
  const method = form === undefined ? 'GET' : 'POST';
  const asked = request({ port: Number(new URL(entra.url).port), path: `${pathname}${search}`, method, headers });
  asked.end(body);
  const [answer] = await once(asked, 'response');
  let text = '';
  for await (const piece of answer) text += String(piece);
  return { status: answer.statusCode, text, body: text.startsWith('{') ? readObject(text) : {} };
}

const metadata = '/v2.0/.well-known/openid-configuration';

test('clouds: discovery names issuer, endpoints, cloud and Graph of each (entra.md §1.1)', async (t) => {
  await using entra = await startTestEntra({ users: 3, groups: 1 });
  const [, , woodgrove, tailspin] = entra.tenants;
  const cases = [
    [
      'login.microsoftonline.com',
      entra.contoso,
      'login.microsoftonline.com',
      'login.microsoftonline.com',
      'microsoftonline.com',
      'graph.microsoft.com',
      'EU',
    ],
    [
      'login.windows.net',
      entra.contoso,
      'login.microsoftonline.com',
      'login.windows.net',
      'microsoftonline.com',
      'graph.microsoft.com',
      'EU',
    ],
    [
      'login.microsoftonline.us',
      woodgrove,
      'login.microsoftonline.us',
      'login.microsoftonline.us',
      'microsoftonline.us',
      'graph.microsoft.us',
      'USGov',
    ],
    [
      'login.partner.microsoftonline.cn',
      tailspin,
      'login.partner.microsoftonline.cn',
      'login.chinacloudapi.cn',
      'partner.microsoftonline.cn',
      'microsoftgraph.chinacloudapi.cn',
      'AS',
    ],
    [
      'login.chinacloudapi.cn',
      tailspin,
      'login.partner.microsoftonline.cn',
      'login.chinacloudapi.cn',
      'partner.microsoftonline.cn',
      'microsoftgraph.chinacloudapi.cn',
      'AS',
    ],
  ] as const;
  for (const [host, tenant, issuer, endpoints, instance, graph, region] of cases) {
    await t.test(host, async () => {
      const { body } = await ask(entra, `http://${host}/${tenant?.domain}${metadata}`);
      assert.equal(body['issuer'], `http://${issuer}/${tenant?.id}/v2.0`);
      for (const [name, end] of [
        ['authorization_endpoint', 'oauth2/v2.0/authorize'],
        ['token_endpoint', 'oauth2/v2.0/token'],
        ['device_authorization_endpoint', 'oauth2/v2.0/devicecode'],
        ['end_session_endpoint', 'oauth2/v2.0/logout'],
        ['jwks_uri', 'discovery/v2.0/keys'],
      ] as const)
        assert.equal(body[name], `http://${endpoints}/${tenant?.id}/${end}`);
      assert.equal(body['userinfo_endpoint'], `https://${graph}/oidc/userinfo`);
      assert.equal(body['cloud_instance_name'], instance);
      assert.equal(body['msgraph_host'], graph);
      assert.equal(body['tenant_region_scope'], region);
      const keys = await ask(entra, `http://${host}/${tenant?.id}/discovery/v2.0/keys`);
      const [key] = keys.body['keys'] as Record<string, unknown>[];
      assert.equal(key?.['issuer'], `http://${issuer}/${tenant?.id}/v2.0`);
      assert.equal(key?.['cloud_instance_name'], instance);
    });
  }
});

test("China at the simulator's own address: issuer at localhost, endpoints at 127.0.0.1; v1 issuer of its own", async () => {
  await using entra = await startTestEntra({ users: 3, groups: 1 });
  const tailspin = entra.tenants[3];
  for (const origin of [entra.url, entra.url.replace('localhost', '127.0.0.1')]) {
    const body = readObject(await (await fetch(`${origin}/${tailspin?.domain}${metadata}`)).text());
    assert.equal(body['issuer'], `${entra.url}/${tailspin?.id}/v2.0`);
    const endpoint = `${entra.url.replace('localhost', '127.0.0.1')}/${tailspin?.id}/oauth2/v2.0/token`;
    assert.equal(body['token_endpoint'], endpoint);
  }
  const old = await fetch(`${entra.url}/${tailspin?.domain}/.well-known/openid-configuration`);
  assert.equal(readObject(await old.text())['issuer'], `https://sts.chinacloudapi.cn/${tailspin?.id}/`);
});

test('a sign-in in China: the id_token names the issuer, the access token the Graph of that cloud', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 1 });
  const tailspin = entra.tenants[3];
  const app = await entra.control('POST', `/tenants/${tailspin?.id}/applications`, {
    displayName: 'App in China',
    redirectUris: { web: [callback] },
    secret: {},
  });
  const { secretText } = app['secret'] as { secretText: string };
  const endpoints = `${entra.url.replace('localhost', '127.0.0.1')}/${tailspin?.id}/oauth2/v2.0`;
  const common = { client_id: String(app['appId']), redirect_uri: callback, scope: 'openid profile User.Read' };
  const query = new URLSearchParams({ ...common, response_type: 'code' });
  const [user] = tailspin?.users ?? [];
  const location = await openBrowser().signIn(`${endpoints}/authorize?${query}`, `${user?.userPrincipalName}`);
  const response = await fetch(`${endpoints}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...common,
      client_secret: secretText,
      grant_type: 'authorization_code',
      code: location.searchParams.get('code') ?? '',
    }),
  });
  const tokens = readObject(await response.text());
  assert.equal(claimsOf(tokens['id_token'])['iss'], `${entra.url}/${tailspin?.id}/v2.0`);
  const access = claimsOf(tokens['access_token']);
  assert.equal(access['aud'], 'https://microsoftgraph.chinacloudapi.cn');
  assert.equal(access['iss'], `https://sts.chinacloudapi.cn/${tailspin?.id}/`);
});

test('the wrong cloud: US Gov is shown and sent on, refused to clients; China is unknown elsewhere; apps do not cross', async (t) => {
  await using entra = await startTestEntra({ users: 3, groups: 1 });
  const [contoso, , woodgrove, tailspin] = entra.tenants;
  const global = 'http://login.microsoftonline.com';
  await t.test('discovery of a US Gov tenant at the global host names its own cloud', async () => {
    const { body } = await ask(entra, `${global}/${woodgrove?.id}${metadata}`);
    assert.equal(body['issuer'], `http://login.microsoftonline.us/${woodgrove?.id}/v2.0`);
    assert.equal(body['token_endpoint'], `http://login.microsoftonline.us/${woodgrove?.id}/oauth2/v2.0/token`);
  });
  await t.test('authorize there: AADSTS90038', async () => {
    const { status, text } = await ask(entra, `${global}/${woodgrove?.id}/oauth2/v2.0/authorize?client_id=x`);
    assert.equal(status, 400);
    assert.match(text, /AADSTS90038/);
  });
  await t.test('token there: AADSTS900382', async () => {
    const form = { grant_type: 'client_credentials' };
    const { status, body } = await ask(entra, `${global}/${woodgrove?.id}/oauth2/v2.0/token`, form);
    assert.equal(status, 400);
    assert.deepEqual(body['error_codes'], [900382]);
  });
  for (const [host, tenant] of [
    ['login.microsoftonline.com', tailspin],
    ['login.microsoftonline.us', tailspin],
    ['login.chinacloudapi.cn', contoso],
  ] as const) {
    await t.test(`${tenant?.name} at ${host}: AADSTS90002`, async () => {
      const { status, body } = await ask(entra, `http://${host}/${tenant?.id}${metadata}`);
      assert.equal(status, 400);
      assert.equal(body['error'], 'invalid_tenant');
      assert.deepEqual(body['error_codes'], [90002]);
    });
  }
  await t.test('a multi-tenant app of US Gov: unknown in Contoso, AADSTS900439 at the global /common', async () => {
    const app = await entra.control('POST', `/tenants/${woodgrove?.id}/applications`, {
      displayName: 'Gov app',
      signInAudience: 'AzureADMultipleOrgs',
      redirectUris: { web: [callback] },
    });
    const query = new URLSearchParams({ client_id: String(app['appId']), redirect_uri: callback });
    const there = await ask(entra, `http://localhost/${contoso?.id}/oauth2/v2.0/authorize?${query}`);
    assert.match(there.text, /AADSTS700016/);
    assert.match((await ask(entra, `${global}/common/oauth2/v2.0/authorize?${query}`)).text, /AADSTS900439/);
  });
});

test('instance discovery lists the hosts of every cloud; a host of nobody is invalid_instance, AADSTS50049', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 1 });
  const at = (host: string): string =>
    `http://login.microsoftonline.com/common/discovery/instance?${new URLSearchParams({
      'api-version': '1.1',
      authorization_endpoint: `https://${host}/common/oauth2/v2.0/authorize`,
    })}`;
  const { body } = await ask(entra, at('login.chinacloudapi.cn'));
  assert.equal(body['tenant_discovery_endpoint'], `https://login.chinacloudapi.cn/common${metadata}`);
  const entries = body['metadata'] as { preferred_network: string; aliases: string[] }[];
  assert.deepEqual(
    entries.map(({ preferred_network }) => preferred_network),
    ['login.microsoftonline.com', 'login.microsoftonline.us', 'login.partner.microsoftonline.cn'],
  );
  assert.deepEqual(entries[2]?.aliases, ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn']);
  const refused = await ask(entra, at('login.elsewhere.example'));
  assert.equal(refused.status, 400);
  assert.equal(refused.body['error'], 'invalid_instance');
  assert.deepEqual(refused.body['error_codes'], [50049]);
});
