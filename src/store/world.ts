import type { Config } from '#config';
import type { Sealer } from './seal.ts';
import type { Store } from './store.ts';

/** What an operation is given: the one explicit value in which all dependencies stand. */
export interface World {
  readonly config: Config;
  readonly store: Store;
  readonly sealer: Sealer;
  /** The domain's clock, epoch milliseconds. */
  readonly now: () => number;
  readonly fetch: typeof globalThis.fetch;
  readonly log: Log;
}

/** Where log lines go; members that hold secrets are never passed. */
export interface Log {
  debug(about: Record<string, unknown>, message: string): void;
  info(about: Record<string, unknown>, message: string): void;
  warn(about: Record<string, unknown>, message: string): void;
  error(about: Record<string, unknown>, message: string): void;
}
