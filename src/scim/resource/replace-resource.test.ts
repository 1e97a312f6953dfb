import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attribute } from '../schema/attribute.ts';
import { extendResourceType } from '../schema/resource-type.ts';
import { USER_TYPE } from '../schema/resource-types.ts';
import { readResource } from './read-resource.ts';
import { replaceResource } from './replace-resource.ts';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const BADGE = 'urn:example:badge:1.0:User';
const TYPE = extendResourceType(USER_TYPE, {
  id: BADGE,
  name: 'Badge',
  description: '',
  attributes: [
    attribute({ name: 'number', description: '', mutability: 'immutable' }),
    attribute({ name: 'printed', description: '', mutability: 'readOnly' }),
  ],
});
const CURRENT = {
  schemas: [CORE, BADGE],
  id: 'u-1',
  userName: 'mara',
  title: 'Head',
  [BADGE]: { number: '7', printed: 'yes' },
};

const put = (body: object) => replaceResource(CURRENT, readResource(body, TYPE).resource, TYPE);

test('RFC 7644 §3.5.1: PUT clears what is omitted, keeps id and what is readOnly', () => {
  const { resource, changed, changes } = put({
    userName: 'mara',
    id: 'other',
    [BADGE]: { number: '7', printed: 'no' },
  });
  assert.deepEqual(resource, {
    schemas: [CORE, BADGE],
    id: 'u-1',
    userName: 'mara',
    [BADGE]: { number: '7', printed: 'yes' },
  });
  assert.deepEqual(changes, [{ path: 'title', before: 'Head' }]);
  assert.equal(changed, true);
});

test('okta §2.8: PUT with id, meta and a dummy password, and nothing else new, changes nothing', () => {
  const body = {
    userName: 'mara',
    title: 'Head',
    id: 'u-1',
    meta: { version: 'x' },
    password: 'p',
    [BADGE]: { number: '7' },
  };
  assert.equal(put(body).changed, false);
});

test('RFC 7644 §3.5.1: an immutable attribute must be sent as it is', () => {
  assert.throws(() => put({ userName: 'mara', [BADGE]: { number: '8' } }), { scimType: 'mutability' });
  assert.throws(() => put({ userName: 'mara' }), { scimType: 'mutability' });
});
