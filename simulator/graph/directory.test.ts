import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openGraph } from '../test-graph.ts';
import { graphOf } from '../test-person.ts';
import { startTestEntra } from '../test-tenant.ts';

const all = ['User.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.Read.All'];

async function start(users = 6, groups = 3) {
  const entra = await startTestEntra({ users, groups });
  return { entra, graph: await openGraph(entra, all), [Symbol.asyncDispose]: entra.close };
}

const person = (name: string) => ({
  userPrincipalName: `${name}@contoso.example`,
  displayName: name,
  mailNickname: name,
  accountEnabled: true,
  passwordProfile: { password: 'Zx7!mountain-goat', forceChangePasswordNextSignIn: false },
});
const to = (id: unknown) => ({ '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${id}` });

test('users: made with a password, changed, deleted, restored; refusals name the property', async (t) => {
  await using at = await start();
  const made = await at.graph('POST', '/users', person('zora'));
  assert.equal(made.status, 201, made.text);
  const path = `/users/${made.body['id']}`;
  assert.equal((await at.graph('PATCH', path, { jobTitle: 'Pilot', accountEnabled: false })).status, 204);
  const { body } = await at.graph('GET', `${path}?$select=jobTitle,accountEnabled,userType`);
  assert.deepEqual([body['jobTitle'], body['accountEnabled'], body['userType']], ['Pilot', false, 'Member']);
  const cases: readonly [name: string, body: object, message: RegExp][] = [
    [
      'a taken name',
      person('zora'),
      /Another object with the same value for property userPrincipalName already exists/,
    ],
    [
      'a foreign domain',
      { ...person('a'), userPrincipalName: 'a@else.example' },
      /domain portion of the userPrincipalName/,
    ],
    ['a weak password', { ...person('b'), passwordProfile: { password: 'secret' } }, /password complexity/],
    ['no password', { ...person('c'), passwordProfile: undefined }, /passwordProfile/],
    ['an unknown property', { ...person('d'), shoeSize: 4 }, /shoeSize/],
  ];
  for (const [name, wrong, message] of cases)
    await t.test(name, async () => {
      const refused = await at.graph('POST', '/users', wrong);
      assert.equal(refused.status, 400);
      assert.match(refused.text, message);
    });
  assert.equal((await at.graph('GET', '/users/b@contoso.example')).status, 404, 'nothing is left of a refused one');
  assert.equal((await at.graph('DELETE', path)).status, 204);
  assert.equal((await at.graph('GET', path)).status, 404);
  assert.equal((await at.graph('POST', `/directory/deletedItems/${made.body['id']}/restore`)).status, 200);
  assert.equal((await at.graph('GET', path)).status, 200);
});

test('one of many users is found by id, name or address without a walk', async () => {
  await using at = await start();
  const user = at.entra.contoso.users[2];
  for (const filter of [
    `id eq '${user?.id}'`,
    `userPrincipalName eq '${user?.userPrincipalName.replace("'", "''").toUpperCase()}'`,
    `mail eq '${user?.mail?.replace("'", "''")}'`,
    `proxyAddresses/any(x:x eq 'SMTP:${user?.mail?.replace("'", "''")}')`,
  ]) {
    const { value } = await at.graph('GET', `/users?$filter=${encodeURIComponent(filter)}`);
    assert.deepEqual([filter, value.map((found) => found['id'])], [filter, [user?.id]]);
  }
  assert.equal(
    (await at.graph('GET', `/users(userPrincipalName='${user?.userPrincipalName.replace("'", "''")}')`)).body['id'],
    user?.id,
  );
  const ordered = await at.graph('GET', '/users?$orderby=displayName&$top=3');
  const names = at.entra.contoso.users
    .map(({ displayName }) => displayName)
    .sort(new Intl.Collator('en', { sensitivity: 'base' }).compare);
  assert.deepEqual(
    ordered.value.map((found) => found['displayName']),
    names.slice(0, 3),
  );
});

test('groups: made with members, members added once and removed, all or nothing by PATCH', async () => {
  await using at = await start();
  const [one, two, three] = at.entra.contoso.users;
  const group = { displayName: 'Pilots', mailNickname: 'pilots', mailEnabled: false, securityEnabled: true };
  const made = await at.graph('POST', '/groups', { ...group, 'members@odata.bind': [to(one?.id)['@odata.id']] });
  assert.equal(made.status, 201, made.text);
  const path = `/groups/${made.body['id']}`;
  assert.equal((await at.graph('POST', `${path}/members/$ref`, to(two?.id))).status, 204);
  const twice = await at.graph('POST', `${path}/members/$ref`, to(two?.id));
  assert.deepEqual([twice.status, twice.code], [400, 'Request_BadRequest']);
  assert.match(twice.text, /already exist for the following modified properties: 'members'/);
  const bound = [three?.id, two?.id].map((id) => to(id)['@odata.id']);
  assert.equal((await at.graph('PATCH', path, { 'members@odata.bind': bound })).status, 400);
  const ids = async () => (await at.graph('GET', `${path}/Members?$select=id`)).value.map((member) => member['id']);
  assert.deepEqual(await ids(), [one?.id, two?.id], 'nobody was added');
  assert.equal(
    (await at.graph('PATCH', path, { 'members@odata.bind': bound.slice(0, 1), description: 'd' })).status,
    204,
  );
  assert.equal((await at.graph('DELETE', `${path}/members/${one?.id}/$ref`)).status, 204);
  assert.equal((await at.graph('DELETE', `${path}/members/${one?.id}/$ref`)).status, 404);
  assert.deepEqual(await ids(), [two?.id, three?.id]);
  assert.equal(
    (await at.graph('POST', `${path}/members/$ref`, to('11111111-2222-4333-8444-555555555555'))).status,
    404,
  );
  assert.equal((await at.graph('POST', '/groups', { ...group, groupTypes: ['Unified'] })).status, 400);
  assert.equal((await at.graph('DELETE', path)).status, 204);
  assert.equal((await at.graph('GET', path)).status, 404);
});

test('memberships are seen from both sides, directly and through other groups', async () => {
  await using at = await start(6, 2);
  const [inner, outer] = at.entra.contoso.groups;
  const user = at.entra.contoso.users.find(({ id }) => inner?.memberIds.has(id) && !outer?.memberIds.has(id));
  await at.graph('POST', `/groups/${outer?.id}/members/$ref`, to(inner?.id));
  const ids = async (path: string) => (await at.graph('GET', `${path}?$select=id`)).value.map((object) => object['id']);
  assert.deepEqual(await ids(`/users/${user?.id}/memberOf`), [inner?.id]);
  assert.deepEqual(new Set(await ids(`/users/${user?.id}/transitiveMemberOf`)), new Set([inner?.id, outer?.id]));
  assert.ok((await ids(`/groups/${outer?.id}/transitiveMembers/microsoft.graph.user`)).includes(user?.id));
  assert.deepEqual(await ids(`/groups/${outer?.id}/members/microsoft.graph.group`), [inner?.id]);
  const check = await at.graph('POST', `/users/${user?.id}/checkMemberGroups`, { groupIds: [outer?.id, user?.id] });
  assert.deepEqual(check.body['value'], [outer?.id]);
  const mine = await at.graph('POST', `/users/${user?.id}/getMemberGroups`, { securityEnabledOnly: true });
  assert.equal((mine.body['value'] as string[]).length, 2);
  const objects = await at.graph('POST', '/directoryObjects/getByIds', {
    ids: [user?.id, inner?.id, 'x'],
    types: ['user'],
  });
  assert.deepEqual(
    objects.value.map((object) => [object['id'], object['@odata.type']]),
    [[user?.id, '#microsoft.graph.user']],
  );
});

test('delta: a round of pages, then only what changed; users that are deleted, members that came and went', async () => {
  await using at = await start(12, 2);
  const round = async (path: string) => {
    const seen: Record<string, unknown>[] = [];
    for (let next: string | undefined = path; ; ) {
      const { body, value, text } = await at.graph('GET', next);
      seen.push(...value);
      if (typeof body['@odata.deltaLink'] === 'string') return { seen, link: body['@odata.deltaLink'] };
      next = String(body['@odata.nextLink']);
      assert.ok(next.startsWith('http'), text);
    }
  };
  const first = await round('/users/delta?$select=displayName,jobTitle&$top=5');
  assert.equal(first.seen.length, at.entra.contoso.users.length);
  assert.deepEqual(Object.keys(first.seen[0] ?? {}).sort(), ['displayName', 'id', 'jobTitle']);
  const [one, two, three] = at.entra.contoso.users;
  await at.graph('PATCH', `/users/${one?.id}`, { jobTitle: 'Pilot' });
  await at.graph('DELETE', `/users/${two?.id}`);
  const next = await round(first.link);
  assert.deepEqual(next.seen, [
    { id: one?.id, displayName: one?.displayName, jobTitle: 'Pilot' },
    { id: two?.id, '@removed': { reason: 'changed' } },
  ]);
  assert.deepEqual((await round(next.link)).seen, []);
  await at.graph('DELETE', `/directory/deletedItems/${two?.id}`);
  assert.deepEqual((await round(next.link)).seen, [{ id: two?.id, '@removed': { reason: 'deleted' } }]);

  const groups = await round('/groups/delta?$select=displayName,members');
  const staff = at.entra.contoso.groups[0];
  const whole = groups.seen.find(({ id }) => id === staff?.id)?.['members@delta'];
  assert.equal((whole as unknown[]).length, staff?.memberIds.size);
  await at.graph('DELETE', `/groups/${staff?.id}/members/${three?.id}/$ref`);
  const { seen } = await round(groups.link);
  const gone = { '@odata.type': '#microsoft.graph.user', id: three?.id, '@removed': { reason: 'deleted' } };
  assert.deepEqual(
    seen.map((group) => group['members@delta']),
    [[gone]],
  );

  assert.deepEqual((await round('/users/delta?$deltatoken=latest')).seen, []);
  await at.entra.control('POST', '/faults', { name: 'sync-state-lost', times: 1 });
  assert.deepEqual([(await at.graph('GET', groups.link)).status], [410]);
  assert.equal((await at.graph('GET', '/users/delta?$skiptoken=nonsense')).status, 400);
});

test('$batch: numbers as ids, one failing by itself, dependsOn, at most twenty; throttled one by one', async () => {
  await using at = await start();
  const user = at.entra.contoso.users[0];
  await at.entra.control('POST', '/faults', { name: 'throttle', path: '/groups', times: 1, retryAfter: 2.5 });
  const { body, status } = await at.graph('POST', '/$batch', {
    requests: [
      { id: 1, method: 'GET', url: `/users/${user?.userPrincipalName}?$select=id` },
      { id: '2', method: 'GET', url: '/users/nobody@contoso.example' },
      { id: '3', method: 'GET', url: '/me', dependsOn: ['2'] },
      { id: '4', method: 'GET', url: 'groups?$top=1' },
      {
        id: '5',
        method: 'PATCH',
        url: `/users/${user?.id}`,
        headers: { 'Content-Type': 'application/json' },
        body: { jobTitle: 'Pilot' },
        dependsOn: [1],
      },
      { id: '6', method: 'GET', url: '/users/$count', headers: { ConsistencyLevel: 'eventual' } },
    ],
  });
  assert.equal(status, 200);
  const responses = body['responses'] as {
    id: string;
    status: number;
    headers: Record<string, string>;
    body: unknown;
  }[];
  assert.deepEqual(
    responses.map(({ id, status: own }) => [id, own]),
    [
      ['1', 200],
      ['2', 404],
      ['3', 424],
      ['4', 429],
      ['5', 204],
      ['6', 200],
    ],
  );
  assert.deepEqual(responses[0]?.body, {
    '@odata.context': `${at.entra.url}/v1.0/$metadata#users/$entity`,
    id: user?.id,
  });
  assert.equal(responses[3]?.headers['Retry-After'], '2.5');
  assert.equal(at.entra.contoso.users[0]?.jobTitle, 'Pilot');
  const many = Array.from({ length: 21 }, (_, n) => ({ id: n, method: 'GET', url: '/users' }));
  assert.equal((await at.graph('POST', '/$batch', { requests: many })).status, 400);
  const same = [1, '1'].map((id) => ({ id, method: 'GET', url: '/users' }));
  assert.equal((await at.graph('POST', '/$batch', { requests: same })).status, 400);
});

test('the tenant: domains, and P1 among its subscriptions', async () => {
  await using at = await start(1, 0);
  const { value } = await at.graph('GET', '/domains');
  assert.deepEqual(
    value.map((domain) => [domain['id'], domain['isDefault'], domain['isInitial']]),
    [
      ['contoso.example', true, false],
      ['contoso.onmicrosoft.com', false, true],
    ],
  );
  assert.match((await at.graph('GET', '/subscribedSkus')).text, /"skuPartNumber":"AAD_PREMIUM"/);
});

test('§2.2: a person changes users with the scope and the role; every member may read', async () => {
  await using at = await start();
  const scopes = ['User.ReadWrite.All', 'Group.ReadWrite.All'];
  const [administrator, member] = [await graphOf(at.entra, 0, scopes), await graphOf(at.entra, 1, scopes)];
  const path = `/users/${at.entra.contoso.users[2]?.id}`;
  assert.equal((await member('GET', path)).status, 200);
  assert.equal((await member('PATCH', path, { jobTitle: 'x' })).code, 'Authorization_RequestDenied');
  assert.equal((await administrator('PATCH', path, { jobTitle: 'x' })).status, 204);
});
