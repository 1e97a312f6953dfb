import assert from 'node:assert/strict';
import { test } from 'node:test';
import { USER_TYPE } from '../schema/resource-types.ts';
import { readListQuery, readProjectionNames, readSearchRequest, SEARCH_REQUEST_URN } from './list-query.ts';
import { listResponseText } from './list-response.ts';
import { resolveSort, sortKey } from './sort.ts';

const LIMITS = { defaultCount: 100, maxCount: 1_000 };
const read = (query: string) => readListQuery(new URLSearchParams(query), LIMITS);

const CLAMPED: readonly [string, number, number][] = [
  ['', 1, 100],
  ['startIndex=0&count=-1', 1, 0],
  ['startIndex=-5&count=0', 1, 0],
  ['startIndex=6&count=5', 6, 5],
  ['count=5000', 1, 1_000],
  ['startIndex=99999999999999999999', Number.MAX_SAFE_INTEGER, 100],
  ['startIndex=&count=', 1, 100],
  ['startIndex=1&count=2&aadOptscim062020=', 1, 2],
];

for (const [query, startIndex, count] of CLAMPED) {
  test(`RFC 7644 §3.4.2.4: "${query}" starts at ${startIndex} and gives ${count}`, () => {
    assert.deepEqual(read(query), { startIndex, count, sortOrder: 'ascending' });
  });
}

for (const query of ['startIndex=one', 'count=1.5', 'count=1e3', 'sortOrder=up']) {
  test(`RFC 7644 §3.4.2: ${query} is invalidValue`, () => {
    assert.throws(() => read(query), { status: 400, scimType: 'invalidValue' });
  });
}

test('entra §1.3: a reference check', () => {
  const query = read('filter=id eq 54d3 and manager eq 2819&attributes=id');
  assert.equal(query.filter?.kind, 'and');
  assert.deepEqual(query.attributes, ['id']);
});

test('entra §1.2: a percent-encoded filter with a random id', () => {
  assert.deepEqual(read('filter=userName%20eq%20%22b4c9c0de-1111%22').filter, {
    kind: 'compare',
    path: 'userName',
    operator: 'eq',
    value: 'b4c9c0de-1111',
  });
});

test('RFC 7644 §3.9: lists of names, with blanks', () => {
  const query = read('excludedAttributes=members,%20meta.location,&sortBy=name.familyName&sortOrder=Descending');
  assert.deepEqual(query.excludedAttributes, ['members', 'meta.location']);
  assert.equal(query.sortBy, 'name.familyName');
  assert.equal(query.sortOrder, 'descending');
});

test('a filter that does not parse is invalidFilter', () => {
  assert.throws(() => read('filter=userName'), { status: 400, scimType: 'invalidFilter' });
});

test('RFC 7644 §3.9: one resource is asked for with attributes, too', () => {
  const names = readProjectionNames(new URLSearchParams('excludedAttributes=members&x=1'));
  assert.deepEqual(names, { excludedAttributes: ['members'] });
});

test('RFC 7644 §3.4.3: a search says the same in JSON', () => {
  const body = {
    schemas: [SEARCH_REQUEST_URN],
    filter: 'title pr',
    attributes: ['userName', 'title'],
    StartIndex: 2,
    count: '3',
    __proto__: { sortBy: 'x' },
  };
  assert.deepEqual(readSearchRequest(body, LIMITS), {
    filter: { kind: 'present', path: 'title' },
    startIndex: 2,
    count: 3,
    sortOrder: 'ascending',
    attributes: ['userName', 'title'],
  });
});

const BAD_SEARCHES: readonly [unknown, string][] = [
  [[], 'invalidSyntax'],
  [{ filter: 'title pr' }, 'invalidSyntax'],
  [{ schemas: [SEARCH_REQUEST_URN], filter: 7 }, 'invalidValue'],
  [{ schemas: [SEARCH_REQUEST_URN], count: 'many' }, 'invalidValue'],
  [{ schemas: [SEARCH_REQUEST_URN], attributes: [7] }, 'invalidValue'],
];

for (const [body, scimType] of BAD_SEARCHES) {
  test(`RFC 7644 §3.4.3: ${JSON.stringify(body)} is ${scimType}`, () => {
    assert.throws(() => readSearchRequest(body, LIMITS), { status: 400, scimType });
  });
}

test('RFC 7644 §3.4.2: a list is made of texts, with numbers as numbers', () => {
  const text = listResponseText({ totalResults: 7, startIndex: 6, resources: ['{"id":"a"}', '{"id":"b"}'] });
  assert.deepEqual(JSON.parse(text), {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: 7,
    startIndex: 6,
    itemsPerPage: 2,
    Resources: [{ id: 'a' }, { id: 'b' }],
  });
  assert.deepEqual(JSON.parse(listResponseText({ totalResults: 0, startIndex: 1, resources: [] })).Resources, []);
});

test('RFC 7644 §3.4.2.3: many values are sorted by the primary one, else the first', () => {
  const emails = resolveSort('emails', USER_TYPE);
  assert.equal(emails.path, 'emails.value');
  assert.equal(sortKey(emails, { emails: [{ value: 'A' }, { value: 'B', primary: true }] }), 'b');
  assert.equal(sortKey(emails, { emails: [{ value: 'A' }, { value: 'B' }] }), 'a');
  assert.equal(sortKey(emails, {}), undefined);
  assert.equal(sortKey(resolveSort('externalId', USER_TYPE), { externalId: 'A' }), 'A');
});

for (const sortBy of ['shoeSize', 'name', 'password', 'groups', 'meta.location']) {
  test(`RFC 7644 §3.4.2.3: one cannot sort by ${sortBy}`, () => {
    assert.throws(() => resolveSort(sortBy, USER_TYPE), { status: 400, scimType: 'invalidPath' });
  });
}
