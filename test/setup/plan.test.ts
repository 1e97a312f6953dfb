import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  changeConnection,
  createConnection,
  createOrganization,
  type EntraWorld,
  issueCredential,
  trustAssertions,
  withdrawCredential,
} from '#connections';
import {
  type ConnectionSettings,
  type CreateConnection,
  firstSettings,
  type PlanStep,
  type SetupPlan,
} from '#contract';
import { clouds } from '#entra';
import { byItself } from '#events';
import { planOf, portalSteps, setupPlan } from '#setup';
import { openTestWorld } from '../world.ts';

const tenantId = '11111111-2222-3333-4444-555555555555';
const second = '22222222-3333-4444-5555-666666666666';
const clientId = '99999999-8888-7777-6666-555555555555';
const publicUrl = 'https://id.example.com';
const callback = `${publicUrl}/oauth/login/contoso/callback`;

let world: EntraWorld & { close(): Promise<void> };
let organizationId: string;

/** The metadata document of a tenant, as Microsoft's login host answers it. */
const discovery: typeof fetch = async (input) => {
  const [, tenant = ''] = new URL(String(input)).pathname.split('/');
  const login = `https://login.microsoftonline.com/${tenant}`;
  const issuer = `https://login.microsoftonline.com/${tenant === 'organizations' ? '{tenantid}' : tenant}/v2.0`;
  return Response.json({
    issuer,
    authorization_endpoint: `${login}/oauth2/v2.0/authorize`,
    token_endpoint: `${login}/oauth2/v2.0/token`,
    jwks_uri: `${login}/discovery/v2.0/keys`,
    end_session_endpoint: `${login}/oauth2/v2.0/logout`,
    userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo',
    cloud_instance_name: 'microsoftonline.com',
  });
};

before(async () => {
  world = await openTestWorld('sqlite', { fetch: discovery, settings: { PORTICO_URL: publicUrl } });
  organizationId = (await createOrganization(world, byItself, { name: 'Contoso' })).id;
});
after(() => world.close());

let made = 0;
async function planFor(input: Partial<CreateConnection>): Promise<SetupPlan> {
  made += 1;
  const id = made === 1 ? 'contoso' : `contoso-${made}`;
  await createConnection(world, byItself, organizationId, { id, name: 'Contoso', cloud: 'global', clientId, ...input });
  const text = JSON.stringify(await setupPlan(world, organizationId, id));
  // One id in all expectations.
  return JSON.parse(text.replaceAll(id, 'contoso'));
}

async function provisioned(): Promise<{ id: string }> {
  made += 1;
  const id = `provisioned-${made}`;
  const settings = { startFrom: tenantId, cloud: 'global', clientId, provisioning: true } as const;
  return createConnection(world, byItself, organizationId, { id, name: 'Contoso', ...settings });
}

const titles = ({ steps }: SetupPlan) => steps.map(({ title }) => title);
const stepOf = ({ steps }: { steps: PlanStep[] }, title: string): PlanStep => {
  const found = steps.find((step) => step.title === title);
  assert.ok(found, `there is no step "${title}"`);
  return found;
};
/** What is to be entered at a prompt. */
const valueAt = (step: PlanStep, what: RegExp): string | null | undefined =>
  step.actions.find((action) => what.test(action.do))?.value;
const registration = (page: string) =>
  `https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/${page}/appId/${clientId}`;

test('web application sign-in: a single-tenant registration with redirect URI, secret, claims and consent', async () => {
  const plan = await planFor({ startFrom: tenantId });
  assert.equal(plan.setUp, 'Web application sign-in');
  assert.deepEqual(titles(plan), [
    'Register the application',
    'Say where people come back to',
    'Make a client secret',
    'Choose what the id token tells',
    'Grant API permissions',
    'Test and activate',
  ]);
  const register = stepOf(plan, 'Register the application');
  assert.equal(valueAt(register, /^Name/), 'Portico (Contoso)');
  assert.equal(valueAt(register, /account types/), 'Accounts in this organizational directory only (Single tenant)');
  assert.equal(valueAt(register, /platform Web/), callback);
  assert.equal(valueAt(register, /tenant\) ID/), tenantId);
  assert.match(register.link ?? '', /^https:\/\/entra\.microsoft\.com\/#view\/.*CreateApplicationBlade/);
  const back = stepOf(plan, 'Say where people come back to');
  assert.equal(back.link, registration('Authentication'));
  assert.equal(valueAt(back, /Front-channel/), `${publicUrl}/oauth/logout/contoso`);
  assert.equal(valueAt(back, /public client/), 'No');
  const secret = stepOf(plan, 'Make a client secret');
  assert.equal(secret.link, registration('Credentials'));
  assert.equal(valueAt(secret, /Expires$/), '180 days');
  const claims = stepOf(plan, 'Choose what the id token tells');
  assert.equal(
    valueAt(claims, /optional claim > ID/),
    'email, xms_edov, verified_primary_email, login_hint, sid, acct, auth_time',
  );
  assert.equal(valueAt(claims, /groups claim/), 'Groups assigned to the application');
  assert.equal(valueAt(stepOf(plan, 'Grant API permissions'), /Delegated/), 'openid, profile, email');
  assert.deepEqual(
    plan.plan.permissions.map(({ kind, name, id }) => [kind, name, id]),
    [
      ['delegated', 'openid', '37f7f235-527c-4136-accd-4a02d197296e'],
      ['delegated', 'profile', '14dad69e-099b-42c9-810b-d002981feec1'],
      ['delegated', 'email', '64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0'],
    ],
  );
  assert.equal(plan.plan.appRegistration.signInAudience, 'AzureADMyOrg');
  assert.equal(plan.plan.assignment, null);
  assert.deepEqual(plan.presupposes, [
    'An admin with the role Application Administrator or Cloud Application Administrator, for everything but what follows.',
  ]);
});

test('federated sign-in for several tenants: a multi-tenant registration, and consent in each tenant', async () => {
  const plan = await planFor({ accountType: 'selectedTenants', tenantIds: [tenantId, second] });
  assert.equal(plan.setUp, 'Federated sign-in for several tenants');
  assert.equal(plan.plan.appRegistration.signInAudience, 'AzureADMultipleOrgs');
  assert.equal(
    valueAt(stepOf(plan, 'Register the application'), /account types/),
    'Accounts in any organizational directory (Any Microsoft Entra ID tenant - Multitenant)',
  );
  assert.deepEqual(plan.plan.consentIn, [tenantId, second]);
  assert.deepEqual(
    stepOf(plan, 'Have each tenant consent once').actions.map(({ value }) => value),
    [tenantId, second].map(
      (tenant) => `https://login.microsoftonline.com/${tenant}/adminconsent?client_id=${clientId}`,
    ),
  );
  assert.ok(plan.presupposes.some((line) => line.startsWith('An admin in each tenant')));
});

test('Exchange Online mail: application permissions or Exchange roles, and the trap of doing both', async () => {
  const plan = await planFor({ startFrom: tenantId, signIn: false, mailOut: true, mailIn: true });
  assert.equal(plan.setUp, 'Exchange Online mail, app-only');
  assert.deepEqual(titles(plan), [
    'Register the application',
    'Make a client secret',
    'Grant API permissions: mail in every mailbox',
    'Or open some mailboxes only',
    'Test and activate',
  ]);
  assert.deepEqual(plan.plan.appRegistration.redirectUris, []);
  assert.deepEqual(
    plan.plan.permissions.map(({ kind, name, id, exchangeRole }) => [kind, name, id, exchangeRole]),
    [
      ['application', 'Mail.Send', 'b633e1c5-b582-4048-a93e-9f11b44c7e96', 'Application Mail.Send'],
      ['application', 'Mail.ReadWrite', 'e2a3a72e-5f79-4c64-b1b1-878b674786c9', 'Application Mail.ReadWrite'],
    ],
  );
  const scope = stepOf(plan, 'Or open some mailboxes only');
  assert.equal(
    valueAt(scope, /role Application Mail\.Send/),
    `New-ManagementRoleAssignment -App ${clientId} -Role "Application Mail.Send" -CustomResourceScope "Portico contoso"`,
  );
  assert.match(valueAt(scope, /known/) ?? '', new RegExp(`^New-ServicePrincipal -AppId ${clientId} -ObjectId `));
  assert.match(scope.why ?? '', /add up/);
  assert.ok(plan.presupposes.some((line) => line.includes('Privileged Role Administrator')));
  assert.ok(plan.presupposes.some((line) => line.includes('Exchange Administrator')));
});

test('mail in only needs to read', async () => {
  const { plan } = await planFor({ startFrom: tenantId, signIn: false, mailIn: true });
  assert.deepEqual(
    plan.permissions.map(({ name }) => name),
    ['Mail.Read'],
  );
  assert.deepEqual(plan.mailboxScope?.roles, ['Application Mail.Read']);
});

test('profiles and SCIM provisioning with sign-in: an enterprise application, Tenant URL, objectId as externalId', async () => {
  const plan = await planFor({ startFrom: tenantId, provisioning: true });
  assert.equal(plan.setUp, 'User profiles and SCIM provisioning with sign-in');
  assert.deepEqual(titles(plan), [
    'Create the enterprise application',
    'Say where people come back to',
    'Make a client secret',
    'Choose what the id token tells',
    'Grant API permissions',
    'Assign people and groups',
    'Connect provisioning',
    'Map objectId to externalId',
    'Start provisioning',
    'Test and activate',
  ]);
  assert.equal(plan.plan.appRegistration.templateId, '8adf8e6e-67b2-4cf2-a259-e3dc5476c621');
  assert.equal(valueAt(stepOf(plan, 'Say where people come back to'), /Redirect URI/), callback);
  const connect = stepOf(plan, 'Connect provisioning');
  assert.equal(valueAt(connect, /^Tenant URL/), `${publicUrl}/scim/v2/contoso`);
  assert.equal(valueAt(connect, /Secret Token on/), 'portico directories tokens create contoso');
  assert.equal(valueAt(stepOf(plan, 'Map objectId to externalId'), /externalId: Source/), 'objectId');
  assert.equal(valueAt(stepOf(plan, 'Assign people and groups'), /required/), 'Yes');
  assert.deepEqual(plan.plan.provisioning, {
    template: 'scim',
    tenantUrl: `${publicUrl}/scim/v2/contoso`,
    objects: ['users', 'groups'],
    scope: 'assigned',
    authentication: ['bearer'],
    tokenEndpoint: `${publicUrl}/scim/oauth2/contoso/token`,
    clientIdentifier: 'contoso',
    workloadIdentities: [],
    matching: { users: 'userName', groups: 'displayName' },
    mappings: [{ object: 'user', entra: 'objectId', scim: 'externalId' }],
  });
  assert.ok(plan.presupposes.some((line) => line.startsWith('Microsoft Entra ID P1')));
});

test('§1.1: a directory that has a client secret gets the steps of OAuth 2.0 client credentials', async () => {
  const { id } = await provisioned();
  await issueCredential(world, byItself, 'clientSecret', organizationId, id, { name: 'Client secret' });
  const { plan, steps } = await setupPlan(world, organizationId, id);
  assert.deepEqual(plan.provisioning?.authentication, ['clientCredentials']);
  const connect = stepOf({ steps }, 'Connect provisioning');
  assert.equal(valueAt(connect, /^Select authentication method/), 'OAuth2 client credentials grant');
  assert.equal(valueAt(connect, /^Tenant URL/), `${publicUrl}/scim/v2/${id}`);
  assert.equal(valueAt(connect, /^Token endpoint/), `${publicUrl}/scim/oauth2/${id}/token`);
  assert.equal(valueAt(connect, /^Client identifier/), id);
  assert.equal(valueAt(connect, /^Client secret/), `portico directories client-secrets create ${id}`);
  assert.equal(valueAt(connect, /Secret Token/), undefined);
});

test('§1.1: a directory that trusts a workload identity gets the steps of federation, with what Entra must show', async () => {
  const { id } = await provisioned();
  const subject = 'd2f8ee76-c549-45b8-a143-f5b640669704';
  await trustAssertions(world, byItself, organizationId, id, { name: 'Entra', subject });
  const { plan, steps } = await setupPlan(world, organizationId, id);
  const issuer = `https://login.microsoftonline.com/${tenantId}/v2.0`;
  assert.deepEqual(plan.provisioning?.workloadIdentities, [{ issuer, subject, audience: `api://${clientId}` }]);
  const connect = stepOf({ steps }, 'Connect provisioning');
  assert.equal(valueAt(connect, /^Select authentication method/), 'Workload Identity Federation');
  assert.equal(valueAt(connect, /^Issuer/), issuer);
  assert.equal(valueAt(connect, /^Subject/), subject);
  assert.equal(valueAt(connect, /^Audience/), `api://${clientId}`);
  assert.equal(valueAt(connect, /^Token endpoint/), `${publicUrl}/scim/oauth2/${id}/token`);
  assert.equal(valueAt(connect, /^Client identifier/), id);
});

test('of several ways in each has its step, and one is said to be enough; what is revoked has none', async () => {
  const { id } = await provisioned();
  const token = await issueCredential(world, byItself, 'token', organizationId, id, { name: 'Secret Token' });
  await issueCredential(world, byItself, 'clientSecret', organizationId, id, { name: 'Client secret' });
  const connects = async () =>
    (await setupPlan(world, organizationId, id)).steps.filter(({ title }) => title.startsWith('Connect provisioning'));
  const both = await connects();
  assert.deepEqual(
    both.map(({ title }) => title),
    ['Connect provisioning: Bearer authentication', 'Connect provisioning: OAuth2 client credentials grant'],
  );
  for (const { why } of both) assert.match(why ?? '', /one is enough/);
  await withdrawCredential(world, byItself, 'token', organizationId, id, token.id);
  assert.deepEqual(
    (await connects()).map(({ title }) => title),
    ['Connect provisioning'],
  );
});

test('single sign-on with groups and roles: only assigned people, and the groups they were assigned by', async () => {
  const plan = await planFor({ startFrom: tenantId, registration: 'on' });
  assert.equal(plan.setUp, 'Single sign-on with groups and roles');
  assert.deepEqual(plan.plan.assignment, { required: true, appRoleId: '00000000-0000-0000-0000-000000000000' });
  assert.equal(plan.plan.appRegistration.groupMembershipClaims, 'ApplicationGroup');
  assert.match(stepOf(plan, 'Assign people and groups').why ?? '', /AADSTS50105/);
});

test('two set-ups at once are both named', async () => {
  const plan = await planFor({ startFrom: tenantId, provisioning: true, mailOut: true });
  assert.equal(plan.setUp, 'User profiles and SCIM provisioning with sign-in; Exchange Online mail, app-only');
});

test('the plan names the commands that do a step', async () => {
  const { steps } = await planFor({ startFrom: tenantId, provisioning: true, mailOut: true });
  const commands = steps.flatMap(({ actions }) => actions.flatMap(({ value }) => value?.match(/^portico .*/) ?? []));
  assert.deepEqual(commands, [
    'portico secrets rotate contoso',
    'portico directories tokens create contoso',
    'portico connections test contoso',
    'portico connections activate contoso',
  ]);
});

test('before the client id is known the links lead to the list of registrations', async () => {
  const plan = await planFor({ startFrom: tenantId, clientId: null });
  assert.match(stepOf(plan, 'Make a client secret').link ?? '', /ApplicationsListBlade$/);
  assert.equal(valueAt(stepOf(plan, 'Register the application'), /client\) ID/), null);
});

test('the plan is of the draft, which differs from what is live', async () => {
  const before = await planFor({ startFrom: tenantId });
  assert.equal(before.settings, 'draft');
  await changeConnection(world, byItself, organizationId, 'contoso', { mailOut: true }, undefined);
  assert.match((await setupPlan(world, organizationId, 'contoso')).setUp, /Exchange Online mail/);
});

const settings: ConnectionSettings = {
  ...firstSettings,
  name: 'Contoso',
  tenantId,
  clientId,
  provisioning: true,
  mailOut: true,
  mailIn: true,
};

const waysIn = { credentials: [], assertions: [] };

test('in the cloud of the US Government template and portal are its own', () => {
  const basis = { id: 'contoso', settings, cloud: clouds.usgov, publicUrl, waysIn };
  const plan = planOf(basis);
  assert.equal(plan.appRegistration.templateId, '4602d0b4-76bb-404b-bca9-2652e1a39c6d');
  const secret = stepOf({ steps: portalSteps({ ...basis, plan, unproven: [] }) }, 'Make a client secret');
  assert.match(secret.link ?? '', /^https:\/\/portal\.azure\.us\//);
});

test('where there is no portal, no step has a link', () => {
  const basis = { id: 'contoso', settings, cloud: { ...clouds.global, portalOrigin: undefined }, publicUrl, waysIn };
  const steps = portalSteps({ ...basis, plan: planOf(basis), unproven: [] });
  assert.deepEqual(
    steps.map(({ link }) => link),
    steps.map(() => null),
  );
});
