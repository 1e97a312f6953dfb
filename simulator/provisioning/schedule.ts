import { setTimeout as delay } from 'node:timers/promises';
import type { Tenant } from '../directory/tenant.ts';
import type { World } from '../world.ts';
import { runCycle } from './cycle.ts';
import type { CycleReport, Job } from './job.ts';
import { disabledAfterMs } from './quarantine.ts';
import { noteRun } from './under-way.ts';

/** A quarantined job runs once a day; in compressed time as many of its intervals as a day has 40 minutes. */
const quarantineFactor = 36;

/** Runs one cycle of a job; undefined when one is running already. */
export async function runOnce(world: World, tenant: Tenant, job: Job): Promise<CycleReport | undefined> {
  if (job.running) return undefined;
  job.running = true;
  try {
    return await noteRun(world.underWay, runCycle(world, tenant, job));
  } finally {
    job.running = false;
  }
}

/** Runs cycles until the job is paused, was in quarantine for four weeks, or the simulator ends. */
export function startSchedule(world: World, tenant: Tenant, job: Job): void {
  const { schedules, end } = world.underWay;
  if (schedules.has(job.id)) return;
  const paused = new AbortController();
  schedules.set(job.id, paused);
  job.started = true;
  // Started again, it is tried for another four weeks.
  if (job.disabled && job.quarantine !== undefined) job.quarantine = { ...job.quarantine, since: world.clock.now() };
  job.disabled = false;
  const signal = AbortSignal.any([paused.signal, end.signal, world.ending]);
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      if (job.quarantine !== undefined && world.clock.now() - job.quarantine.since > disabledAfterMs) {
        pauseSchedule(world, job);
        job.disabled = true;
        return;
      }
      await runOnce(world, tenant, job);
      const pause = job.settings.intervalMs * (job.quarantine === undefined ? 1 : quarantineFactor);
      await delay(pause, undefined, { signal, ref: false }).catch(() => {});
    }
  };
  void loop();
}

/** Ends the schedule of a job; a cycle under way goes on to its end. */
export function pauseSchedule({ underWay }: World, job: Job): void {
  underWay.schedules.get(job.id)?.abort();
  underWay.schedules.delete(job.id);
  job.started = false;
}
