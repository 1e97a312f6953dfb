import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '#scim';
import { enterpriseUrn, groupUrn, idOf, resourcesOf, userUrn } from '../directory/scim-world.ts';
import { assertRefused, at, type Client, onEachDatabase } from './on-each-database.ts';

onEachDatabase('RFC 7643 and RFC 7644, resources', (client: Client) => {
  const wrong: readonly [string, JsonObject][] = [
    ['userName is missing', {}],
    ['userName is blank', { userName: ' ' }],
    ['userName is null', { userName: null }],
    ['userName is a list', { userName: ['a', 'b'] }],
    ['active is a number', { userName: 'x', active: 1 }],
    ['name is a string', { userName: 'x', name: 'Mara' }],
    ['emails hold a number', { userName: 'x', emails: [7] }],
    ['a sub-attribute is an object', { userName: 'x', name: { givenName: {}, familyName: { a: 1 } } }],
    ['the extension is a string', { userName: 'x', [enterpriseUrn]: 'x' }],
  ];
  for (const [what, body] of wrong) {
    test(`RFC 7644 §3.3: 400 invalidValue where ${what}, on POST and PUT`, async () => {
      assertRefused(await client.send('POST', '/Users', { schemas: [userUrn], ...body }), 400, 'invalidValue');
      const id = await client.create('/Users', { schemas: [userUrn], userName: client.fresh('right') });
      const before = await client.read(`/Users/${id}`);
      assertRefused(await client.send('PUT', `/Users/${id}`, { schemas: [userUrn], ...body }), 400, 'invalidValue');
      assert.deepEqual(await client.read(`/Users/${id}`), before);
      assert.equal((await client.found('/Users', 'userName eq "x"')).length, 0);
    });
  }

  test('RFC 7644 §3.3: what is read only is passed over', async () => {
    const created = await client.send('POST', '/Users', {
      schemas: [userUrn],
      id: 'mine',
      userName: 'readonly',
      groups: [{ value: 'x' }],
      meta: { created: '1999-01-01T00:00:00Z', version: 'W/"9"', location: 'http://elsewhere' },
    });
    assert.equal(created.status, 201);
    assert.notEqual(created.body['id'], 'mine');
    assert.deepEqual([created.body['groups'], at(created.body, 'meta', 'version')], [undefined, 'W/"1"']);
  });

  test('RFC 7643 §2.5: null, an empty list and absence are one', async () => {
    const id = await client.create('/Users', {
      schemas: [userUrn],
      userName: 'unassigned',
      emails: [],
      title: null,
      name: {},
    });
    const user = await client.read(`/Users/${id}`);
    assert.deepEqual(Object.keys(user).sort(), ['active', 'id', 'meta', 'schemas', 'userName']);
    for (const filter of ['emails eq null', 'not (title pr)', 'name.givenName eq null']) {
      assert.equal((await client.found('/Users', `id eq "${id}" and ${filter}`)).length, 1, filter);
    }
  });

  test('RFC 7643 §2.1: attribute names in any case, canonical in the answer', async () => {
    const id = await client.create('/Users', { SCHEMAS: [userUrn], USERNAME: 'anycase', Name: { GIVENNAME: 'G' } });
    const user = await client.read(`/Users/${id}`);
    assert.deepEqual([user['userName'], user['name']], ['anycase', { givenName: 'G' }]);
  });

  test('RFC 7643 §3.1: externalId is not unique, and compares exactly', async () => {
    for (const userName of ['same-1', 'same-2'])
      await client.create('/Users', { schemas: [userUrn], userName, externalId: 'Same' });
    assert.equal((await client.found('/Users', 'externalId eq "Same"')).length, 2);
    assert.equal((await client.found('/Users', 'externalId eq "same"')).length, 0);
  });

  test('RFC 7644 §3.9: schemas and id are always there, what is never returned never', async () => {
    const id = await client.create('/Users', { schemas: [userUrn], userName: 'always', title: 'T', password: 'p' });
    assert.deepEqual(await client.read(`/Users/${id}?attributes=title`), { schemas: [userUrn], id, title: 'T' });
    assert.deepEqual(await client.read(`/Users/${id}?attributes=password`), { schemas: [userUrn], id });
    const without = await client.read(`/Users/${id}?excludedAttributes=id,schemas,userName,title,active,meta`);
    assert.deepEqual(without, { schemas: [userUrn], id });
    const list = await client.get('/Users?attributes=userName&count=1');
    assert.deepEqual(Object.keys(resourcesOf(list)[0] ?? {}), ['schemas', 'id', 'userName']);
  });

  test('RFC 7644 §3.5.1: a group is put whole; a PUT that names another group is 409', async () => {
    await client.create('/Groups', { schemas: [groupUrn], displayName: 'Taken' });
    const id = await client.create('/Groups', {
      schemas: [groupUrn],
      displayName: 'Put',
      externalId: 'e',
      members: ['a'],
    });
    assertRefused(
      await client.send('PUT', `/Groups/${id}`, { schemas: [groupUrn], displayName: 'TAKEN' }),
      409,
      'uniqueness',
    );
    const put = await client.send('PUT', `/Groups/${id}`, { schemas: [groupUrn], displayName: 'Put again' });
    assert.equal(put.status, 200);
    assert.deepEqual([put.body['externalId'], put.body['members']], [undefined, undefined]);
    assertRefused(await client.send('PUT', '/Groups/nobody', { schemas: [groupUrn], displayName: 'x' }), 404);
  });

  test('RFC 7644 §3.14: the version in meta is the ETag; it moves with each change', async () => {
    const created = await client.send('POST', '/Users', { schemas: [userUrn], userName: 'tagged' });
    const path = `/Users/${idOf(created)}`;
    assert.equal(created.headers.get('etag'), at(created.body, 'meta', 'version'));
    const patched = await client.patch(path, { op: 'add', path: 'title', value: 'x' });
    assert.equal(patched.headers.get('etag'), at(patched.body, 'meta', 'version'));
    assert.notEqual(patched.headers.get('etag'), created.headers.get('etag'));
    const got = await client.get(path);
    assert.equal(got.headers.get('etag'), patched.headers.get('etag'));
    assert.ok(String(at(got.body, 'meta', 'lastModified')) > String(at(got.body, 'meta', 'created')));
  });

  test('RFC 7643 §4.1: a text of any language comes back as it was sent', async () => {
    const userName = 'Ω≈ç√∫˜µ≤≥÷ 田中さん 👩‍🚀 "\\\' <b>&amp;';
    const id = await client.create('/Users', { schemas: [userUrn], userName, displayName: userName });
    assert.equal((await client.read(`/Users/${id}`))['userName'], userName);
    assert.equal((await client.found('/Users', `displayName eq ${JSON.stringify(userName)}`)).length, 1);
  });
});
