import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Filter, join } from './filter.ts';
import { parseFilter } from './parse-filter.ts';
import { printFilter } from './print-filter.ts';

const path = fc.constantFrom('userName', 'name.familyName', 'urn:x:2.0:User:a-b.$ref', 'emails');
const literal = fc.oneof(
  fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
);
const operator = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le');

const PLAIN = { noNullPrototype: true } as const;

const { filter } = fc.letrec<{ filter: Filter; leaf: Filter; element: Filter }>((tie) => ({
  leaf: fc.oneof(
    fc.record({ kind: fc.constant('compare'), path, operator, value: literal }, PLAIN),
    fc.record({ kind: fc.constant('present'), path }, PLAIN),
  ),
  element: fc.oneof({ maxDepth: 2 }, tie('leaf'), joined(tie('element')), negated(tie('element'))),
  filter: fc.oneof(
    { maxDepth: 4 },
    tie('leaf'),
    joined(tie('filter')),
    negated(tie('filter')),
    fc.record({ kind: fc.constant('valuePath'), path, filter: tie('element') }, PLAIN),
  ),
}));

function joined(term: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  const terms = fc.array(term, { minLength: 2, maxLength: 4 });
  return fc.tuple(fc.constantFrom('and', 'or'), terms).map(([kind, each]) => join(kind, each));
}

function negated(term: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  return term.map((each) => ({ kind: 'not', term: each }));
}

test('a printed filter parses to the same tree, strict or not', () => {
  fc.assert(
    fc.property(filter, (tree) => {
      const text = printFilter(tree);
      fc.pre(text.length < 16_000);
      assert.deepEqual(parseFilter(text), tree);
      assert.deepEqual(parseFilter(text, { strict: true }), tree);
    }),
    { numRuns: 500 },
  );
});

test('any text is parsed or refused as invalidFilter', () => {
  const token = fc.constantFrom(
    '(',
    ')',
    '[',
    ']',
    '"',
    '\\',
    ' ',
    'and',
    'or',
    'not',
    'eq',
    'pr',
    '.value',
    'a',
    'é',
    '1',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(token).map((tokens) => tokens.join(' ')),
      ),
      (text) => {
        try {
          parseFilter(text);
        } catch (error) {
          assert.equal(Object(error).scimType, 'invalidFilter');
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
