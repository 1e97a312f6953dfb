import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { readObject, startTestEntra, type TestEntra } from '../test-tenant.ts';

const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

/** Asks Azure Resource Manager by its own name. */
async function ask(
  entra: TestEntra,
  path: string,
  token?: string,
): Promise<{ status?: number; body: Record<string, unknown> }> {
  const headers = {
    host: 'management.azure.com',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    const asked = request(`${entra.url}${path}?api-version=2019-11-01`, { headers }, async (answer) => {
      const text = await answer.toArray();
      resolve({ status: answer.statusCode ?? 0, body: readObject(Buffer.concat(text).toString()) });
    });
    asked.on('error', reject).end();
  });
}

/** A token of somebody who signed in to the Azure CLI. */
async function tokenOf(entra: TestEntra, login: string, tenant: string, scope: string): Promise<string> {
  const path = `/tenants/${tenant}/users/${login}/credentials`;
  const { password } = await entra.control('GET', path);
  const form = { grant_type: 'password', client_id: azureCli, username: login, password: String(password), scope };
  return String((await entra.token(tenant, form)).body['access_token']);
}

test('/tenants: the tenant somebody lives in, and those he is a guest of; /subscriptions: none', async () => {
  await using entra = await startTestEntra({ users: 4 });
  const { contoso, fabrikam } = entra;
  const scope = 'https://management.core.windows.net//.default';
  const seen = async (login: string | undefined, tenant: string): Promise<unknown> => {
    const token = await tokenOf(entra, String(login), tenant, scope);
    const { body } = await ask(entra, '/tenants', token);
    assert.deepEqual((await ask(entra, '/subscriptions', token)).body['value'], []);
    return (body['value'] as Record<string, unknown>[]).map(({ tenantId, tenantCategory }) => [
      tenantId,
      tenantCategory,
    ]);
  };
  assert.deepEqual(await seen(contoso.users[0]?.userPrincipalName, contoso.id), [[contoso.id, 'Home']]);
  assert.deepEqual(await seen(fabrikam.users[0]?.userPrincipalName, fabrikam.id), [
    [fabrikam.id, 'Home'],
    [contoso.id, 'ProjectedBy'],
  ]);
});

test('refusals in its own words: no token, none of its own, one for another API, another path', async () => {
  await using entra = await startTestEntra({ users: 4 });
  const codeOf = async (path: string, token?: string): Promise<unknown> => {
    const { status, body } = await ask(entra, path, token);
    return [status, (body['error'] as Record<string, unknown>)['code']];
  };
  assert.deepEqual(await codeOf('/tenants'), [401, 'AuthenticationFailed']);
  assert.deepEqual(await codeOf('/tenants', 'nonsense'), [401, 'InvalidAuthenticationToken']);
  const login = String(entra.contoso.users[0]?.userPrincipalName);
  const graphs = await tokenOf(entra, login, entra.contoso.id, 'https://graph.microsoft.com//.default');
  assert.deepEqual(await codeOf('/tenants', graphs), [401, 'InvalidAuthenticationTokenAudience']);
  assert.deepEqual(await codeOf('/providers'), [404, 'NotFound']);
});
