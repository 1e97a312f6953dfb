import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rolesOf, rolesOfGroups } from './roles.ts';

const id = '6d7c9f3e-2f1b-4a55-9c0e-0d7d0f4b8a11';
const byId = { roleMappings: [{ from: 'group', value: id, role: 'administrator' }] } as const;
const byName = { roleMappings: [{ from: 'group', value: 'Admins', role: 'administrator' }] } as const;
const settings = ({ roleMappings }: typeof byId | typeof byName) => ({ roleMappings: [...roleMappings] });

test('S10: a mapping that is a GUID means the group of that object id, in capitals too', () => {
  for (const externalId of [id, id.toUpperCase()])
    assert.deepEqual(rolesOfGroups(settings(byId), [{ name: 'Anything', externalId }]), ['administrator']);
  assert.deepEqual(rolesOfGroups(settings(byId), [{ name: 'Anything', externalId: null }]), []);
});

test('attack: a group that its owner renames to the object id of another gives no role', () => {
  assert.deepEqual(rolesOfGroups(settings(byId), [{ name: id, externalId: 'another' }]), []);
});

test('attack: a group whose externalId is the name in a mapping gives no role', () => {
  assert.deepEqual(rolesOfGroups(settings(byName), [{ name: 'Mine', externalId: 'Admins' }]), []);
  assert.deepEqual(rolesOfGroups(settings(byName), [{ name: 'Admins', externalId: 'any' }]), ['administrator']);
});

test('S10: the groups of a token give roles by object id, in capitals too, or by name as the token writes it', () => {
  const of = (mappings: typeof byId | typeof byName, groups: string[]) =>
    rolesOf(settings(mappings), { roles: [], groups });
  const other = 'aaaaaaaa-2f1b-4a55-9c0e-0d7d0f4b8a11';
  assert.deepEqual(of(byId, [other, id]), ['administrator']);
  assert.deepEqual(of(byId, [id.toUpperCase()]), ['administrator']);
  assert.deepEqual(of(byId, [other]), []);
  assert.deepEqual(of(byName, ['Staff', 'Admins']), ['administrator']);
  assert.deepEqual(of(byName, ['admins']), []);
  assert.deepEqual(rolesOf(settings(byId), { roles: [id], groups: undefined }), [id], 'an app role is no group');
});

test('attack: a group that is called like the object id of another gives no role where the token lists groups by name', () => {
  assert.deepEqual(rolesOf(settings(byId), { roles: [], groups: ['Staff', id] }), []);
});
