import { createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';

/** Tags of X.690 that a small certificate needs. */
const tags = {
  integer: 2,
  bits: 3,
  empty: 5,
  oid: 6,
  utf8: 12,
  utcTime: 23,
  anyTime: 24,
  sequence: 48,
  set: 49,
  version: 160,
};

const commonName = Buffer.from('550403', 'hex');
const sha256WithRsa = Buffer.from('2a864886f70d01010b', 'hex');

/**
 * Makes a certificate for an RSA key, signed by itself, in DER (RFC 5280 §4.1); from the day before `now` for five years. Written
 * out, for a library that can do it takes longer to load than the whole simulator.
 */
export function selfSignedCertificate(privateKey: KeyObject, name: string, now: number): Buffer {
  const algorithm = der('sequence', der('oid', sha256WithRsa), der('empty'));
  const distinguished = der(
    'sequence',
    der('set', der('sequence', der('oid', commonName), der('utf8', Buffer.from(name)))),
  );
  const day = 86_400_000;
  const body = der(
    'sequence',
    der('version', der('integer', Buffer.from([2]))),
    // Positive, and without a leading zero.
    der('integer', Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    distinguished,
    der('sequence', time(now - day), time(now + 5 * 365 * day)),
    distinguished,
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
  );
  const signature = der('bits', Buffer.from([0]), sign('sha256', body, privateKey));
  return der('sequence', body, algorithm, signature);
}

/** Dates until 2049 have two digits for the year (RFC 5280 §4.1.2.5). */
function time(instant: number): Buffer {
  const text = `${new Date(instant).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  return text < '2050' ? der('utcTime', Buffer.from(text.slice(2))) : der('anyTime', Buffer.from(text));
}

function der(tag: keyof typeof tags, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [129, length] : [130, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tags[tag], ...size]), content]);
}
