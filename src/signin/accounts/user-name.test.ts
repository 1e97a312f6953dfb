import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type UserNameRule, userNameRules } from '#contract';
import { reservedUserNames } from './reserved-user-names.ts';
import { firstUserName, foldUserName, type UserNameClaims, userNamesFor } from './user-name.ts';

const objectId = 'b8829f5c-6d01-4770-beac-b771748ca60a';
const anna = { preferredUsername: 'anna.berg@contoso.example', email: 'anna.b@contoso.example', objectId };
const named = { ...anna, givenName: 'Anna Maria', familyName: 'van den Berg' };

const cases: readonly (readonly [what: string, rule: UserNameRule, claims: UserNameClaims, name: string])[] = [
  ['the preferred name as it is', 'preferredUsername', named, 'anna.berg@contoso.example'],
  ['the local part of the address', 'emailLocalPart', named, 'anna.b'],
  ['given and family name', 'fullName', named, 'AnnaMaria.vandenBerg'],
  ['one of the two names alone', 'fullName', { ...anna, familyName: 'Berg' }, 'Berg'],
  ['local part and connection', 'emailLocalPartAndConnection', named, 'anna.b-contoso-de'],
  ['names and connection', 'fullNameAndConnection', named, 'AnnaMaria.vandenBerg-contoso-de'],
  ['names missing: the next rule whose claims are there', 'fullName', anna, 'anna.b-contoso-de'],
  ['the last rule missing: from the first on again', 'fullNameAndConnection', anna, 'anna.berg@contoso.example'],
  ['no preferred name: the address', 'preferredUsername', { email: 'ab@c.example', objectId }, 'ab'],
  ['nothing at all: the object id', 'emailLocalPart', { objectId }, objectId],
  ['not even a usable object id', 'fullName', { objectId: '%%' }, 'person'],
  ['letters of every script', 'preferredUsername', { preferredUsername: 'Šárka_Ångström_李' }, 'Šárka_Ångström_李'],
  ["an apostrophe, as in O'Brien", 'emailLocalPart', { email: "mary.o'brien@c.example" }, "mary.o'brien"],
  [
    'blanks and controls go',
    'preferredUsername',
    { preferredUsername: ' an\u0000na\u200b <b>berg</b> ' },
    'annabbergb',
  ],
  ['wide letters become plain ones', 'preferredUsername', { preferredUsername: 'ＡＮＮＡ' }, 'ANNA'],
  ['36 characters at most', 'preferredUsername', { preferredUsername: 'a'.repeat(50) }, 'a'.repeat(36)],
  ['characters, not UTF-16 units', 'preferredUsername', { preferredUsername: '𝐀𠮷'.repeat(30) }, 'A𠮷'.repeat(18)],
  ['a reserved word gives way', 'preferredUsername', { ...anna, preferredUsername: 'Ádmin' }, 'anna.b'],
  ['one character is too few', 'preferredUsername', { preferredUsername: 'a', email: 'ab@c.example' }, 'ab'],
];

for (const [what, userNameFrom, claims, expected] of cases) {
  test(`S8 ${userNameFrom}: ${what}`, () => {
    assert.equal(firstUserName(claims, { userNameFrom, connectionId: 'contoso-de' }).userName, expected);
  });
}

test('S8: where name and connection are too long together, both stay recognisable', () => {
  const long = { userNameFrom: 'emailLocalPartAndConnection', connectionId: `c${'o'.repeat(34)}n` } as const;
  const both = firstUserName({ email: `${'n'.repeat(40)}@c.example` }, long).userName;
  assert.equal(both, `${'n'.repeat(18)}-c${'o'.repeat(16)}`);
  assert.equal(firstUserName({ email: 'anna@c.example' }, long).userName, `anna-c${'o'.repeat(30)}`);
});

test('S8: then with up to five random characters, never longer than 36, the connection still to be seen', () => {
  const naming = { userNameFrom: 'emailLocalPartAndConnection', connectionId: 'abc' } as const;
  const names = [...userNamesFor({ email: `${'n'.repeat(40)}@c.example` }, naming)];
  assert.equal(names.length, 16);
  for (const name of names.slice(1)) assert.match(name, /^n+-abc-[a-z2-9]{1,5}$/);
  assert.ok(names.every((name) => name.length <= 36));
});

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...Object.keys(reservedUserNames), '', 'İ', 'ß'));
const anyClaims = fc.record({
  preferredUsername: fc.option(text, { nil: undefined }),
  email: fc.option(text, { nil: undefined }),
  givenName: fc.option(text, { nil: undefined }),
  familyName: fc.option(text, { nil: undefined }),
  objectId: text,
});
const anyNaming = fc.record({
  userNameFrom: fc.constantFrom(...(Object.keys(userNameRules) as UserNameRule[])),
  connectionId: fc.stringMatching(/^[a-z0-9](?:-?[a-z0-9]){2,15}$/),
});

test('S8: whatever the claims, a name has 2 to 36 characters, is normalised and not reserved', () => {
  fc.assert(
    fc.property(anyClaims, anyNaming, (claims, naming) => {
      for (const name of userNamesFor(claims, naming)) {
        const length = [...name].length;
        assert.ok(length >= 2 && length <= 36, JSON.stringify(name));
        assert.equal(name, name.normalize('NFKC'));
        assert.match(name, /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._@'-]*[\p{L}\p{M}\p{N}])?$/u);
        assert.ok(!Object.hasOwn(reservedUserNames, foldUserName(name)));
      }
    }),
    { numRuns: 500 },
  );
});

test('S8: folding is done once and for all', () => {
  fc.assert(
    fc.property(text, (it) => assert.equal(foldUserName(foldUserName(it)), foldUserName(it))),
    {
      numRuns: 500,
    },
  );
});

test('user names are compared without case, composition and accents of Latin letters', () => {
  assert.equal(foldUserName('A\u030angström'), foldUserName('ångstro\u0308m'));
  assert.equal(foldUserName('JOSÉ'), 'jose');
  assert.notEqual(foldUserName('й'), foldUserName('и'));
});
