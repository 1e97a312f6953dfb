import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldUserName, userNamesFor } from './user-name.ts';

const objectId = 'b8829f5c-6d01-4770-beac-b771748ca60a';
const cases: readonly (readonly [
  what: string,
  preferred: string | undefined,
  email: string | undefined,
  name: string,
])[] = [
  ['the preferred name as it is', 'Anna.Berg@contoso.example', undefined, 'Anna.Berg@contoso.example'],
  ['letters of every script', 'Šárka_Ångström', undefined, 'Šárka_Ångström'],
  [
    "an apostrophe stays, as in O'Brien's address",
    "mary.o'brien@contoso.example",
    undefined,
    "mary.o'brien@contoso.example",
  ],
  ['blanks and controls go', ' an\u0000na\u200b <b>berg</b> ', undefined, 'annabbergb'],
  ['wide letters become plain ones', 'ＡＮＮＡ', undefined, 'ANNA'],
  ['36 characters at most', 'a'.repeat(50), undefined, 'a'.repeat(36)],
  ['a reserved word gives way to the address', 'admin', 'anna.b@contoso.example', 'anna.b'],
  ['one character is too few', 'a', 'ab@contoso.example', 'ab'],
  ['nothing usable: the object id', undefined, undefined, objectId],
];

for (const [what, preferredUsername, email, expected] of cases) {
  test(`S8: ${what}`, () => {
    const [first] = userNamesFor({ preferredUsername, email, objectId });
    assert.equal(first, expected);
  });
}

test('S8: then with up to five random characters, never longer than 36', () => {
  const names = [...userNamesFor({ preferredUsername: 'n'.repeat(36), email: undefined, objectId })];
  assert.equal(names.length, 16);
  for (const name of names.slice(1)) assert.match(name, /^n+-[a-z2-9]{1,5}$/);
  assert.ok(names.every((name) => name.length <= 36));
});

test('user names are compared without case and composition', () => {
  assert.equal(foldUserName('A\u030angström'), foldUserName('ångstro\u0308m'));
});
