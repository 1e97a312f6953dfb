import assert from 'node:assert/strict';
import test from 'node:test';
import { GraphError } from './graph-error.ts';
import { parseFilter } from './odata-filter.ts';

const resource = {
  displayName: "Chiara O'Brien",
  accountEnabled: true,
  mail: null,
  count: 3,
  receivedDateTime: '2026-11-21T10:00:00Z',
  identifierUris: ['api://one', 'api://two'],
  from: { emailAddress: { address: 'a@b.example' } },
  keys: [{ id: '1', kind: 'a' }],
};

const cases: readonly [filter: string, matches: boolean][] = [
  ["displayName eq 'chiara o''brien'", true],
  ["displayName ne 'x'", true],
  ["startswith(displayName,'CHIARA')", true],
  ["startsWith(displayName, 'Chi')", true],
  ["endswith(displayName,'brien')", true],
  ["contains(displayName,'zzz')", false],
  ['accountEnabled eq true', true],
  ['mail eq null', true],
  ['mail ne null', false],
  ['count gt 2', true],
  ['receivedDateTime ge 2026-11-21T10:00:00Z', true],
  ['receivedDateTime gt 2026-11-21T11:00:00+01:00', false],
  ["identifierUris/any(s:s eq 'api://two')", true],
  ["identifierUris/any(x:x eq 'api://three')", false],
  ["from/emailAddress/address eq 'a@b.example'", true],
  ["identifierUris/any(s: startsWith(s, 'api://T'))", true],
  ["keys/any(k:k/id eq '1' and k/kind eq 'b')", false],
  ["keys/any(k:k/id eq '1' or k/kind eq 'c')", true],
  ['identifierUris/any()', true],
  ['identifierUris/$count eq 2', true],
  ["displayName in ('x', 'chiara o''brien')", true],
  ['count in (1, 2)', false],
  ["count eq 3 and not (displayName eq 'a' or mail ne null)", true],
  ["displayName eq 'a' and count eq 3 or accountEnabled eq true", true],
  ["displayName eq 'a' and (count eq 3 or accountEnabled eq true)", false],
];
for (const [filter, matches] of cases) {
  test(`filter ${filter}: ${matches}`, () => assert.equal(parseFilter(filter).matches(resource), matches));
}

const invalid: readonly string[] = [
  '',
  'displayName',
  'displayName eq',
  "displayName like 'a'",
  "displayName eq 'a",
  "nothing eq 'a'",
  'displayName eq a b',
  "(displayName eq 'a'",
  "soundslike(displayName,'a')",
  "identifierUris/any(s:t eq 'a')",
  "displayName eq 'a' 'b'",
];
for (const filter of invalid) {
  test(`filter ${JSON.stringify(filter)} is Graph's 400, never everything`, () => {
    assert.throws(
      () => parseFilter(filter).matches(resource),
      (error: unknown) => error instanceof GraphError && error.status === 400 && error.code === 'BadRequest',
    );
  });
}

test('a filter says what an index can narrow it by: what must be equal in any case', () => {
  const narrowing: readonly [filter: string, equalities: [string, string][]][] = [
    ["userPrincipalName eq 'a' and accountEnabled eq true", [['userprincipalname', 'a']]],
    ["(mail eq 'a')", [['mail', 'a']]],
    ["mail eq 'a' or mail eq 'b'", []],
    ["not (mail eq 'a')", []],
    ["identifierUris/any(s:s eq 'a')", [['identifieruris/any', 'a']]],
  ];
  for (const [filter, equalities] of narrowing) assert.deepEqual([...parseFilter(filter).equalities], equalities);
});

test('a filter says whether it needs an advanced query: ne, not, endsWith, $count', () => {
  const advanced = (filter: string): boolean => parseFilter(filter).isAdvanced;
  assert.deepEqual(
    ["a eq 'b'", "a ne 'b'", "not (a eq 'b')", "endsWith(a,'b')", 'a/$count eq 0', "startswith(a,'b')"].map(advanced),
    [false, true, true, true, true, false],
  );
});
