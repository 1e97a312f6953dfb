import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUP_TYPE, USER_TYPE } from '../schema/resource-types.ts';
import { parsePath } from './parse-path.ts';
import { resolvePath } from './resolve-path.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const PATHS: readonly [string, string, string | undefined, boolean][] = [
  ['displayName', 'displayName', undefined, false],
  ['NAME.familyname', 'name', 'name.familyName', false],
  ['emails[type eq "work"].value', 'emails', 'emails.value', true],
  ['emails[type eq "w]o]rk"]', 'emails', undefined, true],
  ['addresses[type eq "work" and primary eq true].country', 'addresses', 'addresses.country', true],
  ['roles[primary eq "True"].value', 'roles', 'roles.value', true],
  [`${ENTERPRISE}:employeeNumber`, `${ENTERPRISE}:employeeNumber`, undefined, false],
  [`${ENTERPRISE}:manager.value`, `${ENTERPRISE}:manager`, `${ENTERPRISE}:manager.value`, false],
  ['urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "work"].value', 'emails', 'emails.value', true],
  ['manager', `${ENTERPRISE}:manager`, undefined, false],
];

for (const [text, attribute, sub, filtered] of PATHS) {
  test(`RFC 7644 §3.5.2: path ${text}`, () => {
    const target = resolvePath(parsePath(text), USER_TYPE);
    assert.ok(target?.kind === 'attribute');
    assert.equal(target.attribute.path, attribute);
    assert.equal(target.sub?.path, sub);
    assert.equal(target.filter !== undefined, filtered);
  });
}

test('RFC 7644 §3.5.2: members[value eq "x"]', () => {
  const target = resolvePath(parsePath('members[value eq "x"]'), GROUP_TYPE);
  assert.ok(target?.kind === 'attribute' && target.filter?.kind === 'compare');
  assert.equal(target.filter.key, 'x');
});

test("a schema's URN is a path of its own", () => {
  assert.deepEqual(resolvePath(parsePath(ENTERPRISE.toUpperCase()), USER_TYPE), {
    kind: 'schema',
    urn: ENTERPRISE,
    extension: true,
  });
});

const FAULTS: readonly [string, 'invalidPath' | 'invalidFilter'][] = [
  ['display name', 'invalidPath'],
  ['', 'invalidPath'],
  ['emails[type eq "work"', 'invalidPath'],
  ['emails[type eq "work"]value', 'invalidPath'],
  ['emails[type eq "work"].value.x', 'invalidPath'],
  ['emails.', 'invalidPath'],
  ['emails[]', 'invalidFilter'],
  ['emails[type equals "work"]', 'invalidFilter'],
  ['emails[type eq "work]', 'invalidFilter'],
  ['emails[colour eq "red"]', 'invalidFilter'],
  ['name[familyName eq "x"]', 'invalidPath'],
  ['a'.repeat(5_000), 'invalidPath'],
];

for (const [text, scimType] of FAULTS) {
  test(`RFC 7644 §3.5.2: ${text.slice(0, 40)} is ${scimType}`, () => {
    assert.throws(() => resolvePath(parsePath(text), USER_TYPE), { status: 400, scimType });
  });
}

test('an unknown attribute or sub-attribute is no target', () => {
  for (const text of [
    'shoeSize',
    'name.middle',
    'emails[type eq "work"].colour',
    'urn:x:1.0:User',
    '__proto__',
    'emails.__proto__',
  ]) {
    let target: unknown;
    try {
      target = resolvePath(parsePath(text), USER_TYPE);
    } catch {
      target = undefined;
    }
    assert.equal(target, undefined, text);
  }
});
