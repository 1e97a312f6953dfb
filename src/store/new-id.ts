import { randomBytes, randomInt } from 'node:crypto';

let lastNow = 0;
let counter = 0;

/**
 * A new id: UUIDv7 (RFC 9562 §5.7), so that rows that come together lie together. `now` is epoch milliseconds. Ids that one
 * process makes in one millisecond grow too (§6.2, method 1: a counter of 18 bits that starts at random below a quarter).
 */
export function newId(now: number): string {
  counter = now === lastNow ? counter + 1 : randomInt(0x10000);
  lastNow = now;
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt16BE(0x7000 | ((counter >> 6) & 0x0fff), 6);
  bytes.writeUInt8(0x80 | (counter & 0x3f), 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
