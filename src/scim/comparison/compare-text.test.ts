import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareText } from './compare-text.ts';
import { numberKey } from './number-key.ts';
import { prefixEnd } from './prefix-end.ts';

const text = fc.string({ unit: 'binary', maxLength: 8 });

test('text is ordered as its UTF-8 bytes are', () => {
  fc.assert(
    fc.property(text, text, (left, right) => {
      assert.equal(Math.sign(compareText(left, right)), Buffer.compare(Buffer.from(left), Buffer.from(right)));
    }),
    { numRuns: 3_000 },
  );
});

test('a character beyond the basic plane comes after U+FFFD, unlike in UTF-16', () => {
  assert.ok(compareText('\u{1f600}', '\ufffd') > 0);
  assert.ok('\u{1f600}' < '\ufffd');
});

test('everything that begins with a prefix lies between it and its end, and nothing else does', () => {
  fc.assert(
    fc.property(text, text, (prefix, other) => {
      const end = prefixEnd(prefix);
      const lies = compareText(prefix, other) <= 0 && (end === undefined || compareText(other, end) < 0);
      assert.equal(lies, other.startsWith(prefix));
      assert.ok(end === undefined || compareText(prefix + other, end) < 0);
    }),
    { numRuns: 3_000 },
  );
});

test('prefixEnd steps over the surrogates and gives up after U+10FFFF', () => {
  assert.equal(prefixEnd('a\ud7ff'), 'a\ue000');
  assert.equal(prefixEnd('a\u{10ffff}'), 'b');
  assert.equal(prefixEnd('\u{10ffff}'), undefined);
  assert.equal(prefixEnd(''), undefined);
});

test('number keys are ordered as the numbers are', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (left, right) => {
      const expected = left < right ? -1 : left > right ? 1 : 0;
      assert.equal(Math.sign(compareText(numberKey(left), numberKey(right))), expected);
    }),
  );
});
