/** How long a credential may be made to last: days, and how people say it. */
export const lastingWords: readonly (readonly [days: string, words: string])[] = [
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'one year'],
  ['730', 'two years'],
  ['1825', 'five years'],
  ['3650', 'ten years'],
];

const day = 86_400_000;

/** The time that many days from now, as the API takes it. A minute is taken off, so that "ten years" is within ten years. */
export const lasting = (days: string, now = Date.now()): string =>
  new Date(now + Number(days) * day - 60_000).toISOString();
