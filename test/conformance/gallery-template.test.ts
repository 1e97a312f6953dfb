import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '#scim';
import { enterpriseUrn, groupUrn, resourcesOf, userUrn } from '../directory/scim-world.ts';
import { at, type Client, ofType, onEachDatabase } from './on-each-database.ts';

/** Attributes of one value that the template updates, each with a reader of what is there. */
const targets: readonly [string, (user: JsonObject) => unknown][] = [
  ['displayName', (user) => user['displayName']],
  ['title', (user) => user['title']],
  ['nickName', (user) => user['nickName']],
  ['userType', (user) => user['userType']],
  ['locale', (user) => user['locale']],
  ['timezone', (user) => user['timezone']],
  ['preferredLanguage', (user) => user['preferredLanguage']],
  ['externalId', (user) => user['externalId']],
  ['name.givenName', (user) => at(user, 'name', 'givenName')],
  ['name.familyName', (user) => at(user, 'name', 'familyName')],
  ['name.formatted', (user) => at(user, 'name', 'formatted')],
  ['emails[type eq "work"].value', (user) => ofType(user, 'emails', 'work')?.['value']],
  ['phoneNumbers[type eq "mobile"].value', (user) => ofType(user, 'phoneNumbers', 'mobile')?.['value']],
  ['addresses[type eq "work"].streetAddress', (user) => ofType(user, 'addresses', 'work')?.['streetAddress']],
  ['addresses[type eq "other"].formatted', (user) => ofType(user, 'addresses', 'other')?.['formatted']],
  [`${enterpriseUrn}:employeeNumber`, (user) => at(user, enterpriseUrn, 'employeeNumber')],
  [`${enterpriseUrn}:department`, (user) => at(user, enterpriseUrn, 'department')],
];

onEachDatabase("the direct tests of Microsoft's gallery validation template", (client: Client) => {
  const create = (userName: string) => client.create('/Users', { schemas: [userUrn], userName, active: true });

  test('gallery 3: every attribute is updated and read back, one operation each', async () => {
    const id = await create('gallery-verbose');
    const operations = targets.map(([path], index) => ({ op: 'replace', path, value: `upd-${index}a2b3c4d` }));
    assert.equal((await client.patch(`/Users/${id}`, ...operations)).status, 200);
    const user = await client.read(`/Users/${id}`);
    for (const [index, [path, read]] of targets.entries()) assert.equal(read(user), `upd-${index}a2b3c4d`, path);
  });

  test('gallery 3: the same batched under dotted keys', async () => {
    const id = await create('gallery-batched');
    const entries = targets.map(([path], index) => [path, `upd-${index}`] as const);
    const plain = Object.fromEntries(entries.filter(([path]) => !path.includes('[')));
    const filtered = entries
      .filter(([path]) => path.includes('['))
      .map(([path, value]) => ({ op: 'replace', path, value }));
    assert.equal((await client.patch(`/Users/${id}`, ...filtered, { op: 'replace', value: plain })).status, 200);
    const user = await client.read(`/Users/${id}`);
    for (const [index, [path, read]] of targets.entries()) assert.equal(read(user), `upd-${index}`, path);
  });

  for (const [what, make] of [
    ['one operation each', (value: null | '') => targets.map(([path]) => ({ op: 'replace', path, value }))],
    [
      'batched',
      (value: null | '') => [
        ...targets.filter(([path]) => path.includes('[')).map(([path]) => ({ op: 'replace', path, value })),
        {
          op: 'replace',
          value: Object.fromEntries(targets.filter(([path]) => !path.includes('[')).map(([path]) => [path, value])),
        },
      ],
    ],
  ] as const) {
    test(`gallery 4: emptied by "", then by null: ${what}`, async () => {
      const id = await create(client.fresh('gallery-null'));
      await client.patch(`/Users/${id}`, ...targets.map(([path]) => ({ op: 'add', path, value: 'filled' })));
      assert.equal((await client.patch(`/Users/${id}`, ...make(''))).status, 200);
      const emptied = await client.read(`/Users/${id}`);
      for (const [path, read] of targets)
        assert.ok(['', undefined].includes(read(emptied) as string | undefined), path);
      assert.equal((await client.patch(`/Users/${id}`, ...make(null))).status, 200);
      const cleared = await client.read(`/Users/${id}`);
      for (const [path, read] of targets) assert.equal(read(cleared), undefined, path);
      assert.equal(cleared['userName'], emptied['userName']);
    });
  }

  test('gallery 5 and 6: a group is created and every attribute of one value updated', async () => {
    const { status, body } = await client.send('POST', '/Groups', { schemas: [groupUrn], displayName: 'Gallery' });
    assert.deepEqual([status, typeof body['id'], body['displayName']], [201, 'string', 'Gallery']);
    const path = `/Groups/${String(body['id'])}`;
    const changed = await client.patch(
      path,
      { op: 'replace', path: 'displayName', value: 'upd-1' },
      { op: 'replace', path: 'externalId', value: 'upd-2' },
    );
    assert.equal(changed.status, 204);
    const group = await client.read(path);
    assert.deepEqual([group['displayName'], group['externalId']], ['upd-1', 'upd-2']);
  });

  for (const endpoint of ['/Users', '/Groups']) {
    test(`gallery 7 and 8: pages of five through ${endpoint}: count exactly, startIndex echoed`, async () => {
      const name = endpoint === '/Users' ? 'userName' : 'displayName';
      for (let number = 0; number < 12; number++) await client.create(endpoint, { [name]: client.fresh('paged') });
      const seen = new Set<unknown>();
      let startIndex = 1;
      for (let page = 0; ; page++) {
        const answer = await client.get(`${endpoint}?startIndex=${startIndex}&count=5`);
        assert.equal(answer.status, 200);
        assert.equal(answer.body['startIndex'], 5 * page + 1);
        const resources = resourcesOf(answer);
        for (const each of resources) seen.add(each['id']);
        const total = Number(answer.body['totalResults']);
        assert.equal(resources.length, Math.min(5, total - 5 * page));
        startIndex += resources.length;
        if (startIndex > total) {
          assert.equal(seen.size, total);
          assert.ok(page >= 2);
          break;
        }
      }
    });
  }

  test('gallery 9: the manager: Add and replace with a plain string, then ""', async () => {
    const id = await create('gallery-managed');
    const path = `${enterpriseUrn}:manager`;
    const manager = async () => at(await client.read(`/Users/${id}`), enterpriseUrn, 'manager', 'value');
    for (const [op, value, expected] of [
      ['Add', 'one', 'one'],
      ['replace', 'two', 'two'],
      ['replace', '', undefined],
    ] as const) {
      assert.equal((await client.patch(`/Users/${id}`, { op, path, value })).status, 200);
      assert.equal(await manager(), expected);
    }
  });

  test('gallery 10: the credentials open a page of one', async () => {
    assert.equal((await client.get('/Users?startIndex=1&count=1')).status, 200);
  });
});
