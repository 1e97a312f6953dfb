import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JsonObject } from '#scim';
import { assertRefused, at, onEachDatabase } from '../conformance/on-each-database.ts';
import { enterpriseUrn, groupUrn, patchOf, type ScimAnswer, userUrn } from './scim-world.ts';

const bulkUrn = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

onEachDatabase('RFC 7644 §3.7: Bulk', (client) => {
  const bulk = (Operations: unknown, more: JsonObject = {}): Promise<ScimAnswer> =>
    client.send('POST', '/Bulk', { schemas: [bulkUrn], ...more, Operations });
  const resultsOf = ({ body, status, text }: ScimAnswer): JsonObject[] => {
    assert.equal(status, 200, text);
    assert.deepEqual(body['schemas'], ['urn:ietf:params:scim:api:messages:2.0:BulkResponse']);
    return body['Operations'] as JsonObject[];
  };
  const statusesOf = (answer: ScimAnswer): unknown[] => resultsOf(answer).map(({ status }) => status);
  const user = (userName: string, more: JsonObject = {}): JsonObject => ({ schemas: [userUrn], userName, ...more });
  const group = (displayName: string, ...members: string[]): JsonObject => ({
    schemas: [groupUrn],
    displayName,
    members: members.map((value) => ({ value })),
  });
  const post = (bulkId: string, path: string, data: JsonObject): JsonObject => ({ method: 'POST', path, bulkId, data });
  const idIn = (location: unknown): string => String(location).replace(/^.*\//, '');

  test('each operation answers with method, bulkId, location, version and status as text', async () => {
    const name = client.fresh('bulk');
    const [created] = resultsOf(await bulk([post('q', '/Users', user(name))]));
    assert.ok(created !== undefined);
    const { response, ...result } = created;
    const location = String(result['location']);
    assert.deepEqual(result, { location, method: 'POST', bulkId: 'q', version: 'W/"1"', status: '201' });
    assert.equal(at(response as JsonObject, 'userName'), name);
    const read = await client.read(`/Users/${idIn(location)}`);
    assert.equal(at(read, 'meta', 'location'), location);
  });

  test('POST, PUT, PATCH and DELETE in one request, in their order', async () => {
    const id = await client.create('/Users', user(client.fresh('many')));
    const gone = await client.create('/Users', user(client.fresh('many')));
    const name = client.fresh('renamed');
    const results = resultsOf(
      await bulk([
        { method: 'PUT', path: `/Users/${id}`, data: user(name, { title: 'A' }) },
        { method: 'PATCH', path: `/Users/${id}`, data: patchOf({ op: 'replace', path: 'title', value: 'B' }) },
        { method: 'DELETE', path: `/Users/${gone}` },
      ]),
    );
    assert.deepEqual(
      results.map(({ status, version }) => [status, version]),
      [
        ['200', 'W/"2"'],
        ['200', 'W/"3"'],
        ['204', undefined],
      ],
    );
    assert.deepEqual(
      results.map(({ location }) => idIn(location)),
      [id, id, gone],
    );
    assert.deepEqual(
      [(await client.read(`/Users/${id}`))['title'], (await client.get(`/Users/${gone}`)).status],
      ['B', 404],
    );
  });

  test('§3.7.3: the data of a PATCH may be the list of operations alone', async () => {
    const id = await client.create('/Users', user(client.fresh('list'), { nickName: 'Babs' }));
    const data = [
      { op: 'remove', path: 'nickName' },
      { op: 'add', path: 'displayName', value: 'Dave' },
    ];
    assert.deepEqual(statusesOf(await bulk([{ method: 'PATCH', path: `/Users/${id}`, data }])), ['200']);
    const read = await client.read(`/Users/${id}`);
    assert.deepEqual([read['nickName'], read['displayName']], [undefined, 'Dave']);
  });

  test('§3.7.2: a group refers to a user of the same request, before or after it', async () => {
    const [one, two] = [client.fresh('ref'), client.fresh('ref')];
    const results = resultsOf(
      await bulk([
        post('g', '/Groups', group(client.fresh('Team'), 'bulkId:one', 'bulkId:two')),
        post('one', '/Users', user(one)),
        post('two', '/Users', user(two, { [enterpriseUrn]: { manager: { value: 'bulkId:one' } } })),
      ]),
    );
    assert.deepEqual(
      results.map(({ status, bulkId }) => [status, bulkId]),
      [
        ['201', 'g'],
        ['201', 'one'],
        ['201', 'two'],
      ],
    );
    const [g, first, second] = results.map(({ location }) => idIn(location));
    const members = (await client.read(`/Groups/${g}`))['members'] as JsonObject[];
    assert.deepEqual(members.map(({ value }) => value).sort(), [first, second].sort());
    assert.ok(members.every(({ type }) => type === 'User'));
    assert.equal(at(await client.read(`/Users/${second}`), enterpriseUrn, 'manager', 'value'), first);
  });

  test('§3.7.1: circular references are resolved', async () => {
    const results = resultsOf(
      await bulk([
        post('a', '/Groups', group(client.fresh('A'), 'bulkId:b')),
        post('b', '/Groups', group(client.fresh('B'), 'bulkId:a', 'bulkId:b')),
      ]),
    );
    const [a, b] = results.map(({ location }) => idIn(location));
    const membersOf = async (id: string | undefined) =>
      ((await client.read(`/Groups/${id}`))['members'] as JsonObject[]).map(({ value }) => value).sort();
    assert.deepEqual(await membersOf(a), [b]);
    assert.deepEqual(await membersOf(b), [a, b].sort());
  });

  test('§3.7.2: a path, and the path of a PATCH, can refer to what the request creates', async () => {
    const name = client.fresh('later');
    const team = client.fresh('Team');
    const answer = await bulk([
      post('u', '/Users', user(name)),
      post('g', '/Groups', group(team, 'bulkId:u')),
      { method: 'PATCH', path: '/Users/bulkId:u', data: patchOf({ op: 'add', path: 'title', value: 'T' }) },
      {
        method: 'PATCH',
        path: '/Groups/bulkId:g',
        data: patchOf({ op: 'remove', path: 'members[value eq "bulkId:u"]' }),
      },
    ]);
    assert.deepEqual(statusesOf(answer), ['201', '201', '200', '204']);
    assert.equal((await client.found('/Users', `userName eq "${name}"`))[0]?.['title'], 'T');
    assert.equal((await client.found('/Groups', `displayName eq "${team}"`))[0]?.['members'], undefined);
  });

  test('§3.7.3: what fails says so in its own place, the others succeed, and the answer is 200', async () => {
    const name = client.fresh('twice');
    const results = resultsOf(
      await bulk([
        post('a', '/Users', user(name)),
        post('b', '/Users', user(name.toUpperCase())),
        { method: 'DELETE', path: '/Users/nobody' },
        post('c', '/Users', user(client.fresh('fine'))),
      ]),
    );
    assert.deepEqual(
      results.map(({ status }) => status),
      ['201', '409', '404', '201'],
    );
    const refused = results[1]?.['response'] as JsonObject;
    assert.deepEqual([refused['scimType'], refused['status']], ['uniqueness', '409']);
    assert.deepEqual(refused['schemas'], ['urn:ietf:params:scim:api:messages:2.0:Error']);
    assert.ok(!('location' in (results[1] ?? {})), 'a POST that failed has no location');
    assert.match(String(results[2]?.['location']), /\/Users\/nobody$/);
  });

  test('§3.7.3: failOnErrors ends it; what comes after is not done', async () => {
    const late = client.fresh('late');
    const failing = { method: 'DELETE', path: '/Users/nobody' };
    const operations = [
      failing,
      post('x', '/Users', user(client.fresh('x'))),
      failing,
      post('y', '/Users', user(late)),
    ];
    assert.deepEqual(statusesOf(await bulk(operations, { failOnErrors: 2 })), ['404', '201', '404']);
    assert.deepEqual(await client.found('/Users', `userName eq "${late}"`), []);
    assert.deepEqual(statusesOf(await bulk([failing, failing], { failOnErrors: 1 })), ['404']);
  });

  test('what refers to something that failed fails too, and is not created', async () => {
    const name = client.fresh('taken');
    await client.create('/Users', user(name));
    const team = client.fresh('Orphans');
    const answer = await bulk([post('g', '/Groups', group(team, 'bulkId:u')), post('u', '/Users', user(name))]);
    assert.deepEqual(statusesOf(answer), ['409', '409']);
    assert.deepEqual(await client.found('/Groups', `displayName eq "${team}"`), []);
  });

  test('version is a precondition', async () => {
    const id = await client.create('/Users', user(client.fresh('versioned')));
    const change = (version: string, value: string) => ({
      method: 'PATCH',
      path: `/Users/${id}`,
      version,
      data: patchOf({ op: 'replace', path: 'title', value }),
    });
    const operations = [change('W/"9"', 'no'), change('W/"1"', 'yes'), change('"1"', 'no'), change('2', 'again')];
    const answer = await bulk([...operations, { method: 'DELETE', path: `/Users/${id}`, version: 'W/"1"' }]);
    assert.deepEqual(statusesOf(answer), ['412', '200', '412', '200', '412']);
    assert.equal((await client.read(`/Users/${id}`))['title'], 'again');
  });

  const malformed: readonly [string, unknown, string][] = [
    ['a method there is not', { method: 'GET', path: '/Users' }, 'invalidSyntax'],
    ['no method', { path: '/Users', bulkId: 'a', data: {} }, 'invalidSyntax'],
    ['no path', { method: 'DELETE' }, 'invalidSyntax'],
    ['a POST without bulkId', { method: 'POST', path: '/Users', data: {} }, 'invalidSyntax'],
    ['a PUT without data', { method: 'PUT', path: '/Users/1' }, 'invalidSyntax'],
    ['no object', 7, 'invalidSyntax'],
    ['a path of something else', { method: 'POST', path: '/Bulk', bulkId: 'a', data: {} }, 'invalidValue'],
    ['a POST to one', { method: 'POST', path: '/Users/1', bulkId: 'a', data: {} }, 'invalidValue'],
    ['a DELETE of all', { method: 'DELETE', path: '/Users' }, 'invalidValue'],
    ['a reference to nothing', post('a', '/Groups', group('Nothing', 'bulkId:nothing')), 'invalidValue'],
    ['a path that is no text', { method: 'DELETE', path: 7 }, 'invalidValue'],
  ];
  for (const [what, operation, scimType] of malformed) {
    test(`${what} is refused in its place with 400 ${scimType}`, async () => {
      const [result] = resultsOf(await bulk([operation]));
      assert.deepEqual([result?.['status'], at(result?.['response'] as JsonObject, 'scimType')], ['400', scimType]);
    });
  }

  test('a bulkId is of one operation: the second that bears it is refused', async () => {
    const operations = [
      post('same', '/Users', user(client.fresh('s'))),
      post('same', '/Users', user(client.fresh('s'))),
    ];
    assert.deepEqual(statusesOf(await bulk(operations)), ['201', '400']);
  });

  test('a body that is no Bulk request is refused whole', async () => {
    assertRefused(await client.send('POST', '/Bulk', { Operations: [] }), 400, 'invalidSyntax');
    assertRefused(await client.send('POST', '/Bulk', { schemas: [bulkUrn] }), 400, 'invalidSyntax');
    assertRefused(await bulk([], { failOnErrors: 0 }), 400, 'invalidSyntax');
    assertRefused(await client.send('POST', '/Bulk', []), 400, 'invalidSyntax');
    assertRefused(await client.send('GET', '/Bulk'), 405);
  });

  test('§3.7.4: too many operations are 413, with the limits that ServiceProviderConfig announces', async () => {
    const { bulk: limits } = await client.read('/ServiceProviderConfig');
    const { supported, maxOperations, maxPayloadSize } = limits as JsonObject;
    assert.equal(supported, true);
    const answer = await bulk(
      Array.from({ length: Number(maxOperations) + 1 }, () => ({ method: 'DELETE', path: '/Users/x' })),
    );
    assertRefused(answer, 413);
    assert.match(String(answer.body['detail']), new RegExp(`maxOperations \\(${maxOperations}\\)`));
    assert.match(String(answer.body['detail']), new RegExp(`maxPayloadSize.*\\(${maxPayloadSize}\\)`));
  });

  test('a name that looks like an object is a bulkId as any other', async () => {
    const results = resultsOf(
      await bulk([
        post('__proto__', '/Users', user(client.fresh('proto'))),
        post('constructor', '/Groups', group(client.fresh('Proto'), 'bulkId:__proto__')),
      ]),
    );
    assert.deepEqual(
      results.map(({ status }) => status),
      ['201', '201'],
    );
  });

  test('an own address as a path, and one without its slash, are understood', async () => {
    const id = await client.create('/Users', user(client.fresh('address')));
    const paths = [`${client.tenantUrl}/Users/${id}`, `Users/${id}`, `/v2/Users/${id}/`];
    const data = patchOf({ op: 'replace', path: 'title', value: 'T' });
    const answer = await bulk(paths.map((path) => ({ method: 'patch', path, data })));
    assert.deepEqual(statusesOf(answer), ['200', '200', '200']);
  });
});

describe('Bulk in the record', () => {
  test('each operation is recorded by itself, with what it changed', async () => {
    const { openScimWorld } = await import('./scim-world.ts');
    const { pageOfRequests } = await import('#directory');
    const world = await openScimWorld('sqlite');
    const { directory } = world;
    await directory.send('POST', '/Bulk', {
      schemas: [bulkUrn],
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'a', data: { schemas: [userUrn], userName: 'recorded' } },
        { method: 'DELETE', path: '/Users/nobody' },
      ],
    });
    await world.door.close();
    const { items } = await pageOfRequests(world, directory.organizationId, directory.id, {
      outcome: 'all',
      limit: 10,
    });
    assert.deepEqual(
      items.map(({ method, path, status, kind }) => [method, path, status, kind]).sort(),
      [
        ['DELETE', '/Users/nobody', 404, 'refused'],
        ['POST', '/Bulk', 200, 'unchanged'],
        ['POST', '/Users', 201, 'changed'],
      ].sort(),
    );
    await world.close();
  });
});
