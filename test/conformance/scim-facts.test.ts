import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '#scim';
import { enterpriseUrn, groupUrn, idOf, resourcesOf, userUrn } from '../directory/scim-world.ts';
import { assertRefused, at, type Client, ofType, onEachDatabase } from './on-each-database.ts';

onEachDatabase('facts that no single client stands for', (client: Client) => {
  const user = (userName: string, more: JsonObject = {}): JsonObject => ({ schemas: [userUrn], userName, ...more });

  test("entra §1.3: unquoted literals of Microsoft's own material are understood", async () => {
    const id = await client.create('/Users', user('Olga', { externalId: 'jyoung' }));
    for (const filter of ['externalId eq jyoung', 'userName sw O', 'meta.Created gt 2015-10-10T14:38:21-07:00']) {
      assert.deepEqual(
        (await client.found('/Users', filter)).map((each) => each['id']),
        [id],
        filter,
      );
    }
  });

  test('entra §1.3: members eq "x" and members[value eq "x"] are the groups of somebody', async () => {
    const member = await client.create('/Users', user(client.fresh('member')));
    const id = await client.create('/Groups', {
      schemas: [groupUrn],
      displayName: client.fresh('G'),
      members: [{ value: member }],
    });
    for (const filter of [
      `members eq "${member}"`,
      `members[value eq "${member}"]`,
      `id eq "${id}" and members eq "${member}"`,
    ])
      assert.deepEqual(
        (await client.found('/Groups', filter)).map((each) => each['id']),
        [id],
        filter,
      );
  });

  test('entra §1.7: a role as a JSON document in a string is taken apart, and its id kept', async () => {
    const id = await client.create('/Users', user(client.fresh('role')));
    const value = '{"id":"5f0c","value":"25","displayName":"Role 25"}';
    const { body } = await client.patch(`/Users/${id}`, { op: 'Add', path: 'roles', value: [{ value }] });
    assert.deepEqual(body['roles'], [{ id: '5f0c', value: '25', display: 'Role 25' }]);
  });

  test('entra §1.7: an assertive replace of roles removes the rest', async () => {
    const roles = [
      { primary: false, type: 't', display: 'A', value: 'a' },
      { primary: false, type: 't', display: 'B', value: 'b' },
    ];
    const id = await client.create('/Users', user(client.fresh('role'), { roles }));
    const { body } = await client.patch(`/Users/${id}`, { op: 'replace', path: 'roles', value: [{ ...roles[1] }] });
    assert.deepEqual(body['roles'], [roles[1]]);
    const mapped = { op: 'replace', path: 'roles[primary eq "True"].value', value: 'Admin' };
    const next = await client.patch(`/Users/${id}`, mapped);
    assert.deepEqual((next.body['roles'] as JsonObject[]).at(-1), { primary: true, value: 'Admin' });
  });

  test('entra §1.10: the body of an error has exactly schemas, status as text, scimType and detail', async () => {
    const name = client.fresh('twice');
    await client.create('/Users', user(name));
    const { status, body } = await client.send('POST', '/Users', user(name));
    const { detail, ...rest } = body;
    assert.equal(typeof detail, 'string');
    assert.deepEqual(
      [status, rest],
      [409, { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '409', scimType: 'uniqueness' }],
    );
  });

  test('RFC 7643 §2.4: a pair of type and value is there once; a second primary makes the first none', async () => {
    const id = await client.create(
      '/Users',
      user(client.fresh('pairs'), {
        emails: [
          { type: 'work', value: 'a@x' },
          { type: 'work', value: 'a@x' },
        ],
      }),
    );
    assert.equal(((await client.read(`/Users/${id}`))['emails'] as unknown[]).length, 1);
    await client.patch(`/Users/${id}`, {
      op: 'add',
      path: 'emails',
      value: [{ type: 'home', value: 'h@x', primary: true }],
    });
    await client.patch(`/Users/${id}`, {
      op: 'add',
      path: 'emails',
      value: [{ type: 'other', value: 'o@x', primary: true }],
    });
    const { body } = await client.get(`/Users/${id}`);
    assert.deepEqual(
      [ofType(body, 'emails', 'home')?.['primary'], ofType(body, 'emails', 'other')?.['primary']],
      [false, true],
    );
  });

  test('RFC 7643 §4.1.2: groups of a user are read only, and passed over where they are sent', async () => {
    const groups = [{ value: 'g', display: 'G' }];
    const created = await client.send('POST', '/Users', user(client.fresh('groups'), { groups }));
    assert.deepEqual([created.status, created.body['groups']], [201, undefined]);
    const path = `/Users/${idOf(created)}`;
    assertRefused(await client.patch(path, { op: 'add', path: 'groups', value: groups }), 400, 'mutability');
    assert.equal((await client.patch(path, { op: 'add', value: { groups } })).status, 200);
  });

  test('RFC 7643 §7: a password is written, and neither returned, found, sorted nor shown by attributes', async () => {
    const created = await client.send(
      'POST',
      '/Users?attributes=password,userName',
      user(client.fresh('pw'), { password: 'S3cret!x' }),
    );
    assert.ok(!created.text.includes('S3cret'));
    const path = `/Users/${idOf(created)}`;
    const patched = await client.patch(path, { op: 'replace', path: 'password', value: 'S3cret!y' });
    assert.ok(patched.status === 200 && !patched.text.includes('S3cret'));
    assertRefused(await client.get('/Users?filter=password%20eq%20%22x%22'), 400, 'invalidFilter');
    assertRefused(await client.get('/Users?sortBy=password'), 400, 'invalidPath');
  });

  test('RFC 7644 §3.6: the name of a deleted group is free', async () => {
    const displayName = client.fresh('Free');
    const id = await client.create('/Groups', { schemas: [groupUrn], displayName });
    assert.equal((await client.send('DELETE', `/Groups/${id}`)).status, 204);
    for (const method of ['GET', 'DELETE']) assertRefused(await client.send(method, `/Groups/${id}`), 404);
    assertRefused(await client.send('PUT', `/Groups/${id}`, { schemas: [groupUrn], displayName }), 404);
    assertRefused(await client.patch(`/Groups/${id}`, { op: 'replace', path: 'displayName', value: 'x' }), 404);
    await client.create('/Groups', { schemas: [groupUrn], displayName: displayName.toUpperCase() });
  });

  test('RFC 7644 §3.9: attributes and excludedAttributes on every answer about a group', async () => {
    const displayName = client.fresh('Shown');
    const body = { schemas: [groupUrn], displayName, externalId: 'e', members: [{ value: 'm' }] };
    const keysOf = (resource: JsonObject) => Object.keys(resource).sort().join(' ');
    const created = await client.send('POST', '/Groups?attributes=members.value', body);
    assert.deepEqual([created.status, keysOf(created.body)], [201, 'id members schemas']);
    assert.deepEqual(created.body['members'], [{ value: 'm' }]);
    const path = `/Groups/${idOf(created)}`;
    const put = await client.send('PUT', `${path}?excludedAttributes=members,meta`, body);
    assert.deepEqual([put.status, keysOf(put.body)], [200, 'displayName externalId id schemas']);
    const patch = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', path: 'externalId', value: 'f' }],
    };
    const patched = await client.send('PATCH', `${path}?attributes=EXTERNALID`, patch);
    assert.deepEqual(
      [patched.status, keysOf(patched.body), patched.body['externalId']],
      [200, 'externalId id schemas', 'f'],
    );
    const read = await client.get(`${path}?attributes=${groupUrn}:displayName`);
    assert.equal(keysOf(read.body), 'displayName id schemas');
    const listed = await client.get(
      `/Groups?attributes=displayName&filter=${encodeURIComponent(`displayName eq "${displayName}"`)}`,
    );
    assert.deepEqual(resourcesOf(listed).map(keysOf), ['displayName id schemas']);
  });

  test('RFC 7644 §3.9: attributes that cannot be refuse the whole request: nothing is changed', async () => {
    const displayName = client.fresh('Both');
    const query = '?attributes=id&excludedAttributes=displayName';
    const made = await client.send('POST', `/Groups${query}`, { schemas: [groupUrn], displayName });
    assertRefused(made, 400, 'invalidValue');
    const id = await client.create('/Groups', { schemas: [groupUrn], displayName });
    const member = { op: 'add', path: 'members', value: [{ value: 'a' }] };
    assertRefused(await client.patch(`/Groups/${id}${query}`, member), 400, 'invalidValue');
    const put = { schemas: [groupUrn], displayName, externalId: 'e' };
    assertRefused(await client.send('PUT', `/Groups/${id}${query}`, put), 400, 'invalidValue');
    assert.equal(at(await client.read(`/Groups/${id}`), 'meta', 'version'), 'W/"1"');
    const user = await client.create('/Users', { schemas: [userUrn], userName: displayName });
    assertRefused(
      await client.patch(`/Users/${user}${query}`, { op: 'add', path: 'title', value: 'T' }),
      400,
      'invalidValue',
    );
    assertRefused(
      await client.send('PUT', `/Users/${user}${query}`, { schemas: [userUrn], userName: 'x' }),
      400,
      'invalidValue',
    );
    assert.equal(at(await client.read(`/Users/${user}`), 'meta', 'version'), 'W/"1"');
  });

  test('RFC 7644 §3.14: ETag, meta.version, Location and meta.location agree on every answer about one resource', async () => {
    const name = client.fresh('tag');
    const created = await client.send('POST', '/Users', user(name));
    const path = `/Users/${idOf(created)}`;
    const answers = [
      created,
      await client.get(path),
      await client.send('PUT', path, user(name, { title: 'T' })),
      await client.patch(path, { op: 'replace', path: 'title', value: 'U' }),
      await client.get(path),
    ];
    for (const { headers, body } of answers) {
      assert.equal(headers.get('etag'), at(body, 'meta', 'version'));
      assert.equal(headers.get('location'), at(body, 'meta', 'location'));
      assert.equal(at(body, 'meta', 'resourceType'), 'User');
    }
    assert.deepEqual(
      answers.map(({ headers }) => headers.get('etag')),
      ['W/"1"', 'W/"1"', 'W/"2"', 'W/"3"', 'W/"3"'],
    );
    assert.equal(at(created.body, 'meta', 'created'), at(created.body, 'meta', 'lastModified'));
  });

  test('RFC 7644 §3.14: If-Match decides about PUT, PATCH and DELETE of groups too', async () => {
    const displayName = client.fresh('Match');
    const id = await client.create('/Groups', { schemas: [groupUrn], displayName });
    const wrong = { 'if-match': 'W/"7"' };
    const patch = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'add', path: 'members', value: [{ value: 'a' }] }],
    };
    assertRefused(await client.send('PATCH', `/Groups/${id}`, patch, wrong), 412);
    assertRefused(await client.send('PUT', `/Groups/${id}`, { schemas: [groupUrn], displayName }, wrong), 412);
    assertRefused(await client.send('DELETE', `/Groups/${id}`, undefined, wrong), 412);
    assert.equal((await client.send('PATCH', `/Groups/${id}`, patch, { 'if-match': 'W/"1"' })).status, 204);
    assert.equal((await client.send('GET', `/Groups/${id}`, undefined, { 'if-none-match': 'W/"2"' })).status, 304);
    assert.equal((await client.send('DELETE', `/Groups/${id}`, undefined, { 'if-match': '*' })).status, 204);
  });

  test('RFC 7644 §3.4.2.2: precedence, negation and grouping', async () => {
    const stem = client.fresh('prec');
    for (const [end, title, nickName] of [
      ['1', 'A', 'x'],
      ['2', 'B', 'x'],
      ['3', 'C', 'y'],
    ] as const)
      await client.create('/Users', user(`${stem}-${end}`, { title, nickName }));
    const cases: readonly [string, string][] = [
      ['title eq "A" or title eq "B" and nickName eq "y"', '1'],
      ['(title eq "A" or title eq "B") and nickName eq "x"', '12'],
      ['not (title eq "A") and nickName eq "x"', '2'],
      ['not (title eq "A" or nickName eq "y")', '2'],
      ['TITLE Eq "c"', '3'],
      ['title ne "A"', '23'],
      ['title gt "A" and title le "B"', '2'],
      ['nickName pr and not (nickName ew "x")', '3'],
      ['title eq null', ''],
      ['displayName eq null and title co "b"', '2'],
    ];
    for (const [filter, expected] of cases) {
      const found = await client.found('/Users', `userName sw "${stem}" and (${filter})`);
      assert.equal(found.map(({ userName }) => String(userName).at(-1)).join(''), expected, filter);
    }
  });

  test('RFC 7644 §3.5.2: an operation that fails undoes those before it', async () => {
    const id = await client.create('/Users', user(client.fresh('atomic'), { title: 'Before' }));
    const answer = await client.patch(
      `/Users/${id}`,
      { op: 'replace', path: 'title', value: 'After' },
      { op: 'add', path: `${enterpriseUrn}:department`, value: 'Ops' },
      { op: 'replace', path: 'id', value: 'x' },
    );
    assertRefused(answer, 400, 'mutability');
    const read = await client.read(`/Users/${id}`);
    assert.deepEqual([read['title'], read[enterpriseUrn], at(read, 'meta', 'version')], ['Before', undefined, 'W/"1"']);
  });
});
