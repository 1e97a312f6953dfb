import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '#scim';
import { enterpriseUrn, groupUrn, idOf, resourcesOf, userUrn } from '../directory/scim-world.ts';
import { at, type Client, ofType, onEachDatabase } from './on-each-database.ts';

const person = (userName: string, more: JsonObject = {}): JsonObject => ({
  schemas: [userUrn],
  userName,
  name: { givenName: 'Mara', familyName: 'Oja' },
  emails: [{ primary: true, type: 'work', value: userName }],
  active: true,
  ...more,
});

onEachDatabase('OneLogin', (client: Client) => {
  test('onelogin §2.8: connects with a bearer token and looks for the user by userName', async () => {
    const { status, body } = await client.get('/Users?filter=userName%20eq%20%22nobody%40x.example%22');
    assert.deepEqual([status, body['totalResults'], body['Resources']], [200, 0, []]);
  });

  test('onelogin §2.8: creates by the template of "SCIM V2 Enterprise", as plain JSON', async () => {
    const userName = client.fresh('onelogin');
    const body = person(userName, {
      schemas: [userUrn, enterpriseUrn],
      externalId: '7',
      [enterpriseUrn]: { department: 'Ops', manager: { managerId: '', displayName: 'Boss' } },
    });
    const created = await client.send('POST', '/Users', body, { 'content-type': 'application/json' });
    assert.equal(created.status, 201, created.text);
    assert.deepEqual(created.body[enterpriseUrn], { department: 'Ops' });
    assert.deepEqual(
      (await client.found('/Users', `userName eq "${userName}"`)).map(({ id }) => id),
      [idOf(created)],
    );
  });

  test('onelogin §2.8: updates by PUT or by PATCH, switches off by either, deletes', async () => {
    const userName = client.fresh('onelogin');
    const id = await client.create('/Users', person(userName));
    const put = await client.send('PUT', `/Users/${id}`, person(userName, { title: 'Lead' }));
    assert.deepEqual([put.status, put.body['title']], [200, 'Lead']);
    const off = await client.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false });
    assert.deepEqual([off.status, off.body['active'], off.body['title']], [200, false, 'Lead']);
    const on = await client.send('PUT', `/Users/${id}`, person(userName, { active: true }));
    assert.deepEqual([on.body['active'], on.body['title']], [true, undefined]);
    assert.equal((await client.send('DELETE', `/Users/${id}`)).status, 204);
  });

  test('onelogin §2.8: groups are listed whole and members patched', async () => {
    const id = await client.create('/Groups', { schemas: [groupUrn], displayName: client.fresh('Team') });
    assert.ok(resourcesOf(await client.get('/Groups')).some((group) => group['id'] === id));
    const member = await client.create('/Users', person(client.fresh('onelogin')));
    assert.equal(
      (await client.patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value: member }] })).status,
      204,
    );
    const removed = { op: 'remove', path: `members[value eq "${member}"]` };
    assert.equal((await client.patch(`/Groups/${id}`, removed)).status, 204);
    assert.equal((await client.read(`/Groups/${id}`))['members'], undefined);
  });
});

onEachDatabase('Google Workspace', (client: Client) => {
  test('google §2.8: the probe of one user, on an empty directory', async () => {
    const { status, body } = await client.get('/Users?count=1');
    assert.deepEqual([status, body['totalResults'], body['startIndex'], body['itemsPerPage']], [200, 0, 1, 0]);
  });

  test('google §2.8: users only; suspended by PATCH, back again, deleted after the configured days', async () => {
    const userName = client.fresh('google');
    const id = await client.create('/Users', person(userName, { externalId: '1150' }));
    const suspended = await client.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false });
    assert.deepEqual([suspended.status, suspended.body['active']], [200, false]);
    assert.deepEqual(
      (await client.found('/Users', `userName eq "${userName}"`)).map(({ active }) => active),
      [false],
    );
    const back = await client.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: true });
    assert.equal(back.body['active'], true);
    assert.equal((await client.send('DELETE', `/Users/${id}`)).status, 204);
    assert.equal((await client.get(`/Users/${id}`)).status, 404);
  });
});

onEachDatabase('Ping', (client: Client) => {
  test('ping §1.5 (scim2#213): several operations with one filter land in one element', async () => {
    const id = await client.create('/Users', person(client.fresh('ping'), { addresses: [] }));
    const { status, body } = await client.patch(
      `/Users/${id}`,
      { op: 'add', path: 'addresses[type eq "work"].locality', value: 'Tallinn' },
      { op: 'add', path: 'addresses[type eq "work"].country', value: 'EE' },
      { op: 'replace', path: 'addresses[type eq "work"].postalCode', value: '10111' },
    );
    assert.equal(status, 200);
    assert.deepEqual(body['addresses'], [{ type: 'work', locality: 'Tallinn', country: 'EE', postalCode: '10111' }]);
  });

  test('ping §1.5 (scim2#135): replace of an element that is not there makes it', async () => {
    const id = await client.create('/Users', person(client.fresh('ping')));
    const { body } = await client.patch(`/Users/${id}`, {
      op: 'replace',
      path: 'phoneNumbers[type eq "mobile"].value',
      value: '+372 5',
    });
    assert.deepEqual(ofType(body, 'phoneNumbers', 'mobile'), { type: 'mobile', value: '+372 5' });
  });

  test('ping §1.5 (scim2#281): add on a single value that is there replaces it', async () => {
    const id = await client.create('/Users', person(client.fresh('ping'), { title: 'Old' }));
    const { body } = await client.patch(`/Users/${id}`, { op: 'add', path: 'title', value: 'New' });
    assert.equal(body['title'], 'New');
  });

  test('ping §2.4: a search by .search, sorted, with attributes', async () => {
    const stem = client.fresh('pingsearch');
    for (const end of ['b', 'a']) await client.create('/Users', person(`${stem}-${end}`));
    const found = await client.send('POST', '/Users/.search', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
      filter: `userName sw "${stem}"`,
      attributes: ['userName'],
      sortBy: 'userName',
      sortOrder: 'ascending',
      startIndex: 1,
      count: 10,
    });
    assert.deepEqual(
      resourcesOf(found).map((user) => Object.keys(user).sort()),
      [
        ['id', 'schemas', 'userName'],
        ['id', 'schemas', 'userName'],
      ],
    );
    assert.deepEqual(
      resourcesOf(found).map(({ userName }) => userName),
      [`${stem}-a`, `${stem}-b`],
    );
  });
});

onEachDatabase('authentik', (client: Client) => {
  test('authentik §2.8: reads ServiceProviderConfig first, which says that PATCH is possible', async () => {
    const config = await client.read('/ServiceProviderConfig');
    assert.equal(at(config, 'patch', 'supported'), true);
    assert.equal(at(config, 'filter', 'supported'), true);
  });

  test('authentik §2.8 (authentik#16678): users are put whole, whatever is configured, with their id and meta', async () => {
    const userName = client.fresh('authentik');
    const created = await client.send(
      'POST',
      '/Users',
      person(userName, { photos: [], locale: 'en', externalId: 'a1' }),
    );
    const id = idOf(created);
    const put = await client.send('PUT', `/Users/${id}`, { ...created.body, displayName: 'Mara' });
    assert.deepEqual([put.status, put.body['displayName'], put.body['id']], [200, 'Mara', id]);
    const again = await client.send('PUT', `/Users/${id}`, put.body);
    assert.equal(again.headers.get('etag'), put.headers.get('etag'), 'the same again changes nothing');
    assert.equal((await client.send('PUT', '/Users/unknown', person(userName))).status, 404);
  });

  test('authentik §1.5: a path-less Add with an object merges', async () => {
    const id = await client.create('/Users', person(client.fresh('authentik'), { title: 'Kept' }));
    const value = { displayName: 'Mara', name: { middleName: 'M' }, nickName: 'M' };
    const { body } = await client.patch(`/Users/${id}`, { op: 'Add', value });
    assert.deepEqual(
      [body['displayName'], body['nickName'], body['title'], body['name']],
      ['Mara', 'M', 'Kept', { givenName: 'Mara', familyName: 'Oja', middleName: 'M' }],
    );
  });

  test('authentik §1.5: emails[primary eq true].value is the primary address', async () => {
    const id = await client.create('/Users', person(client.fresh('authentik')));
    const operation = { op: 'Replace', path: 'emails[primary eq true].value', value: 'new@x.example' };
    const { body } = await client.patch(`/Users/${id}`, operation);
    assert.deepEqual(body['emails'], [{ primary: true, type: 'work', value: 'new@x.example' }]);
  });

  test('authentik §2.8: groups are found by displayName and their members patched', async () => {
    const displayName = client.fresh('authentik');
    const id = await client.create('/Groups', { schemas: [groupUrn], displayName, externalId: 'g1' });
    assert.equal((await client.found('/Groups', `displayName eq "${displayName}"`))[0]?.['id'], id);
    const member = await client.create('/Users', person(client.fresh('authentik')));
    await client.patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value: member }] });
    const members = (await client.read(`/Groups/${id}`))['members'] as JsonObject[];
    assert.deepEqual(
      members.map(({ value }) => value),
      [member],
    );
    const put = await client.send('PUT', `/Groups/${id}`, { schemas: [groupUrn], displayName, members });
    assert.deepEqual([put.status, (put.body['members'] as JsonObject[]).length], [200, 1]);
  });
});
