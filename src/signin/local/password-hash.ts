import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { createTurns, perPortico } from '#store';

/**
 * How passwords are hashed from now on: argon2id with 19 MiB and two passes, the least that OWASP's Password Storage Cheat
 * Sheet names. A hash carries its own parameters, so these can rise: each password is hashed anew when its owner signs in.
 */
const argon2Parameters = { memory: 19_456, passes: 2, parallelism: 1 } as const;

const tagBytes = 32;
const saltBytes = 16;
/** Each hashing takes a thread of Node's pool and 19 MiB: one thread stays free, and memory does not grow with attempts. */
const atOnce = Math.max(1, Math.min(3, availableParallelism()));
const mostWaiting = 100;

interface Parameters {
  memory: number;
  passes: number;
  parallelism: number;
}

/** Too many passwords are being looked at: to be tried again in a moment. */
export class TooBusy extends Error {
  override readonly name = 'TooBusy';
}

/** Hashes passwords and looks whether one is right, so many at once. */
export interface PasswordHasher {
  /** A new hash in PHC form: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. Throws {@link TooBusy}. */
  hash(password: string): Promise<string>;
  /**
   * Whether a password is the one behind a hash, and whether the hash was made by older parameters. Without a hash it takes
   * the same time and is not. Throws {@link TooBusy}.
   */
  verify(password: string, hash: string | null | undefined): Promise<{ right: boolean; outdated: boolean }>;
}

/** The one hasher of a Portico: whatever door passwords come by, they wait in one queue, so that its bound holds. */
export const passwordHasherOf = perPortico((): PasswordHasher => {
  const turns = createTurns(atOnce);
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (turns.waiting() >= mostWaiting) throw new TooBusy('too many passwords at once');
    await turns.take();
    try {
      return await work();
    } finally {
      turns.give();
    }
  };
  const dummy = toPhc(argon2Parameters, Buffer.alloc(saltBytes), Buffer.alloc(tagBytes));
  return {
    hash: (password) =>
      inTurn(async () => {
        const salt = randomBytes(saltBytes);
        return toPhc(argon2Parameters, salt, await derive(password, salt, argon2Parameters));
      }),
    verify: (password, hash) =>
      inTurn(async () => {
        const known = parsePhc(hash ?? dummy);
        const derived = await derive(password, known.salt, known);
        const right = timingSafeEqual(derived, known.tag) && hash !== null && hash !== undefined;
        const outdated = (['memory', 'passes', 'parallelism'] as const).some(
          (it) => known[it] !== argon2Parameters[it],
        );
        return { right, outdated };
      }),
  };
});

/** What is hashed: the same characters give the same bytes, however a keyboard composes them. */
const bytesOf = (password: string): Buffer => Buffer.from(password.normalize('NFKC'), 'utf8');

const derive = (password: string, salt: Buffer, { memory, passes, parallelism }: Parameters): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    argon2(
      'argon2id',
      { message: bytesOf(password), nonce: salt, parallelism, tagLength: tagBytes, memory, passes },
      (error, derived) => (error === null ? resolve(derived) : reject(error)),
    ),
  );

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

const toPhc = ({ memory, passes, parallelism }: Parameters, salt: Buffer, tag: Buffer): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;

const phc = /^\$argon2id\$v=19\$m=(\d{1,9}),t=(\d{1,4}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]{43})$/;

function parsePhc(hash: string): Parameters & { salt: Buffer; tag: Buffer } {
  const [, memory, passes, parallelism, salt = '', tag = ''] = phc.exec(hash) ?? [];
  if (memory === undefined) throw new Error('a password hash is not in PHC form');
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}
