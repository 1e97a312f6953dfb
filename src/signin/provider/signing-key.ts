import { createHash, generateKeyPair, hkdfSync, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { becomesDue, type World } from '#store';
import { insertProviderKey, listProviderKeys } from '../queries/provider-key.ts';
import { mostSessionMs } from '../sessions/most-session.ts';

/** What the provider signs with: RSA, which every client library takes, and P-256, which is short and quick. */
export const signingAlgs = ['RS256', 'ES256'] as const;
export type SigningAlg = (typeof signingAlgs)[number];

/** A key of the provider. It is published from `createdAt` on, and signs from `signsAt` on until the next one does. */
export interface SigningKey {
  alg: SigningAlg;
  number: number;
  kid: string;
  jwk: Record<string, unknown>;
  /** Epoch milliseconds, as `signsAt`. */
  createdAt: number;
  signsAt: number;
}

/** A key that was made and is not yet kept. */
export type NewKey = Pick<SigningKey, 'alg' | 'kid' | 'jwk'>;

/** The keys change by themselves this often. */
export const rotateEveryMs = 90 * 86_400_000;
/** A key is published so long before it signs, that whoever remembers our keys has seen it. */
export const publishedBeforeMs = 86_400_000;
/** A key is published so long after it signed last: id tokens serve as hints, and cookies are read, as long as a session lasts. */
export const keptAfterMs = mostSessionMs;
/** Keys are looked after this often. */
export const tendEveryMs = 3_600_000;

const most = 40;

const placeOf = (alg: string, number: number) => ({
  table: 'provider_key',
  organizationId: '',
  id: `${alg}.${number}`,
  column: 'key',
});

/** Makes a key; its `kid` tells nothing of when. */
export async function makeKey(alg: SigningAlg): Promise<NewKey> {
  const { privateKey } =
    alg === 'RS256'
      ? await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
      : await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  const kid = createHash('sha256').update(randomUUID()).digest('base64url').slice(0, 16);
  return { alg, kid, jwk: { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg } };
}

/** A key as `insertProviderKey` keeps it. */
export const keptKey = (world: World, { alg, kid, jwk }: NewKey, number: number, signsAt: number) => ({
  alg,
  number,
  kid,
  key: world.sealer.seal(JSON.stringify(jwk), placeOf(alg, number)),
  signsAt,
  at: world.now(),
});

/**
 * The provider's keys: those that sign now first, one of each algorithm. The first ones are made when they are first asked
 * for; of several machines that ask at once all get the same.
 */
export async function signingKeys(world: World): Promise<readonly SigningKey[]> {
  const present = await readKeys(world);
  if (signingAlgs.every((alg) => present.some((key) => key.alg === alg))) return present;
  const made = await Promise.all(signingAlgs.map(makeKey));
  await world.store.write(async (tx) => {
    for (const key of made) await tx.run(insertProviderKey, keptKey(world, key, 1, world.now()));
    await becomesDue(tx, { kind: 'signin.tendKeys', organizationId: '', subject: '', in: tendEveryMs });
  });
  return readKeys(world);
}

async function readKeys(world: World): Promise<SigningKey[]> {
  const rows = await world.store.read(listProviderKeys, { limit: most });
  const keys = rows.map(
    ({ alg, number, kid, key, signsAt, createdAt }): SigningKey => ({
      alg: alg as SigningAlg,
      number,
      kid,
      jwk: JSON.parse(world.sealer.open(key, placeOf(alg, number))),
      createdAt,
      signsAt,
    }),
  );
  return inOrder(keys, world.now());
}

/** Keys in the order in which the provider is to know them: those that sign now, then those that will, then those that did. */
function inOrder(keys: readonly SigningKey[], now: number): SigningKey[] {
  const newestFirst = [...keys].sort((a, b) => b.number - a.number);
  const signing = signingAlgs.flatMap((alg) => newestFirst.find((key) => key.alg === alg && key.signsAt <= now) ?? []);
  return [...signing, ...newestFirst.filter((key) => !signing.includes(key))];
}

/** What the provider's cookies are signed with, the first, and read with. Every machine has them from the keys. */
export const cookieKeys = (keys: readonly SigningKey[]): string[] =>
  keys
    .filter(({ alg }) => alg === 'RS256')
    .map(({ jwk }) =>
      Buffer.from(hkdfSync('sha256', String(jwk['d']), '', 'cookies of the provider', 32)).toString('base64url'),
    );
