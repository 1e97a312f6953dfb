import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** A key that signs tokens, with what is published of it. */
export type SigningKey = { readonly kid: string; readonly privateKey: KeyObject; readonly publicKey: KeyObject };

/** The keys as plain data: private ones (PEM) by key id, those included that are not published any more. */
export type SigningKeysState = { active: string; next: string; pems: Map<string, string> };

/** The keys of all tenants: one signs, the others are published beside it. */
export type SigningKeys = {
  readonly state: SigningKeysState;
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
  const state: SigningKeysState = { active: first.kid, next: second.kid, pems: new Map([first, second].map(toPem)) };
  // What is made of a PEM never changes, so what was made before a restore is good after it.
  const made = new Map([first, second].map((key) => [key.kid, key]));
  const find = (kid: string): SigningKey | undefined => {
    const pem = state.pems.get(kid);
    if (pem === undefined) return undefined;
    const key = made.get(kid) ?? fromPem(pem);
    made.set(kid, key);
    return key;
  };
  const get = (kid: string): SigningKey => {
    const key = find(kid);
    if (key === undefined) throw new TypeError(`there is no signing key '${kid}'`);
    return key;
  };
  return {
    state,
    active: () => get(state.active),
    published: () => [get(state.next), get(state.active)],
    find,
    rotate: async () => {
      const fresh = await generate();
      state.pems.set(...toPem(fresh));
      state.active = state.next;
      state.next = fresh.kid;
    },
  };
}

/** The published form of the keys; `issuer` says for which tenants a key counts, `cloud` in which cloud. */
export function toJwks(
  keys: readonly SigningKey[],
  issuer: string,
  cloud: string,
): { keys: Record<string, unknown>[] } {
  return {
    keys: keys.map(({ kid, publicKey }) => {
      const { n, e } = publicKey.export({ format: 'jwk' });
      return { kty: 'RSA', use: 'sig', kid, n, e, cloud_instance_name: cloud, issuer };
    }),
  };
}

async function generate(): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return toKey(privateKey);
}

function toPem({ kid, privateKey }: SigningKey): [kid: string, pem: string] {
  return [kid, String(privateKey.export({ type: 'pkcs8', format: 'pem' }))];
}

function fromPem(pem: string): SigningKey {
  return toKey(createPrivateKey(pem));
}

function toKey(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const kid = createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  return { kid, privateKey, publicKey };
}
