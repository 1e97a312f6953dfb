import { setTimeout as delay } from 'node:timers/promises';
import type { Job } from './job.ts';

/** Waits until the next request of a job may go: evenly, as many a second as it was set to; at once where it was not. */
export function openPace({ settings }: Job, ending: AbortSignal): () => Promise<void> {
  const { requestsPerSecond } = settings;
  if (requestsPerSecond === null) return async () => {};
  let free = 0;
  return async () => {
    const now = performance.now();
    const turn = Math.max(free, now);
    free = turn + 1000 / requestsPerSecond;
    if (turn > now) await delay(turn - now, undefined, { signal: ending }).catch(() => {});
  };
}
