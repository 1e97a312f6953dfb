import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { changeSettings } from '#directory';
import { byItself } from '#events';
import { dialects } from '../world.ts';
import {
  enterpriseUrn,
  groupUrn,
  idOf,
  openScimWorld,
  patchOf,
  type ScimAnswer,
  type ScimWorld,
  type TestDirectory,
  userUrn,
} from './scim-world.ts';

const search = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

/** What asks for something that only one of the two understands. */
type Ask = (directory: TestDirectory, user: string, name: string) => Promise<ScimAnswer>;
const find =
  (filter: string): Ask =>
  (directory) =>
    directory.find('/Users', filter);
const get =
  (query: string): Ask =>
  (directory, user) =>
    directory.get(`/Users${query.replace('{id}', user)}`);
const patch =
  (...operations: Parameters<typeof patchOf>): Ask =>
  (directory, user) =>
    directory.send('PATCH', `/Users/${user}`, patchOf(...operations));
const post =
  (body: object): Ask =>
  (directory, _, userName) =>
    directory.send('POST', '/Users', { schemas: [userUrn], userName, ...body });
const put =
  (body: object): Ask =>
  (directory, user) =>
    directory.send('PUT', `/Users/${user}`, { schemas: [userUrn], userName: 'strictly@x.example', ...body });

const cases: readonly [string, Ask, number, string][] = [
  ['§1.3: an unquoted literal in a filter', find('externalId eq jyoung'), 200, 'invalidFilter'],
  ['§1.3: an unquoted date in a filter', find('meta.created gt 2015-10-10T14:38:21-07:00'), 200, 'invalidFilter'],
  ['§1.3: a sub-attribute behind brackets', find('emails[type eq "work"].value eq "a"'), 200, 'invalidFilter'],
  ['§1.3: an attribute of an extension by its bare name', find('manager eq "x"'), 200, 'invalidFilter'],
  [
    '§1.3: an unquoted literal in .search',
    (directory) => directory.send('POST', '/Users/.search', { schemas: [search], filter: 'externalId eq jyoung' }),
    200,
    'invalidFilter',
  ],
  [
    '§2.3: an unquoted literal in a path',
    patch({ op: 'add', path: 'emails[type eq work].value', value: 'w@x' }),
    200,
    'invalidFilter',
  ],
  [
    '§3: replace of what no value matches',
    patch({ op: 'replace', path: 'emails[type eq "other"].value', value: 'o@x' }),
    200,
    'noTarget',
  ],
  [
    '§3: add to what no value matches',
    patch({ op: 'add', path: 'addresses[type eq "work"].country', value: 'FI' }),
    200,
    'noTarget',
  ],
  [
    '§3: null for what no value matches',
    patch({ op: 'replace', path: 'phoneNumbers[type eq "fax"].value', value: null }),
    200,
    'noTarget',
  ],
  [
    '§3: "" for what no value matches',
    patch({ op: 'replace', path: 'phoneNumbers[type eq "fax"].value', value: '' }),
    200,
    'noTarget',
  ],
  [
    '§2.3: remove of what no value matches',
    patch({ op: 'remove', path: 'phoneNumbers[type eq "pager"]' }),
    200,
    'noTarget',
  ],
  ['§1.6: manager by its bare name', patch({ op: 'add', path: 'manager', value: { value: 'm' } }), 200, 'invalidPath'],
  [
    '§1.6: a manager as a plain string',
    patch({ op: 'add', path: `${enterpriseUrn}:manager`, value: 'm' }),
    200,
    'invalidValue',
  ],
  ['§1.5: a boolean as text in a PATCH', patch({ op: 'replace', path: 'active', value: 'True' }), 200, 'invalidValue'],
  ['§1.5: no operations', patch(), 200, 'invalidSyntax'],
  [
    '§3: an unknown key in a value without a path',
    patch({ op: 'replace', value: { shoeSize: 44 } }),
    200,
    'invalidPath',
  ],
  ['§1.4: a boolean as text in a POST', post({ active: 'True' }), 201, 'invalidValue'],
  ['§3: an unknown attribute in a POST', post({ shoeSize: 44 }), 201, 'invalidSyntax'],
  ['§3: an unknown sub-attribute in a POST', post({ name: { shoeSize: 44 } }), 201, 'invalidSyntax'],
  ['§3: an unknown attribute of an extension', post({ [enterpriseUrn]: { shoeSize: 44 } }), 201, 'invalidSyntax'],
  ['§1.4: an unknown URN in schemas', post({ schemas: [userUrn, `${enterpriseUrn}x`] }), 201, 'invalidSyntax'],
  ['§1.4: no schemas', post({ schemas: [] }), 201, 'invalidSyntax'],
  [
    '§1.4: two primaries',
    post({
      emails: [
        { value: 'a', primary: true },
        { value: 'b', primary: true },
      ],
    }),
    201,
    'invalidValue',
  ],
  ['§3: an unknown attribute in a PUT', put({ shoeSize: 44 }), 200, 'invalidSyntax'],
  ['§2.1: an unknown name in attributes', get('?attributes=userName,shoeSize'), 200, 'invalidValue'],
  ['§2.1: an unknown name in excludedAttributes', get('/{id}?excludedAttributes=shoeSize'), 200, 'invalidValue'],
  [
    '§2.1: an unknown name in attributes of a POST',
    (directory, _, userName) => directory.send('POST', '/Users?attributes=shoeSize', { schemas: [userUrn], userName }),
    201,
    'invalidValue',
  ],
  ['§2.4: sortBy an attribute of an extension by its bare name', get('?sortBy=department'), 200, 'invalidPath'],
  [
    '§1.8: members as plain ids',
    (directory, _, displayName) =>
      directory.send('POST', '/Groups', { schemas: [groupUrn], displayName, members: ['string id 1'] }),
    201,
    'invalidValue',
  ],
];

for (const dialect of dialects) {
  describe(`strict and lenient directories (${dialect})`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    let user: string;
    let number = 0;
    before(async () => {
      ({ directory, ...world } = await openScimWorld(dialect, { now: Date.UTC(2026, 10, 21) }));
      user = idOf(await directory.send('POST', '/Users', { schemas: [userUrn], userName: 'strictly@x.example' }));
    });
    after(() => world.close());

    const beStrict = async (strict: boolean): Promise<void> => {
      await changeSettings(world, byItself, directory.organizationId, directory.id, { strict }, undefined);
      world.clock.now += 1001;
    };

    for (const [what, ask, lenient, scimType] of cases) {
      test(`facts ${what}: ${lenient}, or 400 ${scimType} where the directory is strict`, async () => {
        await beStrict(true);
        const before = (await directory.get(`/Users/${user}`)).text;
        const refused = await ask(directory, user, `s-${++number}`);
        assert.deepEqual([refused.status, refused.body['scimType']], [400, scimType], refused.text);
        assert.equal((await directory.get(`/Users/${user}`)).text, before);
        await beStrict(false);
        const understood = await ask(directory, user, `s-${number}`);
        assert.equal(understood.status, lenient, understood.text);
      });
    }

    test('facts §3: what the RFCs allow is understood by both: a PATCH without path, removing listed members', async () => {
      for (const strict of [true, false]) {
        await beStrict(strict);
        const value = { displayName: `D ${strict}`, [enterpriseUrn]: { department: 'Ops' } };
        const answer = await directory.send('PATCH', `/Users/${user}`, patchOf({ op: 'replace', value }));
        assert.deepEqual([answer.status, answer.body['displayName']], [200, `D ${strict}`], answer.text);
        const group = { schemas: [groupUrn], displayName: `G ${strict}`, members: [{ value: 'a' }, { value: 'b' }] };
        const id = idOf(await directory.send('POST', '/Groups', group));
        const operation = { op: 'remove', path: 'members', value: [{ value: 'a' }] };
        assert.equal((await directory.send('PATCH', `/Groups/${id}`, patchOf(operation))).status, 204);
        assert.deepEqual((await directory.get(`/Groups/${id}`)).body['members'], [{ value: 'b' }]);
      }
    });
  });
}
