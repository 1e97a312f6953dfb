import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { changeSettings } from '#directory';
import { byItself } from '#events';
import type { JsonObject } from '#scim';
import { dialects } from '../world.ts';
import {
  groupUrn,
  idOf,
  openScimWorld,
  patchOf,
  resourcesOf,
  type ScimWorld,
  type TestDirectory,
  userUrn,
} from './scim-world.ts';

const urn = 'urn:example:schemas:2.0:Staff';
const groupExtension = 'urn:example:schemas:2.0:Cost';
type Extensions = NonNullable<Parameters<typeof changeSettings>[4]['extensions']>;
type Declared = Extensions[number]['attributes'][number];
type Type = Declared['type'];

const attribute = (name: string, type: Type = 'string', more: Partial<Declared> = {}): Declared => ({
  name,
  description: '',
  type,
  caseExact: false,
  canonicalValues: [],
  multiValued: false,
  subAttributes: [],
  ...more,
});
const sub = (name: string, type: Exclude<Type, 'complex'> = 'string') => {
  const { multiValued: _, subAttributes: __, ...rest } = attribute(name);
  return { ...rest, type };
};
const staff: Extensions[number] = {
  resourceType: 'User',
  id: urn,
  name: 'Staff',
  description: '',
  attributes: [
    attribute('badge'),
    attribute('code', 'string', { caseExact: true }),
    attribute('level', 'integer'),
    attribute('rate', 'decimal'),
    attribute('remote', 'boolean'),
    attribute('since', 'dateTime'),
    attribute('tags', 'string', { multiValued: true }),
    attribute('desk', 'complex', { subAttributes: [sub('floor', 'integer'), sub('room')] }),
    attribute('cars', 'complex', {
      multiValued: true,
      subAttributes: [sub('value'), sub('type'), sub('primary', 'boolean')],
    }),
  ],
};
const cost: Extensions[number] = {
  resourceType: 'Group',
  id: groupExtension,
  name: 'Cost',
  description: '',
  attributes: [attribute('center')],
};
const values: JsonObject = {
  badge: 'B-7',
  code: 'Ab',
  level: 7,
  rate: 1.5,
  remote: true,
  since: '2026-01-31T12:00:00Z',
  tags: ['one', 'two'],
  desk: { floor: 3, room: '3a' },
  cars: [{ value: 'AB-1', type: 'work', primary: true }],
};

for (const dialect of dialects) {
  describe(`own extensions declared as data (${dialect})`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    let id: string;
    const declare = async (...extensions: Extensions): Promise<void> => {
      await changeSettings(world, byItself, directory.organizationId, directory.id, { extensions }, undefined);
      world.clock.now += 1001;
    };
    before(async () => {
      ({ directory, ...world } = await openScimWorld(dialect, { now: Date.UTC(2026, 10, 21) }));
      await declare(staff, cost);
      id = idOf(
        await directory.send('POST', '/Users', { schemas: [userUrn, urn], userName: 'own@x.example', [urn]: values }),
      );
      await directory.send('POST', '/Users', {
        schemas: [userUrn],
        userName: 'other',
        [urn]: { badge: 'A-1', level: 10 },
      });
    });
    after(() => world.close());

    const found = async (filter: string): Promise<string[]> =>
      resourcesOf(await directory.find('/Users', filter)).map(({ userName }) => String(userName));
    const patched = async (...operations: JsonObject[]): Promise<unknown> => {
      const answer = await directory.send('PATCH', `/Users/${id}`, patchOf(...operations));
      assert.equal(answer.status, 200, answer.text);
      return answer.body[urn];
    };

    const filters = [
      `${urn}:badge eq "b-7"`,
      `${urn.toUpperCase()}:BADGE sw "B-"  and userName sw "own"`,
      `${urn}:code eq "Ab"`,
      `not (${urn}:code eq "ab") and ${urn}:code pr`,
      `${urn}:level lt 10`,
      `${urn}:rate ge 1.5`,
      `${urn}:remote eq true`,
      `${urn}:since eq "2026-01-31T13:00:00+01:00"`,
      `${urn}:tags eq "TWO"`,
      `${urn}:desk.room eq "3A" and ${urn}:desk.floor gt 2`,
      `${urn}:cars[type eq "work" and primary eq true]`,
      `${urn}:cars eq "ab-1"`,
      `${urn}:desk pr`,
      `schemas eq "${urn}" and ${urn}:tags pr`,
      `${urn} pr and userName sw "own"`,
      'badge eq "B-7"',
    ];
    for (const filter of filters) {
      test(`filter: ${filter}`, async () => assert.deepEqual(await found(filter), ['own@x.example']));
    }

    test('values come back as they were sent, with the URN in schemas, in every answer', async () => {
      const { body } = await directory.get(`/Users/${id}`);
      assert.deepEqual([body['schemas'], body[urn]], [[userUrn, urn], values]);
    });

    test('sorted by: numbers as numbers, one without a value last', async () => {
      await directory.send('POST', '/Users', { schemas: [userUrn], userName: 'none' });
      const answer = await directory.get(`/Users?sortBy=${urn}:level&attributes=userName`);
      assert.deepEqual(
        resourcesOf(answer).map(({ userName }) => userName),
        ['own@x.example', 'other', 'none'],
      );
    });

    test('projections by URN, by attribute and by sub-attribute', async () => {
      const shown = async (query: string): Promise<unknown> => (await directory.get(`/Users/${id}?${query}`)).body[urn];
      assert.deepEqual(await shown(`attributes=${urn}`), values);
      assert.deepEqual(await shown(`attributes=${urn}:badge,userName`), { badge: 'B-7' });
      assert.deepEqual(await shown(`attributes=${urn}:desk.floor`), { desk: { floor: 3 } });
      assert.equal(await shown(`excludedAttributes=${urn}`), undefined);
      const { badge: _, ...others } = values;
      assert.deepEqual(await shown(`excludedAttributes=${urn}:badge`), others);
    });

    test('PATCH by path, by key, by value path, and of the whole extension', async () => {
      assert.deepEqual(await patched({ op: 'replace', path: `${urn}:badge`, value: 'B-8' }), {
        ...values,
        badge: 'B-8',
      });
      assert.deepEqual(
        await patched({ op: 'replace', value: { [`${urn}:badge`]: 'B-7', [`${urn}:desk.room`]: '3a' } }),
        values,
      );
      assert.deepEqual(await patched({ op: 'replace', value: { [urn]: { level: '7' } } }), values);
      const cars = [{ value: 'AB-2', type: 'work', primary: true }];
      assert.deepEqual(await patched({ op: 'replace', path: `${urn}:cars[type eq "work"].value`, value: 'AB-2' }), {
        ...values,
        cars,
      });
      assert.deepEqual(await patched({ op: 'add', path: `${urn}:cars[type eq "home"].value`, value: 'H' }), {
        ...values,
        cars: [...cars, { type: 'home', value: 'H' }],
      });
      assert.deepEqual(
        await patched(
          { op: 'remove', path: `${urn}:cars[type eq "home"]` },
          { op: 'replace', path: `${urn}:cars`, value: values['cars'] ?? [] },
        ),
        values,
      );
      assert.equal(await patched({ op: 'remove', path: urn }), undefined);
      assert.deepEqual((await directory.get(`/Users/${id}`)).body['schemas'], [userUrn]);
      assert.deepEqual(await patched({ op: 'add', path: urn, value: values }), values);
    });

    test('a value of another type is refused and names its place', async () => {
      for (const value of ['seven', true, {}, 1.5]) {
        const answer = await directory.send(
          'PATCH',
          `/Users/${id}`,
          patchOf({ op: 'replace', path: `${urn}:level`, value }),
        );
        assert.deepEqual([answer.status, answer.body['scimType']], [400, 'invalidValue']);
        assert.match(String(answer.body['detail']), /level|Operations\[0\]/);
      }
    });

    test('PUT and Bulk carry them, of groups too', async () => {
      const sent = { schemas: [userUrn, urn], userName: 'own@x.example', [urn]: values };
      assert.deepEqual((await directory.send('PUT', `/Users/${id}`, sent)).body[urn], values);
      const answer = await directory.send('POST', '/Bulk', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
        Operations: [
          {
            method: 'POST',
            path: '/Groups',
            bulkId: 'g',
            data: { schemas: [groupUrn], displayName: 'Costly', [groupExtension]: { center: 'C1' } },
          },
          {
            method: 'PATCH',
            path: '/Groups/bulkId:g',
            data: patchOf({ op: 'replace', path: `${groupExtension}:center`, value: 'C2' }),
          },
        ],
      });
      assert.deepEqual(
        (answer.body['Operations'] as JsonObject[]).map(({ status }) => status),
        ['201', '204'],
        answer.text,
      );
      const groups = await directory.find('/Groups', `${groupExtension}:center eq "c2"`);
      assert.deepEqual(
        resourcesOf(groups).map(({ schemas }) => schemas),
        [[groupUrn, groupExtension]],
      );
    });

    describe('one that is declared no longer', () => {
      const shown = async (): Promise<JsonObject> => (await directory.get(`/Users/${id}`)).body;

      test('is shown, listed and found no more', async () => {
        await declare(cost);
        const body = await shown();
        assert.deepEqual([body['schemas'], body[urn]], [[userUrn], undefined]);
        for (const path of [
          `/Users/${id}?attributes=${urn}`,
          '/Users?startIndex=1',
          `/Users?filter=${encodeURIComponent('userName eq "own@x.example"')}`,
        ])
          assert.ok(!(await directory.get(path)).text.includes('B-7'), path);
        assert.ok(!(await directory.get('/Schemas')).text.includes(urn));
        assert.ok(!(await directory.get('/ResourceTypes')).text.includes(urn));
        assert.equal((await directory.get(`/Schemas/${urn}`)).status, 404);
        const refused = await directory.find('/Users', `${urn}:badge eq "B-7"`);
        assert.deepEqual([refused.status, refused.body['scimType']], [400, 'invalidFilter']);
        assert.deepEqual(await found(`schemas eq "${urn}"`), []);
        const operation = { op: 'replace', path: `${urn}:badge`, value: 'x' };
        const path = await directory.send('PATCH', `/Users/${id}`, patchOf(operation));
        assert.deepEqual([path.status, path.body['scimType']], [400, 'invalidPath']);
      });

      test('keeps its values through PATCH and PUT, and what is sent for it meanwhile is ignored', async () => {
        const answer = await directory.send(
          'PATCH',
          `/Users/${id}`,
          patchOf({ op: 'replace', value: { title: 'T', [urn]: { badge: 'x' } } }),
        );
        assert.deepEqual([answer.status, answer.body[urn], answer.body['title']], [200, undefined, 'T']);
        const sent = { schemas: [userUrn, urn], userName: 'own@x.example', title: 'U', [urn]: { badge: 'x' } };
        const put = await directory.send('PUT', `/Users/${id}`, sent);
        assert.deepEqual([put.status, put.body[urn], put.body['schemas']], [200, undefined, [userUrn]]);
        const again = await directory.send('PUT', `/Users/${id}`, sent);
        assert.equal(again.headers.get('etag'), put.headers.get('etag'), 'nothing changed');
      });

      test('is there again with its values, and found by them, once it is declared again', async () => {
        await declare(staff, cost);
        const body = await shown();
        assert.deepEqual([body['schemas'], body[urn]], [[userUrn, urn], values]);
        assert.deepEqual(await found(`${urn}:badge eq "b-7" and ${urn}:desk.floor eq 3`), ['own@x.example']);
      });

      test('the same holds for one attribute of it', async () => {
        const attributes = staff.attributes.filter(({ name }) => name !== 'badge');
        await declare({ ...staff, attributes });
        const { badge: _, ...others } = values;
        assert.deepEqual((await shown())[urn], others);
        await patched(
          { op: 'replace', path: `${urn}:level`, value: 8 },
          { op: 'replace', path: `${urn}:level`, value: 7 },
        );
        await declare(staff);
        assert.deepEqual((await shown())[urn], values);
      });

      test('cannot come back as something else, since values are stored', async () => {
        const changed = (name: string, more: Partial<Declared>) => ({
          ...staff,
          attributes: staff.attributes.map((each) => (each.name === name ? { ...each, ...more } : each)),
        });
        await declare();
        for (const wrong of [
          changed('level', { type: 'string' }),
          changed('badge', { multiValued: true }),
          changed('badge', { caseExact: true }),
          changed('desk', { subAttributes: [sub('room')] }),
        ]) {
          await assert.rejects(declare(wrong), { problem: 'invalid-request' });
        }
        await declare(
          changed('desk', { subAttributes: [sub('floor', 'integer'), sub('room'), sub('window', 'boolean')] }),
        );
        assert.deepEqual((await shown())[urn], values);
      });
    });
  });
}
