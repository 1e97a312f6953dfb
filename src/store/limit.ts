import { createHash } from 'node:crypto';
import { countOne, countSome, findCount } from './queries/limit.ts';
import { only, type Store } from './store.ts';

/** At most `most` in `windowMs` for each `of`; counted in the database, so that all machines see it. */
export interface Limit {
  name: string;
  most: number;
  windowMs: number;
}

const bucketOf = (limit: Limit, of: string): string =>
  createHash('sha256').update(`${limit.name}\n${of}`).digest('base64url');

/** Milliseconds to wait where the limit is reached, or 0. */
export async function findWait(store: Store, limit: Limit, of: string): Promise<number> {
  const window = only(await store.read(findCount, { bucket: bucketOf(limit, of), windowMs: limit.windowMs }));
  return window !== undefined && window.count >= limit.most ? Math.max(1, window.leftMs) : 0;
}

/** Counts one towards the limit. */
export async function countTowards(store: Store, limit: Limit, of: string): Promise<void> {
  await store.write((tx) => tx.run(countOne, { bucket: bucketOf(limit, of), windowMs: limit.windowMs }));
}

/** Counts so many towards the limit at once, or takes so many back. */
export async function countManyTowards(store: Store, limit: Limit, of: string, count: number): Promise<void> {
  await store.write((tx) => tx.run(countSome, { bucket: bucketOf(limit, of), windowMs: limit.windowMs, count }));
}
