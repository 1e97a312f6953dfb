import { createHash, generateKeyPair, hkdfSync, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { World } from '#store';
import { insertProviderKey, listProviderKeys } from '../queries/provider-key.ts';

/** What the provider signs with: a private key as JWK, and what its cookies are signed with. */
export interface SigningKey {
  jwk: Record<string, unknown>;
  cookieKey: string;
}

const first = 1;
const placeOf = (number: number) => ({
  table: 'provider_key',
  organizationId: '',
  id: String(number),
  column: 'key',
});

/**
 * The provider's signing keys, the newest first. The first one (RSA for RS256, which every client library takes) is made
 * when it is first asked for; of several machines that ask at once all get the same.
 */
export async function signingKeys(world: World): Promise<readonly SigningKey[]> {
  const present = await readKeys(world);
  if (present.length > 0) return present;
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const kid = createHash('sha256').update(randomUUID()).digest('base64url').slice(0, 16);
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' };
  const key = world.sealer.seal(JSON.stringify(jwk), placeOf(first));
  await world.store.write((tx) => tx.run(insertProviderKey, { number: first, kid, key, at: world.now() }));
  return readKeys(world);
}

async function readKeys(world: World): Promise<SigningKey[]> {
  const rows = await world.store.read(listProviderKeys, { limit: 4 });
  return rows.map(({ number, key }) => {
    const jwk: Record<string, unknown> = JSON.parse(world.sealer.open(key, placeOf(number)));
    const secret = hkdfSync('sha256', String(jwk['d']), '', 'cookies of the provider', 32);
    return { jwk, cookieKey: Buffer.from(secret).toString('base64url') };
  });
}
