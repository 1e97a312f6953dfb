import { createHash, webcrypto, X509Certificate } from 'node:crypto';
import type { OwnCertificate } from '#openid';

const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
} as const;
const day = 86_400_000;

/** Makes an RSA key and a certificate for it that it signs itself, good from a day before `now` for `days` from it. */
export async function makeCertificate(name: string, now: number, days: number): Promise<OwnCertificate> {
  // What x509 is built on needs it, and does not bring it along.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }],
    notBefore: new Date(now - day),
    notAfter: new Date(now + days * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true)],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const lines = pkcs8.replace(/.{64}/g, '$&\n').trimEnd();
  return {
    certificate: `${made.toString('pem').trimEnd()}\n`,
    key: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`,
  };
}

/** SHA-1 of a certificate in hexadecimal, by which Microsoft Entra lists it; for people, never for a decision. */
export const shownThumbprint = (certificate: string): string =>
  createHash('sha1').update(new X509Certificate(certificate).raw).digest('hex').toUpperCase();
