import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import type { World } from '#store';
import { issuerOf } from './issuer.ts';
import { signingKeys } from './signing-key.ts';

/** §2.4: two minutes at most are recommended. */
const seconds = 120;

/** Signs a logout token for one session of a product (OpenID Connect Back-Channel Logout 1.0 §2.4), as its id tokens are signed. */
export async function signLogoutToken(
  world: World,
  it: { clientId: string; alg: string; accountId: string; sid: string },
): Promise<string> {
  const key = (await signingKeys(world)).find(({ alg }) => alg === it.alg);
  if (key === undefined) throw new Error(`the provider has no ${it.alg} key`);
  const now = Math.floor(world.now() / 1000);
  return new SignJWT({ sid: it.sid, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'logout+jwt' })
    .setIssuer(issuerOf(world))
    .setSubject(it.accountId)
    .setAudience(it.clientId)
    .setIssuedAt(now)
    .setExpirationTime(now + seconds)
    .setJti(randomUUID())
    .sign(await importJWK(key.jwk, key.alg));
}
