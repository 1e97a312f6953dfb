import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { openGraph } from '../test-graph.ts';
import { readObject, startTestEntra, type TestEntra } from '../test-tenant.ts';

/** Asks one of Microsoft's hosts, which all lead to the simulator. */
function ask(
  entra: TestEntra,
  host: string,
  method: string,
  path: string,
  token = '',
): Promise<{ status: number; text: string }> {
  const headers = { host, authorization: `Bearer ${token}`, 'content-length': '0' };
  return new Promise((resolve, reject) => {
    const asked = request(`${entra.url}${path}`, { method, headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += String(chunk);
      resolve({ status: response.statusCode ?? 0, text });
    });
    asked.on('error', reject).end();
  });
}

const host = 'main.iam.ad.ext.azure.com';
const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

/** The Azure CLI's token for the portal's API, by a person's password. */
async function portalToken(entra: TestEntra, position: number): Promise<string> {
  const login = `${entra.contoso.users[position]?.userPrincipalName}`;
  const { password } = await entra.control('GET', `/tenants/${entra.contoso.id}/users/${login}/credentials`);
  const { body } = await entra.token(entra.contoso.id, {
    grant_type: 'password',
    client_id: azureCli,
    username: login,
    password: String(password),
    scope: '74658136-14ec-4630-ad9b-26e160ff0fc6/.default',
  });
  assert.ok(body['access_token'], JSON.stringify(body));
  return String(body['access_token']);
}

test('clients §3: the portal’s consent makes the enterprise app and grants all that is asked for, to who may', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  const graph = await openGraph(entra, ['Application.ReadWrite.All', 'Directory.Read.All']);
  const { body: app } = await graph('POST', '/applications', {
    displayName: 'Portico',
    requiredResourceAccess: [
      {
        resourceAppId: '00000003-0000-0000-c000-000000000000',
        resourceAccess: [
          { id: 'b633e1c5-b582-4048-a93e-9f11b44c7e96', type: 'Role' },
          { id: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d', type: 'Scope' },
        ],
      },
    ],
  });
  const consent = async (token: string) =>
    (await ask(entra, host, 'POST', `/api/RegisteredApplications/${app['appId']}/Consent?onBehalfOfAll=true`, token))
      .status;
  assert.equal(await consent(''), 401);
  assert.equal(await consent(await portalToken(entra, 1)), 403, 'a member');
  assert.equal(await consent(await portalToken(entra, 0)), 204);
  const { body: principal } = await graph('GET', `/servicePrincipals(appId='${app['appId']}')?$select=id`);
  const roles = await graph('GET', `/servicePrincipals/${principal['id']}/appRoleAssignments`);
  assert.deepEqual(
    roles.value.map((role) => role['appRoleId']),
    ['b633e1c5-b582-4048-a93e-9f11b44c7e96'],
  );
  const grants = await graph('GET', `/servicePrincipals/${principal['id']}/oauth2PermissionGrants`);
  assert.deepEqual(
    grants.value.map((grant) => [grant['scope'], grant['consentType']]),
    [['User.Read', 'AllPrincipals']],
  );
  assert.equal((await ask(entra, host, 'GET', '/api/Nothing')).status, 404);
});

test('Azure AD Graph, which an overage claim still names, is retired', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  const { status, text } = await ask(
    entra,
    'graph.windows.net',
    'POST',
    `/${entra.contoso.id}/users/x/getMemberObjects`,
  );
  assert.equal(status, 403);
  assert.equal(readObject(JSON.stringify(readObject(text)['error']))['code'], 'Authorization_RequestDenied');
});
