import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authenticationTime } from './step-up.ts';

const [startedAt, now] = [10_500, 20_000];
const at = (prompt: 'login' | undefined, authenticatedAt: number | undefined) =>
  authenticationTime({ asked: { prompt }, startedAt }, { authenticatedAt }, now);

test('a session counts as authenticated when the provider says, never before what was asked for anew, and never later than now', () => {
  assert.equal(at(undefined, 3_000), 3_000);
  assert.equal(at(undefined, undefined), 0, 'of no known time');
  assert.equal(at('login', 10_000), startedAt, 'auth_time comes in whole seconds');
  assert.equal(at('login', 15_000), 15_000);
  for (const prompt of [undefined, 'login'] as const) assert.equal(at(prompt, 99_000), now, 'a clock that is ahead');
});
