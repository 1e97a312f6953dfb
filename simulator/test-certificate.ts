import { webcrypto } from 'node:crypto';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

/** A certificate that a program signs assertions with: RSA, as Entra wants it. */
export type TestCertificate = {
  readonly certificate: string;
  readonly privateKey: string;
  /** Digests of its DER, base64url: `x5t` and `x5t#S256`. */
  readonly sha1: string;
  readonly sha256: string;
};

/** Makes a self-signed certificate that is good for 90 days from `now`. */
export async function makeTestCertificate(now = Date.now()): Promise<TestCertificate> {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2048,
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=A daemon',
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(now - 60_000),
    notAfter: new Date(now + 90 * 86_400_000),
  });
  const digest = async (hash: string) =>
    Buffer.from(await webcrypto.subtle.digest(hash, certificate.rawData)).toString('base64url');
  return {
    certificate: certificate.toString('pem'),
    privateKey: x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY'),
    sha1: await digest('SHA-1'),
    sha256: await digest('SHA-256'),
  };
}
