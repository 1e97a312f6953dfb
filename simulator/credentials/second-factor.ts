import { createHmac } from 'node:crypto';

/** Seconds a code of the Authenticator app is good for. */
const step = 30;

/** The six digits that the person's Authenticator shows now (RFC 6238, over a secret that is his id). */
export function authenticatorCode(userId: string, now: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 1000 / step)));
  const digest = createHmac('sha1', userId).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0x0f;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Whether somebody typed the code of now, or that of half a minute ago. */
export function isAuthenticatorCode(userId: string, typed: string, now: number): boolean {
  const plain = typed.replace(/\s/g, '');
  return [now, now - step * 1000].some((instant) => authenticatorCode(userId, instant) === plain);
}
