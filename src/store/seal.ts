import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomFillSync } from 'node:crypto';

/** Where a sealed value lives. It opens nowhere else, so that a row copied over another gives nothing away. */
export interface Place {
  table: string;
  organizationId: string;
  id: string;
  column: string;
}

/** A sealed value that does not open: the key is missing, or the value was changed or moved. */
export class SealError extends Error {}

/** Seals and opens secrets; the keys stay inside. */
export interface Sealer {
  /** Seals under the first key: `v1.<key id>.<nonce>.<ciphertext and tag>`. */
  seal(plain: string, place: Place): string;
  /** Opens what any of the keys sealed, in the same place. Throws {@link SealError}. */
  open(sealed: string, place: Place): string;
}

/** Makes a sealer (AES-256-GCM) of 32-byte keys: the first seals, all open. */
export function createSealer(keys: readonly Buffer[]): Sealer {
  // Prepared once: with plain bytes each call costs three times as much.
  const byId = new Map(keys.map((key) => [keyId(key), createSecretKey(key)]));
  const [first] = byId;
  if (first === undefined) throw new Error('sealing needs a key');
  const [firstId, firstKey] = first;
  const drawNonce = createNonces();
  return {
    seal: (plain, place) => {
      const nonce = drawNonce();
      const cipher = createCipheriv('aes-256-gcm', firstKey, nonce).setAAD(binding(place));
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `v1.${firstId}.${nonce.toString('base64url')}.${sealed.toString('base64url')}`;
    },
    open: (sealed, place) => {
      const [version, id = '', nonce = '', text = ''] = sealed.split('.');
      const key = byId.get(id);
      if (version !== 'v1' || key === undefined) {
        throw new SealError(`a secret was sealed with key ${id}, which is not among PORTICO_SEALING_KEYS`);
      }
      const bytes = Buffer.from(text, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), {
          authTagLength: 16,
        }).setAAD(binding(place));
        decipher.setAuthTag(bytes.subarray(-16));
        return decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
      } catch (error) {
        throw new SealError('a sealed secret was changed or moved', { cause: error });
      }
    },
  };
}

const nonceBytes = 12;

/** Draws nonces, each once, and as long as it is not asked again; from the system many at a time, as one by one costs more than to seal. */
function createNonces(): () => Buffer {
  const drawn = Buffer.alloc(128 * nonceBytes);
  let at = drawn.length;
  return () => {
    if (at === drawn.length) {
      randomFillSync(drawn);
      at = 0;
    }
    at += nonceBytes;
    return drawn.subarray(at - nonceBytes, at);
  };
}

const keyId = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 8);

const binding = ({ table, organizationId, id, column }: Place): Buffer =>
  Buffer.from(
    JSON.stringify({
      table,
      organizationId,
      id,
      column,
    }),
  );
