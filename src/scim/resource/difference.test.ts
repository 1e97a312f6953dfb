import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../json.ts';
import { type Change, difference } from './difference.ts';
import { redactPasswords } from './redact.ts';

const URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const CASES: readonly [string, JsonObject, JsonObject, Change[]][] = [
  ['nothing', { a: [{ type: 'x' }], b: { c: 1, d: 2 } }, { b: { d: 2, c: 1 }, a: [{ type: 'x' }] }, []],
  ['schemas and meta do not count', { schemas: ['a'], meta: {} }, { schemas: ['b'] }, []],
  ['a value', { title: 'A' }, { title: 'B' }, [{ path: 'title', before: 'A', after: 'B' }]],
  ['a value that was not', {}, { active: false }, [{ path: 'active', after: false }]],
  ['a value that is no more', { title: 'A' }, {}, [{ path: 'title', before: 'A' }]],
  [
    'a part',
    { name: { givenName: 'A', familyName: 'O' } },
    { name: { givenName: 'B', familyName: 'O' } },
    [{ path: 'name.givenName', before: 'A', after: 'B' }],
  ],
  ['an extension', {}, { [URN]: { manager: { value: 'm' } } }, [{ path: `${URN}:manager.value`, after: 'm' }]],
  [
    'an element by its type',
    { emails: [{ type: 'work', value: 'a' }] },
    { emails: [{ type: 'work', value: 'b' }] },
    [{ path: 'emails[type eq "work"].value', before: 'a', after: 'b' }],
  ],
  [
    'an element more',
    { emails: [{ type: 'work', value: 'a' }] },
    {
      emails: [
        { type: 'work', value: 'a' },
        { type: 'home', value: 'b' },
      ],
    },
    [{ path: 'emails[type eq "home"]', after: { type: 'home', value: 'b' } }],
  ],
  [
    'elements by value where types repeat',
    { roles: [{ value: 'a' }, { value: 'b' }] },
    { roles: [{ value: 'b' }] },
    [{ path: 'roles[value eq "a"]', before: { value: 'a' } }],
  ],
  [
    'simple values as a whole',
    { tags: ['a'] },
    { tags: ['a', 'b'] },
    [{ path: 'tags', before: ['a'], after: ['a', 'b'] }],
  ],
  [
    'the order of elements does not count',
    { roles: [{ value: 'a' }, { value: 'b' }] },
    { roles: [{ value: 'b' }, { value: 'a' }] },
    [],
  ],
  [
    'a password is not legible',
    { password: 'old' },
    { password: 'new' },
    [{ path: 'password', before: '[redacted]', after: '[redacted]' }],
  ],
];

for (const [what, before, after, changes] of CASES) {
  test(`difference: ${what}`, () => assert.deepEqual(difference(before, after), changes));
}

test('redacted: passwords in resources, values, paths and qualified keys; nothing else', () => {
  const body = {
    password: 's3cret',
    Operations: [
      { op: 'replace', path: 'password', value: 's3cret' },
      {
        op: 'replace',
        value: { PassWord: 's3cret', 'urn:ietf:params:scim:schemas:core:2.0:User:password': 's3cret', title: 'T' },
      },
      { op: 'replace', path: 'title', value: 'T' },
    ],
  };
  const redacted = redactPasswords(body);
  assert.ok(!JSON.stringify(redacted).includes('s3cret'));
  assert.equal(JSON.stringify(redacted).match(/\[redacted\]/g)?.length, 4);
  assert.equal(JSON.stringify(redacted).match(/"T"/g)?.length, 2);
});

test('redacting survives any depth', () => {
  const redacted = redactPasswords(JSON.parse(`${'['.repeat(50_000)}"s3cret"${']'.repeat(50_000)}`));
  assert.ok(!JSON.stringify(redacted).includes('s3cret'));
});

test('redacting keeps __proto__ as data', () => {
  const redacted = redactPasswords(JSON.parse('{"__proto__":{"x":1},"a":1}'));
  assert.equal(JSON.stringify(redacted), '{"__proto__":{"x":1},"a":1}');
  assert.equal(Reflect.get({}, 'x'), undefined);
});
