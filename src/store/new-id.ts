import { randomInt, randomUUID } from 'node:crypto';

let lastNow = 0;
let lastCounter = 0;

/** A clock that goes back by less than this, in milliseconds, was corrected: ids go on growing meanwhile. */
const corrected = 10_000;

/**
 * A new id: UUIDv7 (RFC 9562 §5.7), so that rows that come together lie together. `now` is epoch milliseconds. Ids that one
 * process makes in one millisecond, or while its clock is set back a little, grow too (§6.2, method 1: a counter of 18 bits
 * that starts at random below a quarter).
 */
export function newId(now: number): string {
  const at = now < lastNow && lastNow - now < corrected ? lastNow : now;
  lastCounter = at === lastNow ? lastCounter + 1 : randomInt(0x10000);
  lastNow = at;
  return uuid(at, lastCounter);
}

/** An id of a moment that is over, for a bound or for what began then. It leaves the order of new ids alone. */
export function idAt(then: number): string {
  return uuid(then, randomInt(0x10000));
}

function uuid(at: number, counter: number): string {
  const time = at.toString(16).padStart(12, '0');
  const high = (0x7000 | ((counter >> 6) & 0x0fff)).toString(16);
  const low = (0x80 | (counter & 0x3f)).toString(16);
  // The random part of a UUIDv4: Node draws those in advance, many at once.
  return `${time.slice(0, 8)}-${time.slice(8)}-${high}-${low}${randomUUID().slice(21)}`;
}
