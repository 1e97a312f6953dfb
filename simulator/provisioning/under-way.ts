import type { Job } from './job.ts';

/** What provisioning jobs have under way at the moment: timers and requests, never part of a snapshot. */
export type UnderWay = {
  /** Aborted when all that is under way ends, because another state of the world comes in its place. */
  end: AbortController;
  /** Ends the schedules, by the id of the job. */
  readonly schedules: Map<string, AbortController>;
  /** Requests for an access token. */
  readonly asking: Map<Job, Promise<string>>;
  /** Cycles and runs on demand that have not ended. */
  readonly runs: Set<Promise<unknown>>;
};

/** Nothing is under way yet. */
export function createUnderWay(): UnderWay {
  return { end: new AbortController(), schedules: new Map(), asking: new Map(), runs: new Set() };
}

/** Notes a run until it ends. */
export async function noteRun<T>({ runs }: UnderWay, run: Promise<T>): Promise<T> {
  runs.add(run);
  try {
    return await run;
  } finally {
    runs.delete(run);
  }
}
