import { createHash, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** A key that signs tokens, with what is published of it. */
export type SigningKey = { readonly kid: string; readonly privateKey: KeyObject; readonly publicKey: KeyObject };

/** The keys of all tenants: one signs, the others are published beside it. */
export type SigningKeys = {
  readonly active: () => SigningKey;
  readonly published: () => readonly SigningKey[];
  /** Finds a key by id, one that was taken off the list included, so that tokens can live on. */
  readonly find: (kid: string) => SigningKey | undefined;
  /** Makes the next published key the active one, drops the old and publishes a fresh one. */
  readonly rotate: () => Promise<void>;
};

/** Generates two signing keys. Microsoft publishes several, in any order (signing-key-rollover). */
export async function createSigningKeys(): Promise<SigningKeys> {
  const [first, second] = await Promise.all([generate(), generate()]);
  let current = { active: first, next: second };
  const known = new Map([first, second].map((key) => [key.kid, key]));
  return {
    active: () => current.active,
    published: () => [current.next, current.active],
    find: (kid) => known.get(kid),
    rotate: async () => {
      const fresh = await generate();
      known.set(fresh.kid, fresh);
      current = { active: current.next, next: fresh };
    },
  };
}

/** The published form of the keys; `issuer` says for which tenants a key counts. */
export function toJwks(keys: readonly SigningKey[], issuer: string): { keys: Record<string, unknown>[] } {
  return {
    keys: keys.map(({ kid, publicKey }) => {
      const { n, e } = publicKey.export({ format: 'jwk' });
      return { kty: 'RSA', use: 'sig', kid, n, e, cloud_instance_name: 'microsoftonline.com', issuer };
    }),
  };
}

async function generate(): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const publicKey = createPublicKey(privateKey);
  const kid = createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  return { kid, privateKey, publicKey };
}
