import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareOf } from './rate-limit.ts';

test('the part of one machine: what the others leave, or its part of what is asked for', () => {
  assert.equal(shareOf(100, 10, 0), 100);
  assert.equal(shareOf(100, 10, 60), 40);
  assert.equal(shareOf(100, 300, 100), 75);
  assert.equal(shareOf(100, 100, 300), 25);
  assert.equal(shareOf(100, 0, 500), 1);
});
