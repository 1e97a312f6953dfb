import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attribute } from '../schema/attribute.ts';
import { extendResourceType, findAttribute } from '../schema/resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from '../schema/resource-types.ts';
import { includesAttribute, type ProjectionNames, project, readProjection } from './project.ts';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const NOTES = 'urn:example:notes:1.0:User';
const TYPE = extendResourceType(USER_TYPE, {
  id: NOTES,
  name: 'Notes',
  description: '',
  attributes: [
    attribute({ name: 'long', description: '', returned: 'request' }),
    attribute({ name: 'tag', description: '', returned: 'always' }),
  ],
});
const USER = {
  schemas: [CORE, ENTERPRISE, NOTES],
  id: 'u-1',
  userName: 'mara',
  name: { givenName: 'Mara', familyName: 'Oja' },
  emails: [{ type: 'work', value: 'w' }],
  password: 'p',
  [ENTERPRISE]: { department: 'Ops', manager: { value: 'm' } },
  [NOTES]: { long: 'text', tag: 't' },
  meta: { resourceType: 'User', version: 'W/"1"' },
};

const ALWAYS = { schemas: USER.schemas, id: 'u-1', [NOTES]: { tag: 't' } };

const CASES: readonly [string, ProjectionNames, object][] = [
  [
    'RFC 7643 §7: by default all but never and request',
    {},
    {
      ...ALWAYS,
      userName: 'mara',
      name: USER.name,
      emails: USER.emails,
      [ENTERPRISE]: USER[ENTERPRISE],
      meta: USER.meta,
    },
  ],
  [
    'RFC 7644 §3.9: attributes adds to what is always returned',
    { attributes: ['USERNAME'] },
    { ...ALWAYS, userName: 'mara' },
  ],
  ['entra §1.3: attributes=id', { attributes: ['id'] }, ALWAYS],
  ['a sub-attribute only', { attributes: ['name.familyName'] }, { ...ALWAYS, name: { familyName: 'Oja' } }],
  ['returned on request', { attributes: [`${NOTES}:long`] }, { ...ALWAYS, [NOTES]: { long: 'text', tag: 't' } }],
  ['never returned, whoever asks', { attributes: ['password'] }, ALWAYS],
  ['a whole extension', { attributes: [ENTERPRISE] }, { ...ALWAYS, [ENTERPRISE]: USER[ENTERPRISE] }],
  ['unknown names', { attributes: ['shoeSize', 'constructor'] }, ALWAYS],
  [
    'excludedAttributes cannot take away what is always returned',
    {
      excludedAttributes: [
        'id',
        'schemas',
        'emails',
        'name.givenName',
        'meta',
        `${ENTERPRISE}:manager`,
        `${NOTES}:tag`,
      ],
    },
    { ...ALWAYS, userName: 'mara', name: { familyName: 'Oja' }, [ENTERPRISE]: { department: 'Ops' } },
  ],
];

for (const [fact, names, expected] of CASES) {
  test(fact, () => assert.deepEqual(project(USER, readProjection(names, TYPE), TYPE), expected));
}

test('RFC 7644 §3.9: both parameters at once are refused', () => {
  const both = { attributes: ['id'], excludedAttributes: ['emails'] };
  assert.throws(() => readProjection(both, USER_TYPE), { status: 400, scimType: 'invalidValue' });
});

test('strict refuses unknown names', () => {
  assert.throws(() => readProjection({ attributes: ['shoeSize'] }, USER_TYPE, { strict: true }), {
    scimType: 'invalidValue',
  });
});

test('entra §1.3: excludedAttributes=members answers stored texts as they are, without reading members', () => {
  const members = findAttribute(GROUP_TYPE, 'members');
  assert.ok(members !== undefined);
  const without = readProjection({ excludedAttributes: ['members'] }, GROUP_TYPE);
  assert.equal(without.asStored, true);
  assert.equal(includesAttribute(without, members), false);
  assert.equal(includesAttribute(readProjection({}, GROUP_TYPE), members), true);
  assert.equal(includesAttribute(readProjection({ attributes: ['members.value'] }, GROUP_TYPE), members), true);
  assert.equal(includesAttribute(readProjection({ attributes: ['displayName'] }, GROUP_TYPE), members), false);
});

test('stored texts are parsed only when something in them must be left out', () => {
  assert.equal(readProjection({}, USER_TYPE).asStored, true);
  assert.equal(readProjection({}, TYPE).asStored, false);
  assert.equal(readProjection({ attributes: ['userName'] }, USER_TYPE).asStored, false);
  assert.equal(readProjection({ excludedAttributes: ['emails'] }, USER_TYPE).asStored, false);
});
