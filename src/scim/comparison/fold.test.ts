import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fold } from './fold.ts';

const SAME: readonly [string, string][] = [
  ['MARA@TENANT.EXAMPLE', 'mara@tenant.example'],
  ['ÅSA', 'åsa'],
  ['A\u030aSA', 'åsa'],
  ['ΟΔΟΣ', 'οδος'],
  ['ΟΔΟΣ', 'οδοσ'],
  ['\u212a', 'k'],
  ['J\u030c', '\u01f0'],
  ['ẞ', 'ß'],
];

for (const [left, right] of SAME) {
  test(`${left} folds as ${right}`, () => assert.equal(fold(left), fold(right)));
}

test('ß stays apart from ss', () => assert.notEqual(fold('straße'), fold('STRASSE')));

test('a prefix that ends in Σ folds to a prefix', () => assert.ok(fold('ΟΔΟΣΑ').startsWith(fold('ΟΔΟΣ'))));

test('folding what is folded changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
      assert.equal(fold(fold(text)), fold(text));
    }),
    { numRuns: 2_000 },
  );
});
