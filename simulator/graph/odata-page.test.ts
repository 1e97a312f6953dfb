import assert from 'node:assert/strict';
import test from 'node:test';
import type { Exchange } from '../http/exchange.ts';
import { answerPage } from './odata-page.ts';

const rules = { context: 'users', defaultTop: 10, mostTop: 999 };

function asking(path: string): Exchange {
  const url = new URL(path, 'http://localhost');
  return {
    method: 'GET',
    url,
    origin: url.origin,
    segments: [],
    headers: {},
    body: Buffer.alloc(0),
    address: '127.0.0.1',
    onDone: () => {},
  };
}

/** Answers a page of a thousand items; says how many were made a resource of, and how far the items were read. */
function answerFrom(path: string) {
  const seen = { read: 0, shown: 0 };
  function* items() {
    for (let id = 0; id < 1000; id += 1) {
      seen.read += 1;
      yield id;
    }
  }
  const show = (id: number) => {
    seen.shown += 1;
    return { id, even: id % 2 === 0 };
  };
  const body = JSON.parse(String(answerPage(asking(path), items(), show, rules).body));
  return { ...seen, body, ids: body.value.map(({ id }: { id: number }) => id) };
}

test('a page makes resources of what it shows, and reads one item further for the next link', () => {
  const first = answerFrom('/v1.0/users?$top=3');
  assert.deepEqual([first.ids, first.shown, first.read], [[0, 1, 2], 3, 4]);
  const second = answerFrom(first.body['@odata.nextLink']);
  assert.deepEqual([second.ids, second.shown, second.read], [[3, 4, 5], 3, 7]);
});

test('$count reads all and makes resources of the page alone', () => {
  const { body, shown } = answerFrom('/v1.0/users?$top=2&$count=true');
  assert.deepEqual([body['@odata.count'], body.value.length, shown], [1000, 2, 2]);
});

test('the last page has no next link, whether it is full or not', () => {
  const skip = (count: number) => Buffer.from(`skip:${count}`).toString('base64url');
  for (const [start, length] of [
    [997, 3],
    [999, 1],
    [1000, 0],
  ] as const) {
    const { body } = answerFrom(`/v1.0/users?$top=3&$skiptoken=${skip(start)}`);
    assert.equal(body.value.length, length);
    assert.equal('@odata.nextLink' in body, false);
  }
});

test('a filtered page counts and follows what fits', () => {
  const first = answerFrom('/v1.0/users?$top=2&$filter=even eq false&$count=true');
  assert.deepEqual([first.ids, first.body['@odata.count']], [[1, 3], 500]);
  assert.deepEqual(answerFrom(first.body['@odata.nextLink']).ids, [5, 7]);
});
