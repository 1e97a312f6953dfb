import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { hiddenFields, openBrowser } from '../test-browser.ts';
import { authorizeUrl, callback, startTestEntra, type TestApp, type TestEntra } from '../test-tenant.ts';

const consumers = '9188040d-6c67-4c5b-b112-36a304b66dad';
const lena = 'lena.fischer@outlook.example';

let entra: TestEntra;
let app: TestApp;
before(async () => {
  entra = await startTestEntra({ users: 3, groups: 1 });
  app = await entra.register({ signInAudience: 'AzureADandPersonalMicrosoftAccount' });
});
after(() => entra.close());

/** Code and number of the refusal of a chosen account, or nothing. */
async function choose(asked: TestApp, tenant: string, login: string): Promise<number | undefined> {
  const browser = openBrowser();
  const form = hiddenFields(await (await browser.get(authorizeUrl(entra, tenant, asked))).text());
  form.set('login', login);
  const response = await browser.post(`${entra.url}/${tenant}/oauth2/v2.0/authorize`, form);
  if (response.status === 302) return undefined;
  return Number(/AADSTS(\d+)/.exec(await response.text())?.[1]);
}

test('a personal account at /consumers and /common: the token is of the tenant 9188040d-… (entra.md §1.1)', async (t) => {
  for (const tenant of ['consumers', 'common', consumers]) {
    await t.test(tenant, async () => {
      const url = authorizeUrl(entra, tenant, app, { scope: 'openid profile email User.Read', nonce: 'n' });
      const code = (await openBrowser().signIn(url, lena)).searchParams.get('code') ?? '';
      const { status, body } = await entra.token(tenant, {
        grant_type: 'authorization_code',
        client_id: app.appId,
        client_secret: app.secret,
        redirect_uri: callback,
        code,
      });
      assert.equal(status, 200, JSON.stringify(body));
      const keys = createRemoteJWKSet(new URL(`${entra.url}/consumers/discovery/v2.0/keys`));
      const { payload } = await jwtVerify(String(body['id_token']), keys, { audience: app.appId });
      assert.equal(payload.iss, `${entra.url}/${consumers}/v2.0`);
      assert.deepEqual([payload['tid'], payload['email'], payload['preferred_username']], [consumers, lena, lena]);
      const me = await fetch(`${entra.url}/v1.0/me`, { headers: { authorization: `Bearer ${body['access_token']}` } });
      assert.equal(me.status, 200);
    });
  }
});

test('who fits where: 500200, 500208, 50020, 9002332', async () => {
  const work = await entra.register({ signInAudience: 'AzureADMultipleOrgs' });
  const anna = String(entra.contoso.users[0]?.userPrincipalName);
  assert.equal(await choose(work, 'common', lena), 500200);
  assert.equal(await choose(app, 'organizations', lena), 500200);
  assert.equal(await choose(app, 'consumers', anna), 500208);
  assert.equal(await choose(app, entra.contoso.id, lena), 50020);
  assert.equal(await choose(app, 'common', anna), undefined);
  const refused = await openBrowser().get(authorizeUrl(entra, 'consumers', work));
  assert.match(refused.headers.get('location') ?? '', /AADSTS9002332/);
  const picker = await (await openBrowser().get(authorizeUrl(entra, 'consumers', app))).text();
  assert.match(picker, /Simulated sign-in of Personal accounts\./);
});
