import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import test from 'node:test';
import { selfSignedCertificate } from './self-signed.ts';

test('a certificate of a key by itself reads back, on both sides of the year 2050', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  for (const now of [Date.UTC(2026, 10, 21, 12), Date.UTC(2047, 5, 1), Date.UTC(2060, 0, 1)]) {
    const certificate = new X509Certificate(selfSignedCertificate(privateKey, 'a.example', now));
    assert.equal(certificate.subject, 'CN=a.example');
    assert.equal(certificate.issuer, 'CN=a.example');
    assert.ok(certificate.verify(publicKey));
    const [from, to] = [certificate.validFromDate, certificate.validToDate].map((date) => date.getTime());
    assert.deepEqual([from, to], [now - 86_400_000, now + 5 * 365 * 86_400_000]);
  }
});
