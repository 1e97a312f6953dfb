import assert from 'node:assert/strict';
import test from 'node:test';
import { keepEarliest } from './earliest.ts';

test('the first so many after a place are kept in order, whatever order they come in', () => {
  for (const order of [
    [1, 2, 3, 4, 5, 6],
    [6, 5, 4, 3, 2, 1],
    [4, 1, 6, 2, 5, 3],
  ]) {
    const page = keepEarliest<{ changed: number }>(1, 3);
    for (const changed of order) page.add({ changed });
    assert.deepEqual(
      page.kept.map(({ changed }) => changed),
      [2, 3, 4],
      order.join(),
    );
  }
});

test('what comes in order is looked at, and not made', () => {
  const page = keepEarliest<{ changed: number }>(0, 2);
  let made = 0;
  for (let changed = 1; changed <= 1000; changed += 1) {
    if (!page.wants(changed)) continue;
    made += 1;
    page.add({ changed });
  }
  assert.equal(made, 2);
});
