import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isGuid } from './guid.ts';
import { findPermission, permissions } from './permissions.ts';
import { readAppRoles } from './read-app-roles.ts';

test('every permission has an id of its own, except SMTP.SendAsApp, which is looked up by name', () => {
  const without = permissions.filter(({ id }) => id === undefined).map(({ name }) => name);
  assert.deepEqual(without, ['SMTP.SendAsApp']);
  const ids = permissions.map(({ id }) => id).filter((id) => id !== undefined);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.every(isGuid));
});

test('Mail.Send is found by resource and kind', () => {
  assert.equal(findPermission('graph', 'application', 'Mail.Send')?.id, 'b633e1c5-b582-4048-a93e-9f11b44c7e96');
  assert.equal(findPermission('graph', 'delegated', 'Mail.Send')?.id, 'e383f46e-2787-4529-855e-0e479a3ffac0');
  assert.equal(findPermission('exchange', 'application', 'Mail.Send'), undefined);
});

const jwt = (claims: unknown) =>
  `${btoa('{"alg":"none"}')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

test('the roles of an app token are read for display; with Exchange roles alone there are none', () => {
  assert.deepEqual(readAppRoles(jwt({ roles: ['Mail.Send', 'Mail.ReadWrite'] })), ['Mail.Send', 'Mail.ReadWrite']);
  assert.deepEqual(readAppRoles(jwt({})), []);
  assert.equal(readAppRoles('opaque'), undefined);
});
