import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../json.ts';
import { attribute } from '../schema/attribute.ts';
import { extendResourceType } from '../schema/resource-type.ts';
import { GROUP_TYPE, USER_TYPE } from '../schema/resource-types.ts';
import { matches } from './matches.ts';
import { parseFilter } from './parse-filter.ts';
import { resolveFilter } from './resolve-filter.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const SHOES = 'urn:example:shoes:1.0:User';
const TYPE = extendResourceType(USER_TYPE, {
  id: SHOES,
  name: 'Shoes',
  description: '',
  attributes: [
    attribute({ name: 'size', description: '', type: 'decimal' }),
    attribute({ name: 'bought', description: '', type: 'dateTime' }),
    attribute({ name: 'tags', description: '', multiValued: true }),
  ],
});

const MARA: JsonObject = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
  id: 'u-1',
  externalId: 'Mara',
  userName: 'Mara@Tenant.example',
  active: true,
  title: '',
  displayName: 'Åsa Ωmega',
  emails: [
    { type: 'work', value: 'mara@tenant.example', primary: true },
    { type: 'home', value: 'mo@home.example' },
  ],
  roles: [{ value: 'Admin', primary: true }],
  [ENTERPRISE]: { department: 'Ops', manager: { value: 'm-1' } },
  [SHOES]: { size: 38.5, bought: '2026-01-31T12:00:00+02:00', tags: ['red', 'soft'] },
  meta: { resourceType: 'User', created: '2026-01-01T00:00:00.000Z', lastModified: '2026-03-01T00:00:00.000Z' },
};

const CASES: readonly [string, boolean][] = [
  ['userName eq "mara@tenant.EXAMPLE"', true],
  ['externalId eq "mara"', false],
  ['externalId eq "Mara"', true],
  ['id eq "string id 1"', false],
  ['displayName eq "A\\u030aSA ωMEGA"', true],
  ['displayName sw "ÅS" and displayName ew "GA" and displayName co "a ω"', true],
  ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "MARA"', true],
  ['active eq true', true],
  ['active eq "False"', false],
  ['active ne "True"', false],
  ['nickName eq null', true],
  ['nickName ne null', false],
  ['nickName ne "x"', true],
  ['nickName eq "x"', false],
  ['nickName pr', false],
  ['title pr', false],
  ['title eq ""', true],
  ['title eq null', true],
  ['not (nickName eq "x")', true],
  ['name pr', false],
  ['emails pr', true],
  ['emails co "home.EXAMPLE"', true],
  ['emails.type eq "home" and emails.value sw "mara"', true],
  ['emails[type eq "home" and value sw "mara"]', false],
  ['emails[type eq "work"].value eq "MARA@tenant.example"', true],
  ['emails[type eq "home"].value eq "mara@tenant.example"', false],
  ['emails[not (type eq "work")]', true],
  ['emails.type ne "work"', true],
  ['emails[primary eq true].value pr', true],
  ['roles[primary eq "True"].value eq "admin"', true],
  ['manager eq "m-1" and id eq "u-1"', true],
  ['id eq "u-1" and manager eq "m-2"', false],
  [`${ENTERPRISE}:department eq "ops"`, true],
  [`${ENTERPRISE} pr`, true],
  [`schemas eq "${ENTERPRISE}"`, true],
  ['schemas eq "urn:ietf:params:scim:schemas:core:2.0:Group"', false],
  ['schemas co "core"', true],
  ['meta.resourceType eq "User"', true],
  ['meta.resourceType eq "user"', false],
  ['meta.created lt 2026-01-01T01:00:00+00:30', true],
  ['meta.created ge "2026-01-01"', true],
  ['meta.lastModified gt "2026-03-01T00:00:00Z"', false],
  ['userName gt "mara@" and userName lt "marb"', true],
  [`${SHOES}:size gt 9`, true],
  [`${SHOES}:size eq "38.5"`, true],
  [`${SHOES}:size lt -1`, false],
  [`${SHOES}:bought eq "2026-01-31T10:00:00Z"`, true],
  [`${SHOES}:tags eq "RED"`, true],
  [`${SHOES}:tags[value eq "soft"]`, true],
  [`${SHOES}:tags[value eq "soft" and value eq "red"]`, false],
  ['a eq 1 or userName pr'.replace('a eq 1', 'title pr'), true],
];

for (const [text, expected] of CASES) {
  test(`RFC 7644 §3.4.2.2: ${text} is ${expected}`, () => {
    assert.equal(matches(resolveFilter(parseFilter(text), TYPE), MARA), expected);
  });
}

test('entra §1.3: "members eq" asks for members.value', () => {
  const group = { id: 'g', displayName: 'Ops', members: [{ value: 'u-1' }, { value: 'u-2' }] };
  const filter = (text: string) => resolveFilter(parseFilter(text), GROUP_TYPE);
  assert.equal(matches(filter('members eq "u-2" and id eq "g"'), group), true);
  assert.equal(matches(filter('members eq "u-3"'), group), false);
  assert.equal(matches(filter('displayName eq "OPS"'), group), true);
});

const REFUSED: readonly [string, RegExp][] = [
  ['shoeSize eq 1', /User has no attribute shoeSize/],
  ['emails[colour eq "x"]', /emails has no sub-attribute colour/],
  ['userName[value eq "x"]', /userName has no sub-attributes/],
  ['active gt true', /"gt" cannot compare active, which is boolean/],
  ['active eq "maybe"', /active is boolean, and "maybe" is not/],
  ['active co "t"', /"co" needs text/],
  ['x509Certificates lt "x"', /"lt" cannot compare/],
  ['meta.created eq "soon"', /meta.created is dateTime, and "soon" is not/],
  ['password eq "x"', /password cannot be searched/],
  ['password pr', /password cannot be searched/],
  ['meta.location eq "x"', /meta.location cannot be searched/],
  ['name eq "x"', /name is complex; name a sub-attribute/],
  ['userName gt null', /cannot compare userName with null/],
  ['constructor eq "x"', /no attribute constructor/],
];

for (const [text, message] of REFUSED) {
  test(`refused as invalidFilter: ${text}`, () => {
    assert.throws(() => resolveFilter(parseFilter(text), TYPE), { status: 400, scimType: 'invalidFilter', message });
  });
}

const ABSENT: readonly [string, boolean][] = [
  ['shoeSize eq 1', false],
  ['shoeSize ne 1', true],
  ['shoeSize eq null', true],
  ['shoeSize pr', false],
  ['shoes[size eq 1]', false],
  ['not (shoeSize pr)', true],
];

for (const [text, expected] of ABSENT) {
  test(`RFC 7644 §3.4.2.1: an unknown attribute may count as absent: ${text}`, () => {
    const filter = resolveFilter(parseFilter(text), USER_TYPE, { unknown: 'absent' });
    assert.deepEqual(filter, { kind: 'constant', value: expected });
  });
}
