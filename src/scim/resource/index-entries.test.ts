import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attribute } from '../schema/attribute.ts';
import { extendResourceType } from '../schema/resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from '../schema/resource-types.ts';
import { indexEntries } from './index-entries.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const SHOES = 'urn:example:shoes:1.0:User';

test('every value that has no column becomes an entry, folded and exact, with its element', () => {
  const user = {
    schemas: [],
    id: 'u-1',
    userName: 'Mara',
    externalId: 'x',
    displayName: 'Mara',
    active: true,
    name: { familyName: 'OJA' },
    emails: [
      { type: 'work', value: 'Mara@X', primary: true },
      { type: 'home', value: 'h@x' },
    ],
    groups: [{ value: 'g' }],
    profileUrl: 'https://x',
    [ENTERPRISE]: { manager: { value: 'M-1' } },
    meta: { created: '2026-01-01T00:00:00Z' },
  };
  const rows = indexEntries(user, USER_TYPE).map(({ path, element, folded, exact }) => [path, element, folded, exact]);
  assert.deepEqual(rows, [
    ['name.familyName', 0, 'oja', 'OJA'],
    ['emails.value', 0, 'mara@x', 'Mara@X'],
    ['emails.type', 0, 'work', 'work'],
    ['emails.primary', 0, 'true', 'true'],
    ['emails.value', 1, 'h@x', 'h@x'],
    ['emails.type', 1, 'home', 'home'],
    [`${ENTERPRISE}:manager.value`, 0, 'm-1', 'M-1'],
  ]);
});

test('numbers and dates are indexed by their comparison keys', () => {
  const type = extendResourceType(USER_TYPE, {
    id: SHOES,
    name: 'Shoes',
    description: '',
    attributes: [
      attribute({ name: 'size', description: '', type: 'decimal' }),
      attribute({ name: 'bought', description: '', type: 'dateTime' }),
      attribute({ name: 'tags', description: '', multiValued: true }),
    ],
  });
  const shoes = { size: 1, bought: '2026-01-31T12:00:00+02:00', tags: ['Red', 'soft'] };
  const rows = indexEntries({ userName: 'm', [SHOES]: shoes }, type).map(({ path, element, folded }) => [
    path,
    element,
    folded,
  ]);
  assert.deepEqual(rows, [
    [`${SHOES}:size`, 0, 'bff0000000000000'],
    [`${SHOES}:bought`, 0, '2026-01-31T10:00:00.000Z'],
    [`${SHOES}:tags`, 0, 'red'],
    [`${SHOES}:tags`, 1, 'soft'],
  ]);
});

test('a group has no entries: its attributes are columns, its members rows', () => {
  assert.deepEqual(indexEntries({ displayName: 'Ops', externalId: 'x', members: [{ value: 'a' }] }, GROUP_TYPE), []);
});
