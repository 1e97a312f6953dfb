import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { changeSettings, getDirectory } from '#directory';
import { byItself } from '#events';
import { dialects } from '../world.ts';
import {
  idOf,
  openScimWorld,
  patchOf,
  resourcesOf,
  type ScimWorld,
  type TestDirectory,
  userUrn,
} from './scim-world.ts';

const urn = 'urn:example:schemas:1.0:User';
const extension = {
  resourceType: 'User' as const,
  id: urn,
  name: 'Example',
  description: '',
  attributes: [
    {
      name: 'badge',
      description: 'Number of the badge.',
      type: 'string' as const,
      caseExact: false,
      canonicalValues: [],
      multiValued: false,
      subAttributes: [],
    },
  ],
};

for (const dialect of dialects) {
  describe(`settings of a directory (${dialect})`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    before(async () => {
      ({ directory, ...world } = await openScimWorld(dialect, { now: Date.UTC(2026, 10, 21) }));
    });
    after(() => world.close());

    const change = async (settings: Parameters<typeof changeSettings>[4], version?: number) => {
      await changeSettings(world, byItself, directory.organizationId, directory.id, settings, version);
      // What is believed of a token and its directory is believed for a second.
      world.clock.now += 1001;
    };

    test('an own extension is declared, stored, filtered by, and listed in /Schemas', async () => {
      await change({ extensions: [extension] });
      const created = await directory.send('POST', '/Users', {
        schemas: [userUrn, urn],
        userName: 'badge@x.example',
        [urn]: { badge: 'B-7' },
      });
      assert.deepEqual(created.body[urn], { badge: 'B-7' });
      assert.deepEqual(created.body['schemas'], [userUrn, urn]);
      const found = await directory.find('/Users', `${urn}:badge eq "b-7"`);
      assert.deepEqual(
        resourcesOf(found).map((it) => it['id']),
        [idOf(created)],
      );
      const schemas = await directory.get('/Schemas');
      assert.ok(resourcesOf(schemas).some((schema) => schema['id'] === urn));
      const patched = await directory.send(
        'PATCH',
        `/Users/${idOf(created)}`,
        patchOf({ op: 'replace', path: `${urn}:badge`, value: 'B-8' }),
      );
      assert.deepEqual(patched.body[urn], { badge: 'B-8' });
    });

    test('an extension that bears the URN of another is refused by name, and nothing is stored', async () => {
      const { version } = await getDirectory(world, directory.organizationId, directory.id);
      await assert.rejects(change({ extensions: [extension, extension] }), {
        problem: 'invalid-request',
        details: {
          detail: 'an extension is not possible',
          errors: [{ field: 'extensions', detail: `User already has the schema ${urn}; choose another URN.` }],
        },
      });
      assert.equal((await getDirectory(world, directory.organizationId, directory.id)).version, version);
    });

    test('two that change at once: the later one is told', async () => {
      const { version } = await getDirectory(world, directory.organizationId, directory.id);
      await change({ requestsPerSecond: 50 }, version);
      await assert.rejects(change({ requestsPerSecond: 60 }, version), { problem: 'version-changed' });
      const { settings } = await getDirectory(world, directory.organizationId, directory.id);
      assert.equal(settings.requestsPerSecond, 50);
      assert.equal(settings.strict, false);
    });

    test('RFC 7643 §3.1: strict refuses an attribute that no schema has; lenient ignores it', async () => {
      const body = { schemas: [userUrn], userName: 'odd@x.example', shoeSize: 44 };
      await change({ strict: true });
      const refused = await directory.send('POST', '/Users', body);
      assert.equal(refused.status, 400);
      assert.equal(refused.body['scimType'], 'invalidSyntax');
      await change({ strict: false });
      assert.equal((await directory.send('POST', '/Users', body)).status, 201);
    });

    test('[MS-8]: the trimmed profile of /Schemas lists no password', async () => {
      const names = async () => JSON.stringify((await directory.get(`/Schemas/${userUrn}`)).body['attributes']);
      assert.match(await names(), /"name":"password"/);
      await change({ schemaProfile: 'trimmed' });
      assert.doesNotMatch(await names(), /"name":"password"/);
    });
  });
}
