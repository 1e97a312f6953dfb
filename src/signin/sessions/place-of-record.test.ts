import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOfRecord } from './place-of-record.ts';

for (const [what, record, place] of [
  [
    'country and city',
    { country: { iso_code: 'DE', names: { en: 'Deutschland' } }, city: { names: { en: 'Berlin', ja: 'ベルリン' } } },
    ['DE', 'Germany', 'Berlin'],
  ],
  ['a country alone', { country: { iso_code: 'FR' } }, ['FR', 'France', null]],
  ['flat members', { country_code: 'US', city: 'Boston' }, ['US', 'United States', 'Boston']],
  ['a code as the country', { country: 'CH' }, ['CH', 'Switzerland', null]],
  ['an empty city', { country: 'CH', city: ' ' }, ['CH', 'Switzerland', null]],
  ['where it is registered only', { registered_country: { iso_code: 'US' } }, null],
  ['a city without a country', { city: { names: { en: 'Berlin' } } }, null],
  ['a code of no country', { country: { iso_code: 'ZZ' } }, null],
  ['a country that is no code', { country: 'Germany' }, null],
  ['a code that nobody has', { country: 'QM' }, null],
  ['text instead of members', 'DE', null],
  ['nothing', null, null],
] as const) {
  test(`a record with ${what} gives ${place === null ? 'no place' : place.filter(Boolean).join(', ')}`, () => {
    const found = placeOfRecord(record);
    assert.deepEqual(found === null ? null : [found.countryCode, found.country, found.city], place);
  });
}
