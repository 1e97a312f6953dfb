import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attribute } from './attribute.ts';
import { extendResourceType, findAttribute } from './resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from './resource-types.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const SPELLINGS: readonly [string, string | undefined][] = [
  ['userName', 'userName'],
  ['USERNAME', 'userName'],
  ['urn:ietf:params:scim:schemas:core:2.0:User:userName', 'userName'],
  ['urn:IETF:params:scim:schemas:core:2.0:user:NAME.familyname', 'name.familyName'],
  [`${ENTERPRISE}:manager.value`, `${ENTERPRISE}:manager.value`],
  ['manager', `${ENTERPRISE}:manager`],
  ['meta.Created', 'meta.created'],
  ['urn:ietf:params:scim:schemas:core:2.0:User:id', 'id'],
  ['shoeSize', undefined],
  ['constructor', undefined],
  ['__proto__', undefined],
];

for (const [spelling, path] of SPELLINGS) {
  test(`RFC 7644 §3.10: ${spelling} is found as ${path}`, () => {
    assert.equal(findAttribute(USER_TYPE, spelling)?.path, path);
  });
}

test('strict: an attribute of an extension needs its URN', () => {
  assert.equal(findAttribute(USER_TYPE, 'manager', true), undefined);
  assert.equal(findAttribute(USER_TYPE, `${ENTERPRISE}:manager`, true)?.name, 'manager');
});

test('entra §1.10: every type has canonical values, but for roles, which Entra maps by primary', () => {
  for (const { name, subs } of [...USER_TYPE.attributes, ...GROUP_TYPE.attributes]) {
    const type = subs.get('type');
    if (type !== undefined) assert.equal((type.canonicalValues?.length ?? 0) > 0, name !== 'roles', name);
  }
});

test('what is matched or sorted by has a column, members and groups are rows, long values are not indexed', () => {
  const columns = [...new Set(USER_TYPE.byPath.values())].filter(({ storage }) => storage === 'column');
  assert.deepEqual(columns.map(({ path }) => path).sort(), [
    'active',
    'displayName',
    'externalId',
    'id',
    'meta.created',
    'meta.lastModified',
    'userName',
  ]);
  assert.equal(findAttribute(GROUP_TYPE, 'members.value')?.storage, 'membership');
  assert.equal(findAttribute(USER_TYPE, 'groups')?.storage, 'membership');
  assert.equal(findAttribute(USER_TYPE, 'emails.value')?.storage, 'index');
  assert.equal(findAttribute(USER_TYPE, 'x509Certificates.value')?.storage, 'scan');
});

test('what is not indexed is case-exact, so that a scan needs no folding', () => {
  for (const each of USER_TYPE.byPath.values()) {
    if (each.storage === 'scan') assert.equal(each.comparison, 'exact', each.path);
  }
});

const SHOES = {
  id: 'urn:example:schemas:shoes:1.0:User',
  name: 'Shoes',
  description: 'Shoes',
  attributes: [attribute({ name: 'size', description: 'Size', type: 'decimal' })],
};

test('RFC 7643 §3.3: an own extension is declared as data', () => {
  const extended = extendResourceType(USER_TYPE, SHOES);
  assert.equal(findAttribute(extended, 'urn:example:schemas:shoes:1.0:user:SIZE')?.type, 'decimal');
  assert.equal(findAttribute(USER_TYPE, 'urn:example:schemas:shoes:1.0:user:SIZE'), undefined);
});

test('an extension cannot take a URN twice, nor be no URN, nor name attributes like Object.prototype', () => {
  const extended = extendResourceType(USER_TYPE, SHOES);
  assert.throws(() => extendResourceType(extended, SHOES), /already has the schema/);
  assert.throws(() => extendResourceType(USER_TYPE, { ...SHOES, id: 'shoes' }), /is not a URN/);
  const evil = { ...SHOES, attributes: [attribute({ name: 'constructor', description: '' })] };
  assert.throws(() => extendResourceType(USER_TYPE, evil), /cannot be an attribute's name/);
});
