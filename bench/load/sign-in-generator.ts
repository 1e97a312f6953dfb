import { fork } from 'node:child_process';
import { doSignInJob, type SignInJob, type SignInReport } from './sign-in-jobs.ts';

/** The generator of sign-ins, in a process of its own. */
export interface SignInGenerator {
  run(job: SignInJob): Promise<SignInReport>;
  pid: number;
  stop(): void;
}

/** Starts it. */
export function startSignInGenerator(): SignInGenerator {
  const child = fork(import.meta.filename, [], { stdio: 'inherit' });
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        const ended = () => reject(new Error('the load generator ended'));
        child.once('exit', ended);
        child.once('message', (answer: SignInReport | { error: string }) => {
          child.off('exit', ended);
          if ('error' in answer) reject(new Error(answer.error));
          else resolve(answer);
        });
        child.send(job);
      }),
    pid: child.pid ?? 0,
    stop: () => void child.kill(),
  };
}

if (import.meta.main) {
  process.on('message', async (job: SignInJob) => {
    process.send?.(await doSignInJob(job).catch((error: Error) => ({ error: error.message })));
  });
}
