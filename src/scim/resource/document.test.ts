import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUP_TYPE, USER_TYPE } from '../schema/resource-types.ts';
import { answerText, documentText, namesVersion, parseDocument } from './document.ts';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

test('the stored text begins with schemas and id and holds neither meta nor groups', () => {
  const user = { userName: 'mara', meta: { created: 'x' }, groups: [{ value: 'g' }], id: 'u-1' };
  assert.equal(documentText(user, USER_TYPE), `{"schemas":["${CORE}"],"id":"u-1","userName":"mara"}`);
});

test('the stored text of a group never holds members', () => {
  const text = documentText({ id: 'g', displayName: 'Ops', members: [{ value: 'a' }] }, GROUP_TYPE);
  assert.equal(parseDocument(text)['members'], undefined);
});

test('RFC 7643 §3.1: an answer is the stored text with meta, and what else is spliced in', () => {
  const text = documentText({ id: 'g', displayName: 'Ops' }, GROUP_TYPE);
  const answer = answerText(text, {
    resourceType: 'Group',
    created: 0,
    lastModified: 1_500,
    version: 3,
    location: 'https://portico.example/scim/v2/contoso/Groups/g',
    spliced: { members: '[{"value":"a"}]', groups: undefined },
  });
  assert.deepEqual(JSON.parse(answer), {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    id: 'g',
    displayName: 'Ops',
    members: [{ value: 'a' }],
    meta: {
      resourceType: 'Group',
      created: '1970-01-01T00:00:00.000Z',
      lastModified: '1970-01-01T00:00:01.500Z',
      location: 'https://portico.example/scim/v2/contoso/Groups/g',
      version: 'W/"3"',
    },
  });
});

const HEADERS: readonly [string, boolean][] = [
  ['*', true],
  ['W/"3"', true],
  ['"3"', true],
  ['"1", W/"3"', true],
  ['W/"33"', false],
  ['3', false],
  ['', false],
];

for (const [header, expected] of HEADERS) {
  test(`RFC 7644 §3.14: ${JSON.stringify(header)} ${expected ? 'names' : 'does not name'} version 3`, () => {
    assert.equal(namesVersion(header, 3), expected);
  });
}
