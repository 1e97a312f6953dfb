import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonValue } from '../json.ts';
import { documentText, parseDocument } from '../resource/document.ts';
import { readResource } from '../resource/read-resource.ts';
import { GROUP_TYPE, USER_TYPE } from '../schema/resource-types.ts';
import { ScimError } from '../scim-error.ts';
import { applyPatch } from './apply-patch.ts';
import { planGroupPatch } from './plan-group-patch.ts';
import { PATCH_OP_URN, readPatchRequest } from './read-patch-request.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const name = fc.constantFrom(
  'userName',
  'title',
  'ACTIVE',
  'name',
  'name.familyName',
  'emails',
  'emails.value',
  'roles',
  'manager',
  'id',
  'groups',
  'meta',
  'members',
  'members[value eq "m"]',
  'displayName',
  'emails[type eq "work"]',
  'emails[type eq "work"].value',
  'roles[primary eq "True"].value',
  ENTERPRISE,
  `${ENTERPRISE}:manager.value`,
  'password',
  'schemas',
  '__proto__',
  'constructor',
  'prototype',
  'emails[__proto__ eq "x"].value',
  'name.__proto__',
  'toString',
  'a b',
  '',
);
const word = fc.constantFrom(
  'value',
  'type',
  'primary',
  '$ref',
  'familyName',
  '__proto__',
  'constructor',
  'manager',
  'polluted',
);
const leaf = fc.oneof(
  fc.constantFrom('', 'work', 'True', 'x', '{"id":1,"__proto__":{"polluted":1}}'),
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
);
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(word, name), tie('value'), { maxKeys: 4 }),
  ),
}));
const operation = fc.record(
  { op: fc.constantFrom('add', 'Replace', 'remove'), path: name, value },
  { requiredKeys: ['op'] },
);
const request = fc.array(operation, { maxLength: 4 }).map((operations) => {
  // Through text, as over the wire: JSON.parse makes __proto__ an ordinary property.
  return JSON.parse(JSON.stringify({ schemas: [PATCH_OP_URN], Operations: operations }));
});

const USER = readResource(
  {
    userName: 'mara',
    name: { familyName: 'O' },
    emails: [{ type: 'work', value: 'w' }],
    roles: [{ value: 'r', primary: true }],
  },
  USER_TYPE,
).resource;

test('any PATCH gives a resource or a refusal of SCIM, leaves the old one alone, and pollutes nothing', () => {
  let applied = 0;
  const before = JSON.stringify(USER);
  fc.assert(
    fc.property(request, fc.boolean(), (body, strict) => {
      try {
        const { resource, changed } = applyPatch(USER, readPatchRequest(body, { strict }), {
          resourceType: USER_TYPE,
          strict,
        });
        assert.equal(changed, resource !== USER);
        const text = documentText(resource, USER_TYPE);
        assert.deepEqual(readResource(parseDocument(text), USER_TYPE, { strict: true }).resource, resource);
        applied++;
      } catch (error) {
        assert.ok(error instanceof ScimError, String(error));
      }
      assert.equal(JSON.stringify(USER), before);
      assert.equal(Reflect.get({}, 'polluted'), undefined);
    }),
    { numRuns: 4_000 },
  );
  assert.ok(applied > 400, `only ${applied} were applied`);
});

test('replacing and removing twice changes nothing the second time', () => {
  fc.assert(
    fc.property(request, (body) => {
      try {
        const [first] = readPatchRequest(body);
        if (first === undefined || (first.op === 'add' && first.path === undefined)) return;
        const once = applyPatch(USER, [first], { resourceType: USER_TYPE });
        const twice = applyPatch(once.resource, [first], { resourceType: USER_TYPE });
        assert.deepEqual(twice.changes, []);
      } catch (error) {
        assert.ok(error instanceof ScimError, String(error));
      }
    }),
    { numRuns: 4_000 },
  );
});

test('any PATCH of a group is planned or refused', () => {
  fc.assert(
    fc.property(request, fc.boolean(), (body, strict) => {
      try {
        const plan = planGroupPatch(readPatchRequest(body), { resourceType: GROUP_TYPE, strict });
        assert.ok(!JSON.stringify(plan.attributes).toLowerCase().includes('"path":"members'));
      } catch (error) {
        assert.ok(error instanceof ScimError, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});
