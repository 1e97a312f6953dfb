import { useSyncExternalStore } from 'react';

const every = 20_000;

/** The present time in epoch milliseconds, renewed every 20 seconds, so that "2 minutes ago" stays true. */
export const useNow = (): number => useSyncExternalStore(follow, present);

/** Rounded, since the value must stay the same between two ticks; up, so that what just happened is not said to come. */
const present = (): number => Math.ceil(Date.now() / every) * every;

function follow(changed: () => void): () => void {
  const timer = setInterval(changed, every);
  return () => clearInterval(timer);
}
