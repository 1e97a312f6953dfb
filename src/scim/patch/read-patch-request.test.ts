import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATCH_OP_URN, readPatchRequest } from './read-patch-request.ts';

const request = (...operations: unknown[]) => ({ schemas: [PATCH_OP_URN], Operations: operations });

test('entra §1.5: op is taken in any case', () => {
  assert.deepEqual(readPatchRequest(request({ op: 'Replace', path: 'title', value: 'x' })), [
    { op: 'replace', path: 'title', value: 'x', where: 'Operations[0]' },
  ]);
});

test('postman §1.8: further keys beside op and Operations are ignored', () => {
  const body = { ...request({ op: 'Add', name: 'n', id: 1, path: 'members', value: [] }), name: 'x', id: 'y' };
  assert.equal(readPatchRequest(body).length, 1);
});

test('validator §1.5: no operations are nothing to do; strict refuses them', () => {
  assert.deepEqual(readPatchRequest(request()), []);
  assert.throws(() => readPatchRequest(request(), { strict: true }), { scimType: 'invalidSyntax' });
});

const FAULTS: readonly [string, unknown, string, RegExp][] = [
  ['no object', [], 'invalidSyntax', /the body is an array/],
  ['null', null, 'invalidSyntax', /the body is null/],
  ['no schemas', { Operations: [] }, 'invalidSyntax', /schemas must contain/],
  ['wrong schemas', { schemas: ['urn:x'], Operations: [] }, 'invalidSyntax', /schemas must contain/],
  ['no Operations', { schemas: [PATCH_OP_URN] }, 'invalidSyntax', /Operations must be an array/],
  ['Operations no array', { schemas: [PATCH_OP_URN], Operations: {} }, 'invalidSyntax', /Operations must be an array/],
  ['operation no object', request('x'), 'invalidSyntax', /Operations\[0\] is a string/],
  ['op missing', request({ path: 'title' }), 'invalidSyntax', /Operations\[0\].op/],
  ['op unknown', request({ op: 'add', value: {} }, { op: 'move' }), 'invalidSyntax', /Operations\[1\].op/],
  ['path no text', request({ op: 'remove', path: 7 }), 'invalidPath', /Operations\[0\].path is a number/],
];

for (const [what, body, scimType, message] of FAULTS) {
  test(`RFC 7644 §3.5.2: ${what} is ${scimType}`, () => {
    assert.throws(() => readPatchRequest(body), { status: 400, scimType, message });
  });
}
