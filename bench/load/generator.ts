import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Job, Report } from './run.ts';
import type { Target } from './works.ts';

/** What the generator is told: to do a job, who is there without its doing, or to look for what was acknowledged. */
export type Told = Job | { target: Target; know: Known } | { target: Target };

/** Some people of a target: their ids, the numbers in their names, and how many users there are in all. */
export interface Known {
  ids: string[];
  places: readonly number[];
  total: number;
}

/** The load generator as the bench uses it. */
export interface Generator {
  run(job: Job): Promise<Report>;
  know(target: Target, known: Known): Promise<unknown>;
  /** What was acknowledged by the jobs so far and is not there. */
  findMissing(target: Target): Promise<string[]>;
  stop(): void;
}

/** Starts the load generator in a process of its own. */
export function startGenerator(): Generator {
  const child = fork(join(import.meta.dirname, 'main.ts'), [], { stdio: 'inherit' });
  const ask = <Answer>(told: Told): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const ended = () => reject(new Error('the load generator ended'));
      child.once('exit', ended);
      child.once('message', (answer: Answer | { error: string }) => {
        child.off('exit', ended);
        if (typeof answer === 'object' && answer !== null && 'error' in answer) reject(new Error(answer.error));
        else resolve(answer as Answer);
      });
      child.send(told);
    });
  return {
    run: (job) => ask<Report>(job),
    know: (target, known) => ask({ target, know: known }),
    findMissing: (target) => ask<string[]>({ target }),
    stop: () => void child.kill(),
  };
}
