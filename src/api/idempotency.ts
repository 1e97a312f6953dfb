import { createHash } from 'node:crypto';
import { Problem } from '#http';
import { only, type World } from '#store';
import { findKeyUse, forgetKeys, keepAnswer, releaseKey, reserveKey } from './queries/idempotency.ts';

const keptMs = 86_400_000;
/** A request that did not come to an end in this time is taken for lost. */
const lostMs = 60_000;

/** An answer before it is written out. */
export interface Answered {
  status: number;
  body: unknown;
}

/**
 * Answers a POST with an `Idempotency-Key` once: repeating it within a day gives the first answer again, sealed in the
 * meantime since it may hold a credential. The same key with another request is refused.
 */
export async function answerOnce(
  world: World,
  use: { callerId: string; key: string; request: string },
  answer: () => Promise<Answered>,
): Promise<Answered> {
  const { callerId, key } = use;
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new Problem('invalid-request', {
      detail: 'the Idempotency-Key is not usable',
      errors: [{ field: 'Idempotency-Key', detail: 'takes 1 to 200 visible ASCII characters' }],
    });
  }
  const requestHash = createHash('sha256').update(use.request).digest('base64url');
  const place = { table: 'idempotency', organizationId: callerId, id: key, column: 'answer' };
  const reserved = await world.store.write(async (tx) => {
    const now = world.now();
    await tx.run(forgetKeys, { callerId, before: now - keptMs });
    if ((await tx.run(reserveKey, { callerId, key, requestHash, at: now })).length > 0) return undefined;
    const found = only(await tx.run(findKeyUse, { callerId, key }));
    if (found === undefined || found.answer !== null || found.request_hash !== requestHash || found.at > now - lostMs)
      return found;
    await tx.run(releaseKey, { callerId, key });
    await tx.run(reserveKey, { callerId, key, requestHash, at: now });
    return undefined;
  });
  if (reserved !== undefined) {
    if (reserved.request_hash !== requestHash) {
      throw new Problem('key-reused', {
        detail: 'this Idempotency-Key came with another request before',
        remedy: 'make a new key for a new request',
      });
    }
    if (reserved.answer === null || reserved.status === null) {
      throw new Problem('conflict', {
        detail: 'the first request with this Idempotency-Key is still being worked on',
        remedy: 'repeat it in a moment',
      });
    }
    return { status: reserved.status, body: JSON.parse(world.sealer.open(reserved.answer, place)) };
  }
  try {
    const answered = await answer();
    const sealed = world.sealer.seal(JSON.stringify(answered.body ?? null), place);
    await world.store.write((tx) => tx.run(keepAnswer, { callerId, key, status: answered.status, answer: sealed }));
    return answered;
  } catch (error) {
    await world.store.write((tx) => tx.run(releaseKey, { callerId, key }));
    throw error;
  }
}
