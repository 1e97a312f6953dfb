import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { dialects } from '../world.ts';
import {
  groupUrn,
  idOf,
  openScimWorld,
  resourcesOf,
  type ScimAnswer,
  type ScimWorld,
  type TestDirectory,
  userUrn,
} from './scim-world.ts';

const search = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

for (const dialect of dialects) {
  describe(`RFC 9865: pages by cursor on ${dialect}`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    before(async () => {
      const opened = await openScimWorld(dialect);
      world = opened;
      directory = opened.directory;
      for (let index = 0; index < 13; index++) {
        const name = String(index).padStart(2, '0');
        await directory.send('POST', '/Users', {
          schemas: [userUrn],
          userName: `u${name}`,
          ...(index % 3 === 0 ? {} : { displayName: `D${String(index % 4)}`, nickName: `N${index % 2}` }),
          title: index < 7 ? 'Chief' : 'Member',
          active: index % 2 === 0,
        });
      }
      for (const displayName of ['D1', 'Z', 'A'])
        await directory.send('POST', '/Groups', { schemas: [groupUrn], displayName });
    });
    after(() => world.close());

    const ask = async (query: string): Promise<ScimAnswer> => {
      const answer = await directory.get(query);
      assert.equal(answer.status, 200, answer.text);
      return answer;
    };
    const namesOn = (answer: ScimAnswer): string[] =>
      resourcesOf(answer).map(({ userName, displayName }) => String(userName ?? displayName));
    const pathOf = (endpoint: string, query: string, cursor: unknown): string =>
      `${endpoint}?${query}${query === '' ? '' : '&'}cursor=${String(cursor)}`;

    /** All pages, from the first to the last, and back. */
    async function walk(endpoint: string, query: string): Promise<{ there: string[][]; back: string[][] }> {
      const there: string[][] = [];
      const back: string[][] = [];
      let answer = await ask(pathOf(endpoint, query, ''));
      assert.equal(answer.body['previousCursor'], undefined, 'the first page has none before');
      for (let page = 0; page < 50; page++) {
        assert.ok(!('startIndex' in answer.body));
        there.push(namesOn(answer));
        const next = answer.body['nextCursor'];
        if (next === undefined) break;
        assert.match(String(next), /^[\w.~-]+$/);
        answer = await ask(pathOf(endpoint, query, next));
      }
      for (let page = 0; page < 50; page++) {
        back.push(namesOn(answer));
        const previous = answer.body['previousCursor'];
        if (previous === undefined) break;
        answer = await ask(pathOf(endpoint, query, previous));
        assert.ok('nextCursor' in answer.body);
      }
      return { there, back };
    }

    const queries = [
      ['/Users', 'count=5'],
      ['/Users', 'count=13'],
      ['/Users', 'count=100'],
      ['/Users', 'count=3&filter=title%20eq%20%22chief%22'],
      ['/Users', 'count=2&filter=title%20eq%20%22chief%22&sortBy=userName&sortOrder=descending'],
      ['/Users', 'count=4&sortBy=userName'],
      ['/Users', 'count=3&sortBy=displayName'],
      ['/Users', 'count=3&sortBy=displayName&sortOrder=descending'],
      ['/Users', 'count=3&sortBy=nickName'],
      ['/Users', 'count=3&sortBy=nickName&sortOrder=descending'],
      ['/Users', 'count=3&sortBy=active'],
      ['/Users', 'count=4&sortBy=meta.created&sortOrder=descending'],
      ['/Groups', 'count=2'],
      ['/Groups', 'count=1&sortBy=displayName'],
    ] as const;
    for (const [endpoint, query] of queries) {
      test(`each resource is met once, there and back: ${endpoint}?${query}`, async () => {
        const whole = namesOn(await ask(`${endpoint}?${query.replace(/count=\d+/, 'count=1000')}`));
        const { there, back } = await walk(endpoint, query);
        assert.deepEqual(there.flat(), whole);
        assert.deepEqual(back.toReversed().flat(), whole);
        const size = Number(/count=(\d+)/.exec(query)?.[1]);
        for (const page of there.slice(0, -1)) assert.equal(page.length, size);
      });
    }

    test('pages by index stay the default, and say nothing of cursors', async () => {
      const { body } = await ask('/Users?count=2');
      assert.deepEqual([body['startIndex'], body['nextCursor'], body['totalResults']], [1, undefined, 13]);
    });

    test('ServiceProviderConfig announces both, and index as the default', async () => {
      const { body } = await ask('/ServiceProviderConfig');
      assert.deepEqual(body['pagination'], {
        cursor: true,
        index: true,
        defaultPaginationMethod: 'index',
        defaultPageSize: 100,
        maxPageSize: 1000,
      });
    });

    test('the first page is asked for by an empty cursor, with or without "="', async () => {
      for (const query of ['cursor&count=2', 'cursor=&count=2', 'count=2&cursor=']) {
        const { body } = await ask(`/Users?${query}`);
        assert.deepEqual([body['itemsPerPage'], body['totalResults']], [2, 13]);
        assert.ok('nextCursor' in body);
      }
    });

    test('.search takes a cursor in its body', async () => {
      const body = { schemas: [search], count: 8, sortBy: 'userName', attributes: ['userName'] };
      const first = await directory.send('POST', '/Users/.search', { ...body, cursor: '' });
      const second = await directory.send('POST', '/Users/.search', { ...body, cursor: first.body['nextCursor'] });
      assert.equal([...namesOn(first), ...namesOn(second)].length, 13);
      assert.ok(!('nextCursor' in second.body));
      const byIndex = await directory.send('POST', '/Users/.search', { ...body, cursor: null, startIndex: 2 });
      assert.equal(byIndex.body['startIndex'], 2);
    });

    test('count=0 asks for the total only', async () => {
      const { body } = await ask('/Users?cursor=&count=0');
      assert.deepEqual([body['totalResults'], body['itemsPerPage'], body['nextCursor']], [13, 0, undefined]);
    });

    test('a resource that is deleted or added meanwhile moves no other', async () => {
      const other = await world.addDirectory('moving');
      const ids: string[] = [];
      for (const name of ['a', 'b', 'c', 'd', 'e'])
        ids.push(idOf(await other.send('POST', '/Users', { schemas: [userUrn], userName: name })));
      const first = await other.get('/Users?cursor=&count=2');
      for (const id of ids.slice(0, 2)) await other.send('DELETE', `/Users/${id}`);
      await other.send('POST', '/Users', { schemas: [userUrn], userName: 'f' });
      const second = await other.get(`/Users?count=2&cursor=${String(first.body['nextCursor'])}`);
      assert.deepEqual(namesOn(second), ['c', 'd']);
      const before = await other.get(`/Users?count=2&cursor=${String(second.body['previousCursor'])}`);
      assert.deepEqual(namesOn(before), ['c', 'd'], 'nothing is before any more: the first page');
    });

    const cursorOf = async (query: string): Promise<string> => String((await ask(query)).body['nextCursor']);
    const refused = async (query: string, scimType: string): Promise<void> => {
      const answer = await directory.get(query);
      assert.deepEqual([answer.status, answer.body['scimType']], [400, scimType], answer.text);
      assert.equal(answer.body['status'], '400');
    };

    test('invalidCursor: what is none, was cut, or was tampered with', async () => {
      const cursor = await cursorOf('/Users?cursor=&count=2');
      const tampered = Buffer.from(Buffer.from(cursor, 'base64url').toString().replace('"User"', '"Userx"'));
      for (const wrong of [
        'garbage',
        'A',
        'AQ',
        'x.y~z',
        cursor.slice(0, -2),
        `${cursor}A`,
        tampered.toString('base64url'),
      ])
        await refused(`/Users?count=2&cursor=${wrong}`, 'invalidCursor');
      const forged = cursor.slice(0, -2) + (cursor.endsWith('AA') ? 'BB' : 'AA');
      await refused(`/Users?count=2&cursor=${forged}`, 'invalidCursor');
    });

    test('invalidCursor: that of another query, type or directory', async () => {
      const cursor = await cursorOf('/Users?cursor=&count=2');
      for (const more of ['sortBy=displayName', 'filter=userName%20ne%20%22x%22', 'attributes=displayName'])
        await refused(`/Users?count=2&cursor=${cursor}&${more}`, 'invalidCursor');
      const other = await world.addDirectory('elsewhere');
      const answer = await other.get(`/Users?count=2&cursor=${cursor}`);
      assert.deepEqual([answer.status, answer.body['scimType']], [400, 'invalidCursor']);
      await refused(`/Groups?count=2&cursor=${cursor}`, 'invalidCursor');
    });

    test('invalidCount: no number, a negative one, or another than before', async () => {
      await refused('/Users?cursor=&count=many', 'invalidCount');
      await refused('/Users?cursor=&count=-1', 'invalidCount');
      await refused(`/Users?count=3&cursor=${await cursorOf('/Users?cursor=&count=2')}`, 'invalidCount');
    });

    test('cursor and startIndex exclude each other', () => refused('/Users?cursor=&startIndex=1', 'invalidValue'));
  });
}
