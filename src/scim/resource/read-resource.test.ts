import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject, JsonValue } from '../json.ts';
import { attribute } from '../schema/attribute.ts';
import { extendResourceType } from '../schema/resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from '../schema/resource-types.ts';
import { readResource } from './read-resource.ts';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const readUser = (body: JsonObject, strict = false) =>
  readResource({ schemas: [CORE], userName: 'mara', ...body }, USER_TYPE, { strict }).resource;

test('entra §1.4: the body that Entra creates a user with', () => {
  const { resource } = readResource(
    {
      schemas: [CORE, ENTERPRISE],
      externalId: 'mara',
      userName: 'mara@tenant.example',
      active: true,
      displayName: 'Mara Oja',
      emails: [{ primary: true, type: 'work', value: 'mara@tenant.example' }],
      meta: { resourceType: 'User' },
      name: { formatted: 'Mara Oja', familyName: 'Oja', givenName: 'Mara' },
      addresses: null,
      phoneNumbers: null,
      title: null,
      roles: [],
      [ENTERPRISE]: { department: 'Ops', manager: null },
    },
    USER_TYPE,
  );
  assert.deepEqual(resource, {
    schemas: [CORE, ENTERPRISE],
    externalId: 'mara',
    userName: 'mara@tenant.example',
    active: true,
    displayName: 'Mara Oja',
    emails: [{ primary: true, type: 'work', value: 'mara@tenant.example' }],
    name: { formatted: 'Mara Oja', familyName: 'Oja', givenName: 'Mara' },
    [ENTERPRISE]: { department: 'Ops' },
  });
});

const KEPT: readonly [string, JsonObject, string, JsonValue | undefined][] = [
  ['entra §1.4: "True" is true', { active: 'True' }, 'active', true],
  ['entra §1.4: "False" is false', { active: 'False' }, 'active', false],
  ['RFC 7643 §2.5: null is absent', { title: null }, 'title', undefined],
  ['RFC 7643 §2.5: [] is absent', { emails: [] }, 'emails', undefined],
  ['RFC 7643 §2.5: nulls in an array are absent', { emails: [null, {}] }, 'emails', undefined],
  ['RFC 7643 §2.1: names in any case', { DISPLAYNAME: 'M' }, 'displayName', 'M'],
  [
    'postman §1.4: sub-attributes in any case',
    { emails: [{ Primary: true, VALUE: 'a' }] },
    'emails',
    [{ primary: true, value: 'a' }],
  ],
  [
    'postman §1.4: two of type work are both kept',
    {
      emails: [
        { type: 'work', value: 'a' },
        { type: 'work', value: 'b' },
      ],
    },
    'emails',
    [
      { type: 'work', value: 'a' },
      { type: 'work', value: 'b' },
    ],
  ],
  [
    'RFC 7643 §2.4: no pair of type and value twice',
    {
      emails: [
        { type: 'work', value: 'a' },
        { type: 'work', value: 'a', display: 'A' },
      ],
    },
    'emails',
    [{ type: 'work', value: 'a' }],
  ],
  [
    'RFC 7643 §2.4: one primary',
    {
      emails: [
        { value: 'a', primary: true },
        { value: 'b', primary: true },
      ],
    },
    'emails',
    [
      { value: 'a', primary: true },
      { value: 'b', primary: false },
    ],
  ],
  [
    'entra §1.4: values as sent',
    { emails: [{ value: 'upd-1a2b3c4d' }], locale: 'upd-1', timezone: '??' },
    'locale',
    'upd-1',
  ],
  ['one value without its array', { emails: { value: 'a' } }, 'emails', [{ value: 'a' }]],
  [
    'entra §1.7: displayName stands for display',
    { roles: [{ value: 'a', displayName: 'A', primary: 'False' }] },
    'roles',
    [{ value: 'a', display: 'A', primary: false }],
  ],
  [
    'entra §1.7: a role as JSON in a string',
    { roles: [{ value: '{"id":"1","value":"25","displayName":"R"}' }] },
    'roles',
    [{ id: '1', value: '25', display: 'R' }],
  ],
  [
    'entra §1.7: what only looks like JSON stays as it is',
    { roles: [{ value: '{oops' }] },
    'roles',
    [{ value: '{oops' }],
  ],
  [
    'validator §1.12: roles[].primary as text',
    { roles: [{ value: 'a', primary: 'True' }] },
    'roles',
    [{ value: 'a', primary: true }],
  ],
  [
    'RFC 7644 §3.3: readOnly is ignored',
    { id: 'mine', meta: { created: 7 }, groups: [{ value: 'g' }] },
    'id',
    undefined,
  ],
  ['okta §2.8: a dummy password is dropped', { password: 's3cret' }, 'password', undefined],
  ['unknown attributes are ignored', { shoeSize: 43 }, 'shoeSize', undefined],
  ['RFC 7643 §2.1: an attribute by its qualified name', { [`${CORE}:title`]: 'T' }, 'title', 'T'],
  ['a lone surrogate becomes U+FFFD', { title: 'a\ud800' }, 'title', 'a\ufffd'],
];

for (const [fact, body, name, expected] of KEPT) {
  test(fact, () => assert.deepEqual(readUser(body)[name], expected));
}

const MANAGERS: readonly [string, JsonObject, JsonValue | undefined][] = [
  ['text', { [ENTERPRISE]: { manager: 'm' } }, { manager: { value: 'm' } }],
  ['object', { [ENTERPRISE]: { manager: { value: 'm', displayName: 'ignored' } } }, { manager: { value: 'm' } }],
  ['array of one', { [ENTERPRISE]: { manager: [{ value: 'm' }] } }, { manager: { value: 'm' } }],
  ['empty text', { [ENTERPRISE]: { manager: '' } }, undefined],
  ['empty value', { [ENTERPRISE]: { manager: { value: '' } } }, undefined],
  ['extension in other case', { [ENTERPRISE.toUpperCase()]: { MANAGER: 'm' } }, { manager: { value: 'm' } }],
];

for (const [form, body, expected] of MANAGERS) {
  test(`entra §1.6: manager in POST as ${form}`, () => {
    const user = readUser(body);
    assert.deepEqual(user[ENTERPRISE], expected);
    assert.deepEqual(user['schemas'], expected === undefined ? [CORE] : [CORE, ENTERPRISE]);
  });
}

const URNS = [
  `${CORE.replace(':User', 'User')}`,
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0User',
  'urn:custom',
  7,
  null,
];

test('entra §1.4: malformed and unknown URNs in schemas are tolerated, and not kept', () => {
  assert.deepEqual(readUser({ schemas: URNS })['schemas'], [CORE]);
  assert.throws(() => readUser({ schemas: [CORE, 'urn:custom'] }, true), { scimType: 'invalidSyntax' });
});

test('entra §1.8: a group with the Microsoft URN and without members', () => {
  const body = {
    schemas: [
      'urn:ietf:params:scim:schemas:core:2.0:Group',
      'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group',
    ],
    externalId: '5f0c',
    displayName: 'Ops',
    meta: { resourceType: 'Group' },
  };
  assert.deepEqual(readResource(body, GROUP_TYPE), {
    resource: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], externalId: '5f0c', displayName: 'Ops' },
    members: [],
  });
});

test('members come apart from the group', () => {
  const read = readResource({ displayName: 'Ops', Members: [{ value: 'a', $ref: null }, 'b'] }, GROUP_TYPE);
  assert.deepEqual(read.members, [{ value: 'a' }, { value: 'b' }]);
  assert.equal(read.resource['members'], undefined);
});

const REFUSED: readonly [string, unknown, string, RegExp][] = [
  ['no object', 'x', 'invalidSyntax', /the body is a string, not a User/],
  ['an array', [], 'invalidSyntax', /the body is an array/],
  ['userName missing', { displayName: 'M' }, 'invalidValue', /userName is required/],
  ['userName empty', { userName: ' ' }, 'invalidValue', /userName is required/],
  ['userName a number', { userName: 7 }, 'invalidValue', /userName \(string\) must be a string, not a number/],
  [
    'active no boolean',
    { userName: 'm', active: 'maybe' },
    'invalidValue',
    /active \(boolean\) must be true or false, not "maybe"/,
  ],
  ['name no object', { userName: 'm', name: 'Mara' }, 'invalidValue', /name must be an object, not a string/],
  [
    'an e-mail a number',
    { userName: 'm', emails: [{ value: 'a' }, 7] },
    'invalidValue',
    /emails\[1\] must be an object, not a number/,
  ],
  [
    'an e-mail value an object',
    { userName: 'm', emails: [{ value: {}, type: { a: 1 } }] },
    'invalidValue',
    /emails\[0\]\.type \(string\) must be a string/,
  ],
  ['title an array', { userName: 'm', title: ['a', 'b'] }, 'invalidValue', /title takes one value, not an array/],
  [
    'the extension a string',
    { userName: 'm', [ENTERPRISE]: 'x' },
    'invalidValue',
    /enterprise:2.0:User must be an object/,
  ],
  ['userName too long', { userName: 'm'.repeat(769) }, 'invalidValue', /userName is longer than 768 characters/],
  [
    'too many e-mails',
    { userName: 'm', emails: Array(501).fill('a') },
    'invalidValue',
    /emails has more than 500 values/,
  ],
  ['a NUL', { userName: 'm\0' }, 'invalidValue', /userName holds the character U\+0000/],
  [
    'a password of a wrong type',
    { userName: 'm', password: 7 },
    'invalidValue',
    /password \(string\) must be a string/,
  ],
];

for (const [what, body, scimType, message] of REFUSED) {
  test(`RFC 7644 §3.3: ${what} is ${scimType}`, () => {
    assert.throws(() => readResource(body, USER_TYPE), { status: 400, scimType, message });
  });
}

const STRICT: readonly [string, JsonObject, string][] = [
  ['unknown attribute', { shoeSize: 1 }, 'invalidSyntax'],
  ['unknown sub-attribute', { name: { shoe: 1 } }, 'invalidSyntax'],
  ['boolean as text', { active: 'True' }, 'invalidValue'],
  ['manager as text', { [ENTERPRISE]: { manager: 'm' } }, 'invalidValue'],
  [
    'two primaries',
    {
      emails: [
        { value: 'a', primary: true },
        { value: 'b', primary: true },
      ],
    },
    'invalidValue',
  ],
  ['no base64', { x509Certificates: [{ value: '!' }] }, 'invalidValue'],
  ['no schemas', { schemas: [] }, 'invalidSyntax'],
];

for (const [what, body, scimType] of STRICT) {
  test(`strict refuses: ${what}`, () => assert.throws(() => readUser(body, true), { scimType }));
}

test('names of Object.prototype are unknown attributes like any other', () => {
  const body = JSON.parse(
    `{"userName":"m","__proto__":{"active":true},"constructor":{"prototype":{"x":1}},"name":{"__proto__":{"x":1},"givenName":"M"},"${ENTERPRISE}":{"__proto__":"x","toString":"y"}}`,
  );
  const { resource } = readResource(body, USER_TYPE);
  assert.deepEqual(resource, { schemas: [CORE], userName: 'm', name: { givenName: 'M' } });
  assert.equal(Object.getPrototypeOf(resource), Object.prototype);
  assert.equal(Reflect.get({}, 'x'), undefined);
});

test('RFC 7643 §2.2: required parts of an own extension are required where it is present', () => {
  const type = extendResourceType(USER_TYPE, {
    id: 'urn:example:badge:1.0:User',
    name: 'Badge',
    description: '',
    attributes: [
      attribute({ name: 'number', description: '', type: 'integer', required: true }),
      attribute({
        name: 'doors',
        description: '',
        multiValued: true,
        subAttributes: [
          attribute({ name: 'value', description: '', required: true }),
          attribute({ name: 'since', description: '', type: 'dateTime' }),
        ],
      }),
    ],
  });
  const read = (badge: JsonObject) =>
    readResource({ userName: 'm', 'urn:example:badge:1.0:User': badge }, type).resource;
  assert.equal(readResource({ userName: 'm' }, type).resource['userName'], 'm');
  assert.throws(() => read({ doors: [{ value: 'a' }] }), { message: 'urn:example:badge:1.0:User:number is required' });
  assert.throws(() => read({ number: 1.5 }), { message: /must be an integer/ });
  assert.throws(() => read({ number: 1, doors: [{ since: '2026-01-01' }] }), { message: /doors\.value is required/ });
  assert.throws(() => read({ number: 1, doors: [{ value: 'a', since: 'soon' }] }), { message: /must be a date/ });
  assert.deepEqual(read({ number: '7' })['urn:example:badge:1.0:User'], { number: 7 });
});
