import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type BoundAttribute,
  type CompareOperator,
  type Filter,
  GROUP_TYPE,
  type JsonObject,
  matches,
  printFilter,
  type ResourceType,
  resolveFilter,
  USER_TYPE,
} from '#scim';
import { dialects } from '../world.ts';
import {
  enterpriseUrn,
  groupUrn,
  openScimWorld,
  resourcesOf,
  type ScimWorld,
  type TestDirectory,
  userUrn,
} from './scim-world.ts';

/** Texts in which folding, order and escapes differ between memory and databases that do it by themselves. */
const texts = [
  'a',
  'A',
  'ab',
  'Ab%_',
  'ÅSE',
  'åse',
  'A\u030aSE',
  'straße',
  'STRASSE',
  'ΣΊΣΥΦΟΣ',
  'σίσυφος',
  'İstanbul',
  'i̇stanbul',
  '\u{1f600}z',
  '\uffee',
  "o'neil",
  'back\\slash',
  'quo"te',
  ' blank ',
  'null',
  'true',
  '',
];
const text = fc.constantFrom(...texts);
const word = fc.constantFrom(...texts.filter((each) => each.trim() !== ''));
const type = fc.constantFrom('work', 'Home', 'other', 'x');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const plural = (value: fc.Arbitrary<string>) =>
  fc.record({ value, type, display: text, primary: fc.boolean() }, { requiredKeys: [] });

const user = fc.record({
  externalId: maybe(text),
  displayName: maybe(text),
  title: maybe(text),
  nickName: maybe(text),
  profileUrl: maybe(word),
  active: fc.boolean(),
  name: maybe(fc.record({ familyName: text, givenName: text }, { requiredKeys: [] })),
  emails: maybe(fc.array(plural(word), { maxLength: 3 })),
  photos: maybe(fc.array(plural(word), { maxLength: 2 })),
  addresses: maybe(
    fc.array(fc.record({ type, locality: text, primary: fc.boolean() }, { requiredKeys: [] }), { maxLength: 2 }),
  ),
  [enterpriseUrn]: maybe(fc.record({ department: text, manager: fc.record({ value: word }) }, { requiredKeys: [] })),
});

const named: Readonly<Record<string, readonly string[]>> = {
  User: [
    'userName',
    'externalId',
    'displayName',
    'title',
    'nickName',
    'profileUrl',
    'active',
    'id',
    'meta.created',
    'meta.lastModified',
    'meta.resourceType',
    'schemas',
    'name',
    'name.familyName',
    'name.givenName',
    'emails',
    'emails.value',
    'emails.type',
    'emails.primary',
    'emails.display',
    'photos',
    'photos.value',
    'photos.type',
    'addresses.locality',
    'groups',
    'groups.value',
    'groups.display',
    'groups.type',
    'groups.$ref',
    'manager',
    `${enterpriseUrn}:department`,
    `${enterpriseUrn}:manager.value`,
    enterpriseUrn,
  ],
  Group: [
    'displayName',
    'externalId',
    'id',
    'meta.created',
    'members',
    'members.value',
    'members.type',
    'members.display',
    'members.$ref',
  ],
};
const inBrackets: Readonly<Record<string, readonly [string, readonly string[]][]>> = {
  User: [
    ['emails', ['value', 'type', 'primary', 'display']],
    ['photos', ['value', 'type', 'primary', 'display']],
    ['addresses', ['locality', 'type', 'primary']],
    ['name', ['familyName', 'givenName']],
    ['groups', ['value', 'display', 'type', '$ref']],
    ['meta', ['created', 'resourceType']],
    [`${enterpriseUrn}:manager`, ['value', '$ref']],
  ],
  Group: [
    ['members', ['value', 'type', 'display', '$ref']],
    ['meta', ['created']],
  ],
};
const operators: readonly CompareOperator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];

/** Filters over the attributes of a type, with values of which many are there. */
function filters(resourceType: ResourceType, present: readonly string[]): fc.Arbitrary<Filter> {
  const literal = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...present, ...texts) },
    { weight: 2, arbitrary: fc.constantFrom(...present).map((each) => each.slice(0, 3)) },
    { weight: 1, arbitrary: fc.constantFrom('work', 'HOME', 'direct', 'User', 'group') },
    { weight: 1, arbitrary: fc.constantFrom(true, false, null, 7) },
    { weight: 1, arbitrary: fc.constantFrom('2026-11-02T08:00:00.020Z', '2026-11-02T10:00:00.04+02:00') },
  );
  const leaf = (paths: readonly string[]): fc.Arbitrary<Filter> =>
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          kind: fc.constant('compare' as const),
          path: fc.constantFrom(...paths),
          operator: fc.constantFrom(...operators),
          value: literal,
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('present' as const), path: fc.constantFrom(...paths) }) },
    );
  const tree = (leaves: fc.Arbitrary<Filter>) =>
    fc.letrec<{ filter: Filter }>((tie) => ({
      filter: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'filter' },
        leaves,
        fc.record({ kind: fc.constant('not' as const), term: tie('filter') }),
        fc.record({
          kind: fc.constantFrom('and' as const, 'or' as const),
          terms: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
        }),
      ),
    })).filter;
  const valuePath = fc
    .constantFrom(...(inBrackets[resourceType.name] ?? []))
    .chain(([path, subs]) => tree(leaf(subs)).map((filter): Filter => ({ kind: 'valuePath', path, filter })));
  return tree(
    fc.oneof({ weight: 3, arbitrary: leaf(named[resourceType.name] ?? []) }, { weight: 2, arbitrary: valuePath }),
  );
}

for (const dialect of dialects) {
  describe(`"does it match?" and "SQL for it" agree on ${dialect}`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    before(async () => {
      const opened = await openScimWorld(dialect, { now: Date.parse('2026-11-02T08:00:00.000Z') });
      world = opened;
      directory = opened.directory;
      const ids: string[] = [];
      for (const [index, given] of fc.sample(user, { numRuns: 120, seed: 20261102 }).entries()) {
        const userName = `${texts[index % texts.length]}.${index}`;
        const created = await directory.send('POST', '/Users', { schemas: [userUrn], userName, ...given });
        assert.equal(created.status, 201, created.text);
        ids.push(String(created.body['id']));
      }
      let earlier = 'nobody';
      for (const [index, displayName] of texts.entries()) {
        const members = ids.filter((_, user) => user % (index + 2) === 0).map((value) => ({ value }));
        const created = await directory.send('POST', '/Groups', {
          schemas: [groupUrn],
          displayName: `${displayName}-${index}`,
          ...(index % 3 === 0 ? {} : { externalId: displayName }),
          members:
            index % 4 === 0 ? [] : [...members, { value: earlier }, { value: `dangling ${index}`, type: 'User' }],
        });
        earlier = String(created.body['id']);
      }
    });
    after(() => world.close());

    for (const [resourceType, endpoint, runs] of [
      [USER_TYPE, '/Users', 300],
      [GROUP_TYPE, '/Groups', 150],
    ] as const) {
      test(`${resourceType.name}: the same resources, by any filter`, async () => {
        const all = resourcesOf(await directory.get(`${endpoint}?count=1000`));
        const present = [...new Set(all.flatMap((each) => textsIn(each)))];
        let nonempty = 0;
        await fc.assert(
          fc.asyncProperty(filters(resourceType, present), async (filter) => {
            const resolved = resolvable(filter, resourceType);
            fc.pre(resolved !== undefined);
            const answer = await directory.find(`${endpoint}`, printFilter(filter));
            assert.equal(answer.status, 200, answer.text);
            const found = resourcesOf(answer).map(({ id }) => id);
            const expected = all.filter((each) => matches(resolved, each)).map(({ id }) => id);
            assert.equal(answer.body['totalResults'], expected.length);
            assert.deepEqual(found, expected.slice(0, 100));
            if (expected.length > 0 && expected.length < all.length) nonempty++;
          }),
          { numRuns: runs, seed: 20261102, maxSkipsPerRun: 10_000 },
        );
        assert.ok(nonempty > runs / 4, `${nonempty} of ${runs} filters found some and not all`);
      });
    }
  });
}

const textsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value as JsonObject).flatMap(textsIn)
      : [];

/** The filter bound to its type, or undefined where the engine refuses it. */
function resolvable(filter: Filter, resourceType: ResourceType) {
  try {
    return resolveFilter(filter, resourceType);
  } catch {
    return undefined;
  }
}

test('every attribute of a user is somewhere in the generated filters', () => {
  const kinds = new Set(
    USER_TYPE.attributes.flatMap((each: BoundAttribute) => [each, ...each.subs.values()]).map(({ storage }) => storage),
  );
  const covered = new Set(
    (named['User'] ?? []).flatMap((path) => {
      const found = USER_TYPE.byPath.get(path.toLowerCase());
      return found === undefined ? [] : [found.storage];
    }),
  );
  assert.deepEqual(
    [...kinds].filter((kind) => !covered.has(kind)),
    [],
  );
});
