import assert from 'node:assert/strict';
import test from 'node:test';
import { connectJob, firstPatch, personAt } from '../test-provisioning.ts';
import { startScimRecorder } from '../test-scim-recorder.ts';
import { startTestEntra } from '../test-tenant.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

test('test connection: filters for a random user and group, expects empty lists (MS: test connection)', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  await using recorder = await startScimRecorder();
  const { job } = await connectJob(entra, recorder);
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
    message: 'GET /Users: 401; the target does not accept the secret token: mishap',
  });
});

test('initial cycle: looked up by userName, then created as Entra’s default mapping has it', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  await using recorder = await startScimRecorder();
  const { cycle } = await connectJob(entra, recorder);
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
  const { job } = await connectJob(entra, recorder, { mapping: { externalId: 'objectId' } });
  const report = await job('on-demand', { userId: made['id'] });
  assert.equal(report['result'], 'Success');
  assert.equal(report['action'], 'created');
  assert.equal(recorder.requests[0]?.path, `/scim/Users?filter=userName eq "b.o'are@contoso.example"`);
  const { body } = recorder.requests[1] ?? assert.fail();
  assert.equal(body['externalId'], made['id']);
  for (const name of ['title', 'emails', 'addresses', 'phoneNumbers']) assert.equal(body[name], null, name);
});

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
    const { cycle } = await connectJob(entra, recorder, settings);
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
    const sent = JSON.stringify(firstPatch(recorder)).replaceAll(`"${user.surname}"`, '"O"');
    assert.deepEqual(JSON.parse(sent), expected);
  });
}

test('Add where the target has no value; no PATCH when nothing differs; null never clears', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  await using recorder = await startScimRecorder();
  const { cycle } = await connectJob(entra, recorder);
  await cycle();
  const user = personAt(entra, 0);
  const path = `/tenants/${entra.contoso.id}/users/${user.id}`;
  const resource = [...recorder.resources.values()].find(({ userName }) => userName === user.userPrincipalName);
  assert.ok(resource);
  resource['title'] = undefined;
  await entra.control('PATCH', path, { city: null });
  recorder.requests.length = 0;
  await cycle();
  assert.deepEqual(firstPatch(recorder), [{ op: 'Add', path: 'title', value: user.jobTitle }]);
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
    const { job, view } = await connectJob(entra, recorder, { dialect });
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
  const { cycle } = await connectJob(entra, recorder);
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
    const { cycle } = await connectJob(entra, recorder, { dialect });
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
    assert.deepEqual(firstPatch(recorder), expected(ids));
  });
}

test('on demand: the default dialect, whatever the job says', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  await using recorder = await startScimRecorder();
  const { job, cycle } = await connectJob(entra, recorder, { dialect: 'aadOptscim062020' });
  await cycle();
  const user = personAt(entra, 0);
  await entra.control('PATCH', `/tenants/${entra.contoso.id}/users/${user.id}`, { displayName: 'On Demand' });
  recorder.requests.length = 0;
  const report = await job('on-demand', { userId: user.userPrincipalName });
  assert.equal(report['action'], 'updated');
  assert.deepEqual(firstPatch(recorder), [{ op: 'Replace', path: 'displayName', value: 'On Demand' }]);
});

test('the flag in the Tenant URL sets the dialect and rides along on every request', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  await using recorder = await startScimRecorder();
  const { job, view } = await connectJob(entra, recorder, { baseAddress: `${recorder.url}?aadOptscim062020` });
  assert.equal((await view())['dialect'], 'aadOptscim062020');
  await job('test');
  assert.match(recorder.requests[0]?.rawPath ?? '', /^\/scim\/Users\?filter=.*&aadOptscim062020$/);
});
