import assert from 'node:assert/strict';
import test from 'node:test';
import { advance, type ExchangeApp, exchangeAdmin, registerForExchange } from '../test-exchange.ts';
import { appToken, graphAs } from '../test-graph.ts';
import { startTestEntra, type TestEntra } from '../test-tenant.ts';

const now = () => Date.UTC(2026, 10, 21, 12);

/** Whether the app may read the inbox of a mailbox: `200`, or the code of the refusal. */
async function reads({ graph }: ExchangeApp, mailbox: string): Promise<unknown> {
  const reply = await graph('GET', `/users/${mailbox}/mailFolders/inbox/messages`);
  return reply.code ?? reply.status;
}

async function stage(permissions: readonly string[] = []) {
  const entra = await startTestEntra({ users: 4, groups: 1, now });
  const [anna, bo, chiara] = entra.contoso.users.map(({ mail }) => String(mail));
  const admin = exchangeAdmin(entra);
  const group = await entra.control('POST', `/tenants/${entra.contoso.id}/groups`, {
    displayName: 'Mail Robots',
    members: [anna],
  });
  const app = await registerForExchange(entra, permissions);
  const scope = async (name: string, recipientRestrictionFilter: string) =>
    admin('POST', '/management-scopes', { name, recipientRestrictionFilter });
  const principal = (objectId = app.enterpriseId) =>
    admin('POST', '/service-principals', { appId: app.appId, objectId, displayName: 'Mailer' });
  const { distinguishedName } = await admin('GET', `/groups/${group['id']}`);
  const robots = () => scope('Robots', `MemberOfGroup -eq '${distinguishedName}'`);
  const assign = (role: string, customResourceScope?: string) =>
    admin('POST', '/role-assignments', { app: app.appId, role, customResourceScope });
  return {
    entra,
    admin,
    app,
    group: String(group['id']),
    anna: String(anna),
    bo: String(bo),
    chiara: String(chiara),
    principal,
    scope,
    robots,
    assign,
    [Symbol.asyncDispose]: () => entra.close(),
  };
}

const refusal = (entra: TestEntra, path: string, body: unknown): Promise<Response> =>
  fetch(`${entra.url}/_control/tenants/${entra.contoso.id}/exchange${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });

test('RestrictAccess: Test-ApplicationAccessPolicy says Denied at once, requests are refused an hour later', async () => {
  await using at = await stage(['Mail.Read']);
  const { entra, admin, app, anna, bo } = at;
  const policy = { appId: app.appId, policyScopeGroupId: 'Mail Robots', accessRight: 'RestrictAccess' };
  const { identity } = await admin('POST', '/application-access-policies', policy);
  const check = async (mailbox: string) =>
    (await admin('GET', `/application-access-policies/test?appId=${app.appId}&identity=${mailbox}`))[
      'accessCheckResult'
    ];
  assert.deepEqual([await check(anna), await check(bo)], ['Granted', 'Denied']);
  assert.deepEqual([await reads(app, anna), await reads(app, bo)], [200, 200]);
  await advance(entra, 59);
  assert.equal(await reads(app, bo), 200);
  await advance(entra, 1);
  const refused = await app.graph('GET', `/users/${bo}/messages`);
  assert.deepEqual([refused.status, refused.code], [403, 'ErrorAccessDenied']);
  assert.match(
    refused.text,
    /Access to OData is disabled: \[RAOP\] : Blocked by tenant configured AppOnly AccessPolicy/,
  );
  assert.equal(await reads(app, anna), 200);
  await admin('DELETE', `/application-access-policies/${encodeURIComponent(String(identity))}`);
  assert.deepEqual([await check(bo), await reads(app, bo)], ['Granted', 'ErrorAccessDenied']);
  await advance(entra, 60);
  const again = await registerForExchange(entra, ['Mail.Read']);
  assert.equal(await reads(again, bo), 200);
});

test('DenyAccess beats RestrictAccess, and reaches members of nested groups', async () => {
  await using at = await stage(['Mail.Read']);
  const { entra, admin, app, anna, bo, chiara } = at;
  await admin('PATCH', '/simulation', { applicationAccessPolicyMs: 0 });
  const outer = await entra.control('POST', `/tenants/${entra.contoso.id}/groups`, {
    displayName: 'Outer',
    members: [at.group, chiara],
  });
  const policy = { appId: app.appId, accessRight: 'RestrictAccess', policyScopeGroupId: outer['id'] };
  await admin('POST', '/application-access-policies', policy);
  assert.deepEqual(
    [await reads(app, anna), await reads(app, chiara), await reads(app, bo)],
    [200, 200, 'ErrorAccessDenied'],
  );
  await admin('POST', '/application-access-policies', {
    ...policy,
    accessRight: 'DenyAccess',
    policyScopeGroupId: anna,
  });
  assert.deepEqual([await reads(app, anna), await reads(app, chiara)], ['ErrorAccessDenied', 200]);
});

test('RBAC: a token without roles is accepted in scope, once the app was idle for 30 minutes after the change', async () => {
  await using at = await stage();
  const { entra, admin, app, anna, bo } = at;
  assert.equal(await reads(app, anna), 'ErrorAccessDenied');
  await at.principal();
  await at.robots();
  await at.assign('Application Mail.Read', 'Robots');
  const test = async (mailbox: string) =>
    (await admin('GET', `/service-principals/${app.appId}/authorization?resource=${mailbox}`))['value'];
  assert.deepEqual(await test(anna), [
    {
      roleName: 'Application Mail.Read',
      grantedPermissions: ['Mail.Read'],
      allowedResourceScope: 'Robots',
      scopeType: 'CustomRecipientScope',
      inScope: true,
    },
  ]);
  assert.match(JSON.stringify(await test(bo)), /"inScope":false/);
  await advance(entra, 30);
  assert.deepEqual([await reads(app, anna), await reads(app, bo)], [200, 'ErrorAccessDenied']);
  const send = await app.graph('POST', `/users/${anna}/sendMail`, { message: {} });
  assert.equal(send.code, 'ErrorAccessDenied');
});

test('RBAC: an app that goes on calling waits up to two hours, for what it gets and for what it loses', async () => {
  await using at = await stage();
  const { entra, admin, app, anna } = at;
  await at.principal();
  const { name } = await at.assign('Application Mail.Read');
  const until = async (wanted: unknown): Promise<number> => {
    for (let minutes = 0; minutes <= 150; minutes += 10) {
      // Tokens live an hour, the cache does not care.
      const graph = graphAs(entra, await appToken(entra, app));
      if ((await reads({ ...app, graph }, anna)) === wanted) return minutes;
      await advance(entra, 10);
    }
    return Number.POSITIVE_INFINITY;
  };
  assert.equal(await until(200), 120);
  await admin('DELETE', `/role-assignments/${encodeURIComponent(String(name))}`);
  assert.equal(await until('ErrorAccessDenied'), 120);
});

test('RBAC: delays can be set, so that a test need not wait', async () => {
  await using at = await stage();
  await at.admin('PATCH', '/simulation', { rbacIdleMs: 0 });
  await at.principal();
  await at.assign('Application Mail Full Access');
  assert.equal(await reads(at.app, at.anna), 200);
  const { graph } = at.app;
  const toRecipients = [{ emailAddress: { address: at.bo } }];
  assert.equal((await graph('POST', `/users/${at.anna}/sendMail`, { message: { toRecipients } })).status, 202);
});

test('Entra consent and RBAC add up: with Mail.Read consented the scope restricts nothing', async () => {
  await using at = await stage(['Mail.Read']);
  await at.admin('PATCH', '/simulation', { rbacIdleMs: 0, applicationAccessPolicyMs: 0 });
  await at.principal();
  await at.robots();
  await at.assign('Application Mail.Read', 'Robots');
  assert.deepEqual([await reads(at.app, at.anna), await reads(at.app, at.bo)], [200, 200]);
  await at.admin('POST', '/application-access-policies', {
    appId: at.app.appId,
    policyScopeGroupId: at.chiara,
    accessRight: 'RestrictAccess',
  });
  assert.deepEqual(
    [await reads(at.app, at.anna), await reads(at.app, at.bo), await reads(at.app, at.chiara)],
    [200, 'ErrorAccessDenied', 200],
    'the policy narrows the consent, the role stays',
  );
});

test('RBAC: the object id of the app registration, a wrong DN, a removed service principal open nothing', async () => {
  await using at = await stage();
  const { admin, app, anna } = at;
  await admin('PATCH', '/simulation', { rbacIdleMs: 0 });
  await at.principal(app.id);
  await at.assign('Application Mail.Read');
  assert.equal(await reads(app, anna), 'ErrorAccessDenied');
  await admin('DELETE', `/service-principals/${app.appId}`);
  await at.principal();
  await at.scope('Wrong', `MemberOfGroup -eq 'CN=Mail Robots,OU=contoso.onmicrosoft.com'`);
  await at.assign('Application Mail.Read', 'Wrong');
  assert.equal(await reads(app, anna), 'ErrorAccessDenied');
  const named = { appId: at.entra.contoso.id, objectId: app.enterpriseId, displayName: 'Misnamed' };
  await admin('DELETE', `/service-principals/${app.appId}`);
  await admin('POST', '/service-principals', named);
  await admin('POST', '/role-assignments', { app: 'Misnamed', role: 'Application Mail.Read' });
  assert.equal(await reads(app, anna), 'ErrorAccessDenied', 'another app id');
  await admin('DELETE', `/service-principals/${app.enterpriseId}`);
  await at.principal();
  await at.assign('Application Mail.ReadWrite');
  assert.equal((await app.graph('POST', `/users/${anna}/messages`, { subject: 'x' })).status, 201);
  await admin('DELETE', `/service-principals/${app.appId}`);
  assert.equal((await app.graph('POST', `/users/${anna}/messages`, { subject: 'x' })).code, 'ErrorAccessDenied');
});

test('scopes filter by any property: CustomAttribute, department, -or, -not, -like', async () => {
  await using at = await stage();
  const { admin, app, anna, bo, chiara } = at;
  await admin('PATCH', '/simulation', { rbacIdleMs: 0 });
  await admin('PATCH', `/mailboxes/${anna}`, { customAttribute3: 'Robot' });
  await at.principal();
  await at.scope(
    'Marked',
    `{CustomAttribute3 -eq 'robot' -or (PrimarySmtpAddress -like 'chiara*' -and -not (City -eq 'Nowhere'))}`,
  );
  await at.assign('Application Mail.Read', 'Marked');
  assert.deepEqual(
    [await reads(app, anna), await reads(app, bo), await reads(app, chiara)],
    [200, 'ErrorAccessDenied', 200],
  );
});

test('a shared mailbox is read by an app as any other; without mailbox it is 404 MailboxNotEnabledForRESTAPI', async () => {
  await using at = await stage(['Mail.Read']);
  const { entra, admin, app, bo } = at;
  const made = await admin('POST', '/mailboxes', {
    name: 'Support',
    primarySmtpAddress: 'support@contoso.example',
    shared: true,
  });
  assert.equal(made['recipientTypeDetails'], 'SharedMailbox');
  assert.equal(await reads(app, 'support@contoso.example'), 200);
  await entra.control('PATCH', `/tenants/${entra.contoso.id}/users/${bo}`, { hasMailbox: false });
  assert.equal(await reads(app, bo), 'MailboxNotEnabledForRESTAPI');
});

test('Exchange’s administrator is refused what PowerShell would refuse, with the field', async (t) => {
  await using at = await stage();
  await at.principal();
  await at.scope('Robots', `Department -eq 'Sales'`);
  const cases: readonly [path: string, body: unknown, status: number, message: RegExp][] = [
    ['/service-principals', { appId: at.app.appId, objectId: at.app.id }, 400, /^appId: Exchange has .* already/],
    ['/management-scopes', { name: 'robots', recipientRestrictionFilter: 'x' }, 400, /^name: .* already/],
    [
      '/management-scopes',
      { name: 'A', recipientRestrictionFilter: 'City like x' },
      400,
      /^recipientRestrictionFilter: /,
    ],
    ['/role-assignments', { app: 'nobody', role: 'Application Mail.Read' }, 400, /^app: .*make it first/],
    ['/role-assignments', { app: 'Mailer', role: 'Application IMAP.AccessAsApp' }, 400, /^role: there is no role/],
    [
      '/role-assignments',
      { app: 'Mailer', role: 'Application Mail.Read', customResourceScope: 'No' },
      400,
      /^customResourceScope: /,
    ],
    [
      '/application-access-policies',
      { appId: 'x', policyScopeGroupId: 'No', accessRight: 'DenyAccess' },
      400,
      /^policyScopeGroupId: /,
    ],
    [
      `/mailboxes/${at.anna}/permissions`,
      { user: at.app.appId, accessRights: ['FullAccess'] },
      400,
      /^user: there is no recipient/,
    ],
    [
      '/mailboxes',
      { name: 'S', primarySmtpAddress: 's@elsewhere.example', shared: true },
      400,
      /^primarySmtpAddress: /,
    ],
  ];
  for (const [path, body, status, message] of cases) {
    await t.test(`${path} ${JSON.stringify(body)}`, async () => {
      const response = await refusal(at.entra, path, body);
      const { error } = (await response.json()) as { error: { message: string } };
      assert.match(error.message, message);
      assert.equal(response.status, status);
    });
  }
});
