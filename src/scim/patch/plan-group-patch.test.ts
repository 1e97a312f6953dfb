import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonValue } from '../json.ts';
import { GROUP_TYPE } from '../schema/resource-types.ts';
import { type MemberChange, planGroupPatch } from './plan-group-patch.ts';
import { PATCH_OP_URN, readPatchRequest } from './read-patch-request.ts';

function plan(operations: JsonValue[], strict = false) {
  const read = readPatchRequest({ schemas: [PATCH_OP_URN], Operations: operations }, { strict });
  return planGroupPatch(read, { resourceType: GROUP_TYPE, strict });
}

const CASES: readonly [string, JsonValue, MemberChange[]][] = [
  [
    'entra §1.8: add with $ref null',
    { op: 'Add', path: 'members', value: [{ $ref: null, value: 'a' }] },
    [{ kind: 'add', values: [{ value: 'a' }] }],
  ],
  [
    'entra §1.8: legacy remove takes only those listed',
    { op: 'Remove', path: 'members', value: [{ $ref: null, value: 'a' }, { value: 'b' }] },
    [{ kind: 'remove', values: ['a', 'b'] }],
  ],
  [
    'entra §1.8: remove by filter',
    { op: 'remove', path: 'members[value eq "a"]' },
    [{ kind: 'remove', values: ['a'] }],
  ],
  ['RFC 7644 §3.5.2.2: remove without value takes all', { op: 'remove', path: 'members' }, [{ kind: 'removeAll' }]],
  ['an empty list removes nobody', { op: 'remove', path: 'members', value: [] }, []],
  [
    'postman §1.8: a plain string',
    { op: 'Add', path: 'members', value: 'string id 1' },
    [{ kind: 'add', values: [{ value: 'string id 1' }] }],
  ],
  [
    'postman §1.8: value as a plain string in an object',
    { op: 'Add', path: 'members', value: [{ value: 'string id 1' }] },
    [{ kind: 'add', values: [{ value: 'string id 1' }] }],
  ],
  [
    'one object without its array',
    { op: 'add', path: 'members', value: { value: 'a', display: 'A' } },
    [{ kind: 'add', values: [{ value: 'a' }] }],
  ],
  [
    'names in any case, qualified',
    { op: 'add', path: 'urn:ietf:params:scim:schemas:core:2.0:Group:Members', value: [{ Value: 'a', Type: 'user' }] },
    [{ kind: 'add', values: [{ value: 'a', type: 'User' }] }],
  ],
  [
    'RFC 7643 §4.2: $ref tells the type, and the value if that is missing',
    { op: 'add', path: 'members', value: [{ $ref: 'https://h/scim/Groups/g' }] },
    [{ kind: 'add', values: [{ value: 'g', type: 'Group' }] }],
  ],
  [
    'each id once',
    { op: 'add', path: 'members', value: ['a', 'b', 'a'] },
    [{ kind: 'add', values: [{ value: 'a' }, { value: 'b' }] }],
  ],
  [
    'okta §2.8: whole replace',
    { op: 'replace', path: 'members', value: [{ value: 'a' }] },
    [{ kind: 'replace', values: [{ value: 'a' }] }],
  ],
  ['replace with nothing', { op: 'replace', path: 'members', value: [] }, [{ kind: 'removeAll' }]],
  ['without path', { op: 'add', value: { members: [{ value: 'a' }] } }, [{ kind: 'add', values: [{ value: 'a' }] }]],
  [
    'several ids by or',
    { op: 'remove', path: 'members[value eq "a" or value eq "b"]' },
    [{ kind: 'remove', values: ['a', 'b'] }],
  ],
  [
    'replace of one member by another',
    { op: 'replace', path: 'members[value eq "a"]', value: { value: 'b' } },
    [
      { kind: 'remove', values: ['a'] },
      { kind: 'add', values: [{ value: 'b' }] },
    ],
  ],
  [
    'null for one member removes it',
    { op: 'replace', path: 'members[value eq "a"]', value: null },
    [{ kind: 'remove', values: ['a'] }],
  ],
  [
    'members.value stands for members',
    { op: 'remove', path: 'members.value', value: 'a' },
    [{ kind: 'remove', values: ['a'] }],
  ],
];

for (const [fact, operation, members] of CASES) {
  test(fact, () => assert.deepEqual(plan([operation]), { attributes: [], members }));
}

test('any other filter is kept as a filter', () => {
  const { members } = plan([{ op: 'remove', path: 'members[type eq "Group" and value sw "a"]' }]);
  assert.equal(members[0]?.kind, 'removeWhere');
});

test('okta §2.8: a rename that carries id and members comes apart', () => {
  const { attributes, members } = plan([
    { op: 'replace', value: { id: 'g-1', displayName: 'Ops', members: [{ value: 'a' }] } },
  ]);
  assert.deepEqual(attributes, [{ op: 'replace', where: 'Operations[0]', value: { id: 'g-1', displayName: 'Ops' } }]);
  assert.deepEqual(members, [{ kind: 'replace', values: [{ value: 'a' }] }]);
});

test('changes keep their order, and other operations are left for applyPatch', () => {
  const { attributes, members } = plan([
    { op: 'Remove', path: 'members', value: [{ value: 'a' }] },
    { op: 'Replace', path: 'displayName', value: 'Ops' },
    { op: 'Add', path: 'members', value: [{ value: 'a' }] },
  ]);
  assert.deepEqual(
    attributes.map(({ path }) => path),
    ['displayName'],
  );
  assert.deepEqual(
    members.map(({ kind }) => kind),
    ['remove', 'add'],
  );
});

const REFUSED: readonly [string, JsonValue, string, RegExp][] = [
  [
    'a number as member',
    { op: 'add', path: 'members', value: [{ value: 'a' }, { value: 7 }] },
    'invalidValue',
    /Operations\[0\]\.value\[1\]\.value must be the member's id/,
  ],
  [
    'a member without id',
    { op: 'add', path: 'members', value: [{ display: 'A' }] },
    'invalidValue',
    /value\[0\]\.value/,
  ],
  ['an overlong id', { op: 'add', path: 'members', value: ['x'.repeat(1000)] }, 'invalidValue', /longer than 768/],
  ['a NUL', { op: 'add', path: 'members', value: ['a\0'] }, 'invalidValue', /U\+0000/],
  [
    "a member's value",
    { op: 'replace', path: 'members[value eq "a"].value', value: 'b' },
    'mutability',
    /members\.value cannot be changed/,
  ],
  ['a bad filter', { op: 'remove', path: 'members[colour eq "a"]' }, 'invalidFilter', /no sub-attribute colour/],
];

for (const [what, operation, scimType, message] of REFUSED) {
  test(`${what} is refused as ${scimType}`, () => assert.throws(() => plan([operation]), { scimType, message }));
}

test('100,000 members are planned without loading the group, in well under a second', () => {
  const value = Array.from({ length: 100_000 }, (_, i) => ({ $ref: null, value: `user-${i}` }));
  const started = performance.now();
  const { members } = plan([{ op: 'Add', path: 'members', value }]);
  assert.equal(members[0]?.kind === 'add' ? members[0].values.length : 0, 100_000);
  assert.ok(performance.now() - started < 1_000);
});
