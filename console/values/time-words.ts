const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'long' });
const precise = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const dayOnly = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

/** A time relative to now, in the largest unit that fits: `3 minutes ago`, `in 2 hours`. */
export function agoWords(at: number, now: number): string {
  const distance = at - now;
  const size = Math.abs(distance);
  if (size < 45 * second) return distance <= 0 ? 'just now' : 'in a moment';
  if (size < 59.5 * minute) return relative.format(Math.round(distance / minute), 'minute');
  if (size < 23.5 * hour) return relative.format(Math.round(distance / hour), 'hour');
  if (size < 60 * day) return relative.format(Math.round(distance / day), 'day');
  return dayOnly.format(at);
}

/** A length of time in words: `40 minutes`, `3 hours`, `2 days`. */
export function lengthWords(ms: number): string {
  const count = (value: number, unit: string): string => `${value} ${unit}${value === 1 ? '' : 's'}`;
  if (ms < 90 * minute) return count(Math.max(1, Math.round(ms / minute)), 'minute');
  if (ms < 36 * hour) return count(Math.round(ms / hour), 'hour');
  return count(Math.round(ms / day), 'day');
}

/** A time to the second, in the reader's time zone. */
export const preciseWords = (at: number): string => precise.format(at);

/** A day, in the reader's time zone. */
export const dayWords = (at: number): string => dayOnly.format(at);

/** Whole days left, in words; negative once it is over. */
export function daysLeftWords(days: number): string {
  if (days < 0) return days === -1 ? 'ended 1 day ago' : `ended ${-days} days ago`;
  if (days === 0) return 'ends today';
  return days === 1 ? '1 day left' : `${days.toLocaleString('en')} days left`;
}

/** When something ends, as the end of a sentence: `ends in 4 days`. */
export function endsWords(days: number): string {
  if (days < 1) return daysLeftWords(days);
  return days === 1 ? 'ends in 1 day' : `ends in ${days.toLocaleString('en')} days`;
}
