import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quarantineReason } from './quarantine.ts';

const proportion = 'EncounteredEscrowProportionThreshold';
const total = 'EncounteredTotalEscrowThreshold';

const cases: readonly [string, number, number, number, string | undefined][] = [
  ['nothing fails', 100, 0, 0, undefined],
  ['all fail, but few', 4_999, 4_999, 0, undefined],
  ['5,000 fail, and more than 40 %', 12_499, 5_000, 0, proportion],
  ['5,000 fail, and 40 %', 12_500, 5_000, 0, undefined],
  ['40,000 of very many', 1_000_000, 40_000, 0, undefined],
  ['more than 40,000 of very many', 1_000_000, 40_001, 0, total],
  ['managers count by themselves', 10_000, 0, 60_000, undefined],
  ['more than 60,000 managers', 1_000_000, 0, 60_001, total],
];
for (const [what, objects, failed, references, reason] of cases) {
  test(`quarantine: ${what}`, () => assert.equal(quarantineReason({ objects, failed, references }), reason));
}
