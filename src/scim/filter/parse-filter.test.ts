import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Filter } from './filter.ts';
import { parseFilter } from './parse-filter.ts';

const compare = (path: string, operator: 'eq' | 'ne' | 'sw' | 'gt' | 'co', value: string | number | boolean | null) =>
  ({ kind: 'compare', path, operator, value }) as const;
const a = compare('a', 'eq', 1);
const b = compare('b', 'eq', 2);
const c = compare('c', 'eq', 3);

const TREES: readonly [string, string, Filter][] = [
  ['RFC 7644 §3.4.2.2', 'userName Eq "bjensen"', compare('userName', 'eq', 'bjensen')],
  ['RFC 7644 §3.4.2.2', 'title PR', { kind: 'present', path: 'title' }],
  ['RFC 7644 §3.4.2.2: escapes', String.raw`a eq "q\"\\\/é\n"`, compare('a', 'eq', 'q"\\/é\n')],
  [
    'RFC 7644 §3.4.2.2: and before or',
    'a eq 1 or b eq 2 and c eq 3',
    { kind: 'or', terms: [a, { kind: 'and', terms: [b, c] }] },
  ],
  [
    'RFC 7644 §3.4.2.2: parentheses',
    '(a eq 1 or b eq 2) AND c eq 3',
    { kind: 'and', terms: [{ kind: 'or', terms: [a, b] }, c] },
  ],
  [
    'RFC 7644 §3.4.2.2: not before and',
    'not(a eq 1) and b eq 2',
    { kind: 'and', terms: [{ kind: 'not', term: a }, b] },
  ],
  [
    'RFC 7644 §3.4.2.2: literals',
    'a eq true and b eq null and c eq -1.5',
    {
      kind: 'and',
      terms: [compare('a', 'eq', true), compare('b', 'eq', null), compare('c', 'eq', -1.5)],
    },
  ],
  [
    'RFC 7644 §3.4.2.2: value path',
    'emails[type eq "work" and value co "@x"]',
    {
      kind: 'valuePath',
      path: 'emails',
      filter: { kind: 'and', terms: [compare('type', 'eq', 'work'), compare('value', 'co', '@x')] },
    },
  ],
  [
    'RFC 7644 §3.10: qualified name',
    'urn:ietf:params:scim:schemas:core:2.0:User:name.familyName sw "J"',
    compare('urn:ietf:params:scim:schemas:core:2.0:User:name.familyName', 'sw', 'J'),
  ],
  [
    'entra §1.3: sub-attribute after brackets',
    'emails[type eq "work"].value eq "a@b.c"',
    {
      kind: 'valuePath',
      path: 'emails',
      filter: { kind: 'and', terms: [compare('type', 'eq', 'work'), compare('value', 'eq', 'a@b.c')] },
    },
  ],
  [
    'entra §1.3: unquoted ids',
    'id eq 54d3 and manager eq 2819-c2',
    {
      kind: 'and',
      terms: [compare('id', 'eq', '54d3'), compare('manager', 'eq', '2819-c2')],
    },
  ],
  ['entra §1.3: unquoted', 'externalId eq jyoung', compare('externalId', 'eq', 'jyoung')],
  [
    'postman §1.3: unquoted date',
    'meta.Created gt 2015-10-10T14:38:21-07:00',
    compare('meta.Created', 'gt', '2015-10-10T14:38:21-07:00'),
  ],
  [
    'entra §1.3: special characters',
    `userName eq "o'brien+x%_a#EXT#@t.example"`,
    compare('userName', 'eq', "o'brien+x%_a#EXT#@t.example"),
  ],
  [
    'lenient: a number that would print otherwise is text',
    'a eq 007 and b eq 1.0',
    {
      kind: 'and',
      terms: [compare('a', 'eq', '007'), compare('b', 'eq', '1.0')],
    },
  ],
  ['an attribute may be called like an operator', 'not eq "x"', compare('not', 'eq', 'x')],
];

for (const [rule, text, tree] of TREES) {
  test(`${rule}: ${text}`, () => assert.deepEqual(parseFilter(text), tree));
}

const FAULTS: readonly [string, RegExp][] = [
  ['', /character 1: expected an attribute, found the end/],
  ['userName', /character 9: expected an operator .* found the end/],
  ['userName equals "x"', /character 10: expected an operator .* found "equals"/],
  ['userName eq', /character 12: expected a value/],
  ['userName eq "x', /character 13: this quotation mark is never closed/],
  ['userName eq "\\q"', /character 13: .* is not a JSON string/],
  ['userName eq "a\\u0000"', /U\+0000/],
  ['userName eq "x" userName eq "y"', /character 17: expected "and", "or" or the end/],
  ['(userName eq "x"', /expected "and", "or" or "\)", found the end/],
  ['userName eq "x")', /character 16: expected "and", "or" or the end, found "\)"/],
  ['emails[type eq "work"', /expected "and", "or" or "\]"/],
  ['emails[a[b eq 1]]', /brackets cannot stand inside brackets/],
  ['and eq', /expected a value/],
  ['a eq 1 and', /expected an attribute, found the end/],
  ['1a eq 1', /character 1: expected an attribute, found "1a"/],
  ['"a" eq 1', /character 1: expected an attribute/],
];

for (const [text, message] of FAULTS) {
  test(`a fault is refused with its position: ${text}`, () => {
    assert.throws(() => parseFilter(text), { name: 'ScimError', status: 400, scimType: 'invalidFilter', message });
  });
}

for (const text of ['externalId eq jyoung', 'emails[type eq "work"].value eq "x"', 'a eq True']) {
  test(`strict refuses ${text}`, () => {
    assert.throws(() => parseFilter(text, { strict: true }), { scimType: 'invalidFilter' });
  });
}

const HUGE: readonly [string, string, RegExp][] = [
  ['open parentheses', '('.repeat(10_000), /nested more than 50 deep/],
  ['negations', `${'not ('.repeat(60)}a pr${')'.repeat(60)}`, /nested more than 50 deep/],
  ['terms', Array(300).fill('a pr').join(' or '), /more than 250 comparisons/],
  ['length', `a eq "${'x'.repeat(20_000)}"`, /longer than 16384 characters/],
];

test('many parentheses beside one another are not deep', () => {
  const text = Array(100).fill('(a pr or b pr)').join(' and ');
  assert.equal(parseFilter(text).kind, 'and');
});

for (const [what, text, message] of HUGE) {
  test(`too many ${what} are refused`, () => {
    assert.throws(() => parseFilter(text), { scimType: 'invalidFilter', message });
  });
}

test('the longest filters are read in linear time', () => {
  const started = performance.now();
  for (const piece of ['urn:', 'a:', '"\\"', ' ', '[', 'a.']) {
    assert.throws(() => parseFilter(piece.repeat(16_384 / piece.length - 1)));
  }
  assert.ok(performance.now() - started < 500);
});
