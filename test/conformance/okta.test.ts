import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '#scim';
import { groupUrn, idOf, resourcesOf, userUrn } from '../directory/scim-world.ts';
import { type Client, onEachDatabase } from './on-each-database.ts';

onEachDatabase('Okta, Google and others', (client: Client) => {
  const body = (userName: string): JsonObject => ({
    schemas: [userUrn],
    userName,
    name: { givenName: 'Test', familyName: 'User' },
    emails: [{ primary: true, value: userName, type: 'work' }],
    displayName: 'Test User',
    locale: 'en-US',
    externalId: '00ujl29u0le5T6Aj10h7',
    groups: [],
    password: '1mz050nq',
    active: true,
  });

  test('okta §2.8: test connection; the page numbers are numbers', async () => {
    const { status, body: page } = await client.get('/Users?startIndex=1&count=2');
    assert.equal(status, 200);
    for (const name of ['totalResults', 'startIndex', 'itemsPerPage']) assert.equal(typeof page[name], 'number');
    assert.equal((await client.get('/Groups?startIndex=1&count=100')).status, 200);
  });

  test('okta §2.8: create as plain JSON, match, PUT, switch off by PUT and by PATCH without path', async () => {
    const json = { 'content-type': 'application/json' };
    const created = await client.send('POST', '/Users', body('okta@x.example'), json);
    assert.equal(created.status, 201);
    assert.ok(!created.text.includes('1mz050nq'));
    const id = idOf(created);
    const found = await client.get(
      `/Users?filter=${encodeURIComponent('userName eq "okta@x.example"')}&startIndex=1&count=100`,
    );
    assert.deepEqual(
      resourcesOf(found).map((each) => each['id']),
      [id],
    );
    const put = { ...created.body, active: false, password: 'x' };
    const off = await client.send('PUT', `/Users/${id}`, put, json);
    assert.deepEqual([off.status, off.body['active'], off.body['id']], [200, false, id]);
    const on = await client.patch(`/Users/${id}`, { op: 'replace', value: { active: true } });
    assert.deepEqual([on.status, on.body['active']], [200, true]);
    const again = await client.patch(`/Users/${id}`, { op: 'replace', value: { active: false } });
    assert.equal(again.body['active'], false);
  });

  test('okta §2.8: an empty body is refused on create', async () => {
    for (const sent of ['', '{}']) {
      const { status, body: error } = await client.send('POST', '/Users', sent, { 'content-type': 'application/json' });
      assert.deepEqual([status, typeof error['detail']], [400, 'string']);
    }
  });

  test('okta §2.8: the same user again is 409; an unknown one 404, with detail and status', async () => {
    await client.send('POST', '/Users', body('twice@x.example'));
    assert.equal((await client.send('POST', '/Users', body('twice@x.example'))).status, 409);
    const missing = await client.get('/Users/00unknown');
    assert.deepEqual([missing.status, missing.body['status'], typeof missing.body['detail']], [404, '404', 'string']);
  });

  test('okta §2.8: a group is renamed with its id in the value, members added, removed by filter, replaced', async () => {
    const id = await client.create('/Groups', { schemas: [groupUrn], displayName: 'Okta', members: [] });
    const rename = { op: 'replace', value: { id, displayName: 'Okta renamed' } };
    assert.ok([200, 204].includes((await client.patch(`/Groups/${id}`, rename)).status));
    await client.patch(`/Groups/${id}`, rename, { op: 'add', path: 'members', value: [{ value: 'a', display: 'A' }] });
    await client.patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value: 'b' }] });
    await client.patch(`/Groups/${id}`, { op: 'remove', path: 'members[value eq "a"]' });
    const group = await client.read(`/Groups/${id}`);
    assert.deepEqual(
      [group['displayName'], (group['members'] as JsonObject[]).map(({ value }) => value)],
      ['Okta renamed', ['b']],
    );
    await client.patch(`/Groups/${id}`, { op: 'replace', path: 'members', value: [{ value: 'c' }] });
    assert.deepEqual(
      ((await client.read(`/Groups/${id}`))['members'] as JsonObject[]).map(({ value }) => value),
      ['c'],
    );
    assert.equal((await client.send('DELETE', `/Groups/${id}`)).status, 204);
  });

  test('google §2.8: the probe', async () => {
    assert.equal((await client.get('/Users?count=1')).status, 200);
  });
});
