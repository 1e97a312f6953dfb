import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { JsonObject } from '#scim';
import { dialects } from '../world.ts';
import {
  enterpriseUrn,
  groupUrn,
  idOf,
  openScimWorld,
  resourcesOf,
  type ScimWorld,
  type TestDirectory,
  userUrn,
} from './scim-world.ts';

const people = Array.from({ length: 23 }, (_, index) => {
  const number = String(index + 1).padStart(2, '0');
  return {
    schemas: [userUrn, enterpriseUrn],
    userName: `Person${number}@x.example`,
    externalId: `ext-${number}`,
    ...(index % 2 === 0 ? { displayName: `Display ${String(99 - index)}` } : {}),
    title: index < 3 ? 'Chief' : 'Member',
    active: index !== 5,
    name: { familyName: index % 3 === 0 ? 'Öz' : 'zwei', givenName: `G${number}` },
    emails: [
      { type: 'home', value: `home${number}@y.example` },
      { type: 'work', value: `work${String(50 - index)}@x.example`, primary: true },
    ],
    [enterpriseUrn]: { department: index < 10 ? 'Ops' : 'Sales', manager: { value: `boss-${index % 2}` } },
  };
});

for (const dialect of dialects) {
  describe(`lists on ${dialect}`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    const ids: string[] = [];
    before(async () => {
      const opened = await openScimWorld(dialect, {
        now: Date.parse('2026-11-02T08:00:00.000Z'),
        settings: { PORTICO_SCAN_LIMIT: '100' },
      });
      world = opened;
      directory = opened.directory;
      for (const person of people) ids.push(idOf(await directory.send('POST', '/Users', person)));
    });
    after(() => world.close());

    const names = async (path: string): Promise<string[]> => {
      const answer = await directory.get(path);
      assert.equal(answer.status, 200, answer.text);
      return resourcesOf(answer).map(({ userName }) => String(userName).slice(6, 8));
    };

    const pages: readonly [string, number, number, number, number][] = [
      ['', 23, 1, 23, 1],
      ['?count=5', 23, 1, 5, 1],
      ['?startIndex=6&count=5', 23, 6, 5, 6],
      ['?startIndex=21&count=5', 23, 21, 3, 21],
      ['?startIndex=24&count=5', 23, 24, 0, 0],
      ['?startIndex=1000000', 23, 1_000_000, 0, 0],
      ['?startIndex=0&count=2', 23, 1, 2, 1],
      ['?startIndex=-7&count=2', 23, 1, 2, 1],
      ['?count=0', 23, 1, 0, 0],
      ['?count=-3', 23, 1, 0, 0],
      ['?count=100000', 23, 1, 23, 1],
      ['?filter=title%20eq%20%22member%22&count=3', 20, 1, 3, 4],
      ['?filter=title%20eq%20%22member%22&count=3&startIndex=19', 20, 19, 2, 22],
      ['?filter=title%20eq%20%22member%22&startIndex=21', 20, 21, 0, 0],
      ['?filter=title%20eq%20%22member%22&count=0', 20, 1, 0, 0],
      ['?filter=title%20eq%20%22nobody%22', 0, 1, 0, 0],
    ];
    for (const [query, totalResults, startIndex, itemsPerPage, first] of pages) {
      test(`RFC 7644 §3.4.2.4: the page ${query || 'by default'}`, async () => {
        const answer = await directory.get(`/Users${query}`);
        const { Resources: _, ...page } = answer.body;
        assert.deepEqual(page, {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
          totalResults,
          startIndex,
          itemsPerPage,
        });
        const [start] = resourcesOf(answer);
        assert.equal(resourcesOf(answer).length, itemsPerPage);
        if (first > 0) assert.equal(start?.['userName'], people[first - 1]?.userName);
      });
    }

    const filters: readonly [string, string][] = [
      ['userName eq "PERSON07@X.EXAMPLE"', '07'],
      ['username EQ "person07@x.example"', '07'],
      ['userName eq Person07@x.example', '07'],
      [`${userUrn}:userName eq "person07@x.example"`, '07'],
      ['externalId eq "ext-07"', '07'],
      ['externalId eq "EXT-07"', ''],
      ['displayName eq "display 93"', '07'],
      ['emails[type eq "work"].value eq "WORK44@x.example"', '07'],
      ['emails[type eq "home"].value eq "work44@x.example"', ''],
      ['emails.value eq "home07@y.example"', '07'],
      ['emails eq "home07@y.example"', '07'],
      ['emails[type eq "work" and value eq "work44@x.example"]', '07'],
      ['emails[value eq "work44@x.example" and not (primary eq true)]', ''],
      ['emails[type eq "work" and value eq "work44@x.example"] and title eq "Member"', '07'],
      [`${enterpriseUrn}:department eq "ops" and name.familyName eq "ÖZ"`, '01 04 07 10'],
      ['active eq false', '06'],
      ['active eq "False"', '06'],
      ['title eq "chief" and active eq true', '01 02 03'],
      ['userName sw "person0" and not (title eq "Member")', '01 02 03'],
      ['userName co "son1" and displayName pr', '11 13 15 17 19'],
      ['userName ew "3@x.example"', '03 13 23'],
      ['(title eq "chief" or active eq false) and userName ne "person02@x.example"', '01 03 06'],
      ['manager eq "boss-1" and title eq "chief"', '02'],
      ['displayName eq null and userName le "person05@x.example"', '02 04'],
      ['meta.created le "2026-11-02T08:00:00.002Z"', '01 02'],
      ['meta.created le "2026-11-02T09:00:00.002+01:00"', '01 02'],
      ['name.familyName gt "zz" and userName lt "person05"', '01 04'],
    ];
    for (const [filter, expected] of filters) {
      test(`RFC 7644 §3.4.2.2: ${filter}`, async () => {
        assert.equal((await names(`/Users?filter=${encodeURIComponent(filter)}`)).join(' '), expected);
      });
    }

    test('entra §1.3: id and manager in either order, with attributes=id', async () => {
      for (const filter of [`id eq ${ids[6]} and manager eq boss-0`, `manager eq boss-0 and id eq ${ids[6]}`]) {
        const answer = await directory.get(`/Users?filter=${encodeURIComponent(filter)}&attributes=id`);
        assert.deepEqual(resourcesOf(answer), [{ schemas: [userUrn, enterpriseUrn], id: ids[6] }]);
      }
    });

    test('entra §1.3: a plus, an apostrophe, a hash and a quote in a value are found', async () => {
      for (const [index, userName] of ["o'neil+a@x.example", 'a#EXT#@x.example', 'quo"te\\@x.example'].entries()) {
        await directory.send('POST', '/Users', { schemas: [userUrn], userName, title: `Special ${index}` });
        const filter = `userName eq ${JSON.stringify(userName)}`;
        const encodings = [encodeURIComponent(filter), encodeURIComponent(filter).replaceAll('%2B', '+')];
        encodings.push(encodeURIComponent(filter).replaceAll('%20', '+'));
        for (const encoded of encodings) {
          const answer = await directory.get(`/Users?filter=${encoded}`);
          assert.deepEqual(
            resourcesOf(answer).map((each) => each['userName']),
            [userName],
            encoded,
          );
        }
      }
      for (const each of resourcesOf(await directory.find('/Users', 'title sw "special"')))
        await directory.send('DELETE', `/Users/${String(each['id'])}`);
    });

    const sorts: readonly [string, string][] = [
      ['sortBy=userName', '01 02 03'],
      ['sortBy=userName&sortOrder=descending', '23 22 21'],
      ['sortBy=displayName', '23 21 19'],
      ['sortBy=displayName&sortOrder=descending', '02 04 06'],
      ['sortBy=name.familyName', '02 03 05'],
      ['sortBy=name.familyName&sortOrder=descending', '01 04 07'],
      ['sortBy=emails', '23 22 21'],
      ['sortBy=emails.value&sortOrder=descending', '01 02 03'],
      ['sortBy=meta.created&sortOrder=descending', '23 22 21'],
      ['sortBy=active', '06 01 02'],
    ];
    for (const [query, expected] of sorts) {
      test(`RFC 7644 §3.4.2.3: ${query}`, async () => {
        assert.equal((await names(`/Users?${query}&count=3`)).join(' '), expected);
        const pages = [
          ...(await names(`/Users?${query}&count=2`)),
          ...(await names(`/Users?${query}&startIndex=3&count=1`)),
        ];
        assert.equal(pages.join(' '), expected);
      });
    }

    const refused: readonly [string, string][] = [
      ['filter=nonsense%20eq%20%22x%22', 'invalidFilter'],
      ['filter=userName%20is%20%22x%22', 'invalidFilter'],
      ['filter=userName%20eq', 'invalidFilter'],
      ['filter=(userName%20eq%20%22x%22', 'invalidFilter'],
      ['filter=active%20gt%20true', 'invalidFilter'],
      ['filter=userName%20eq%20a%00b', 'invalidFilter'],
      ['filter=meta.created%20gt%20%22yesterday%22', 'invalidFilter'],
      ['count=many', 'invalidValue'],
      ['startIndex=1.5', 'invalidValue'],
      ['sortBy=nonsense', 'invalidPath'],
      ['sortBy=userName&sortOrder=upwards', 'invalidValue'],
      ['attributes=id&excludedAttributes=name', 'invalidValue'],
    ];
    for (const [query, scimType] of refused) {
      test(`refused: ${query}`, async () => {
        const answer = await directory.get(`/Users?${query}`);
        assert.deepEqual([answer.status, answer.body['scimType']], [400, scimType], answer.text);
      });
    }

    test('RFC 7644 §3.4.3: .search says the same in a body', async () => {
      const answer = await directory.send('POST', '/Users/.search', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
        filter: 'title eq "chief"',
        attributes: ['userName'],
        startIndex: 2,
        count: 1,
      });
      assert.equal(answer.status, 200);
      assert.deepEqual([answer.body['totalResults'], answer.body['startIndex']], [3, 2]);
      assert.deepEqual(
        resourcesOf(answer).map(({ userName }) => userName),
        ['Person02@x.example'],
      );
    });

    test('groups are listed with their members, without reading any where those are left out', async () => {
      const group = { schemas: [groupUrn], displayName: 'Listed', members: [{ value: ids[0] }] };
      const id = idOf(await directory.send('POST', '/Groups', group));
      const found = await directory.find('/Groups', 'displayName eq "LISTED"');
      assert.deepEqual(
        resourcesOf(found).flatMap(({ members }) => (members as JsonObject[]).map(({ value }) => value)),
        [ids[0]],
      );
      for (const filter of [
        `members eq "${ids[0]}"`,
        `members[value eq "${ids[0]}"]`,
        `members.value eq "${ids[0]}" and id eq "${id}"`,
      ]) {
        assert.equal((await directory.find('/Groups', filter)).body['totalResults'], 1, filter);
      }
      const read: string[] = [];
      const watched = {
        ...world,
        store: {
          ...world.store,
          read: (...given: Parameters<typeof world.store.read>) => {
            read.push(given[0].compile(dialect).sql);
            return world.store.read(...given);
          },
        },
      };
      const { createScimDoor } = await import('#directory');
      const door = createScimDoor(watched as typeof world);
      for (const path of [`/Groups/${id}?excludedAttributes=members`, '/Groups?excludedAttributes=members']) {
        const request = new Request(`${directory.tenantUrl}${path}`, {
          headers: { authorization: `Bearer ${directory.token}` },
        });
        const response = await door(request, { requestId: 'r', address: 'a', userAgent: null });
        assert.equal(response.status, 200);
        assert.ok(!(await response.text()).includes('"members"'));
      }
      assert.deepEqual(
        read.filter((sql) => sql.includes('scim_membership')),
        [],
      );
      await door.close();
    });

    test('what no index serves is a walk through the directory, bounded: tooMany', async () => {
      const big = await world.addDirectory('big');
      for (let index = 0; index < 101; index++)
        await big.send('POST', '/Users', { schemas: [userUrn], userName: `user-${index}`, title: `T${index}` });
      for (const query of [
        'filter=title%20co%20%22T1%22',
        'filter=not%20(title%20eq%20%22T1%22)',
        'sortBy=title',
        'filter=userName%20ew%20%221%22%20or%20title%20eq%20%22T1%22',
      ]) {
        const answer = await big.get(`/Users?${query}`);
        assert.deepEqual([answer.status, answer.body['scimType']], [400, 'tooMany'], query);
        assert.match(String(answer.body['detail']), /101 resources, more than the 100/);
      }
      for (const query of ['sortBy=userName', 'sortBy=userName&startIndex=90', 'sortBy=userName&cursor=']) {
        assert.equal((await big.get(`/Users?${query}&count=10`)).body['itemsPerPage'], 10, query);
      }
      assert.equal((await big.get('/Users?sortBy=userName&startIndex=101')).body['scimType'], 'tooMany');
      const served = 'title sw "T1" and not (userName co "5") and emails eq null';
      assert.equal((await big.find('/Users', served)).body['totalResults'], 11);
    });
  });
}
