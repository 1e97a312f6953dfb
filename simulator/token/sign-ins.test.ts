import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readObject, startTestEntra } from '../test-tenant.ts';

const graph = '00000003-0000-0000-c000-000000000000';

test('the log of sign-ins has what came of every request for tokens: apps for themselves, refreshes, passwords, devices', async () => {
  await using entra = await startTestEntra({ users: 3 });
  const reader = await entra.register({ displayName: 'Reader', permissions: ['AuditLog.Read.All'] });
  const tool = await entra.register({ displayName: 'Tool', isFallbackPublicClient: true });
  const [anna] = entra.contoso.users;
  const login = String(anna?.userPrincipalName);
  const client = { client_id: reader.appId, client_secret: reader.secret };
  const appOnly = { grant_type: 'client_credentials', ...client, scope: 'https://graph.microsoft.com/.default' };
  const correlation = '5b0e7a3c-3a36-4a2c-9a55-0d2f0c9a7d11';
  await entra.token(entra.contoso.id, { ...appOnly, client_secret: 'no' }, { 'client-request-id': correlation });
  const { body } = await entra.token(entra.contoso.id, appOnly);

  const path = `/tenants/${entra.contoso.id}/users/${login}/credentials`;
  const { password } = await entra.control('GET', path);
  const form = { grant_type: 'password', client_id: tool.appId, username: login, scope: 'User.Read offline_access' };
  await entra.token('organizations', { ...form, password: 'no' });
  const tokens = await entra.token('organizations', { ...form, password: String(password) });
  const refresh_token = String(tokens.body['refresh_token']);
  await entra.token(entra.contoso.id, { grant_type: 'refresh_token', client_id: tool.appId, refresh_token });

  const ask = new URLSearchParams({ client_id: tool.appId, scope: 'User.Read' });
  const reply = await fetch(`${entra.url}/${entra.contoso.id}/oauth2/v2.0/devicecode`, { method: 'POST', body: ask });
  const device = readObject(await reply.text());
  const poll = { grant_type: 'device_code', client_id: tool.appId, device_code: String(device['device_code']) };
  await entra.token(entra.contoso.id, poll);
  await entra.control('POST', `/device-codes/${device['user_code']}`, { login });
  await entra.token(entra.contoso.id, poll);
  // Nobody's: there is no such app, or no such tenant.
  await entra.token(entra.contoso.id, { ...appOnly, client_id: correlation });
  await entra.token('nobody.example', appOnly);

  const log = await fetch(`${entra.url}/v1.0/auditLogs/signIns`, {
    headers: { authorization: `Bearer ${body['access_token']}` },
  });
  const { value } = (await log.json()) as { value: SignInView[] };
  const seen = value.map(({ appDisplayName, userPrincipalName, isInteractive, resourceId, status }) => [
    appDisplayName,
    userPrincipalName === null ? null : userPrincipalName === login,
    isInteractive,
    resourceId,
    status.errorCode,
  ]);
  assert.deepEqual(seen.reverse(), [
    ['Reader', null, false, null, 7000215],
    ['Reader', null, false, graph, 0],
    ['Tool', true, true, null, 50126],
    ['Tool', true, true, graph, 0],
    ['Tool', true, false, graph, 0],
    ['Tool', true, true, graph, 0],
  ]);
  assert.equal(value.at(-1)?.correlationId, correlation);
  assert.match(String(value.at(-1)?.status.failureReason), /^Invalid client secret provided/);
});

type SignInView = Readonly<
  Record<'appDisplayName' | 'userPrincipalName' | 'isInteractive' | 'resourceId' | 'correlationId', unknown>
> & {
  readonly status: { readonly errorCode: number; readonly failureReason: string };
};
