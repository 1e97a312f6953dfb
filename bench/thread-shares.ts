import { readFileSync } from 'node:fs';

/** What the main thread of a process spent its time with, as shares of 1. */
export interface ThreadShares {
  computing: number;
  /** Ready, and waiting for a processor: others had them. */
  queued: number;
  /** Waiting for the disk. */
  disk: number;
  /** Waiting for anything else: a request, an answer of a database. */
  idle: number;
}

/**
 * Watches the main thread of a process (Linux): the scheduler's own account of it, and a hundred looks a second at whether
 * it waits for the disk. The function returned ends that.
 */
export function watchThread(pid: number): () => ThreadShares {
  const [before, started] = [schedule(pid), performance.now()];
  const looks = { all: 0, disk: 0 };
  const timer = setInterval(() => {
    looks.all += 1;
    if (/\) D/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) looks.disk += 1;
  }, 10);
  return () => {
    clearInterval(timer);
    const [after, ms] = [schedule(pid), performance.now() - started];
    const computing = (after.ran - before.ran) / ms;
    const queued = (after.queued - before.queued) / ms;
    const disk = looks.disk / Math.max(looks.all, 1);
    return { computing, queued, disk, idle: Math.max(1 - computing - queued - disk, 0) };
  };
}

/** How long the main thread ran and how long it waited for a processor, in milliseconds. */
function schedule(pid: number): { ran: number; queued: number } {
  const [ran = 0, queued = 0] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ').map(Number);
  return { ran: ran / 1e6, queued: queued / 1e6 };
}
