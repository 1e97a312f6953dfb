import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject, JsonValue } from '../json.ts';
import { attribute } from '../schema/attribute.ts';
import { extendResourceType, type ResourceType } from '../schema/resource-type.ts';
import { USER_TYPE } from '../schema/resource-types.ts';
import { applyPatch } from './apply-patch.ts';
import { PATCH_OP_URN, readPatchRequest } from './read-patch-request.ts';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const BADGE = 'urn:example:badge:1.0:User';
const BADGED = extendResourceType(USER_TYPE, {
  id: BADGE,
  name: 'Badge',
  description: '',
  attributes: [
    attribute({ name: 'number', description: '', mutability: 'immutable' }),
    attribute({ name: 'tags', description: '', multiValued: true }),
    attribute({ name: 'level', description: '', type: 'integer' }),
  ],
});

const USER: JsonObject = {
  schemas: [CORE],
  id: 'u-1',
  userName: 'mara',
  title: 'Head',
  name: { givenName: 'Mara', familyName: 'Oja' },
  emails: [
    { type: 'work', value: 'w@x', primary: true },
    { type: 'home', value: 'h@x' },
  ],
};

interface Options {
  strict?: boolean;
  resourceType?: ResourceType;
}

function patch(operations: JsonValue[], { strict = false, resourceType = USER_TYPE }: Options = {}, user = USER) {
  const read = readPatchRequest({ schemas: [PATCH_OP_URN], Operations: operations }, { strict });
  return applyPatch(user, read, { resourceType, strict });
}

const only = (resource: JsonObject, name: string) => resource[name];

const RESULTS: readonly [string, JsonValue, string, JsonValue | undefined][] = [
  ['§3.5.2.1: add to an unset attribute', { op: 'add', path: 'nickName', value: 'M' }, 'nickName', 'M'],
  ['§3.5.2.1: add to a single value replaces it', { op: 'add', path: 'title', value: 'CEO' }, 'title', 'CEO'],
  [
    '§3.5.2.1: add to a complex attribute merges',
    { op: 'add', path: 'name', value: { middleName: 'K' } },
    'name',
    { givenName: 'Mara', familyName: 'Oja', middleName: 'K' },
  ],
  [
    '§3.5.2.1: add to many values appends',
    { op: 'add', path: 'emails', value: [{ type: 'other', value: 'o@x' }] },
    'emails',
    [
      { type: 'work', value: 'w@x', primary: true },
      { type: 'home', value: 'h@x' },
      { type: 'other', value: 'o@x' },
    ],
  ],
  [
    '§3.5.2: a new primary takes it from the others',
    { op: 'add', path: 'emails', value: { type: 'other', value: 'o@x', primary: true } },
    'emails',
    [
      { type: 'work', value: 'w@x', primary: false },
      { type: 'home', value: 'h@x' },
      { type: 'other', value: 'o@x', primary: true },
    ],
  ],
  [
    '§3.5.2: primary set through a filter takes it from the others',
    { op: 'replace', path: 'emails[type eq "home"].primary', value: true },
    'emails',
    [
      { type: 'work', value: 'w@x', primary: false },
      { type: 'home', value: 'h@x', primary: true },
    ],
  ],
  ['§3.5.2.2: remove an attribute', { op: 'remove', path: 'title' }, 'title', undefined],
  ['§3.5.2.2: remove a sub-attribute', { op: 'remove', path: 'name.givenName' }, 'name', { familyName: 'Oja' }],
  ['§3.5.2.2: remove all values', { op: 'remove', path: 'emails' }, 'emails', undefined],
  [
    '§3.5.2.2: remove what a filter chooses',
    { op: 'remove', path: 'emails[type eq "work"]' },
    'emails',
    [{ type: 'home', value: 'h@x' }],
  ],
  [
    '§3.5.2.2: an element left with nothing but its type goes',
    { op: 'remove', path: 'emails[type eq "home"].value' },
    'emails',
    [{ type: 'work', value: 'w@x', primary: true }],
  ],
  [
    '§3.5.2.2: an element keeps its value when its type is removed',
    { op: 'remove', path: 'emails[value eq "h@x"].type' },
    'emails',
    [{ type: 'work', value: 'w@x', primary: true }, { value: 'h@x' }],
  ],
  [
    '§3.5.2.3: replace of a complex attribute leaves what is not mentioned',
    { op: 'replace', path: 'name', value: { familyName: 'O' } },
    'name',
    { givenName: 'Mara', familyName: 'O' },
  ],
  [
    '§3.5.2.3: replace of many values without filter puts new ones in their place',
    { op: 'replace', path: 'emails', value: [{ value: 'n@x' }] },
    'emails',
    [{ value: 'n@x' }],
  ],
  [
    '§3.5.2.3: replace of what a filter chooses replaces the whole element',
    { op: 'replace', path: 'emails[type eq "work"]', value: { value: 'n@x', display: 'N' } },
    'emails',
    [
      { type: 'work', value: 'n@x', display: 'N' },
      { type: 'home', value: 'h@x' },
    ],
  ],
  [
    '§3.5.2.1: add to what a filter chooses merges into it',
    { op: 'add', path: 'emails[type eq "work"]', value: { display: 'W' } },
    'emails',
    [
      { type: 'work', value: 'w@x', primary: true, display: 'W' },
      { type: 'home', value: 'h@x' },
    ],
  ],
  [
    '§3.5.2.3: replace of a sub-attribute of all values',
    { op: 'replace', path: 'emails.display', value: 'D' },
    'emails',
    [
      { type: 'work', value: 'w@x', primary: true, display: 'D' },
      { type: 'home', value: 'h@x', display: 'D' },
    ],
  ],
  [
    '§3.5.2.3: replace without path sets what is named',
    { op: 'replace', value: { title: 'CEO', name: { givenName: 'M' } } },
    'name',
    { givenName: 'M', familyName: 'Oja' },
  ],
  [
    '§3.5.2.2: of a list of values to remove, only those listed go',
    { op: 'remove', path: 'emails', value: [{ value: 'h@x' }, { type: 'home', value: 'w@x' }] },
    'emails',
    [{ type: 'work', value: 'w@x', primary: true }],
  ],
  ['§3.10: the URN of the core schema as path', { op: 'replace', path: CORE, value: { title: 'CEO' } }, 'title', 'CEO'],
  ['§3.10: the URN of the core schema as key', { op: 'add', value: { [CORE]: { title: 'CEO' } } }, 'title', 'CEO'],
  ['§3.10: a qualified path', { op: 'replace', path: `${CORE}:title`, value: 'CEO' }, 'title', 'CEO'],
];

for (const [fact, operation, name, expected] of RESULTS) {
  test(`RFC 7644 ${fact}`, () => {
    const { resource, changed } = patch([operation]);
    assert.deepEqual(only(resource, name), expected);
    assert.equal(changed, true);
  });
}

const NO_OPS: readonly [string, JsonValue][] = [
  ['add of a value that is there', { op: 'add', path: 'emails', value: [{ type: 'home', value: 'h@x' }] }],
  ['replace with the same', { op: 'replace', path: 'title', value: 'Head' }],
  [
    'replace with the same parts in another order',
    { op: 'replace', path: 'name', value: { familyName: 'Oja', givenName: 'Mara' } },
  ],
  ['remove of what is not there', { op: 'remove', path: 'nickName' }],
  ['remove of what no filter matches', { op: 'remove', path: 'emails[type eq "fax"]' }],
  ['schemas, which follow from the rest', { op: 'add', path: 'schemas', value: ['urn:x'] }],
  ['readOnly attributes inside a value', { op: 'replace', value: { id: 'other', groups: [], meta: {}, schemas: [] } }],
  [
    'unknown attributes inside a value',
    { op: 'replace', value: { shoeSize: 43, 'a b': 1, __proto__: { active: false } } },
  ],
  ['a password', { op: 'replace', path: 'password', value: 's3cret' }],
  ['adding null as an extension', { op: 'add', path: BADGE, value: null }],
  ['an extension inside an extension', { op: 'add', value: { [BADGE]: { [BADGE]: { level: 1 } } } }],
  ['remove of a listed value that is not there', { op: 'remove', path: 'emails', value: [{ value: 'q' }] }],
  ['adding null', { op: 'add', path: 'title', value: null }],
];

for (const [what, operation] of NO_OPS) {
  test(`RFC 7644 §3.5.2: nothing changes by ${what}`, () => {
    const result = patch([operation], { resourceType: BADGED });
    assert.deepEqual(result.changes, []);
    assert.equal(result.changed, false);
    assert.equal(result.resource, USER);
  });
}

const REFUSED: readonly [string, JsonValue, string, boolean?][] = [
  ['§3.5.2.2: remove without path', { op: 'remove' }, 'noTarget'],
  ['unknown attribute', { op: 'replace', path: 'shoeSize', value: 1 }, 'invalidPath'],
  ['malformed path', { op: 'replace', path: 'a b', value: 1 }, 'invalidPath'],
  ['malformed filter', { op: 'replace', path: 'emails[type ist "work"]', value: {} }, 'invalidFilter'],
  ['readOnly', { op: 'replace', path: 'id', value: 'x' }, 'mutability'],
  ['readOnly', { op: 'add', path: 'groups', value: [{ value: 'g' }] }, 'mutability'],
  ['readOnly', { op: 'replace', path: 'meta.created', value: '2020-01-01' }, 'mutability'],
  ['removing what is required', { op: 'remove', path: 'userName' }, 'mutability'],
  ['unsetting what is required', { op: 'replace', path: 'userName', value: null }, 'mutability'],
  ['emptying what is required', { op: 'replace', path: 'userName', value: ' ' }, 'invalidValue'],
  [
    'a value that contradicts the filter',
    { op: 'add', path: 'emails[type eq "fax"]', value: { type: 'x' } },
    'noTarget',
  ],
  ['removing the core schema', { op: 'remove', path: CORE }, 'mutability'],
  [
    'too many values',
    { op: 'add', path: 'emails', value: Array.from({ length: 499 }, (_, i) => `${i}@x`) },
    'invalidValue',
  ],
  ['wrong type', { op: 'replace', path: 'active', value: 'maybe' }, 'invalidValue'],
  ['wrong type', { op: 'replace', path: 'title', value: { a: 1 } }, 'invalidValue'],
  ['wrong type', { op: 'replace', path: 'title', value: ['a', 'b'] }, 'invalidValue'],
  ['value missing', { op: 'add', path: 'title' }, 'invalidValue'],
  ['value without path no object', { op: 'add', value: 'x' }, 'invalidValue'],
  [
    'no element to make from such a filter',
    { op: 'replace', path: 'emails[value co "q"].value', value: 'x' },
    'noTarget',
  ],
  [
    'strict §3.5.2.3: nothing matches',
    { op: 'replace', path: 'emails[type eq "fax"].value', value: 'x' },
    'noTarget',
    true,
  ],
  ['strict: nothing to remove', { op: 'remove', path: 'emails[type eq "fax"]' }, 'noTarget', true],
  ['strict: unknown key', { op: 'replace', value: { shoeSize: 1 } }, 'invalidPath', true],
  ['strict: boolean as text', { op: 'replace', path: 'active', value: 'False' }, 'invalidValue', true],
];

for (const [what, operation, scimType, strict = false] of REFUSED) {
  test(`RFC 7644 §3.5.2: ${what} is ${scimType} (${JSON.stringify(operation)})`, () => {
    assert.throws(() => patch([operation], { strict }), { name: 'ScimError', status: 400, scimType });
  });
}

test('RFC 7644 §3.5.2: when one operation fails, nothing is applied', () => {
  const before = structuredClone(USER);
  assert.throws(() => patch([{ op: 'replace', path: 'name.givenName', value: 'X' }, { op: 'remove' }]));
  assert.deepEqual(USER, before);
});

test('RFC 7644 §3.5.2: operations build on one another', () => {
  const { resource } = patch([
    { op: 'remove', path: 'emails' },
    { op: 'add', path: 'emails', value: [{ value: 'a@x' }] },
    { op: 'replace', path: 'emails[value eq "a@x"].type', value: 'work' },
  ]);
  assert.deepEqual(resource['emails'], [{ value: 'a@x', type: 'work' }]);
});

test('an error names the operation and the attribute', () => {
  const operations = [
    { op: 'add', path: 'title', value: 'x' },
    { op: 'replace', path: 'active', value: 7 },
  ];
  assert.throws(() => patch(operations), {
    message: 'Operations[1].value (boolean) must be true or false, not a number',
  });
});

test('RFC 7643 §2.2: what is immutable is set once', () => {
  const options = { resourceType: BADGED };
  const set = patch([{ op: 'add', path: `${BADGE}:number`, value: '7' }], options);
  assert.deepEqual(set.resource['schemas'], [CORE, BADGE]);
  const again = patch([{ op: 'replace', path: `${BADGE}:number`, value: '7' }], options, set.resource);
  assert.equal(again.changed, false);
  for (const operation of [
    { op: 'replace', path: `${BADGE}:number`, value: '8' },
    { op: 'remove', path: `${BADGE}:number` },
  ]) {
    assert.throws(() => patch([operation], options, set.resource), { scimType: 'mutability' });
  }
});

test('an own extension: numbers from text, simple values chosen by value, removed as a whole', () => {
  const options = { resourceType: BADGED };
  const set = patch([{ op: 'add', value: { [BADGE]: { level: '3', tags: ['a', 'b', 'a'] } } }], options);
  assert.deepEqual(set.resource[BADGE], { level: 3, tags: ['a', 'b'] });
  const less = patch([{ op: 'remove', path: `${BADGE}:tags[value eq "A"]` }], options, set.resource);
  assert.deepEqual(less.resource[BADGE], { level: 3, tags: ['b'] });
  const renamed = patch([{ op: 'replace', path: `${BADGE}:tags[value eq "b"]`, value: 'c' }], options, less.resource);
  assert.deepEqual(renamed.resource[BADGE], { level: 3, tags: ['c'] });
  const none = patch([{ op: 'remove', path: BADGE }], options, less.resource);
  assert.equal(none.resource[BADGE], undefined);
  assert.deepEqual(none.resource['schemas'], [CORE]);
});

test('RFC 7643 §2.2: parts of an own extension that are immutable or required stay', () => {
  const urn = 'urn:example:car:1.0:User';
  const plate = attribute({ name: 'plate', description: '', mutability: 'immutable', required: true });
  const subAttributes = [
    plate,
    attribute({ name: 'type', description: '' }),
    attribute({ name: 'seen', description: '' }),
  ];
  const resourceType = extendResourceType(USER_TYPE, {
    id: urn,
    name: 'Car',
    description: '',
    attributes: [
      attribute({ name: 'car', description: '', subAttributes }),
      attribute({ name: 'cars', description: '', multiValued: true, subAttributes }),
    ],
  });
  const cars = { car: { plate: 'A' }, cars: [{ plate: 'A', type: 'own' }] };
  const user = { ...USER, [urn]: cars };
  const refused: [JsonValue, string][] = [
    [{ op: 'replace', path: `${urn}:car.plate`, value: 'B' }, 'mutability'],
    [{ op: 'replace', path: `${urn}:car`, value: { plate: 'B' } }, 'mutability'],
    [{ op: 'remove', path: `${urn}:car.plate` }, 'mutability'],
    [{ op: 'replace', path: `${urn}:cars[type eq "own"].plate`, value: 'B' }, 'mutability'],
    [{ op: 'add', path: `${urn}:cars[type eq "hired"].seen`, value: 'x' }, 'invalidValue'],
  ];
  for (const [operation, scimType] of refused) {
    assert.throws(() => patch([operation], { resourceType }, user), { scimType }, JSON.stringify(operation));
  }
  const seen = patch([{ op: 'replace', path: `${urn}:car.seen`, value: 'x' }], { resourceType }, user);
  assert.deepEqual(seen.resource[urn], { ...cars, car: { plate: 'A', seen: 'x' } });
});

test('more than 1,000 changes of attributes in one request are refused', () => {
  const operations = Array(1_001).fill({ op: 'replace', path: 'title', value: 'x' });
  assert.throws(() => patch(operations), { scimType: 'invalidSyntax', message: /split the request/ });
});
