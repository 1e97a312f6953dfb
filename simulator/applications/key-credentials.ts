import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import type { KeyCredential } from './application.ts';

/** Takes a certificate, PEM or base64 of its DER, as the portal's upload does. Throws a TypeError for what is none. */
export function readKeyCredential(text: string): KeyCredential {
  const certificate = openCertificate(text);
  return {
    keyId: randomUUID(),
    displayName: certificate.subject.replaceAll('\n', ', '),
    key: certificate.raw.toString('base64'),
    customKeyIdentifier: digestOf(certificate, 'sha1').toString('hex').toUpperCase(),
    startDateTime: Date.parse(certificate.validFrom),
    endDateTime: Date.parse(certificate.validTo),
  };
}

/** The certificate of a credential. */
export const certificateOf = ({ key }: KeyCredential): X509Certificate =>
  new X509Certificate(Buffer.from(key, 'base64'));

/** Digest of the certificate's DER, by which the header of an assertion names it. */
export const digestOf = (certificate: X509Certificate, algorithm: 'sha1' | 'sha256'): Buffer =>
  createHash(algorithm).update(certificate.raw).digest();

function openCertificate(text: string): X509Certificate {
  const isPem = text.includes('-----BEGIN');
  try {
    return new X509Certificate(isPem ? text : Buffer.from(text, 'base64'));
  } catch {
    throw new TypeError('is no certificate, PEM or base64');
  }
}
