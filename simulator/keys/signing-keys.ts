import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { promisify } from 'node:util';
import { selfSignedCertificate } from './self-signed.ts';

/** A key that signs tokens, with what is published of it. */
export type SigningKey = {
  /** Digest of the certificate (SHA-1, base64url), which is the key's `x5t` as well. */
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** DER. */
  readonly certificate: Buffer;
};

/** The keys as plain data: private ones and certificates (PEM) by key id, those included that are not published any more. */
export type SigningKeysState = { active: string; next: string; consumers: string | null; pems: Map<string, string> };

/** The keys of all tenants: one signs, the others are published beside it. */
export type SigningKeys = {
  readonly state: SigningKeysState;
  readonly active: () => SigningKey;
  readonly published: () => readonly SigningKey[];
  /** The key of personal accounts, which counts for no tenant; made when it is first asked for. */
  readonly ofConsumers: () => Promise<SigningKey>;
  /** Finds a key by id, one that was taken off the list included, so that tokens can live on. */
  readonly find: (kid: string) => SigningKey | undefined;
  /** Makes the next published key the active one, drops the old and publishes a fresh one. */
  readonly rotate: () => Promise<void>;
};

/**
 * Two signing keys, whose certificates begin with `now`: made of these private keys (PEM), else generated. Microsoft publishes
 * several, in any order (signing-key-rollover).
 */
export async function createSigningKeys(now: () => number, pair?: readonly [string, string]): Promise<SigningKeys> {
  const [first, second] = pair
    ? [certify(createPrivateKey(pair[0]), now()), certify(createPrivateKey(pair[1]), now())]
    : await Promise.all([generate(now()), generate(now())]);
  const pems = new Map([first, second].map(toPem));
  const state: SigningKeysState = { active: first.kid, next: second.kid, consumers: null, pems };
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
    ofConsumers: async () => {
      if (state.consumers === null) {
        const fresh = await generate(now());
        state.pems.set(...toPem(fresh));
        state.consumers ??= fresh.kid;
      }
      return get(state.consumers);
    },
    rotate: async () => {
      const fresh = await generate(now());
      state.pems.set(...toPem(fresh));
      state.active = state.next;
      state.next = fresh.kid;
    },
  };
}

/** A key as it is published; `issuer` says for which tenants it counts, `cloud` in which cloud. */
export function toJwk(
  { kid, publicKey, certificate }: SigningKey,
  issuer: string,
  cloud: string,
): Record<string, unknown> {
  const { n, e } = publicKey.export({ format: 'jwk' });
  const x5c = [certificate.toString('base64')];
  return { kty: 'RSA', use: 'sig', kid, x5t: kid, n, e, x5c, cloud_instance_name: cloud, issuer };
}

async function generate(now: number): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return certify(privateKey, now);
}

function certify(privateKey: KeyObject, now: number): SigningKey {
  return toKey(privateKey, selfSignedCertificate(privateKey, 'accounts.accesscontrol.windows.net', now));
}

function toPem({ kid, privateKey, certificate }: SigningKey): [kid: string, pem: string] {
  const text = new X509Certificate(certificate).toString();
  return [kid, `${String(privateKey.export({ type: 'pkcs8', format: 'pem' }))}${text}`];
}

function fromPem(pem: string): SigningKey {
  return toKey(createPrivateKey(pem), new X509Certificate(pem).raw);
}

function toKey(privateKey: KeyObject, certificate: Buffer): SigningKey {
  const kid = createHash('sha1').update(certificate).digest('base64url');
  return { kid, privateKey, publicKey: createPublicKey(privateKey), certificate };
}
