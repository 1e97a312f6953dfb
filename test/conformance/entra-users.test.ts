import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '#scim';
import { enterpriseUrn, resourcesOf, userUrn } from '../directory/scim-world.ts';
import { assertRefused, at, type Client, ofType, onEachDatabase } from './on-each-database.ts';

/** The body that Entra creates a user with, attributes without a value written out. */
const mara = (userName: string): JsonObject => ({
  schemas: [userUrn, enterpriseUrn],
  externalId: userName.split('@')[0] ?? '',
  userName,
  active: true,
  displayName: 'Mara Oja',
  emails: [{ primary: true, type: 'work', value: userName }],
  meta: { resourceType: 'User' },
  name: { formatted: 'Mara Oja', familyName: 'Oja', givenName: 'Mara' },
  addresses: null,
  phoneNumbers: null,
  title: null,
  roles: [],
  [enterpriseUrn]: { department: 'Ops', manager: null },
});

onEachDatabase("Entra's requests about users", (client: Client) => {
  test('entra §1.2: test connection looks for a random user by the matching attribute: 200 and an empty list', async () => {
    for (const filter of [
      'userName eq "b4c9c0de-1111-4222-8333-944455556666"',
      'externalId eq "b4c9c0de-1111-4222-8333-944455556666"',
      'emails[type eq "work"].value eq "b4c9c0de-1111-4222-8333-944455556666"',
    ]) {
      const answer = await client.find('/Users', filter);
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.body, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
        totalResults: 0,
        startIndex: 1,
        itemsPerPage: 0,
        Resources: [],
      });
    }
  });

  test('entra §1.2: the onboarding probes', async () => {
    for (const path of ['/Users?count=1', '/Groups?count=1', '/Schemas'])
      assert.equal((await client.get(path)).status, 200);
  });

  test('entra §1.4: create, with nulls, an empty list and a meta of its own', async () => {
    const sent = mara('mara@tenant.example');
    const { status, headers, body } = await client.send('POST', '/Users', sent, {
      'content-type': 'application/scim+json; charset=utf-8',
    });
    assert.equal(status, 201);
    assert.equal(headers.get('location'), at(body, 'meta', 'location'));
    const { id, meta, ...rest } = body;
    assert.equal(typeof id, 'string');
    assert.equal(at({ meta: meta ?? null }, 'meta', 'resourceType'), 'User');
    assert.deepEqual(rest, {
      schemas: [userUrn, enterpriseUrn],
      externalId: 'mara',
      userName: 'mara@tenant.example',
      active: true,
      displayName: 'Mara Oja',
      emails: [{ primary: true, type: 'work', value: 'mara@tenant.example' }],
      name: { formatted: 'Mara Oja', familyName: 'Oja', givenName: 'Mara' },
      [enterpriseUrn]: { department: 'Ops' },
    });
    assertRefused(await client.send('POST', '/Users', sent), 409, 'uniqueness');
  });

  const oddities: readonly [string, JsonObject, (user: JsonObject) => void][] = [
    ['active as the string "True"', { active: 'True' }, (user) => assert.equal(user['active'], true)],
    ['active as the string "false"', { active: 'false' }, (user) => assert.equal(user['active'], false)],
    [
      'an unknown and a malformed URN in schemas',
      { schemas: [userUrn, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0User', 'http://x/y'] },
      (user) => assert.deepEqual(user['schemas'], [userUrn]),
    ],
    [
      "an extension's data without its URN in schemas",
      { schemas: [userUrn], [enterpriseUrn]: { division: 'D' } },
      (user) =>
        assert.deepEqual([user['schemas'], at(user, enterpriseUrn, 'division')], [[userUrn, enterpriseUrn], 'D']),
    ],
    [
      'names in other case',
      { emails: [{ Primary: true, TYPE: 'work', Value: 'v@x' }], [enterpriseUrn]: { Department: 'Ops' } },
      (user) =>
        assert.deepEqual(
          [user['emails'], at(user, enterpriseUrn, 'department')],
          [[{ primary: true, type: 'work', value: 'v@x' }], 'Ops'],
        ),
    ],
    [
      'two e-mails of type work',
      {
        emails: [
          { type: 'work', value: 'a@x' },
          { type: 'work', value: 'b@x' },
        ],
      },
      (user) => assert.equal((user['emails'] as unknown[]).length, 2),
    ],
    [
      'values that no format would pass',
      {
        emails: [{ type: 'work', value: 'upd-1a2b3c4d' }],
        locale: 'upd-1',
        timezone: 'upd-2',
        preferredLanguage: 'upd-3',
      },
      (user) =>
        assert.deepEqual([ofType(user, 'emails', 'work')?.['value'], user['timezone']], ['upd-1a2b3c4d', 'upd-2']),
    ],
    [
      'a manager that is nobody',
      { [enterpriseUrn]: { manager: { value: 'XYMKVVRYDIOO' } } },
      (user) => assert.equal(at(user, enterpriseUrn, 'manager', 'value'), 'XYMKVVRYDIOO'),
    ],
    [
      'a manager as a plain string',
      { [enterpriseUrn]: { manager: 'boss' } },
      (user) => assert.equal(at(user, enterpriseUrn, 'manager', 'value'), 'boss'),
    ],
    [
      'a single app role',
      { roles: [{ primary: true, type: 'WindowsAzureActiveDirectoryRole', value: 'Admin' }] },
      (user) => assert.equal(at((user['roles'] as JsonObject[])[0] ?? {}, 'value'), 'Admin'),
    ],
    [
      'several roles by displayName',
      {
        roles: [
          { primary: false, displayName: 'Reader', value: '1' },
          { primary: 'False', displayName: 'Writer', value: '2' },
        ],
      },
      (user) =>
        assert.deepEqual(
          (user['roles'] as JsonObject[]).map(({ display }) => display),
          ['Reader', 'Writer'],
        ),
    ],
    [
      'unknown attributes',
      { nonsense: { x: 1 }, 'urn:x:y:z': { a: 1 } },
      (user) => assert.equal(user['nonsense'], undefined),
    ],
  ];
  for (const [what, more, check] of oddities) {
    test(`entra §1.4: created all the same: ${what}`, async () => {
      const id = await client.create('/Users', { schemas: [userUrn], userName: client.fresh('odd'), ...more });
      check(await client.read(`/Users/${id}`));
    });
  }

  test('entra §1.3: user names compare without case, and are echoed as they were sent', async () => {
    const id = await client.create('/Users', mara('Case.Kept@Tenant.Example'));
    const [user] = await client.found('/Users', 'userName eq "case.kept@tenant.example"');
    assert.deepEqual([user?.['id'], user?.['userName']], [id, 'Case.Kept@Tenant.Example']);
  });

  test('entra §1.3: a switched off user stays in GET and in filters', async () => {
    const id = await client.create('/Users', mara('off@tenant.example'));
    await client.patch(`/Users/${id}`, { op: 'Replace', path: 'active', value: 'False' });
    assert.equal((await client.read(`/Users/${id}`))['active'], false);
    assert.equal((await client.found('/Users', 'userName eq "off@tenant.example"')).length, 1);
  });

  test('entra §1.3: the reference check before a manager update, quoted or not', async () => {
    const boss = await client.create('/Users', mara('boss@tenant.example'));
    const id = await client.create('/Users', mara('report@tenant.example'));
    await client.patch(`/Users/${id}`, { op: 'Add', path: `${enterpriseUrn}:manager`, value: boss });
    for (const filter of [
      `id eq "${id}" and manager eq "${boss}"`,
      `manager eq "${boss}" and id eq "${id}"`,
      `id eq ${id} and manager eq ${boss}`,
      `id eq "${id}" and ${enterpriseUrn}:manager.value eq "${boss}"`,
    ]) {
      const answer = await client.get(`/Users?filter=${encodeURIComponent(filter)}&attributes=id`);
      assert.deepEqual(
        resourcesOf(answer).map((each) => Object.keys(each)),
        [['schemas', 'id']],
        filter,
      );
    }
    assert.deepEqual(await client.found('/Users', `id eq "${id}" and manager eq "${id}"`), []);
  });

  const changes: readonly [string, unknown[], (user: JsonObject) => void][] = [
    [
      'default dialect: one operation for each attribute',
      [
        { op: 'Replace', path: 'displayName', value: 'Mara O' },
        { op: 'Replace', path: 'emails[type eq "work"].value', value: 'mo@tenant.example' },
        { op: 'Add', path: 'addresses[type eq "work"].country', value: 'FI' },
        { op: 'Add', path: 'addresses[type eq "work"].locality', value: 'Turku' },
        { op: 'Replace', path: 'name.familyName', value: 'O' },
        { op: 'Replace', path: `${enterpriseUrn}:employeeNumber`, value: '77' },
        { op: 'Replace', path: 'active', value: 'False' },
      ],
      (user) => {
        assert.deepEqual([user['displayName'], user['active']], ['Mara O', false]);
        assert.deepEqual(user['emails'], [{ primary: true, type: 'work', value: 'mo@tenant.example' }]);
        assert.deepEqual(user['addresses'], [{ type: 'work', country: 'FI', locality: 'Turku' }]);
        assert.deepEqual(user['name'], { formatted: 'Mara Oja', familyName: 'O', givenName: 'Mara' });
        assert.deepEqual(user[enterpriseUrn], { department: 'Ops', employeeNumber: '77' });
      },
    ],
    [
      'aadOptscim062020: the rest without a path, keys dotted and with URN',
      [
        { op: 'replace', path: 'emails[type eq "work"].value', value: 'mo@tenant.example' },
        {
          op: 'replace',
          value: {
            displayName: 'Mara O',
            'name.familyName': 'O',
            active: false,
            [`${enterpriseUrn}:employeeNumber`]: '77',
            [`${enterpriseUrn}:manager`]: { value: 'mgr-1' },
          },
        },
      ],
      (user) => {
        assert.deepEqual([user['displayName'], user['active']], ['Mara O', false]);
        assert.deepEqual(user['name'], { formatted: 'Mara Oja', familyName: 'O', givenName: 'Mara' });
        assert.deepEqual(user[enterpriseUrn], { department: 'Ops', employeeNumber: '77', manager: { value: 'mgr-1' } });
      },
    ],
    [
      'a filtered path on an absent attribute makes one element for all operations',
      [
        { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+358 1' },
        { op: 'Add', path: 'phoneNumbers[type eq "mobile"].display', value: 'Mobile' },
        { op: 'Replace', path: 'phoneNumbers[type eq "fax"].value', value: '+358 2' },
      ],
      (user) =>
        assert.deepEqual(user['phoneNumbers'], [
          { type: 'mobile', value: '+358 1', display: 'Mobile' },
          { type: 'fax', value: '+358 2' },
        ]),
    ],
    [
      'operators and attribute names in any case',
      [{ OP: 'REPLACE', Path: 'DISPLAYNAME', Value: 'Any' }],
      (user) => assert.equal(user['displayName'], 'Any'),
    ],
    [
      'an object without a path, with Add',
      [{ op: 'Add', value: { nickName: 'Mo', title: 'Head' } }],
      (user) => assert.deepEqual([user['nickName'], user['title']], ['Mo', 'Head']),
    ],
    ['no operations at all', [], (user) => assert.equal(user['displayName'], 'Mara Oja')],
    [
      'roles by the path of their primary',
      [
        { op: 'Add', path: 'roles[primary eq "True"].value', value: 'Admin' },
        { op: 'Add', path: 'roles[primary eq "True"].display', value: 'Administrator' },
      ],
      (user) => assert.deepEqual(user['roles'], [{ primary: true, value: 'Admin', display: 'Administrator' }]),
    ],
    [
      'a role as JSON inside a string',
      [{ op: 'Add', path: 'roles', value: [{ value: '{"id":"r-1","value":"25","displayName":"Role"}' }] }],
      (user) => assert.deepEqual(user['roles'], [{ id: 'r-1', value: '25', display: 'Role' }]),
    ],
    [
      'the whole set of roles',
      [
        { op: 'Add', path: 'roles', value: [{ value: 'old' }] },
        { op: 'replace', path: 'roles', value: [{ primary: false, type: 't', display: 'New', value: 'new' }] },
      ],
      (user) => assert.deepEqual(user['roles'], [{ primary: false, type: 't', display: 'New', value: 'new' }]),
    ],
    [
      'null and "" where nothing matches',
      [
        { op: 'replace', path: 'phoneNumbers[type eq "work"].value', value: '' },
        { op: 'replace', path: 'phoneNumbers[type eq "work"].value', value: null },
        { op: 'replace', path: 'addresses[type eq "other"].formatted', value: null },
      ],
      (user) => assert.deepEqual([user['phoneNumbers'], user['addresses']], [undefined, undefined]),
    ],
  ];
  for (const [what, operations, check] of changes) {
    test(`entra §1.5: ${what}`, async () => {
      const id = await client.create('/Users', mara(client.fresh('patched')));
      const answer = await client.patch(`/Users/${id}`, ...operations);
      assert.equal(answer.status, 200, answer.text);
      const user = await client.read(`/Users/${id}`);
      assert.deepEqual(answer.body, user);
      check(user);
    });
  }

  const managers: readonly [string, unknown, string | undefined][] = [
    ['Add with a plain string', { op: 'Add', path: `${enterpriseUrn}:manager`, value: 'm-1' }, 'm-1'],
    [
      'a bare path and a list of one',
      { op: 'Add', path: 'manager', value: [{ $ref: 'https://host/scim/Users/m-2', value: 'm-2' }] },
      'm-2',
    ],
    ['an object', { op: 'replace', path: `${enterpriseUrn}:manager`, value: { value: 'm-3' } }, 'm-3'],
    [
      'an object with a name that is read only',
      { op: 'replace', path: 'manager', value: { value: 'm-4', displayName: 'B' } },
      'm-4',
    ],
    ['a key to its value', { op: 'replace', value: { [`${enterpriseUrn}:manager.value`]: 'm-5' } }, 'm-5'],
    ['the extension as key', { op: 'replace', value: { [enterpriseUrn]: { manager: 'm-6' } } }, 'm-6'],
    ['the path of its value', { op: 'Replace', path: `${enterpriseUrn}:manager.value`, value: 'm-7' }, 'm-7'],
    ['removed by ""', { op: 'replace', path: `${enterpriseUrn}:manager`, value: '' }, undefined],
    [
      'removed by an object with ""',
      { op: 'replace', path: `${enterpriseUrn}:manager`, value: { value: '' } },
      undefined,
    ],
    ['removed by null', { op: 'replace', path: `${enterpriseUrn}:manager`, value: null }, undefined],
    ['removed', { op: 'Remove', path: `${enterpriseUrn}:manager` }, undefined],
    ['removed by its value', { op: 'remove', path: `${enterpriseUrn}:manager.value` }, undefined],
  ];
  for (const [what, operation, expected] of managers) {
    test(`entra §1.6: manager: ${what}`, async () => {
      const body = {
        schemas: [userUrn],
        userName: client.fresh('managed'),
        [enterpriseUrn]: { manager: { value: 'm-0' } },
      };
      const id = await client.create('/Users', body);
      const answer = await client.patch(`/Users/${id}`, operation);
      assert.equal(answer.status, 200, answer.text);
      const user = await client.read(`/Users/${id}`);
      assert.equal(at(user, enterpriseUrn, 'manager', 'value'), expected);
      assert.deepEqual(user['schemas'], expected === undefined ? [userUrn] : [userUrn, enterpriseUrn]);
      assert.equal((await client.found('/Users', `id eq "${id}" and manager eq "m-0"`)).length, 0);
    });
  }

  test('entra §1.9: disable, restore by id, delete, delete again', async () => {
    const id = await client.create('/Users', mara('cycle@tenant.example'));
    const off = await client.patch(`/Users/${id}`, { op: 'Replace', path: 'active', value: false });
    assert.deepEqual([off.status, off.body['active']], [200, false]);
    const on = await client.patch(`/Users/${id}`, { op: 'Replace', path: 'active', value: 'True' });
    assert.deepEqual([on.status, on.body['active']], [200, true]);
    assert.equal((await client.send('DELETE', `/Users/${id}`)).status, 204);
    assertRefused(await client.send('DELETE', `/Users/${id}`), 404);
    assertRefused(await client.get(`/Users/${id}`), 404);
  });

  test('entra §1.10: a restart changes nothing: the same values again move neither version nor time', async () => {
    const id = await client.create('/Users', mara('restart@tenant.example'));
    const before = await client.read(`/Users/${id}`);
    const { status, body } = await client.patch(
      `/Users/${id}`,
      { op: 'Replace', path: 'displayName', value: 'Mara Oja' },
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'restart@tenant.example' },
      { op: 'Replace', path: 'active', value: 'True' },
      { op: 'Add', path: 'name.givenName', value: 'Mara' },
    );
    assert.equal(status, 200);
    assert.deepEqual(body, before);
  });

  test('entra §1.11: every attribute of the default mapping and of the captured runs is kept and can be matched by', async () => {
    const body: JsonObject = {
      ...mara('mapped@tenant.example'),
      title: 'T',
      nickName: 'N',
      userType: 'U',
      locale: 'fi-FI',
      timezone: 'Europe/Helsinki',
      preferredLanguage: 'fi',
      profileUrl: 'https://x.example/p',
      name: {
        formatted: 'F',
        familyName: 'Fa',
        givenName: 'G',
        middleName: 'M',
        honorificPrefix: 'Dr',
        honorificSuffix: 'Jr',
      },
      emails: [
        { type: 'work', value: 'w@x.example', primary: true },
        { type: 'other', value: 'o@x.example' },
      ],
      phoneNumbers: ['work', 'mobile', 'fax'].map((type) => ({ type, value: `+1 ${type}` })),
      addresses: [
        { type: 'work', streetAddress: 'S', postalCode: 'P', formatted: 'W', locality: 'L', region: 'R', country: 'C' },
        { type: 'other', formatted: 'O' },
      ],
      [enterpriseUrn]: {
        employeeNumber: 'E',
        department: 'D',
        costCenter: 'CC',
        organization: 'O',
        division: 'DI',
        manager: { value: 'm' },
      },
    };
    const { roles: _, ...sent } = body;
    const id = await client.create('/Users', body);
    const user = await client.read(`/Users/${id}`);
    assert.deepEqual({ ...user, id: '', meta: '' }, { ...sent, id: '', meta: '' });
    for (const filter of [
      'title eq "t"',
      'profileUrl eq "https://x.example/p"',
      'name.honorificPrefix eq "dr"',
      'emails[type eq "other"].value eq "O@x.example"',
      'phoneNumbers[type eq "fax"].value eq "+1 fax"',
      'addresses[type eq "work"].streetAddress eq "s"',
      'addresses[type eq "other"].formatted eq "O"',
      'employeeNumber eq "e"',
      `${enterpriseUrn}:costCenter eq "cc"`,
      `${enterpriseUrn}:manager eq "m"`,
    ]) {
      const found = await client.found('/Users', filter);
      assert.deepEqual(
        found.map((each) => each['id']),
        [id],
        filter,
      );
    }
  });
});
