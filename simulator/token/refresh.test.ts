import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openBrowser } from '../test-browser.ts';
import {
  authorizeUrl,
  callback,
  claimsOf,
  startTestEntra,
  type TestApp,
  type TestEntra,
  type TokenReply,
} from '../test-tenant.ts';

/** Signs somebody in to an app; what a refresh of its token takes. */
async function signIn(
  entra: TestEntra,
  app: TestApp,
  login: string,
  scope = 'openid profile offline_access User.Read',
  tenant = entra.contoso.id,
): Promise<Record<string, string>> {
  const url = authorizeUrl(entra, tenant, app, { scope });
  const code = (await openBrowser().signIn(url, login)).searchParams.get('code') ?? '';
  const client = { client_id: app.appId, client_secret: app.secret };
  const form = { grant_type: 'authorization_code', ...client, redirect_uri: callback, code };
  const { body } = await entra.token(tenant, form);
  assert.equal(typeof body['refresh_token'], 'string', JSON.stringify(body));
  return { grant_type: 'refresh_token', ...client, refresh_token: String(body['refresh_token']) };
}

const refusal = ({ status, body }: TokenReply): unknown[] => [
  status,
  body['error'],
  body['error_codes'],
  body['suberror'],
];
const nameOf = (entra: TestEntra): string => String(entra.contoso.users[0]?.userPrincipalName);

describe('a refresh token', () => {
  test('each answer has another one, and the old stays good (refresh-tokens)', async () => {
    await using entra = await startTestEntra({ users: 3 });
    const form = await signIn(entra, await entra.register(), nameOf(entra));
    const first = await entra.token(entra.contoso.id, form);
    assert.notEqual(first.body['refresh_token'], form['refresh_token']);
    assert.equal((await entra.token(entra.contoso.id, form)).status, 200);
    const next = { ...form, refresh_token: String(first.body['refresh_token']) };
    assert.equal((await entra.token(entra.contoso.id, next)).status, 200);
  });

  test('may be used for less, and for another API once that was consented to; else AADSTS65001', async () => {
    await using entra = await startTestEntra({ users: 3 });
    const app = await entra.register();
    const form = await signIn(entra, app, nameOf(entra), 'openid offline_access User.Read Mail.Read');
    const less = await entra.token(entra.contoso.id, { ...form, scope: 'Mail.Read' });
    assert.equal(less.body['scope'], 'openid Mail.Read');
    const outlook = { ...form, scope: 'https://outlook.office365.com/EWS.AccessAsUser.All' };
    const before = await entra.token(entra.contoso.id, outlook);
    assert.deepEqual(refusal(before), [400, 'invalid_grant', [65001], 'consent_required']);
    await signIn(entra, app, nameOf(entra), 'openid offline_access https://outlook.office365.com/EWS.AccessAsUser.All');
    const after = await entra.token(entra.contoso.id, outlook);
    const { aud, scp } = claimsOf(after.body['access_token']);
    assert.deepEqual([aud, scp], ['https://outlook.office365.com', 'openid EWS.AccessAsUser.All']);
    const never = await entra.token(entra.contoso.id, { ...form, scope: 'User.ReadWrite.All' });
    assert.deepEqual(never.body['error_codes'], [65001]);
  });

  test('of revoked sessions is AADSTS50173, suberror bad_token; a new sign-in is good again', async () => {
    await using entra = await startTestEntra({ users: 3 });
    await entra.control('POST', '/clock', { frozen: true });
    const app = await entra.register();
    const form = await signIn(entra, app, nameOf(entra));
    await entra.control('POST', `/tenants/${entra.contoso.id}/users/${nameOf(entra)}/revoke-sessions`);
    const reply = await entra.token(entra.contoso.id, form);
    assert.deepEqual(refusal(reply), [400, 'invalid_grant', [50173], 'bad_token']);
    assert.equal(reply.body['error_uri'], `${entra.url}/error?code=50173`);
    const again = await signIn(entra, app, nameOf(entra));
    assert.equal((await entra.token(entra.contoso.id, again)).status, 200);
  });

  test('ends after 90 days without use: AADSTS700082', async () => {
    await using entra = await startTestEntra({ users: 3 });
    const app = await entra.register({ secret: { endDateTime: '2099-01-01T00:00:00Z' } });
    const form = await signIn(entra, app, nameOf(entra));
    await entra.control('POST', '/clock', { advanceMs: 89 * 86_400_000 });
    const { body } = await entra.token(entra.contoso.id, form);
    await entra.control('POST', '/clock', { advanceMs: 86_400_000 });
    assert.deepEqual(refusal(await entra.token(entra.contoso.id, form)), [400, 'invalid_grant', [700082], undefined]);
    const used = { ...form, refresh_token: String(body['refresh_token']) };
    assert.equal((await entra.token(entra.contoso.id, used)).status, 200);
  });

  test('of another app is no family’s: AADSTS70000, suberror bad_token', async () => {
    await using entra = await startTestEntra({ users: 3 });
    const [app, other] = [await entra.register(), await entra.register({ displayName: 'Other' })];
    const form = await signIn(entra, app, nameOf(entra));
    const stolen = { ...form, client_id: other.appId, client_secret: other.secret };
    assert.deepEqual(refusal(await entra.token(entra.contoso.id, stolen)), [
      400,
      'invalid_grant',
      [70000],
      'bad_token',
    ]);
  });

  test('ends with the person and with the app: AADSTS500341, 50034, 700016', async () => {
    await using entra = await startTestEntra({ users: 3 });
    const app = await entra.register();
    const [anna, second] = entra.contoso.users.map(({ userPrincipalName }) => userPrincipalName);
    const [form, other] = [await signIn(entra, app, String(anna)), await signIn(entra, app, String(second))];
    const path = `/tenants/${entra.contoso.id}/users/${anna}`;
    await entra.control('DELETE', path);
    assert.deepEqual(refusal(await entra.token(entra.contoso.id, form)), [400, 'invalid_grant', [500341], undefined]);
    await entra.control('DELETE', `/tenants/${entra.contoso.id}/users/${second}?hard=true`);
    assert.deepEqual(refusal(await entra.token(entra.contoso.id, other)), [400, 'invalid_grant', [50034], 'bad_token']);
    await entra.control('DELETE', `/tenants/${entra.contoso.id}/applications/${app.appId}`);
    assert.deepEqual(refusal(await entra.token(entra.contoso.id, other)), [
      400,
      'unauthorized_client',
      [700016],
      undefined,
    ]);
  });

  test('ends with the consent: once an administrator takes it back, AADSTS65001', async () => {
    await using entra = await startTestEntra({ users: 3 });
    const admin = await entra.register({ permissions: ['DelegatedPermissionGrant.ReadWrite.All'] });
    const app = await entra.register();
    const form = await signIn(entra, app, nameOf(entra));
    const { body } = await entra.token(entra.contoso.id, {
      grant_type: 'client_credentials',
      client_id: admin.appId,
      client_secret: admin.secret,
      scope: 'https://graph.microsoft.com/.default',
    });
    const headers = { authorization: `Bearer ${body['access_token']}` };
    const url = `${entra.url}/v1.0/oauth2PermissionGrants`;
    const { value } = (await (await fetch(url, { headers })).json()) as {
      value: { id: string; consentType: string }[];
    };
    for (const { id } of value.filter(({ consentType }) => consentType === 'Principal'))
      assert.equal((await fetch(`${url}/${id}`, { method: 'DELETE', headers })).status, 204);
    const reply = await entra.token(entra.contoso.id, form);
    assert.deepEqual(refusal(reply), [400, 'invalid_grant', [65001], 'consent_required']);
  });

  test('asks at another tenant as the guest that somebody is there, else AADSTS50020', async () => {
    await using entra = await startTestEntra({ users: 3 });
    const app = await entra.register({ signInAudience: 'AzureADMultipleOrgs' });
    const guest = entra.contoso.users.find(({ userType }) => userType === 'Guest');
    const [home, neighbour] = entra.fabrikam.users.map(({ userPrincipalName }) => userPrincipalName);
    const form = await signIn(entra, app, String(home), 'openid offline_access User.Read', 'organizations');
    const { body } = await entra.token('organizations', form);
    assert.equal(claimsOf(body['access_token'])['tid'], entra.fabrikam.id);
    await signIn(entra, app, String(guest?.userPrincipalName), 'openid offline_access User.Read');
    const there = await entra.token(entra.contoso.id, form);
    const { tid, oid } = claimsOf(there.body['access_token']);
    assert.deepEqual([tid, oid], [entra.contoso.id, guest?.id], JSON.stringify(there.body));
    const nobody = await signIn(entra, app, String(neighbour), 'openid offline_access User.Read', 'organizations');
    assert.deepEqual(refusal(await entra.token(entra.contoso.id, nobody)), [400, 'invalid_grant', [50020], undefined]);
  });
});
