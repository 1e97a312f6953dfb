import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertRefused, onEachDatabase } from '../conformance/on-each-database.ts';
import { groupUrn, resourcesOf, userUrn } from './scim-world.ts';

const search = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

onEachDatabase('endpoints of the Tenant URL', (client) => {
  const seed = async (): Promise<void> => {
    if ((await client.found('/Users', 'userName sw "root-"')).length > 0) return;
    for (const [name, displayName] of [
      ['root-a', 'Zoe'],
      ['root-b', 'Adam'],
      ['root-c', undefined],
    ])
      await client.create('/Users', { schemas: [userUrn], userName: name, ...(displayName ? { displayName } : {}) });
    for (const displayName of ['Mid', 'Beta']) await client.create('/Groups', { schemas: [groupUrn], displayName });
  };
  const namesAt = async (path: string): Promise<string[]> => {
    const answer = await client.get(path);
    assert.equal(answer.status, 200, answer.text);
    return resourcesOf(answer).map(({ userName, displayName }) => String(userName ?? displayName));
  };

  test('RFC 7644 §3.4.2.1: GET on the Tenant URL lists all types, users first', async () => {
    await seed();
    for (const path of ['', '/', '/v2', '/v2/']) {
      assert.deepEqual(await namesAt(path), ['root-a', 'root-b', 'root-c', 'Mid', 'Beta'], path);
    }
    const { body } = await client.get('');
    assert.deepEqual([body['totalResults'], body['startIndex'], body['itemsPerPage']], [5, 1, 5]);
  });

  test('RFC 7644 §3.4.2.1: what a type does not know has no value there', async () => {
    await seed();
    assert.deepEqual(await namesAt('?filter=displayName%20pr'), ['root-a', 'root-b', 'Mid', 'Beta']);
    assert.deepEqual(await namesAt('?filter=userName%20eq%20%22ROOT-B%22'), ['root-b']);
    assert.deepEqual(await namesAt('?filter=meta.resourceType%20eq%20%22Group%22'), ['Mid', 'Beta']);
    assert.deepEqual(await namesAt('?filter=nonsense%20eq%20%22x%22'), []);
    assert.deepEqual(await namesAt('?filter=not%20(userName%20pr)'), ['Mid', 'Beta']);
  });

  test('RFC 7644 §3.4.2.3: all types are sorted together', async () => {
    await seed();
    assert.deepEqual(await namesAt('?sortBy=displayName'), ['root-b', 'Beta', 'Mid', 'root-a', 'root-c']);
    assert.deepEqual(await namesAt('?sortBy=displayName&sortOrder=descending'), [
      'root-c',
      'root-a',
      'Mid',
      'Beta',
      'root-b',
    ]);
    assert.deepEqual(await namesAt('?sortBy=userName'), ['root-a', 'root-b', 'root-c', 'Mid', 'Beta']);
    assertRefused(await client.get('?sortBy=nonsense'), 400, 'invalidPath');
  });

  test('pages over all types, by index and by cursor, meet each resource once', async () => {
    await seed();
    for (const order of [
      '',
      '&sortBy=displayName',
      '&sortBy=displayName&sortOrder=descending',
      '&sortBy=userName&sortOrder=descending',
      '&sortBy=meta.created',
    ]) {
      const whole = await namesAt(`?count=100${order}`);
      const byIndex: string[] = [];
      for (let startIndex = 1; startIndex < 6; startIndex += 2) {
        byIndex.push(...(await namesAt(`?count=2&startIndex=${startIndex}${order}`)));
      }
      assert.deepEqual(byIndex, whole, order);
      const byCursor: string[] = [];
      for (let cursor: unknown = ''; cursor !== undefined; ) {
        const answer = await client.get(`?count=2&cursor=${String(cursor)}${order}`);
        assert.equal(answer.status, 200, answer.text);
        byCursor.push(...resourcesOf(answer).map(({ userName, displayName }) => String(userName ?? displayName)));
        cursor = answer.body['nextCursor'];
      }
      assert.deepEqual(byCursor, whole, order);
    }
    assert.deepEqual(await namesAt('?startIndex=100'), []);
    assert.deepEqual(await namesAt('?count=0'), []);
  });

  test('RFC 7644 §3.4.3: POST /.search says the same in a body, with attributes of either type', async () => {
    await seed();
    const answer = await client.send('POST', '/.search', {
      schemas: [search],
      filter: 'displayName sw "b" or userName eq "root-a"',
      attributes: ['userName', 'displayName'],
    });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(
      resourcesOf(answer).map(({ id: _, schemas: __, ...rest }) => rest),
      [{ userName: 'root-a', displayName: 'Zoe' }, { displayName: 'Beta' }],
    );
    assertRefused(await client.send('POST', '/.search', { filter: 'id pr' }), 400, 'invalidSyntax');
    assertRefused(await client.send('GET', '/.search'), 405);
  });

  test('RFC 7644 §3.11: /Me is 501, since nobody stands behind a Secret Token', async () => {
    for (const [method, body] of [
      ['GET', undefined],
      ['PATCH', {}],
      ['PUT', {}],
      ['DELETE', undefined],
      ['POST', {}],
    ] as const) {
      const answer = await client.send(method, '/Me', body);
      assertRefused(answer, 501);
      assert.match(String(answer.body['detail']), /provisioning client/);
    }
  });

  test('what is not there is 404, and a method that is not possible 405 with those that are', async () => {
    for (const path of [
      '/users',
      '/Nonsense',
      '/Users/a/b',
      '/Users//',
      '/Groups/a/members',
      '/__proto__',
      '/constructor/x',
    ]) {
      const answer = await client.get(path);
      if (path !== '/Users//') assertRefused(answer, 404);
    }
    for (const [method, path, allow] of [
      ['DELETE', '/Users', 'GET, POST'],
      ['PUT', '/Groups', 'GET, POST'],
      ['POST', '/Users/1', 'GET, PUT, PATCH, DELETE'],
      ['POST', '/Schemas', 'GET'],
      ['DELETE', '/ServiceProviderConfig', 'GET'],
      ['PATCH', '/ResourceTypes/User', 'GET'],
      ['POST', '', 'GET'],
      ['GET', '/Users/.search', 'POST'],
    ]) {
      const answer = await client.send(
        String(method),
        String(path),
        method === 'GET' || method === 'DELETE' ? undefined : {},
      );
      assertRefused(answer, 405);
      assert.equal(answer.headers.get('allow'), allow);
    }
  });

  test('a slash at the end changes nothing', async () => {
    const id = await client.create('/Users', { schemas: [userUrn], userName: client.fresh('slash') });
    for (const path of [
      `/Users/${id}/`,
      '/Users/',
      '/Schemas/',
      `/Schemas/${userUrn}/`,
      '/ResourceTypes/User/',
      '/ServiceProviderConfig/',
    ])
      assert.equal((await client.get(path)).status, 200, path);
  });

  test('HEAD has the headers of GET and no body; OPTIONS says what there is', async () => {
    const id = await client.create('/Users', { schemas: [userUrn], userName: client.fresh('head') });
    const head = await client.send('HEAD', `/Users/${id}`);
    assert.deepEqual([head.status, head.text, head.headers.get('etag')], [200, '', 'W/"1"']);
    assert.equal(head.headers.get('content-type'), 'application/scim+json');
    assert.equal((await client.send('HEAD', '/Users/nobody')).status, 404);
    const options = await client.send('OPTIONS', `/Users/${id}`);
    assert.deepEqual([options.status, options.headers.get('allow')], [204, 'GET, PUT, PATCH, DELETE, HEAD, OPTIONS']);
    assertRefused(await client.send('OPTIONS', '/Nonsense'), 404);
  });
});
