import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '#scim';
import { enterpriseUrn, groupUrn, userUrn } from '../directory/scim-world.ts';
import { assertRefused, type Client, onEachDatabase } from './on-each-database.ts';

const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

onEachDatabase('RFC 7644 §3.5.2', (client: Client) => {
  const create = (more: JsonObject = {}) =>
    client.create('/Users', { schemas: [userUrn], userName: client.fresh('rfc'), title: 'T', ...more });

  const refusals: readonly [string, unknown, string][] = [
    ['schemas are missing', { Operations: [] }, 'invalidSyntax'],
    ['schemas are others', { schemas: [userUrn], Operations: [] }, 'invalidSyntax'],
    ['Operations are missing', { schemas: [patchUrn] }, 'invalidSyntax'],
    ['Operations are no list', { schemas: [patchUrn], Operations: {} }, 'invalidSyntax'],
    ['an operation is a string', { schemas: [patchUrn], Operations: ['add'] }, 'invalidSyntax'],
    [
      'op is unknown',
      { schemas: [patchUrn], Operations: [{ op: 'move', path: 'title', value: 'x' }] },
      'invalidSyntax',
    ],
    ['op is missing', { schemas: [patchUrn], Operations: [{ path: 'title', value: 'x' }] }, 'invalidSyntax'],
    ['remove without path', { schemas: [patchUrn], Operations: [{ op: 'remove' }] }, 'noTarget'],
    [
      'a path is malformed',
      { schemas: [patchUrn], Operations: [{ op: 'add', path: 'name..x', value: 1 }] },
      'invalidPath',
    ],
    [
      'an attribute is unknown',
      { schemas: [patchUrn], Operations: [{ op: 'add', path: 'nope', value: 1 }] },
      'invalidPath',
    ],
    [
      'brackets stand on a single value',
      { schemas: [patchUrn], Operations: [{ op: 'add', path: 'title[a eq 1]', value: 1 }] },
      'invalidPath',
    ],
    [
      'a filter is malformed',
      { schemas: [patchUrn], Operations: [{ op: 'add', path: 'emails[type is 1].value', value: 'x' }] },
      'invalidFilter',
    ],
    ['id is replaced', { schemas: [patchUrn], Operations: [{ op: 'replace', path: 'id', value: 'x' }] }, 'mutability'],
    [
      'groups are added',
      { schemas: [patchUrn], Operations: [{ op: 'add', path: 'groups', value: [{ value: 'x' }] }] },
      'mutability',
    ],
    ['meta is removed', { schemas: [patchUrn], Operations: [{ op: 'remove', path: 'meta.created' }] }, 'mutability'],
    [
      'a required attribute is removed',
      { schemas: [patchUrn], Operations: [{ op: 'remove', path: 'userName' }] },
      'mutability',
    ],
    [
      'a value has the wrong type',
      { schemas: [patchUrn], Operations: [{ op: 'add', path: 'active', value: 'maybe' }] },
      'invalidValue',
    ],
    [
      'a string is an object',
      { schemas: [patchUrn], Operations: [{ op: 'add', path: 'title', value: { a: 1 } }] },
      'invalidValue',
    ],
    [
      'a filter that is no plain eq matches nothing',
      { schemas: [patchUrn], Operations: [{ op: 'replace', path: 'emails[value co "zz"].display', value: 'x' }] },
      'noTarget',
    ],
  ];
  for (const [what, body, scimType] of refusals) {
    test(`400 ${scimType} where ${what}; nothing is applied`, async () => {
      const id = await create();
      const before = await client.read(`/Users/${id}`);
      const { Operations } = body as { Operations?: unknown };
      const first = { op: 'replace', path: 'title', value: 'applied' };
      const sent = Array.isArray(Operations) ? { ...(body as object), Operations: [first, ...Operations] } : body;
      assertRefused(await client.send('PATCH', `/Users/${id}`, sent), 400, scimType);
      assert.deepEqual(await client.read(`/Users/${id}`), before);
    });
  }

  test('§3.5.2.1: the same value again changes nothing', async () => {
    const id = await create({ emails: [{ type: 'work', value: 'a@x' }] });
    const before = await client.read(`/Users/${id}`);
    await client.patch(`/Users/${id}`, { op: 'add', path: 'emails', value: [{ type: 'work', value: 'a@x' }] });
    assert.deepEqual(await client.read(`/Users/${id}`), before);
  });

  test('§3.5.2: one value at most is primary', async () => {
    const id = await create({ emails: [{ type: 'work', value: 'a@x', primary: true }] });
    await client.patch(`/Users/${id}`, {
      op: 'add',
      path: 'emails',
      value: [{ type: 'home', value: 'b@x', primary: true }],
    });
    const emails = (await client.read(`/Users/${id}`))['emails'] as JsonObject[];
    assert.deepEqual(
      emails.map(({ type, primary }) => [type, primary]),
      [
        ['work', false],
        ['home', true],
      ],
    );
  });

  test('§3.5.2.3: replace of a complex attribute keeps what is not named; of a multi-valued one replaces all', async () => {
    const id = await create({
      name: { givenName: 'G', familyName: 'F' },
      emails: [{ value: 'a@x' }, { value: 'b@x' }],
    });
    await client.patch(
      `/Users/${id}`,
      { op: 'replace', path: 'name', value: { givenName: 'H' } },
      { op: 'replace', path: 'emails', value: [{ value: 'c@x' }] },
    );
    const user = await client.read(`/Users/${id}`);
    assert.deepEqual([user['name'], user['emails']], [{ givenName: 'H', familyName: 'F' }, [{ value: 'c@x' }]]);
  });

  test('§3.10: a qualified path brings its URN into schemas, and takes it away with the last value', async () => {
    const id = await create();
    await client.patch(`/Users/${id}`, { op: 'add', path: `${enterpriseUrn}:costCenter`, value: '1' });
    assert.deepEqual((await client.read(`/Users/${id}`))['schemas'], [userUrn, enterpriseUrn]);
    await client.patch(`/Users/${id}`, { op: 'remove', path: `${enterpriseUrn}:costCenter` });
    assert.deepEqual((await client.read(`/Users/${id}`))['schemas'], [userUrn]);
  });

  test('§3.5.2.2: remove by a filter takes only what matches, and the attribute when nothing is left', async () => {
    const id = await create({
      emails: [
        { type: 'work', value: 'a@x' },
        { type: 'home', value: 'b@x' },
      ],
    });
    await client.patch(`/Users/${id}`, { op: 'remove', path: 'emails[type eq "work"]' });
    assert.deepEqual((await client.read(`/Users/${id}`))['emails'], [{ type: 'home', value: 'b@x' }]);
    await client.patch(`/Users/${id}`, { op: 'remove', path: 'emails[value ew "x"]' });
    assert.equal((await client.read(`/Users/${id}`))['emails'], undefined);
    assert.equal((await client.found('/Users', `emails pr and id eq "${id}"`)).length, 0);
  });

  test('§3.5.2: 200 with what attributes ask for', async () => {
    const id = await create();
    const answer = await client.send('PATCH', `/Users/${id}?attributes=title`, {
      schemas: [patchUrn],
      Operations: [{ op: 'replace', path: 'title', value: 'New' }],
    });
    assert.deepEqual([answer.status, answer.body], [200, { schemas: [userUrn], id, title: 'New' }]);
  });

  test('RFC 7643 §8.7.1: what a member is cannot be changed', async () => {
    const id = await client.create('/Groups', { schemas: [groupUrn], displayName: 'Immutable', members: ['a'] });
    assertRefused(
      await client.patch(`/Groups/${id}`, { op: 'replace', path: 'members[value eq "a"].value', value: 'b' }),
      400,
      'mutability',
    );
    assertRefused(await client.patch(`/Groups/${id}`, { op: 'remove', path: 'displayName' }), 400, 'mutability');
  });

  test('prototype names are no attributes', async () => {
    const id = await create();
    for (const path of ['__proto__', 'constructor', 'toString.name']) {
      const answer = await client.patch(`/Users/${id}`, { op: 'add', path, value: 'x' });
      assert.equal(answer.status, 400, path);
    }
    const text = `{"schemas":["${patchUrn}"],"Operations":[{"op":"add","value":{"__proto__":{"active":false},"constructor":"x"}}]}`;
    const answer = await client.send('PATCH', `/Users/${id}`, text);
    assert.ok([200, 400].includes(answer.status));
    assert.equal((await client.read(`/Users/${id}`))['active'], true);
  });
});
