import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cookiesAfter, setCookie } from './cookie.ts';

test('what a browser sends next: what it had, what it was given, without what was taken from it', () => {
  const given = [setCookie('__Host-a', 'new=1', 60), setCookie('__Host-b', '', 0), setCookie('__Host-c', 'c', 60)];
  assert.equal(cookiesAfter('__Host-a=old; __Host-b=b; other=x', given), '__Host-a=new=1; other=x; __Host-c=c');
  assert.equal(cookiesAfter(undefined, []), '');
});
