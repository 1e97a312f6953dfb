import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';

const seconds = 600;

/** A certificate of ours with its key. */
export interface OwnCertificate {
  /** PEM. */
  readonly certificate: string;
  /** PKCS#8 as PEM. */
  readonly key: string;
}

/** SHA-256 of a certificate, base64url: `x5t#S256` of RFC 7515 §4.1.8. */
const thumbprintOf = (certificate: string): string =>
  createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url');

/**
 * Signs the assertion by which a client proves itself with its certificate (RFC 7523 §3; entra-docs
 * certificate-credentials.md): PS256 with `x5t#S256`, for this one token endpoint, ten minutes. An endpoint that says it
 * takes RS256 and not PS256 gets that.
 */
export async function signClientAssertion(
  { certificate, key }: OwnCertificate,
  to: { clientId: string; tokenEndpoint: string; algorithms?: readonly string[] | undefined; now: number },
): Promise<string> {
  const { algorithms = [] } = to;
  const alg = !algorithms.includes('PS256') && algorithms.includes('RS256') ? 'RS256' : 'PS256';
  const thumbprint = thumbprintOf(certificate);
  const now = Math.floor(to.now / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg, typ: 'JWT', kid: thumbprint, 'x5t#S256': thumbprint })
    .setIssuer(to.clientId)
    .setSubject(to.clientId)
    .setAudience(to.tokenEndpoint)
    .setJti(randomUUID())
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + seconds)
    .sign(await importPKCS8(key, alg));
}
