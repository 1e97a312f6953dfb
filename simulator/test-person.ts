import assert from 'node:assert/strict';
import { openBrowser } from './test-browser.ts';
import { type Graph, graphAs, openGraph } from './test-graph.ts';
import { authorizeUrl, callback, type TestApp, type TestEntra } from './test-tenant.ts';

/** Calls Graph with the delegated token of a person of Contoso, by position; an administrator consented to the scopes. */
export async function graphOf(entra: TestEntra, position: number, scopes: readonly string[]): Promise<Graph> {
  const app = await entra.register({ displayName: 'Delegated' });
  const user = entra.contoso.users[position];
  assert.ok(user);
  await consent(entra, app, scopes);
  const url = authorizeUrl(entra, entra.contoso.id, app, { scope: scopes.join(' ') });
  const location = await openBrowser().signIn(url, user.userPrincipalName);
  const { body } = await entra.token(entra.contoso.id, {
    grant_type: 'authorization_code',
    client_id: app.appId,
    client_secret: app.secret,
    redirect_uri: callback,
    code: `${location.searchParams.get('code')}`,
  });
  assert.ok(body['access_token'], JSON.stringify(body));
  return graphAs(entra, String(body['access_token']));
}

async function consent(entra: TestEntra, app: TestApp, scopes: readonly string[]): Promise<void> {
  const admin = await openGraph(entra, ['DelegatedPermissionGrant.ReadWrite.All', 'Application.Read.All']);
  const idOf = async (appId: string) => (await admin('GET', `/servicePrincipals(appId='${appId}')`)).body['id'];
  const granted = await admin('POST', '/oauth2PermissionGrants', {
    clientId: await idOf(app.appId),
    consentType: 'AllPrincipals',
    resourceId: await idOf('00000003-0000-0000-c000-000000000000'),
    scope: scopes.join(' '),
  });
  assert.equal(granted.status, 201, granted.text);
}
