import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import type { World } from '#store';
import { issuerOf } from './issuer.ts';
import { signingKeys } from './signing-key.ts';

/**
 * Signs a JWT by which Portico proves itself to somebody who trusts its issuer (RFC 7523 §3): with the RS256 key of the
 * provider, whose public half stands at `jwks_uri`. Microsoft Entra takes it as a federated credential of an application
 * whose issuer and subject are these. Valid for `seconds` from now.
 */
export async function signAssertion(
  world: World,
  { subject, audience, seconds }: { subject: string; audience: string; seconds: number },
): Promise<string> {
  const key = (await signingKeys(world)).find(({ alg }) => alg === 'RS256');
  if (key === undefined) throw new Error('the provider has no RS256 key');
  const now = Math.floor(world.now() / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT' })
    .setIssuer(issuerOf(world))
    .setSubject(subject)
    .setAudience(audience)
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + seconds)
    .setJti(randomUUID())
    .sign(await importJWK(key.jwk, key.alg));
}
