import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Asked } from './asked.ts';

/** Kinds of credentials, as they stand in their text: `pt_<kind>_<public id>_<secret>`. */
export type CredentialKind =
  | 'scim'
  | 'scimclient'
  | 'scimaccess'
  | 'key'
  | 'link'
  | 'console'
  | 'breakglass'
  | 'client'
  | 'session'
  | 'set'
  | 'invite';

/** A new credential: `value` is shown once, `id` finds it, `hash` proves it. */
export interface MintedCredential {
  id: string;
  value: string;
  hash: string;
}

const alphabet = /^pt_([a-z]+)_([0-9a-f]{24})_([A-Za-z0-9-]{43})$/;

/** Makes a credential with 256 bits of chance. Only the hash of its secret is to be stored. */
export function mintCredential(kind: CredentialKind): MintedCredential {
  const id = randomBytes(12).toString('hex');
  const secret = randomBytes(32).toString('base64url').replaceAll('_', '-');
  return { id, value: `pt_${kind}_${id}_${secret}`, hash: hashSecret(secret) };
}

/** Takes a credential's text apart; undefined where it is none of that kind. */
export function parseCredential(kind: CredentialKind, text: string): { id: string; secret: string } | undefined {
  const [, found, id, secret] = alphabet.exec(text) ?? [];
  return found === kind && id !== undefined && secret !== undefined ? { id, secret } : undefined;
}

/** Whether a secret is the one behind a stored hash; takes the same time either way. */
export const isSecretOf = (secret: string, hash: string): boolean =>
  timingSafeEqual(Buffer.from(hashSecret(secret)), Buffer.from(hash));

const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** The token of an `Authorization: Bearer` header (RFC 6750 §2.1). */
export function bearerOf(request: Pick<Asked, 'headers'>): string | undefined {
  return /^bearer +([^\s]+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1];
}
