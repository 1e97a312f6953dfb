import type { ProviderKey } from '#contract';
import { byItself, type Cause, deployment, record } from '#events';
import type { DueOutcome, Transaction, World } from '#store';
import { insertProviderKey, removeProviderKeys } from '../queries/provider-key.ts';
import {
  keptAfterMs,
  keptKey,
  makeKey,
  type NewKey,
  publishedBeforeMs,
  rotateEveryMs,
  type SigningKey,
  signingAlgs,
  signingKeys,
  tendEveryMs,
} from './signing-key.ts';

/** Keys that an operator asks for sign after so long: libraries of products look at our keys again by then. */
const asSoonAsKnownMs = 300_000;

/** The keys that the provider publishes, those that sign now first. */
export async function listKeys(world: World): Promise<{ items: ProviderKey[] }> {
  const keys = await signingKeys(world);
  const now = world.now();
  const signing = signingAlgs.map((alg) => keys.find((key) => key.alg === alg && key.signsAt <= now)?.kid);
  const stateOf = (key: SigningKey) => (signing.includes(key.kid) ? 'signs' : key.signsAt > now ? 'next' : 'over');
  return {
    items: keys.map((key) => ({
      kid: key.kid,
      alg: key.alg,
      state: stateOf(key),
      createdAt: new Date(key.createdAt).toISOString(),
      signsAt: new Date(key.signsAt).toISOString(),
    })),
  };
}

/**
 * Makes new keys and signs with them as soon as products know them. With `forgetOld` they sign at once, and what the old ones
 * signed is worth nothing from the commit on: for keys that somebody else may have.
 */
export async function rotateKeys(
  world: World,
  cause: Cause,
  { forgetOld }: { forgetOld: boolean },
): Promise<{ items: ProviderKey[] }> {
  const present = await signingKeys(world);
  const made = await Promise.all(signingAlgs.map(makeKey));
  const signsAt = world.now() + (forgetOld ? 0 : asSoonAsKnownMs);
  await world.store.write(async (tx) => {
    for (const key of made) {
      const number = nextNumber(present, key);
      const inserted = await tx.run(insertProviderKey, keptKey(world, key, number, signsAt));
      // Somebody else rotated in the same moment: as well.
      if (inserted.length === 0) return;
      if (forgetOld) await tx.run(removeProviderKeys, { alg: key.alg, below: number });
    }
    await recordRotation(world, tx, cause, made, { signsAt, forgetOld });
  });
  return listKeys(world);
}

/** Makes the next keys in time, and forgets those whose signatures are over. */
export async function tendKeys(world: World): Promise<DueOutcome> {
  const now = world.now();
  const present = await signingKeys(world);
  const newest = signingAlgs.flatMap((alg) => present.filter((key) => key.alg === alg).sort(byNumber)[0] ?? []);
  const old = newest.filter(({ signsAt }) => signsAt + rotateEveryMs - publishedBeforeMs <= now);
  const made = await Promise.all(old.map(({ alg }) => makeKey(alg)));
  await world.store.write(async (tx) => {
    const ours: NewKey[] = [];
    for (const key of made) {
      const kept = keptKey(world, key, nextNumber(present, key), now + publishedBeforeMs);
      if ((await tx.run(insertProviderKey, kept)).length > 0) ours.push(key);
    }
    if (ours.length > 0) {
      await recordRotation(world, tx, byItself, ours, { signsAt: now + publishedBeforeMs, forgetOld: false });
    }
    for (const alg of signingAlgs) {
      const next = present.filter((key) => key.alg === alg && key.signsAt + keptAfterMs <= now).sort(byNumber)[0];
      if (next !== undefined) await tx.run(removeProviderKeys, { alg, below: next.number });
    }
  });
  return { again: tendEveryMs };
}

const byNumber = (a: SigningKey, b: SigningKey): number => b.number - a.number;

const nextNumber = (present: readonly SigningKey[], { alg }: NewKey): number =>
  1 + Math.max(0, ...present.filter((key) => key.alg === alg).map(({ number }) => number));

const recordRotation = (
  world: World,
  tx: Transaction,
  cause: Cause,
  made: readonly NewKey[],
  { signsAt, forgetOld }: { signsAt: number; forgetOld: boolean },
): Promise<string> =>
  record(world, tx, cause, {
    organizationId: deployment,
    type: 'provider_keys.rotated',
    subject: { type: 'provider', id: 'oidc' },
    data: { kids: made.map(({ kid }) => kid), signsAt: new Date(signsAt).toISOString(), forgetOld },
  });
