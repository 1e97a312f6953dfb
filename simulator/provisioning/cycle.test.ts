import assert from 'node:assert/strict';
import test from 'node:test';
import type { User } from '../directory/tenant.ts';
import { type ScimRecorder, startScimRecorder } from '../test-scim-recorder.ts';
import { startTestEntra, type TestEntra } from '../test-tenant.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

type Setup = {
  readonly job: (action: string, body?: unknown) => Promise<Record<string, unknown>>;
  readonly cycle: () => Promise<Record<string, unknown>>;
  readonly view: () => Promise<Record<string, unknown>>;
};

async function connect(
  entra: TestEntra,
  recorder: ScimRecorder,
  settings: Record<string, unknown> = {},
): Promise<Setup> {
  const path = `/tenants/${entra.contoso.id}/provisioning`;
  const { id } = await entra.control('POST', path, { baseAddress: recorder.url, secretToken: 't0k', ...settings });
  const job: Setup['job'] = (action, body) => entra.control('POST', `${path}/${id}/${action}`, body);
  return { job, cycle: () => job('cycle'), view: () => entra.control('GET', `${path}/${id}`) };
}

function personAt(entra: TestEntra, position: number): Readonly<User> {
  const user = entra.contoso.users[position];
  assert.ok(user);
  return user;
}

test('test connection: filters for a random user and group, expects empty lists (MS: test connection)', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  await using recorder = await startScimRecorder();
  const { job } = await connect(entra, recorder);
  assert.equal((await job('test'))['ok'], true);
  const [users, groups] = recorder.requests;
  assert.match(users?.rawPath ?? '', /^\/scim\/Users\?filter=userName%20eq%20%22[0-9a-f-]{36}%22$/);
  assert.match(
    groups?.path ?? '',
    /^\/scim\/Groups\?excludedAttributes=members&filter=displayName eq "[0-9a-f-]{36}"$/,
  );
  assert.equal(users?.authorization, 'Bearer t0k');
  recorder.mishap = () => 401;
  assert.deepEqual(await job('test'), {
    ok: false,
    message: 'GET /Users: 401; the target does not accept the secret token',
  });
});

test('initial cycle: looked up by userName, then created as Entra’s default mapping has it', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  await using recorder = await startScimRecorder();
  const { cycle } = await connect(entra, recorder);
  const user = personAt(entra, 0);
  const report = await cycle();
  assert.equal(report['kind'], 'initial');
  assert.equal(report['created'], 1);
  const [lookup, create, ...rest] = recorder.requests.filter(
    ({ path, body }) => !path.includes('filter') || path.includes(user.userPrincipalName) || body['userName'],
  );
  assert.equal(lookup?.path, `/scim/Users?filter=userName eq "${user.userPrincipalName}"`);
  assert.equal(create?.contentType, 'application/scim+json; charset=utf-8');
  assert.equal(rest.length, 0);
  assert.deepEqual(create?.body, {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise],
    externalId: user.mailNickname,
    userName: user.userPrincipalName,
    active: true,
    displayName: user.displayName,
    title: user.jobTitle,
    preferredLanguage: user.preferredLanguage,
    emails: [
      { primary: true, type: 'work', value: user.mail },
      { type: 'other', value: `${user.mailNickname}@contoso.onmicrosoft.com` },
    ],
    meta: { resourceType: 'User' },
    name: { givenName: user.givenName, familyName: user.surname, formatted: `${user.givenName} ${user.surname}` },
    addresses: [
      {
        type: 'work',
        formatted: user.officeLocation,
        streetAddress: user.streetAddress,
        locality: user.city,
        region: user.state,
        postalCode: user.postalCode,
        country: user.country,
      },
    ],
    phoneNumbers: [
      { type: 'work', value: user.businessPhones[0] },
      { type: 'mobile', value: user.mobilePhone },
      { type: 'fax', value: user.faxNumber },
    ],
    roles: [],
    [enterprise]: { employeeNumber: user.employeeId, department: user.department, manager: null },
  });
});

test('absent parts of a create are explicit null; externalId may be mapped to objectId', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  await using recorder = await startScimRecorder();
  const made = await entra.control('POST', `/tenants/${entra.contoso.id}/users`, {
    displayName: 'Bare',
    userPrincipalName: "b.o'are@contoso.example",
  });
  const { job } = await connect(entra, recorder, { mapping: { externalId: 'objectId' } });
  const report = await job('on-demand', { userId: made['id'] });
  assert.equal(report['result'], 'Success');
  assert.equal(report['action'], 'created');
  assert.equal(recorder.requests[0]?.path, `/scim/Users?filter=userName eq "b.o'are@contoso.example"`);
  const { body } = recorder.requests[1] ?? assert.fail();
  assert.equal(body['externalId'], made['id']);
  for (const name of ['title', 'emails', 'addresses', 'phoneNumbers']) assert.equal(body[name], null, name);
});

const patchOf = (recorder: ScimRecorder): unknown =>
  recorder.requests.find(({ method }) => method === 'PATCH')?.body['Operations'];

const updates: readonly [name: string, settings: Record<string, unknown>, expected: readonly unknown[]][] = [
  [
    'default dialect: one capitalised op for each attribute, booleans as strings',
    {},
    [
      { op: 'Replace', path: 'active', value: 'False' },
      { op: 'Replace', path: 'displayName', value: 'Mara O' },
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'mo@contoso.example' },
      { op: 'Replace', path: 'name.familyName', value: 'O' },
      { op: 'Replace', path: `${enterprise}:department`, value: 'Ops' },
    ],
  ],
  [
    'aadOptscim062020: lower case, filtered paths apart, the rest without a path under dotted and URN keys',
    { dialect: 'aadOptscim062020' },
    [
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'mo@contoso.example' },
      {
        op: 'replace',
        value: { active: false, displayName: 'Mara O', 'name.familyName': 'O', [`${enterprise}:department`]: 'Ops' },
      },
    ],
  ],
];
for (const [name, settings, expected] of updates) {
  test(`update in the ${name}`, async () => {
    await using entra = await startTestEntra({ users: 1, groups: 0 });
    await using recorder = await startScimRecorder();
    const { cycle } = await connect(entra, recorder, settings);
    await cycle();
    recorder.requests.length = 0;
    const user = personAt(entra, 0);
    await entra.control('PATCH', `/tenants/${entra.contoso.id}/users/${user.id}`, {
      accountEnabled: false,
      displayName: 'Mara O',
      mail: 'mo@contoso.example',
      department: 'Ops',
    });
    // A family name alone, so that name.formatted stays as it is at the target.
    const resource = [...recorder.resources.values()].find(({ userName }) => userName === user.userPrincipalName);
    assert.ok(resource);
    resource['name'] = { givenName: user.givenName, familyName: 'Old', formatted: `${user.givenName} ${user.surname}` };
    const report = await cycle();
    assert.equal(report['kind'], 'incremental');
    assert.equal(report['disabled'], 1);
    assert.match(recorder.requests[0]?.path ?? '', /^\/scim\/Users\/t\d+$/);
    const sent = JSON.stringify(patchOf(recorder)).replaceAll(`"${user.surname}"`, '"O"');
    assert.deepEqual(JSON.parse(sent), expected);
  });
}

test('Add where the target has no value; no PATCH when nothing differs; null never clears', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  await using recorder = await startScimRecorder();
  const { cycle } = await connect(entra, recorder);
  await cycle();
  const user = personAt(entra, 0);
  const path = `/tenants/${entra.contoso.id}/users/${user.id}`;
  const resource = [...recorder.resources.values()].find(({ userName }) => userName === user.userPrincipalName);
  assert.ok(resource);
  resource['title'] = undefined;
  await entra.control('PATCH', path, { city: null });
  recorder.requests.length = 0;
  await cycle();
  assert.deepEqual(patchOf(recorder), [{ op: 'Add', path: 'title', value: user.jobTitle }]);
  recorder.requests.length = 0;
  await entra.control('PATCH', path, { country: null });
  assert.equal((await cycle())['skipped'], 1);
  assert.deepEqual(
    recorder.requests.map(({ method }) => method),
    ['GET'],
  );
});

const managers: readonly [string, unknown][] = [
  ['default', [{ op: 'Add', path: `${enterprise}:manager`, value: 'boss-1' }]],
  ['aadOptscim062020', [{ op: 'add', value: { [`${enterprise}:manager`]: { value: 'boss-1' } } }]],
];
for (const [dialect, expected] of managers) {
  test(`manager in ${dialect}: a later request, after asking whether the reference is there`, async () => {
    await using entra = await startTestEntra({ users: 3, groups: 0 });
    await using recorder = await startScimRecorder();
    const [boss, person] = [personAt(entra, 0), personAt(entra, 1)];
    recorder.resources.set('boss-1', { id: 'boss-1', resourceType: 'Users', userName: boss.userPrincipalName });
    const { job, view } = await connect(entra, recorder, { dialect });
    await job('cycle');
    const id = [...recorder.resources.values()].find(({ userName }) => userName === person.userPrincipalName)?.['id'];
    const check = recorder.requests.findIndex(
      ({ path }) => path === `/scim/Users?filter=id eq "${id}" and manager eq "boss-1"&attributes=id`,
    );
    const created = recorder.requests.findIndex(({ body }) => body['userName'] === person.userPrincipalName);
    const patch = recorder.requests.findIndex(({ method, path }) => method === 'PATCH' && path === `/scim/Users/${id}`);
    assert.ok(created >= 0 && created < check && check < patch, `${created} ${check} ${patch}`);
    assert.deepEqual(recorder.requests[patch]?.body['Operations'], expected);
    assert.equal((await view())['inEscrow'], 0);
  });
}

test('groups after users: looked up without members, created without members, members added many at a time', async () => {
  await using entra = await startTestEntra({ users: 120, groups: 1 });
  await using recorder = await startScimRecorder();
  const { cycle } = await connect(entra, recorder);
  const report = await cycle();
  const [group] = entra.contoso.groups;
  assert.ok(group);
  const first = recorder.requests.findIndex(({ path }) => path.startsWith('/scim/Groups'));
  assert.equal(
    recorder.requests.slice(first).some(({ path }) => path.startsWith('/scim/Users')),
    false,
  );
  const [lookup, create, ...patches] = recorder.requests.slice(first);
  assert.equal(lookup?.path, `/scim/Groups?excludedAttributes=members&filter=displayName eq "${group.displayName}"`);
  assert.deepEqual(create?.body, {
    schemas: [
      'urn:ietf:params:scim:schemas:core:2.0:Group',
      'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
    ],
    externalId: group.id,
    displayName: group.displayName,
    meta: { resourceType: 'Group' },
  });
  assert.equal(patches.length, 2);
  const operations = patches[0]?.body['Operations'];
  assert.ok(Array.isArray(operations));
  assert.equal(operations.length, 1);
  assert.equal(operations[0].op, 'Add');
  assert.equal(operations[0].path, 'members');
  assert.equal(operations[0].value.length, 100);
  assert.deepEqual(Object.keys(operations[0].value[0]), ['$ref', 'value']);
  // All Staff has everybody but the guest; the two disabled ones are not at the target.
  assert.equal(report['membersAdded'], 119);
});

const removals: readonly [string, (ids: readonly unknown[]) => unknown][] = [
  ['default', (ids) => [{ op: 'Remove', path: 'members', value: ids.map((value) => ({ $ref: null, value })) }]],
  ['aadOptscim062020', (ids) => ids.map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` }))],
];
for (const [dialect, expected] of removals) {
  test(`members removed in ${dialect}`, async () => {
    await using entra = await startTestEntra({ users: 5, groups: 1 });
    await using recorder = await startScimRecorder();
    const { cycle } = await connect(entra, recorder, { dialect });
    await cycle();
    const leavers = [personAt(entra, 1), personAt(entra, 2)];
    const [group] = entra.contoso.groups;
    await entra.control('POST', `/tenants/${entra.contoso.id}/groups/${group?.id}/members`, {
      remove: leavers.map(({ id }) => id),
    });
    recorder.requests.length = 0;
    const report = await cycle();
    assert.equal(report['membersRemoved'], 2);
    const ids = leavers.map(
      (user) => [...recorder.resources.values()].find(({ userName }) => userName === user.userPrincipalName)?.['id'],
    );
    assert.match(recorder.requests[0]?.path ?? '', /^\/scim\/Groups\/t\d+\?excludedAttributes=members$/);
    assert.deepEqual(patchOf(recorder), expected(ids));
  });
}

test('leavers: soft delete disables, restore enables without sending memberships again, hard delete deletes', async () => {
  await using entra = await startTestEntra({ users: 4, groups: 1 });
  await using recorder = await startScimRecorder();
  const { cycle } = await connect(entra, recorder);
  const initial = await cycle();
  assert.equal(
    recorder.requests.some(({ body }) => body['active'] === false),
    false,
    'a disabled user is not created',
  );
  assert.deepEqual(initial['users'], { created: 4, updated: 0, disabled: 0, deleted: 0, failed: 0, skipped: 2 });
  const user = personAt(entra, 1);
  const path = `/tenants/${entra.contoso.id}/users/${user.id}`;

  await entra.control('DELETE', path);
  recorder.requests.length = 0;
  assert.equal((await cycle())['disabled'], 1);
  assert.deepEqual(patchOf(recorder), [{ op: 'Replace', path: 'active', value: 'False' }]);
  assert.equal((await cycle())['requests'], 0);

  await entra.control('POST', `${path}/restore`);
  recorder.requests.length = 0;
  const restored = await cycle();
  assert.equal(restored['membersAdded'], 0);
  assert.deepEqual(patchOf(recorder), [{ op: 'Replace', path: 'active', value: 'True' }]);

  await entra.control('DELETE', `${path}?hard=true`);
  recorder.requests.length = 0;
  assert.equal((await cycle())['deleted'], 1);
  assert.equal(recorder.requests.filter(({ method }) => method === 'DELETE').length, 1);
});

test('scope assigned: only assigned people and groups; who is unassigned and then deleted is disabled, never deleted', async () => {
  await using entra = await startTestEntra({ users: 4, groups: 2 });
  await using recorder = await startScimRecorder();
  const app = await entra.register();
  const assignments = `/tenants/${entra.contoso.id}/applications/${app.appId}/assignments`;
  const [one, two] = [personAt(entra, 0), personAt(entra, 1)];
  await entra.control('POST', assignments, { users: [one.id, two.id] });
  const { cycle } = await connect(entra, recorder, { scope: 'assigned', appId: app.appId });
  assert.equal((await cycle())['created'], 2);
  await entra.control('DELETE', `${assignments}/${two.id}`);
  assert.equal((await cycle())['disabled'], 1);
  await entra.control('DELETE', `/tenants/${entra.contoso.id}/users/${two.id}?hard=true`);
  const last = await cycle();
  assert.equal(last['deleted'], 0);
  assert.equal(
    recorder.requests.some(({ method }) => method === 'DELETE'),
    false,
  );
});

test('a create whose answer was lost meets its own first write: no second POST', async () => {
  await using entra = await startTestEntra({ users: 6, groups: 0 });
  await using recorder = await startScimRecorder();
  const lost = new Set<unknown>();
  recorder.mishap = ({ method, body }) => {
    if (method !== 'POST' || lost.has(body['userName'])) return undefined;
    lost.add(body['userName']);
    return 'cutAfter';
  };
  const { cycle } = await connect(entra, recorder);
  const report = await cycle();
  assert.equal(report['failed'], 0);
  assert.equal(recorder.requests.filter(({ method }) => method === 'POST').length, 6);
  assert.equal(recorder.resources.size, 6);
});

test('a target that does not answer: objects stay due and the next cycle sends them', async () => {
  await using entra = await startTestEntra({ users: 20, groups: 2 });
  await using recorder = await startScimRecorder();
  let broken = true;
  recorder.mishap = ({ method, path }) =>
    broken && (method === 'POST' || path.includes('/Groups')) ? 'cutBefore' : undefined;
  const { cycle, view } = await connect(entra, recorder);
  const first = await cycle();
  assert.match(String(first['stopped']), /does not answer/);
  assert.equal((await view())['watermark'], null);
  broken = false;
  const second = await cycle();
  assert.equal(second['failed'], 0);
  assert.equal(second['stopped'], null);
  assert.deepEqual((await view())['quarantine'], null);
  assert.equal([...recorder.resources.values()].filter(({ resourceType }) => resourceType === 'Users').length, 20);
});

test('a refused object is retried at the next cycle, then 6, 12 and 24 hours after the first failure', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  await using recorder = await startScimRecorder();
  const { userPrincipalName } = personAt(entra, 0);
  recorder.mishap = ({ method, body }) =>
    method === 'POST' && body['userName'] === userPrincipalName ? 409 : undefined;
  const { cycle } = await connect(entra, recorder);
  const tried = async (): Promise<unknown> => (await cycle())['failed'];
  const first = await cycle();
  assert.equal(first['failed'], 1);
  const failures = first['failures'];
  assert.ok(Array.isArray(failures));
  assert.equal(failures[0].status, 409);
  assert.equal(failures[0].name, userPrincipalName);
  const hours = (count: number): Promise<unknown> =>
    entra.control('POST', '/clock', { advanceMs: count * 3_600_000 + 1000 });
  assert.equal(await tried(), 1, 'next cycle');
  assert.equal(await tried(), 0, 'then not before six hours');
  await hours(6);
  assert.equal(await tried(), 1, 'six hours');
  assert.equal(await tried(), 0);
  await hours(6);
  assert.equal(await tried(), 1, 'twelve hours');
  await hours(12);
  assert.equal(await tried(), 1, 'twenty-four hours');
  await hours(24);
  assert.equal(await tried(), 1, 'then daily');
});

test('quarantine: 401, and 404 to a filter; a cycle that goes through ends it', async (t) => {
  await using entra = await startTestEntra({ users: 5, groups: 0 });
  await using recorder = await startScimRecorder();
  for (const status of [401, 404]) {
    await t.test(`${status}`, async () => {
      recorder.mishap = () => status;
      const { cycle, view } = await connect(entra, recorder);
      const report = await cycle();
      assert.match(String(report['stopped']), new RegExp(`: ${status}`));
      assert.ok(Number(report['requests']) <= 4);
      const shown = await view();
      assert.equal(shown['status'], 'Quarantine');
      recorder.mishap = () => undefined;
      await cycle();
      assert.equal((await view())['quarantine'], null);
    });
  }
});

test('restart: everything is matched and compared again, without a PATCH for what is equal', async () => {
  await using entra = await startTestEntra({ users: 5, groups: 0 });
  await using recorder = await startScimRecorder();
  const { job, cycle } = await connect(entra, recorder);
  await cycle();
  await job('restart');
  recorder.requests.length = 0;
  const report = await cycle();
  assert.equal(report['kind'], 'initial');
  assert.equal(report['created'], 0);
  assert.equal(
    recorder.requests.some(({ method }) => method === 'POST'),
    false,
  );
});

test('on demand: the default dialect, whatever the job says', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  await using recorder = await startScimRecorder();
  const { job, cycle } = await connect(entra, recorder, { dialect: 'aadOptscim062020' });
  await cycle();
  const user = personAt(entra, 0);
  await entra.control('PATCH', `/tenants/${entra.contoso.id}/users/${user.id}`, { displayName: 'On Demand' });
  recorder.requests.length = 0;
  const report = await job('on-demand', { userId: user.userPrincipalName });
  assert.equal(report['action'], 'updated');
  assert.deepEqual(patchOf(recorder), [{ op: 'Replace', path: 'displayName', value: 'On Demand' }]);
});

test('the flag in the Tenant URL sets the dialect and rides along on every request', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  await using recorder = await startScimRecorder();
  const { job, view } = await connect(entra, recorder, { baseAddress: `${recorder.url}?aadOptscim062020` });
  assert.equal((await view())['dialect'], 'aadOptscim062020');
  await job('test');
  assert.match(recorder.requests[0]?.rawPath ?? '', /^\/scim\/Users\?filter=.*&aadOptscim062020$/);
});

test('start runs cycles in compressed time until pause', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  await using recorder = await startScimRecorder();
  const { job, view } = await connect(entra, recorder, { intervalMs: 20 });
  assert.equal((await job('start'))['status'], 'Active');
  while (Number((await view())['cycles']) < 3) await new Promise((resolve) => setTimeout(resolve, 10));
  await job('pause');
  assert.equal((await view())['status'], 'Paused');
});

test('provisioning control: bad input names the field', async (t) => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  const cases: readonly [body: Record<string, unknown>, message: RegExp][] = [
    [{ secretToken: 't' }, /^baseAddress: /],
    [{ baseAddress: 'ftp://x', secretToken: 't' }, /^baseAddress: /],
    [{ baseAddress: 'http://x', secretToken: 't', dialect: 'new' }, /^dialect: /],
    [{ baseAddress: 'http://x', secretToken: 't', scope: 'assigned' }, /^appId: /],
    [{ baseAddress: 'http://x', secretToken: 't', interval: 5 }, /interval/],
  ];
  for (const [body, message] of cases) {
    await t.test(JSON.stringify(body), async () => {
      await assert.rejects(entra.control('POST', `/tenants/${entra.contoso.id}/provisioning`, body), (error: Error) => {
        assert.match(error.message, /: 400 /);
        assert.match(JSON.parse(error.message.slice(error.message.indexOf('{'))).error.message, message);
        return true;
      });
    });
  }
});
