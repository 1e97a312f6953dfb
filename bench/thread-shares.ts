import { readFileSync } from 'node:fs';

/** What the main thread of a process spent its time with, as shares of 1. */
export interface ThreadShares {
  computing: number;
  /** Waiting for the disk. */
  disk: number;
  /** Waiting for anything else: a request, an answer of a database. */
  idle: number;
}

/** Looks at the state of a process's main thread a hundred times a second (Linux); the function returned ends that. */
export function watchThread(pid: number): () => ThreadShares {
  const seen = { computing: 0, disk: 0, idle: 0 };
  const timer = setInterval(() => {
    const state = /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
    seen[state === 'R' ? 'computing' : state === 'D' ? 'disk' : 'idle'] += 1;
  }, 10);
  return () => {
    clearInterval(timer);
    const all = Math.max(seen.computing + seen.disk + seen.idle, 1);
    return { computing: seen.computing / all, disk: seen.disk / all, idle: seen.idle / all };
  };
}
