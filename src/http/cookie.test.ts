import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cookieOf, cookiesAfter, setCookie } from './cookie.ts';

test('what a browser sends next: what it had, what it was given, without what was taken from it', () => {
  const given = [setCookie('__Host-a', 'new=1', 60), setCookie('__Host-b', '', 0), setCookie('__Host-c', 'c', 60)];
  assert.equal(cookiesAfter('__Host-a=old; __Host-b=b; other=x', given), '__Host-a=new=1; other=x; __Host-c=c');
  assert.equal(cookiesAfter(undefined, []), '');
});

test('of two cookies of a name the first counts, which is that of the longer path (RFC 6265 §5.4)', () => {
  const cookie = 'a=longer; a=shorter; b=b';
  assert.equal(cookieOf({ headers: new Headers({ cookie }) }, 'a'), 'longer');
  assert.equal(cookiesAfter(cookie, []), 'a=longer; b=b');
});
