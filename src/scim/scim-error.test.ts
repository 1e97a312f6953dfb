import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScimError, scimErrorBody } from './scim-error.ts';

test('RFC 7644 §3.12: an error body has the URN, status as text, scimType and detail', () => {
  assert.deepEqual(scimErrorBody(new ScimError(409, 'uniqueness', 'userName already in use')), {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: '409',
    scimType: 'uniqueness',
    detail: 'userName already in use',
  });
});

test('RFC 7644 §3.12: an error without keyword has no scimType', () => {
  assert.deepEqual(Object.keys(scimErrorBody(new ScimError(404, undefined, 'no such user'))), [
    'schemas',
    'status',
    'detail',
  ]);
});
