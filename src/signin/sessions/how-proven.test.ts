import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedContexts, authenticatedSince, howProven, satisfies } from './how-proven.ts';

const session = { authenticatedAt: 5_500, signedInAt: 9_900, acr: 'c1 c2', amr: 'pwd mfa' };

test('OpenID Connect Core §3.1.2.1: acr_values are read in their order, ten at most, and nothing but printable ASCII', () => {
  assert.deepEqual(askedContexts('c2 c1'), ['c2', 'c1']);
  assert.deepEqual(askedContexts(`c1  gr\u00fcn ${'x'.repeat(101)} a\u0007b c2`), ['c1', 'c2']);
  const many = Array.from({ length: 20 }, (_, index) => `c${index + 1}`);
  assert.deepEqual(askedContexts(many.join(' ')), many.slice(0, 10));
  for (const none of [undefined, '', 7, ['c1']]) assert.deepEqual(askedContexts(none), []);
});

test('OpenID Connect Core §2: acr is the first context asked for that is satisfied, and of itself the first at all', () => {
  assert.equal(howProven(session, ['c9', 'c2', 'c1']).acr, 'c2');
  assert.equal(howProven(session, []).acr, 'c1');
  assert.equal(howProven(session, ['c9']).acr, undefined);
  assert.equal(howProven({ ...session, acr: null }, []).acr, undefined);
  assert.deepEqual(
    [satisfies(session, ['c9', 'c1']), satisfies(session, ['c9']), satisfies(session, [])],
    [true, false, true],
  );
  assert.equal(satisfies({ acr: 'c11' }, ['c1']), false, 'a part of a name is none');
});

test('OpenID Connect Core §2: auth_time in seconds, and amr as the list that it is', () => {
  assert.deepEqual([howProven(session, []).loginTs, howProven(session, []).amr], [5, ['pwd', 'mfa']]);
  assert.equal(howProven({ ...session, authenticatedAt: 0 }, []).loginTs, 9);
  assert.equal(howProven({ ...session, amr: null }, []).amr, undefined);
});

test('max_age counts back from the second that it was asked in, as auth_time comes in whole seconds', () => {
  assert.equal(authenticatedSince(100_900, 10), 90_000);
  assert.equal(authenticatedSince(100_900, '0'), 100_000);
  for (const none of [undefined, 'x']) assert.equal(authenticatedSince(100_900, none), 0);
});
