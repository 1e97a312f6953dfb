import assert from 'node:assert/strict';
import test from 'node:test';
import * as client from 'openid-client';
import { simulateEntra } from './index.ts';
import { openBrowser } from './test-browser.ts';
import { callback, startTestEntra } from './test-tenant.ts';

test('the same seed makes the same people and ids; 250 enabled, one of them a guest, two disabled, twelve groups', async () => {
  const [one, two, other] = await Promise.all([simulateEntra(), simulateEntra(), simulateEntra({ seed: 2 })]);
  try {
    const ids = (entra: typeof one): unknown =>
      entra.tenants.map(({ id, users }) => [id, users.map((user) => user.id)]);
    assert.deepEqual(ids(one), ids(two));
    assert.notDeepEqual(ids(one), ids(other));
    const [contoso, fabrikam] = one.tenants;
    assert.equal(contoso?.users.filter((user) => user.accountEnabled).length, 250);
    assert.equal(contoso?.users.filter((user) => user.userType === 'Guest').length, 1);
    assert.equal(contoso?.users.length, 252);
    assert.equal(contoso?.groups.length, 12);
    assert.ok(contoso?.users.some((user) => user.userPrincipalName.includes("'")));
    assert.equal(fabrikam?.name, 'Fabrikam');
  } finally {
    await Promise.all([one.close(), two.close(), other.close()]);
  }
});

test('openid-client signs in with code and PKCE, reads userinfo, refreshes', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const config = await client.discovery(
    new URL(`${entra.url}/${entra.contoso.id}/v2.0`),
    app.appId,
    app.secret,
    undefined,
    {
      execute: [client.allowInsecureRequests],
    },
  );
  const verifier = client.randomPKCECodeVerifier();
  const [state, nonce] = [client.randomState(), client.randomNonce()];
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: 'openid profile email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  });
  const [user] = entra.contoso.users;
  const location = await openBrowser().signIn(url.href, `${user?.userPrincipalName}`);
  const tokens = await client.authorizationCodeGrant(config, location, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
  });
  const claims = tokens.claims();
  assert.equal(claims?.['oid'], user?.id);
  const info = await client.fetchUserInfo(config, tokens.access_token, `${claims?.sub}`);
  assert.equal(info.email, user?.mail);
  const refreshed = await client.refreshTokenGrant(config, `${tokens.refresh_token}`);
  assert.equal(refreshed.claims()?.['oid'], user?.id);
});

test('openid-client verifies the id_token signature with the published keys, also after a rotation', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const config = await client.discovery(
    new URL(`${entra.url}/${entra.contoso.id}/v2.0`),
    app.appId,
    app.secret,
    undefined,
    {
      execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
    },
  );
  for (const turn of [1, 2]) {
    const url = client.buildAuthorizationUrl(config, { redirect_uri: callback, scope: 'openid', state: `s${turn}` });
    const location = await openBrowser().signIn(url.href, `${entra.contoso.users[0]?.userPrincipalName}`);
    const tokens = await client.authorizationCodeGrant(config, location, { expectedState: `s${turn}` });
    assert.ok(tokens.id_token);
    await entra.control('POST', '/keys/rotate');
  }
});

test('the icon that browsers ask for is none, and no refusal', async () => {
  await using entra = await startTestEntra();
  const answer = await fetch(`${entra.url}/favicon.ico`);
  assert.deepEqual([answer.status, await answer.text()], [204, '']);
});
