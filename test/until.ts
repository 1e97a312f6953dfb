import { setTimeout } from 'node:timers/promises';

/** Waits until something is so; says what was waited for in vain. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  for (const startedAt = performance.now(); !(await isSo()); await setTimeout(10)) {
    if (performance.now() - startedAt > withinMs) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
  }
}
