import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { importPKCS8, SignJWT } from 'jose';
import { openBrowser } from '../test-browser.ts';
import { makeTestCertificate } from '../test-certificate.ts';
import { authorizeUrl, callback, claimsOf, startTestEntra, type TestApp, type TestEntra } from '../test-tenant.ts';

let entra: TestEntra;
before(async () => {
  entra = await startTestEntra({ users: 5 });
});
after(() => entra.close());

/** Access token of a person, asked for by a scope. */
async function userToken(
  app: TestApp,
  scope: string,
  form: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const anna = String(entra.contoso.users[0]?.userPrincipalName);
  const url = authorizeUrl(entra, entra.contoso.id, app, { scope });
  const code = (await openBrowser().signIn(url, anna)).searchParams.get('code') ?? '';
  const client = { client_id: app.appId, client_secret: app.secret };
  const redemption = { grant_type: 'authorization_code', ...client, redirect_uri: callback, code, ...form };
  return claimsOf((await entra.token(entra.contoso.id, redemption)).body['access_token']);
}

/** Access token of an app itself. */
async function appToken(form: Record<string, string>): Promise<Record<string, unknown>> {
  const { body } = await entra.token(entra.contoso.id, { grant_type: 'client_credentials', ...form });
  assert.equal(typeof body['access_token'], 'string', JSON.stringify(body));
  return claimsOf(body['access_token']);
}

test('a user’s token for Graph: what az and m365 look for in it (facts/clients.md §2.3, §4)', async () => {
  const app = await entra.register({ displayName: 'Web' });
  const claims = await userToken(app, 'openid https://graph.microsoft.com/User.Read', {
    claims: '{"access_token":{"xms_cc":{"values":["CP1"]}}}',
  });
  const [anna] = entra.contoso.users;
  const { iat: _, nbf: __, exp: ___, uti, sub, sid, xms_st, wids, ...rest } = claims;
  assert.deepEqual(rest, {
    aud: 'https://graph.microsoft.com',
    iss: `https://sts.windows.net/${entra.contoso.id}/`,
    ver: '1.0',
    appid: app.appId,
    app_displayname: 'Web',
    appidacr: '1',
    idtyp: 'user',
    oid: anna?.id,
    name: anna?.displayName,
    upn: anna?.userPrincipalName,
    unique_name: anna?.userPrincipalName,
    given_name: anna?.givenName,
    family_name: anna?.surname,
    acr: '1',
    amr: ['pwd'],
    ipaddr: '127.0.0.1',
    scp: 'openid User.Read',
    tid: entra.contoso.id,
    xms_cc: ['CP1'],
  });
  assert.match(String(uti), /^[\w-]{22}$/);
  for (const text of [sub, sid]) assert.equal(typeof text, 'string');
  assert.notEqual((xms_st as { sub: string }).sub, sub);
  assert.deepEqual(wids, ['62e90394-69f5-4237-9190-012177145e10', 'b79fbf4d-3ef9-4689-8143-76b194e85509']);
});

test('an own API decides: v2 names the client azp and has no upn; idtyp is an optional claim (entra.md §1.4, §1.5)', async () => {
  const app = await entra.register({ displayName: 'Web' });
  const modern = await entra.register({ identifierUris: ['https://v2.example'], requestedAccessTokenVersion: 2 });
  await entra.register({ identifierUris: ['https://v1.example'] });
  const user = await userToken(app, 'https://v2.example/read');
  const seen = ['aud', 'iss', 'ver', 'azp', 'azpacr', 'preferred_username', 'appid', 'upn', 'idtyp'].map(
    (name) => user[name],
  );
  const anna = entra.contoso.users[0]?.userPrincipalName;
  const issuer = `${entra.url}/${entra.contoso.id}/v2.0`;
  assert.deepEqual(seen, [modern.appId, issuer, '2.0', app.appId, '1', anna, undefined, undefined, undefined]);
  const client = { client_id: app.appId, client_secret: app.secret };
  const own = await appToken({ ...client, scope: 'https://v1.example/.default' });
  assert.deepEqual([own['aud'], own['ver'], own['idtyp']], ['https://v1.example', '1.0', undefined]);
});

test('aud is the API as it was asked for: with or without the slash, or its id', async () => {
  const app = await entra.register();
  const client = { client_id: app.appId, client_secret: app.secret };
  for (const aud of [
    'https://graph.microsoft.com',
    'https://graph.microsoft.com/',
    '00000003-0000-0000-c000-000000000000',
  ]) {
    const { access_token } = (
      await entra.token(entra.contoso.id, { grant_type: 'client_credentials', ...client, scope: `${aud}/.default` })
    ).body;
    assert.equal(claimsOf(access_token)['aud'], aud);
    const answer = await fetch(`${entra.url}/v1.0/organization`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    assert.notEqual(answer.status, 401, aud);
  }
});

test('appidacr says how the client proved itself: 0 by nothing, 1 by its secret, 2 by an assertion', async () => {
  const { certificate, privateKey, sha256 } = await makeTestCertificate();
  const app = await entra.register({ certificates: [certificate], isFallbackPublicClient: true });
  const scope = 'https://graph.microsoft.com/.default';
  const secret = await appToken({ client_id: app.appId, client_secret: app.secret, scope });
  assert.equal(secret['appidacr'], '1');
  const aud = `${entra.url}/${entra.contoso.id}/oauth2/v2.0/token`;
  const client_assertion = await new SignJWT({ iss: app.appId, sub: app.appId, aud })
    .setExpirationTime('5m')
    .setProtectedHeader({ alg: 'PS256', 'x5t#S256': sha256 })
    .sign(await importPKCS8(privateKey, 'PS256'));
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  const signed = await appToken({ client_id: app.appId, client_assertion, client_assertion_type: type, scope });
  assert.equal(signed['appidacr'], '2');
  const none = await userToken({ ...app, secret: '' }, 'User.Read', { client_secret: '' });
  assert.equal(none['appidacr'], '0');
});
