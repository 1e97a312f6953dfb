import { randomBytes, webcrypto } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type * as X509 from '@peculiar/x509';

/** What a server needs to speak TLS, and what its clients need to trust it. */
export type Certificates = {
  readonly key: string;
  readonly cert: string;
  /** File with the certificate of the local authority, PEM. */
  readonly authority: string;
};

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 86_400_000;
/** Longer than anybody tests, and shorter than what some clients refuse in a server's certificate (398 days). */
const [authorityDays, serverDays] = [3650, 397];

/**
 * Makes a certificate for `names` (hosts and addresses), signed by the authority that `folder` keeps; the first call makes
 * that. The authority stays, so that it has to be trusted only once. Throws the system's error where the folder can't be written.
 */
export async function openCertificates(folder: string, names: readonly string[]): Promise<Certificates> {
  // What x509 is built on needs it, and does not bring it along.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const { certificate: issuer, key: signingKey } = await openAuthority(x509, folder);
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    ...validFor(serverDays),
    subject: 'CN=Simulated Microsoft Entra',
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const authority = join(folder, 'ca.pem');
  writeFileSync(authority, `${issuer.toString('pem')}\n`);
  return { key: await toPem(x509, keys.privateKey), cert: certificate.toString('pem'), authority };
}

type Authority = { readonly certificate: X509.X509Certificate; readonly key: webcrypto.CryptoKey };

async function openAuthority(x509: typeof X509, folder: string): Promise<Authority> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'ca-key.pem');
  const found = readIfThere(file) ?? (await makeAuthority(x509, folder, file));
  const parts = x509.PemConverter.decodeWithHeaders(found);
  const [key, certificate] = ['PRIVATE KEY', 'CERTIFICATE'].map((type) => parts.find((part) => part.type === type));
  if (key === undefined || certificate === undefined)
    throw new Error(`${file} does not hold a key and a certificate; remove it, and another authority is made`);
  return {
    certificate: new x509.X509Certificate(certificate.rawData),
    key: await webcrypto.subtle.importKey('pkcs8', key.rawData, algorithm, false, ['sign']),
  };
}

/** Makes an authority and gives the file's text: that of another simulator, where one was faster. */
async function makeAuthority(x509: typeof X509, folder: string, file: string): Promise<string> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validFor(authorityDays),
    name: 'CN=Simulated Microsoft Entra (local authority)',
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const text = `${await toPem(x509, keys.privateKey)}\n${certificate.toString('pem')}\n`;
  const own = join(folder, `ca-key.${randomBytes(8).toString('hex')}`);
  writeFileSync(own, text, { mode: 0o600 });
  try {
    linkSync(own, file);
    return text;
  } catch (error) {
    const theirs = readIfThere(file);
    if (theirs === undefined) throw error;
    return theirs;
  } finally {
    rmSync(own);
  }
}

const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

const toPem = async (x509: typeof X509, key: webcrypto.CryptoKey): Promise<string> =>
  x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');

function validFor(days: number): { serialNumber: string; notBefore: Date; notAfter: Date } {
  const notBefore = new Date(Date.now() - day);
  // Positive, and the same in every encoding.
  const serialNumber = `01${randomBytes(15).toString('hex')}`;
  return { serialNumber, notBefore, notAfter: new Date(notBefore.getTime() + days * day) };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
