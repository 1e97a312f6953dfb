import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '#scim';
import { groupUrn, idOf, resourcesOf, userUrn } from '../directory/scim-world.ts';
import { assertRefused, type Client, onEachDatabase } from './on-each-database.ts';

const microsoftUrn = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';

onEachDatabase("Entra's requests about groups", (client: Client) => {
  const createGroup = (displayName: string, members?: unknown[]) =>
    client.create('/Groups', { schemas: [groupUrn], displayName, ...(members === undefined ? {} : { members }) });
  const membersOf = async (id: string): Promise<unknown[]> =>
    (((await client.read(`/Groups/${id}`))['members'] ?? []) as JsonObject[]).map(({ value }) => value);

  test("entra §1.8: created without members, with Microsoft's own URN", async () => {
    const sent = {
      schemas: [groupUrn, microsoftUrn],
      externalId: '5f0c0000-1111-4222-8333-944455556666',
      displayName: 'Ops',
      meta: { resourceType: 'Group' },
    };
    const { status, headers, body } = await client.send('POST', '/Groups', sent);
    assert.equal(status, 201);
    assert.equal(headers.get('location'), `${client.tenantUrl}/Groups/${String(body['id'])}`);
    const { id: _, meta: __, ...rest } = body;
    assert.deepEqual(rest, { schemas: [groupUrn], externalId: sent.externalId, displayName: 'Ops' });
    assertRefused(await client.send('POST', '/Groups', sent), 409, 'uniqueness');
  });

  test('entra §1.3: found by displayName without case or by externalId, members left out', async () => {
    const id = await createGroup('Lookup', ['m-1']);
    await client.patch(`/Groups/${id}`, { op: 'Replace', path: 'externalId', value: 'ext-lookup' });
    for (const filter of ['displayName eq "LOOKUP"', 'externalId eq "ext-lookup"', 'displayName eq Lookup']) {
      const answer = await client.get(`/Groups?excludedAttributes=members&filter=${encodeURIComponent(filter)}`);
      assert.deepEqual(
        resourcesOf(answer).map((each) => [each['id'], each['members']]),
        [[id, undefined]],
        filter,
      );
    }
    assert.deepEqual(await client.found('/Groups', 'displayName eq "Nobody knows"'), []);
    assert.equal((await client.read(`/Groups/${id}?excludedAttributes=members`))['members'], undefined);
  });

  test('entra §1.3: is somebody a member? id and members, in either order', async () => {
    const user = await client.create('/Users', { schemas: [userUrn], userName: 'member@x.example' });
    const id = await createGroup('Asked', [user]);
    for (const filter of [`id eq "${id}" and members eq "${user}"`, `members eq ${user} and id eq ${id}`]) {
      const answer = await client.get(`/Groups?filter=${encodeURIComponent(filter)}&attributes=id`);
      assert.equal(resourcesOf(answer).length, 1, filter);
    }
    assert.deepEqual(await client.found('/Groups', `id eq "${id}" and members eq "nobody"`), []);
  });

  const renames: readonly [string, unknown][] = [
    ['by path', { op: 'Replace', path: 'displayName', value: 'New' }],
    ['without path', { op: 'replace', value: { displayName: 'New' } }],
    ['Okta: with its id', { op: 'replace', value: { id: 'x', displayName: 'New' } }],
  ];
  for (const [what, operation] of renames) {
    test(`entra §1.8: renamed ${what}: 204`, async () => {
      const id = await createGroup(client.fresh('Old'));
      const name = client.fresh('New');
      const named = JSON.parse(JSON.stringify(operation).replaceAll('"New"', JSON.stringify(name)));
      assert.equal((await client.patch(`/Groups/${id}`, named)).status, 204);
      const group = await client.read(`/Groups/${id}`);
      assert.deepEqual([group['displayName'], group['id']], [name, id]);
    });
  }

  const memberships: readonly [string, unknown[], string[]][] = [
    ['added, $ref null', [{ op: 'Add', path: 'members', value: [{ $ref: null, value: 'c' }] }], ['a', 'b', 'c']],
    [
      'many added at once',
      [{ op: 'Add', path: 'members', value: [{ value: 'c' }, { value: 'd' }] }],
      ['a', 'b', 'c', 'd'],
    ],
    ['added again', [{ op: 'Add', path: 'members', value: [{ value: 'a' }] }], ['a', 'b']],
    ['added as a bare string', [{ op: 'Add', path: 'members', value: 'string id 1' }], ['a', 'b', 'string id 1']],
    [
      'added with further keys beside the operation',
      [{ name: 'addMember', id: '7', op: 'Add', path: 'members', value: [{ value: 'c' }] }],
      ['a', 'b', 'c'],
    ],
    ['added without a path', [{ op: 'add', value: { members: [{ value: 'c' }] } }], ['a', 'b', 'c']],
    ['one removed by a list', [{ op: 'Remove', path: 'members', value: [{ $ref: null, value: 'a' }] }], ['b']],
    ['one removed by a filter', [{ op: 'remove', path: 'members[value eq "a"]' }], ['b']],
    ['all removed', [{ op: 'remove', path: 'members' }], []],
    ['a stranger removed', [{ op: 'Remove', path: 'members', value: [{ value: 'stranger' }] }], ['a', 'b']],
    ['a stranger removed by a filter', [{ op: 'remove', path: 'members[value eq "stranger"]' }], ['a', 'b']],
    [
      'one replaced by another in one request',
      [
        { op: 'remove', path: 'members[value eq "a"]' },
        { op: 'add', path: 'members', value: [{ value: 'c' }] },
      ],
      ['b', 'c'],
    ],
  ];
  for (const [what, operations, expected] of memberships) {
    test(`entra §1.8: members: ${what}`, async () => {
      const id = await createGroup(client.fresh('Members'), [{ value: 'a' }, { value: 'b' }]);
      const answer = await client.patch(`/Groups/${id}`, ...operations);
      assert.deepEqual([answer.status, answer.text], [204, '']);
      assert.deepEqual(await membersOf(id), expected);
    });
  }

  test('entra §1.9: members who are switched off and on again are members all the while', async () => {
    const user = await client.create('/Users', { schemas: [userUrn], userName: 'resting@x.example' });
    const id = await createGroup('Resting', [user]);
    await client.patch(`/Users/${user}`, { op: 'Replace', path: 'active', value: 'False' });
    assert.deepEqual(await membersOf(id), [user]);
    await client.patch(`/Users/${user}`, { op: 'Replace', path: 'active', value: 'True' });
    assert.deepEqual(await membersOf(id), [user]);
  });

  test('entra §1.9: deleted, and deleted again', async () => {
    const id = await createGroup('Going', ['a']);
    assert.equal((await client.send('DELETE', `/Groups/${id}`)).status, 204);
    assertRefused(await client.send('DELETE', `/Groups/${id}`), 404);
    assert.notEqual(idOf(await client.send('POST', '/Groups', { schemas: [groupUrn], displayName: 'Going' })), id);
  });
});
