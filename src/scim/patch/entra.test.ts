import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject, JsonValue } from '../json.ts';
import { USER_TYPE } from '../schema/resource-types.ts';
import { applyPatch } from './apply-patch.ts';
import { PATCH_OP_URN, readPatchRequest } from './read-patch-request.ts';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const USER: JsonObject = { schemas: [CORE], id: 'u-1', userName: 'mara@tenant.example', active: true };

function patch(operations: JsonValue[], user: JsonObject = USER): JsonObject {
  const read = readPatchRequest({ schemas: [PATCH_OP_URN], Operations: operations });
  return applyPatch(user, read, { resourceType: USER_TYPE }).resource;
}

const EXPECTED: JsonObject = {
  schemas: [CORE, ENTERPRISE],
  id: 'u-1',
  userName: 'mara@tenant.example',
  active: false,
  displayName: 'Mara O',
  emails: [{ type: 'work', value: 'mo@tenant.example' }],
  name: { familyName: 'O' },
  [ENTERPRISE]: { employeeNumber: '77', manager: { value: 'mgr-1' } },
};

test('entra §1.5: the legacy dialect, one operation for each attribute, booleans as text', () => {
  const user = patch([
    { op: 'Replace', path: 'displayName', value: 'Mara O' },
    { op: 'Replace', path: 'emails[type eq "work"].value', value: 'mo@tenant.example' },
    { op: 'Replace', path: 'name.familyName', value: 'O' },
    { op: 'Replace', path: `${ENTERPRISE}:employeeNumber`, value: '77' },
    { op: 'Add', path: `${ENTERPRISE}:manager`, value: 'mgr-1' },
    { op: 'Replace', path: 'active', value: 'False' },
  ]);
  assert.deepEqual(user, EXPECTED);
});

test('entra §1.5: the dialect of aadOptscim062020, batched under dotted and qualified keys', () => {
  const user = patch([
    { op: 'replace', path: 'emails[type eq "work"].value', value: 'mo@tenant.example' },
    {
      op: 'replace',
      value: {
        displayName: 'Mara O',
        'name.familyName': 'O',
        active: false,
        [`${ENTERPRISE}:employeeNumber`]: '77',
        [`${ENTERPRISE}:manager`]: { value: 'mgr-1' },
      },
    },
  ]);
  assert.deepEqual(user, EXPECTED);
});

test('entra §1.5: several operations with one filter land in one element', () => {
  const operations = ['streetAddress', 'postalCode', 'country'].map((sub) => ({
    op: 'Add',
    path: `addresses[type eq "work"].${sub}`,
    value: sub,
  }));
  assert.deepEqual(patch(operations)['addresses'], [
    { type: 'work', streetAddress: 'streetAddress', postalCode: 'postalCode', country: 'country' },
  ]);
});

test('entra §1.5: an element can be made from several eq terms, with booleans as text', () => {
  const user = patch([{ op: 'Add', path: 'emails[type eq "work" and primary eq "True"].value', value: 'a@b' }]);
  assert.deepEqual(user['emails'], [{ type: 'work', primary: true, value: 'a@b' }]);
});

test('validator §1.5: emails[primary eq true].value chooses the primary one', () => {
  const emails = [
    { type: 'work', value: 'a', primary: true },
    { type: 'home', value: 'b' },
  ];
  const user = patch([{ op: 'replace', path: 'emails[primary eq true].value', value: 'c' }], { ...USER, emails });
  assert.deepEqual(user['emails'], [
    { type: 'work', value: 'c', primary: true },
    { type: 'home', value: 'b' },
  ]);
});

for (const word of ['False', 'false', 'FALSE', false]) {
  test(`entra §1.5: ${JSON.stringify(word)} switches active off`, () => {
    assert.equal(patch([{ op: 'Replace', path: 'active', value: word }])['active'], false);
  });
}

test('entra §1.9: "True" switches active on again', () => {
  assert.equal(patch([{ op: 'Replace', path: 'active', value: 'True' }], { ...USER, active: false })['active'], true);
});

const MANAGERS: readonly [string, JsonValue][] = [
  ['plain text', { op: 'Add', path: `${ENTERPRISE}:manager`, value: 'm' }],
  ['bare path, array of one', { op: 'Add', path: 'manager', value: [{ $ref: 'https://h/scim/Users/m', value: 'm' }] }],
  ['object', { op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: 'm' } }],
  ['only $ref', { op: 'replace', path: `${ENTERPRISE}:manager`, value: { $ref: 'https://h/scim/Users/m' } }],
  ['key manager.value', { op: 'add', value: { [`${ENTERPRISE}:manager.value`]: 'm' } }],
  ['extension object', { op: 'add', value: { [ENTERPRISE]: { manager: 'm' } } }],
  ['extension as path', { op: 'add', path: ENTERPRISE, value: { Manager: { Value: 'm' } } }],
  ['with readOnly displayName', { op: 'add', path: 'manager', value: { value: 'm', displayName: 'Boss' } }],
];

for (const [form, operation] of MANAGERS) {
  test(`entra §1.6: manager as ${form}`, () => {
    const user = patch([operation]);
    assert.deepEqual(user[ENTERPRISE], { manager: { value: 'm' } });
    assert.deepEqual(user['schemas'], [CORE, ENTERPRISE]);
  });
}

const REMOVALS: readonly [string, JsonValue][] = [
  ['replace with ""', { op: 'replace', path: `${ENTERPRISE}:manager`, value: '' }],
  ['replace with {"value":""}', { op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: '' } }],
  ['replace with null', { op: 'replace', path: `${ENTERPRISE}:manager`, value: null }],
  ['replace of .value with ""', { op: 'replace', path: `${ENTERPRISE}:manager.value`, value: '' }],
  ['key with ""', { op: 'replace', value: { [`${ENTERPRISE}:manager`]: '' } }],
  ['remove', { op: 'Remove', path: `${ENTERPRISE}:manager` }],
];

for (const [form, operation] of REMOVALS) {
  test(`entra §1.6: manager removed by ${form}, and the URN with it`, () => {
    const user = { ...USER, schemas: [CORE, ENTERPRISE], [ENTERPRISE]: { manager: { value: 'm' } } };
    assert.deepEqual(patch([operation], user), USER);
  });
}

test('entra §1.7: SingleAppRoleAssignment puts a JSON document into a string', () => {
  const value = [{ value: '{"id":"r-1","value":"25","displayName":"Role"}' }];
  const user = patch([{ op: 'Add', path: 'roles', value }]);
  assert.deepEqual(user['roles'], [{ id: 'r-1', value: '25', display: 'Role' }]);
  assert.equal(patch([{ op: 'Add', path: 'roles', value }], user), user);
});

test('entra §1.7: AppRoleAssignmentsComplex adds roles and never removes', () => {
  const role = (value: string) => ({ value: JSON.stringify({ id: value, value, displayName: value }) });
  const user = patch([{ op: 'Add', path: 'roles', value: [role('a'), role('b')] }]);
  const more = patch([{ op: 'Add', path: 'roles', value: [role('c')] }], user);
  assert.deepEqual(
    more['roles'],
    ['a', 'b', 'c'].map((each) => ({ id: each, value: each, display: each })),
  );
});

test('entra §1.7: AssertiveAppRoleAssignmentsComplex replaces the whole set', () => {
  const value = [{ primary: false, type: 'WindowsAzureActiveDirectoryRole', display: 'R', value: 'r' }];
  const user = patch([{ op: 'replace', path: 'roles', value }], { ...USER, roles: [{ value: 'old' }] });
  assert.deepEqual(user['roles'], value);
});

test('entra §1.7: roles[primary eq "True"] makes and changes the primary role', () => {
  const path = (sub: string) => `roles[primary eq "True"].${sub}`;
  const user = patch([
    { op: 'Add', path: path('value'), value: 'Admin' },
    { op: 'Add', path: path('display'), value: 'Admin' },
    { op: 'Replace', path: path('value'), value: 'User' },
  ]);
  assert.deepEqual(user['roles'], [{ primary: true, value: 'User', display: 'Admin' }]);
});

const MAPPED: readonly string[] = [
  'title',
  'nickName',
  'name.familyName',
  'emails[type eq "work"].value',
  'phoneNumbers[type eq "mobile"].value',
  'addresses[type eq "work"].country',
  'roles[primary eq "True"].value',
  'profileUrl',
  `${ENTERPRISE}:department`,
  `${ENTERPRISE}:manager`,
];

for (const path of MAPPED) {
  test(`logic app §1.13 rules 3 and 4: ${path} is set, emptied by "", then by null`, () => {
    const set = patch([{ op: 'replace', path, value: 'upd-1a2b3c4d' }]);
    assert.ok(JSON.stringify(set).includes('upd-1a2b3c4d'));
    const emptied = patch([{ op: 'replace', path, value: '' }], set);
    assert.ok(!JSON.stringify(emptied).includes('upd-1a2b3c4d'));
    const cleared = patch([{ op: 'replace', path, value: null }], emptied);
    assert.deepEqual(cleared, USER);
    assert.deepEqual(patch([{ op: 'replace', path, value: null }], cleared), USER);
  });
}

test('entra §3: "" is kept for a simple text', () => {
  assert.equal(patch([{ op: 'replace', path: 'displayName', value: '' }])['displayName'], '');
});

test('entra §1.4: a mapping to a text that is no address is stored as sent', () => {
  const user = patch([{ op: 'replace', path: 'emails[type eq "work"].value', value: 'upd-1a2b3c4d' }]);
  assert.deepEqual(user['emails'], [{ type: 'work', value: 'upd-1a2b3c4d' }]);
});

test('okta §2.8: deactivation without path', () => {
  assert.equal(patch([{ op: 'replace', value: { active: false } }])['active'], false);
});

test('entra §1.5: an unknown attribute of a custom extension as path is refused with its name', () => {
  const operation = { op: 'Add', path: 'urn:ietf:params:scim:schemas:extension:custom:2.0:User:tag', value: 'x' };
  assert.throws(() => patch([operation]), { scimType: 'invalidPath', message: /has no attribute "urn:.*:tag"/ });
});
