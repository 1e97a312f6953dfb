import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDateTime } from './date-time.ts';

const DATES: readonly [string, string][] = [
  ['2015-10-10T14:38:21-07:00', '2015-10-10T21:38:21.000Z'],
  ['2015-10-10T14:38:21Z', '2015-10-10T14:38:21.000Z'],
  ['2015-10-10T14:38:21', '2015-10-10T14:38:21.000Z'],
  ['2015-10-10T14:38:21.1234567Z', '2015-10-10T14:38:21.123Z'],
  ['2015-10-10T14:38:21.5+0530', '2015-10-10T09:08:21.500Z'],
  ['2015-10-10', '2015-10-10T00:00:00.000Z'],
  ['2024-02-29T23:59:59z', '2024-02-29T23:59:59.000Z'],
];

for (const [written, instant] of DATES) {
  test(`RFC 7643 §2.3.5: ${written} is ${instant}`, () => assert.equal(parseDateTime(written), Date.parse(instant)));
}

for (const written of [
  '',
  'yesterday',
  '2023-02-30',
  '2015-13-01',
  '2015-10-10T25:00:00Z',
  '15-1-1',
  '0000-01-01T00:00:00+01:00',
]) {
  test(`${JSON.stringify(written)} is no date`, () => assert.equal(parseDateTime(written), undefined));
}
