import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openGraph } from '../test-graph.ts';
import { graphOf } from '../test-person.ts';
import { type ScimRecorder, startScimRecorder } from '../test-scim-recorder.ts';
import { startTestEntra } from '../test-tenant.ts';

const permissions = [
  'Application.ReadWrite.OwnedBy',
  'AppRoleAssignment.ReadWrite.All',
  'Application.Read.All',
  'ProvisioningLog.Read.All',
];
const userRole = '18d14569-c3bd-439b-9a66-3a2aee01d14f';

/** An application made of the non-gallery template, and the base of its synchronization. */
async function start() {
  const entra = await startTestEntra({ users: 4, groups: 1 });
  const recorder = await startScimRecorder();
  const graph = await openGraph(entra, permissions);
  const made = await graph('POST', '/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate', {
    displayName: 'Portico',
  });
  assert.equal(made.status, 201, made.text);
  const { application, servicePrincipal } = made.body as {
    application: { id: string };
    servicePrincipal: { id: string };
  };
  const path = `/servicePrincipals/${servicePrincipal.id}/synchronization`;
  const assign = async (principalId: string | undefined) => {
    const body = { principalId, resourceId: servicePrincipal.id, appRoleId: userRole };
    const given = await graph('POST', `/servicePrincipals/${servicePrincipal.id}/appRoleAssignedTo`, body);
    assert.equal(given.status, 201, given.text);
  };
  const secrets = (more: { key: string; value: string }[] = []) => [
    { key: 'BaseAddress', value: `${recorder.url}?aadOptscim062020` },
    { key: 'SecretToken', value: 't0k' },
    ...more,
  ];
  const addJob = async () => String((await graph('POST', `${path}/jobs`, { templateId: 'scim' })).body['id']);
  const end = async () => {
    await entra.close();
    await recorder[Symbol.asyncDispose]();
  };
  return { entra, recorder, graph, application, path, assign, secrets, addJob, [Symbol.asyncDispose]: end };
}

const settled = async (condition: () => Promise<boolean>): Promise<void> => {
  for (let turn = 0; turn < 100 && !(await condition()); turn += 1) await new Promise((done) => setTimeout(done, 20));
};

const posted = (recorder: ScimRecorder) =>
  recorder.requests
    .filter(({ method, path }) => method === 'POST' && path.includes('/Users'))
    .map(({ body }) => body['externalId']);

test('§2.1: instantiate makes both, with roles of people, and demands an assignment', async () => {
  await using at = await start();
  const { body } = await at.graph('GET', `/applications/${at.application.id}`);
  assert.equal(body['applicationTemplateId'], '8adf8e6e-67b2-4cf2-a259-e3dc5476c621');
  assert.deepEqual(
    (body['appRoles'] as { value: unknown; displayName: string }[]).map(({ value, displayName }) => [
      value,
      displayName,
    ]),
    [
      [null, 'User'],
      [null, 'msiam_access'],
    ],
  );
  const principal = await at.graph('GET', `/servicePrincipals(appId='${body['appId']}')`);
  assert.equal(principal.body['appRoleAssignmentRequired'], true);
  assert.equal(
    (await at.graph('GET', '/applicationTemplates/4602d0b4-76bb-404b-bca9-2652e1a39c6d')).status,
    404,
    'that of another cloud',
  );
  assert.ok((await at.graph('GET', "/applicationTemplates?$filter=displayName eq 'Custom'")).value.length === 1);
});

test('§2.1: a job is not configured, then runs with what was stored; the assigned are provisioned, and the log says it', async () => {
  await using at = await start();
  assert.deepEqual(
    (await at.graph('GET', `${at.path}/templates`)).value.map((template) => template['id']),
    ['scim', 'customappsso'],
  );
  assert.equal((await at.graph('POST', `${at.path}/jobs`, { templateId: 'nothing' })).status, 404);
  const id = await at.addJob();
  const job = `${at.path}/jobs/${id}`;
  const status = async () => (await at.graph('GET', job)).body['status'] as Record<string, unknown>;
  assert.equal((await status())['code'], 'NotConfigured');
  assert.equal((await at.graph('POST', `${job}/start`)).status, 400);
  const put = await at.graph('PUT', `${at.path}/secrets`, {
    value: at.secrets([
      { key: 'SyncNotificationSettings', value: '{"Enabled":false,"DeleteThresholdEnabled":false}' },
      { key: 'SyncAll', value: 'false' },
    ]),
  });
  assert.equal(put.status, 204, put.text);
  const stored = await at.graph('GET', `${at.path}/secrets`);
  assert.deepEqual(
    stored.value.map((secret) => secret['key']),
    ['BaseAddress', 'SecretToken', 'SyncNotificationSettings', 'SyncAll'],
  );
  assert.equal(stored.text.includes('t0k'), false);
  assert.equal((await status())['code'], 'NotRun');
  const [anna, second] = at.entra.contoso.users;
  await at.assign(anna?.id);
  assert.equal((await at.graph('POST', `${job}/start`)).status, 204);
  await settled(async () => (await status())['code'] === 'Active');
  assert.deepEqual(posted(at.recorder), [anna?.mailNickname]);
  assert.equal(at.recorder.requests[0]?.authorization, 'Bearer t0k');
  const { lastExecution, synchronizedEntryCountByType } = await status();
  assert.deepEqual(
    [(lastExecution as { state: string }).state, synchronizedEntryCountByType],
    [
      'Succeeded',
      [
        { key: 'User', value: 1 },
        { key: 'Group', value: 0 },
      ],
    ],
  );
  const log = await at.graph('GET', `/auditLogs/provisioning?$filter=jobId eq '${id}'`);
  assert.deepEqual(
    log.value.map((event) => [
      event['provisioningAction'],
      (event['provisioningStatusInfo'] as { status: string }).status,
    ]),
    [['create', 'success']],
  );
  assert.equal((await at.graph('POST', `${job}/pause`)).status, 204);
  assert.equal((await status())['code'], 'Paused');
  await at.assign(second?.id);
  assert.equal((await at.graph('POST', `${job}/restart`, { criteria: { resetScope: 'Full' } })).status, 204);
  await settled(async () => posted(at.recorder).length > 1);
  assert.deepEqual(posted(at.recorder), [anna?.mailNickname, second?.mailNickname]);
  assert.equal((await at.graph('POST', `${job}/restart`, { criteria: { resetScope: 'Everything' } })).status, 400);
  assert.equal((await at.graph('DELETE', job)).status, 204);
  assert.equal((await at.graph('GET', job)).status, 404);
});

test('§2.1: validateCredentials really asks the endpoint, with what is given or what is stored', async () => {
  await using at = await start();
  const id = await at.addJob();
  const validate = (body: object) => at.graph('POST', `${at.path}/jobs/${id}/validateCredentials`, body);
  assert.equal((await validate({ credentials: at.secrets() })).status, 204);
  assert.ok(at.recorder.requests.every(({ authorization }) => authorization === 'Bearer t0k'));
  at.recorder.mishap = () => 401;
  const refused = await validate({ credentials: at.secrets() });
  assert.deepEqual([refused.status, refused.code], [400, 'InvalidCredentials']);
  assert.equal((await validate({ useSavedCredentials: true })).status, 400, 'nothing is stored');
  at.recorder.mishap = () => undefined;
  await at.graph('PUT', `${at.path}/secrets`, { value: at.secrets() });
  assert.equal((await validate({ useSavedCredentials: true })).status, 204);
  assert.equal((await validate({ credentials: [{ key: 'BaseAddress', value: 'nowhere' }] })).status, 400);
  assert.equal((await validate({ credentials: [{ key: 'Colour', value: 'red' }] })).code, 'RequestBodyRead');
});

test('§2.1: the schema is read and written whole; objectId → externalId changes what is sent, DELETE brings the default back', async () => {
  await using at = await start();
  await at.graph('PUT', `${at.path}/secrets`, { value: at.secrets([{ key: 'SyncAll', value: 'true' }]) });
  const job = `${at.path}/jobs/${await at.addJob()}`;
  const text = (await at.graph('GET', `${job}/schema`)).text;
  type Mapping = { targetAttributeName: string; source: { expression: string; name: string } };
  type Schema = {
    synchronizationRules: {
      id: string;
      objectMappings: { sourceObjectName: string; attributeMappings: Mapping[] }[];
    }[];
  };
  const schema = JSON.parse(text) as Schema;
  const users = schema.synchronizationRules[0]?.objectMappings.find(
    ({ sourceObjectName }) => sourceObjectName === 'User',
  );
  const externalId = users?.attributeMappings.find(({ targetAttributeName }) => targetAttributeName === 'externalId');
  assert.ok(users && externalId);
  assert.equal(externalId.source.name, 'mailNickname');
  externalId.source = { ...externalId.source, expression: '[objectId]', name: 'objectId' };
  const title = users.attributeMappings.find(({ targetAttributeName }) => targetAttributeName === 'title');
  assert.ok(title);
  title.source = { ...title.source, expression: '[companyName]', name: 'companyName' };
  users.attributeMappings = users.attributeMappings.filter(
    ({ targetAttributeName }) => targetAttributeName !== 'displayName',
  );
  assert.equal((await at.graph('PUT', `${job}/schema`, schema)).status, 204);
  assert.match((await at.graph('GET', `${job}/schema`)).text, /"expression":"\[objectId\]"/);
  await at.graph('POST', `${job}/start`);
  await settled(async () => posted(at.recorder).length >= 4);
  const [sent] = at.recorder.requests.filter(({ method }) => method === 'POST');
  const user = at.entra.contoso.users.find(({ id }) => id === sent?.body['externalId']);
  assert.ok(user, 'externalId is an object id');
  assert.deepEqual([sent?.body['title'], sent?.body['displayName']], ['Contoso', null]);
  title.source = { ...title.source, expression: 'Mid([x], 1)', name: 'Mid' };
  const refused = await at.graph('PUT', `${job}/schema`, schema);
  assert.deepEqual([refused.status, refused.code], [400, 'SchemaInvalid']);
  assert.equal((await at.graph('DELETE', `${job}/schema`)).status, 204);
  assert.equal((await at.graph('GET', `${job}/schema`)).text, text);
});

test('§2.1: provisionOnDemand answers JSON inside strings, always in the default dialect, five times in ten seconds', async () => {
  await using at = await start();
  await at.graph('PUT', `${at.path}/secrets`, { value: at.secrets() });
  const job = `${at.path}/jobs/${await at.addJob()}`;
  const [anna, second] = at.entra.contoso.users;
  await at.assign(anna?.id);
  const { synchronizationRules } = JSON.parse((await at.graph('GET', `${job}/schema`)).text) as {
    synchronizationRules: { id: string }[];
  };
  const ruleId = synchronizationRules[0]?.id;
  const provision = (objectId: string | undefined, rule = ruleId) =>
    at.graph('POST', `${job}/provisionOnDemand`, {
      parameters: [{ ruleId: rule, subjects: [{ objectId, objectTypeName: 'User' }] }],
    });
  const made = await provision(anna?.id);
  assert.equal(made.status, 200, made.text);
  assert.deepEqual(JSON.parse(String(made.body['key'])), { result: 'Success', details: {} });
  const value = JSON.parse(String(made.body['value'])) as { action: string; provisioningSteps: { type: string }[] };
  assert.equal(value.action, 'Create');
  assert.deepEqual(
    value.provisioningSteps.map(({ type }) => type),
    ['Import', 'Matching', 'Scoping', 'Export'],
  );
  const codeOf = async (reply: ReturnType<typeof provision>) => {
    const { result, details } = JSON.parse(String((await reply).body['key'])) as {
      result: string;
      details: { errorCode: string };
    };
    return [result, details.errorCode];
  };
  assert.deepEqual(await codeOf(provision(anna?.id)), ['Skipped', 'RedundantExport']);
  assert.deepEqual(await codeOf(provision(second?.id)), ['Skipped', 'NotEffectivelyEntitled']);
  at.recorder.mishap = ({ method }) => (method === 'GET' ? 400 : undefined);
  assert.deepEqual((await codeOf(provision(anna?.id)))[0], 'Failure');
  assert.equal((await provision(anna?.id, 'ea807875-5618-4f0a-9125-0b46a05298ca')).status, 400);
  assert.equal((await provision('11111111-2222-4333-8444-555555555555')).status, 404);
  const throttled = await provision(anna?.id);
  assert.equal(throttled.status, 429);
  assert.match(throttled.headers.get('retry-after') ?? '', /^\d+\.\d{3}$/);
});

test('§2.2: a person sees to provisioning with the scope and the role of an Application Administrator', async () => {
  await using at = await start();
  const scopes = ['Synchronization.ReadWrite.All'];
  const administrator = await graphOf(at.entra, 0, scopes);
  assert.equal((await administrator('GET', `${at.path}/jobs`)).status, 200);
  const member = await graphOf(at.entra, 1, scopes);
  assert.equal((await member('GET', `${at.path}/jobs`)).code, 'Authorization_RequestDenied');
  const stranger = await openGraph(at.entra, ['Application.ReadWrite.OwnedBy']);
  assert.equal((await stranger('GET', `${at.path}/jobs`)).status, 403);
});
