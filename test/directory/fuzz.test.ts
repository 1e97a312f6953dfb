import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
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

const name = fc.constantFrom(
  'userName',
  'displayName',
  'active',
  'name',
  'name.familyName',
  'emails',
  'emails[type eq "work"].value',
  'emails[primary eq true]',
  'members',
  'members[value eq "a"]',
  'groups',
  'manager',
  `${enterpriseUrn}:manager`,
  enterpriseUrn,
  'roles',
  'schemas',
  'id',
  'meta',
  'externalId',
  'password',
  '__proto__',
  'constructor',
  'x509Certificates',
  'photos',
  'nonsense',
  '[',
  'a[b',
  '',
);
const value = fc.letrec<{ json: fc.JsonValue }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false, 'True', '', 'a', 'work', '\u{1f600}', '\ud800', 'x'.repeat(900), 0, -1.5, 1e300),
    fc.string({ maxLength: 12 }),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(name, fc.constantFrom('value', 'type', 'primary', '$ref', 'display')), tie('json'), {
      maxKeys: 4,
    }),
  ),
})).json;
const operation = fc.record(
  { op: fc.constantFrom('add', 'Replace', 'REMOVE', 'move'), path: name, value },
  { requiredKeys: ['op'] },
);
const resource = fc.dictionary(name, value, { maxKeys: 6 });
const filter = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc
    .tuple(name, fc.constantFrom('eq', 'co', 'pr', 'gt', 'is', ''), fc.oneof(fc.json(), fc.string({ maxLength: 8 })))
    .map((parts) => parts.join(' ')),
);

for (const dialect of dialects) {
  describe(`whatever is sent is answered in SCIM's words on ${dialect}`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    let user: string;
    let group: string;
    before(async () => {
      const opened = await openScimWorld(dialect);
      world = opened;
      directory = opened.directory;
      user = idOf(await directory.send('POST', '/Users', { schemas: [userUrn], userName: 'fuzzed' }));
      group = idOf(
        await directory.send('POST', '/Groups', { schemas: [groupUrn], displayName: 'Fuzzed', members: ['a'] }),
      );
    });
    after(() => world.close());

    const wellAnswered = (answer: ScimAnswer): void => {
      assert.ok(answer.status < 500 || answer.status === 501, answer.text);
      if (answer.status < 400) return;
      assert.equal(answer.body['status'], String(answer.status));
      assert.deepEqual(answer.body['schemas'], ['urn:ietf:params:scim:api:messages:2.0:Error']);
      assert.equal(typeof answer.body['detail'], 'string');
    };
    const runs = { numRuns: 250 };

    test('bodies of PATCH; what is refused changes nothing', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom('Users', 'Groups'),
          fc.array(operation, { maxLength: 4 }),
          async (type, operations) => {
            const path = `/${type}/${type === 'Users' ? user : group}`;
            const before = await directory.get(path);
            const answer = await directory.send('PATCH', path, patchOf(...(operations as never[])));
            wellAnswered(answer);
            if (answer.status >= 400) assert.equal((await directory.get(path)).text, before.text);
          },
        ),
        runs,
      );
    });

    test('bodies of POST and PUT', async () => {
      await fc.assert(
        fc.asyncProperty(fc.constantFrom('Users', 'Groups'), fc.oneof(resource, value), async (type, body) => {
          wellAnswered(await directory.send('POST', `/${type}`, JSON.stringify(body)));
          const id = type === 'Users' ? user : group;
          wellAnswered(await directory.send('PUT', `/${type}/${id}`, JSON.stringify(body)));
        }),
        runs,
      );
    });

    test('filters, orders and pages', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom('Users', 'Groups'),
          filter,
          name,
          fc.string({ maxLength: 6 }),
          async (type, text, by, count) => {
            const query = new URLSearchParams({ filter: text, sortBy: by, count, attributes: by });
            wellAnswered(await directory.get(`/${type}?${query}`));
            wellAnswered(await directory.get(`/${type}?filter=${text.replaceAll('#', '')}`));
          },
        ),
        runs,
      );
    });

    test('paths and headers', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.string({ maxLength: 20 }),
          fc.constantFrom('GET', 'PUT', 'PATCH', 'DELETE', 'POST'),
          async (text, method) => {
            const path = `/${encodeURIComponent(text.toWellFormed())}`;
            const header = text.replaceAll(/[^\x20-\x7e]/g, '').trim();
            const body = method === 'GET' || method === 'DELETE' ? undefined : '{}';
            for (const each of [path, `/Users${path}`, `/Groups${path}`, `/Schemas${path}`]) {
              wellAnswered(
                await directory.send(method, each, body, {
                  'if-match': header,
                  'if-none-match': header,
                  'user-agent': header,
                }),
              );
            }
          },
        ),
        runs,
      );
    });
  });
}
