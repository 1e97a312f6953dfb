import { setTimeout as delay } from 'node:timers/promises';
import type { Tenant } from '../directory/tenant.ts';
import type { World } from '../world.ts';
import type { Counts, Job, ObjectFailure } from './job.ts';
import { noteProvisioning } from './provisioning-log.ts';
import { type ScimTarget, TargetMisconfigured, TargetRefusal, TargetUnavailable } from './scim-request.ts';

/** What a run has done so far. */
export type Tally = {
  readonly users: Counts;
  readonly groups: Counts;
  managersSet: number;
  membersAdded: number;
  membersRemoved: number;
};

/** One cycle (or one on-demand run) under way. */
export type Run = {
  readonly world: World;
  readonly tenant: Tenant;
  readonly job: Job;
  readonly target: ScimTarget;
  readonly signal: AbortSignal;
  readonly tally: Tally;
  /** The first of those that failed; how many there are is in the tally. */
  readonly failures: ObjectFailure[];
  /** How many of the failures were references. */
  referencesFailed: number;
  /** Users that got their target id in this run; their groups are looked at again. */
  readonly linked: Set<string>;
  /** Objects in a row that the target did not answer for. */
  silent: number;
  /** Why the run ends early. */
  stopped: string | undefined;
};

/** The object a piece of work is about. */
export type Subject = {
  readonly id: string;
  readonly type: 'User' | 'Group';
  readonly name: string;
  /** Set for a reference (the manager) of an object that is itself in order: it has an escrow of its own. */
  readonly reference?: true;
};

/** So many failures are kept word for word; a target that refuses all would have the whole directory here. */
const failuresShown = 1000;

/** Pauses before an object is tried again within the cycle, in milliseconds of real time. */
const backOff: readonly number[] = [200, 400, 800, 1600];

/** So many objects in a row without an answer end the cycle; the next one tries them again. */
const silenceLimit = 8;

const hour = 3_600_000;

/** Does `work` for every item, as many at once as the job is set to, until the run is stopped. */
export async function forEachObject<T>(run: Run, items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true && goesOn(run); next = queue.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: run.job.settings.requestsAtOnce }, worker));
}

function goesOn(run: Run): boolean {
  if (run.signal.aborted) run.stopped ??= 'The simulator ended it';
  return run.stopped === undefined;
}

/**
 * Does the work on one object and keeps account of how it went. The whole work is repeated when the target did not answer,
 * so that a create whose answer was lost looks first and meets its own first write.
 */
export async function attempt(run: Run, subject: Subject, work: () => Promise<void>): Promise<boolean> {
  for (let turn = 0; ; turn += 1) {
    try {
      await work();
      run.silent = 0;
      run.job.escrow.delete(escrowOf(subject));
      return true;
    } catch (error) {
      const pause = backOff[turn];
      if (error instanceof TargetUnavailable && pause !== undefined && goesOn(run)) {
        await delay(Math.min(error.retryAfterMs ?? pause, 5_000), undefined, { signal: run.signal }).catch(() => {});
        continue;
      }
      fail(run, subject, error);
      return false;
    }
  }
}

/** Under which name the reference of an object waits to be tried again. */
export const referenceOf = (id: string): string => `${id} manager`;

const escrowOf = ({ id, reference }: Subject): string => (reference === undefined ? id : referenceOf(id));

function fail(run: Run, subject: Subject, error: unknown): void {
  const { id, type, name, reference } = subject;
  if (error instanceof TargetMisconfigured) {
    run.stopped ??= error.message;
    run.job.quarantine ??= {
      reason: 'EncounteredQuarantineException',
      message: error.message,
      since: run.world.clock.now(),
    };
    return;
  }
  if (reference !== undefined) run.referencesFailed += 1;
  if (error instanceof TargetUnavailable) {
    count(run, { id, type, name, status: error.status, scimType: null, detail: error.message });
    // Not the object's fault: it stays due at the next cycle, however often that happens.
    run.job.escrow.set(escrowOf(subject), { firstFailedAt: run.world.clock.now(), failures: 0, retryAt: 0 });
    run.silent += 1;
    if (run.silent >= silenceLimit) run.stopped ??= `The target does not answer: ${error.message}`;
    return;
  }
  if (!(error instanceof TargetRefusal)) throw error;
  count(run, { id, type, name, status: error.status, scimType: error.scimType, detail: error.message });
  putIntoEscrow(run, escrowOf(subject));
}

function count({ world, job, tally, failures }: Run, failure: ObjectFailure): void {
  const { id, type, name, status, scimType, detail } = failure;
  const error = { code: scimType ?? (status === null ? 'NoAnswer' : `Http${status}`), reason: detail };
  noteProvisioning(world, job, { action: 'none', status: 'failure', error, source: { id, type, name } });
  tally[failure.type === 'User' ? 'users' : 'groups'].failed += 1;
  if (failures.length < failuresShown) failures.push(failure);
}

/** Retries come at the next cycle, then 6, 12 and 24 hours after the first failure, then daily, and end after 28 days. */
function putIntoEscrow({ world, job }: Run, id: string): void {
  const now = world.clock.now();
  const before = job.escrow.get(id);
  const firstFailedAt = before?.firstFailedAt ?? now;
  const failures = (before?.failures ?? 0) + 1;
  const waits = [0, 6 * hour, 12 * hour, 24 * hour];
  const wait = waits[failures - 1] ?? now + 24 * hour - firstFailedAt;
  const retryAt = wait === 0 ? 0 : firstFailedAt + wait;
  job.escrow.set(id, {
    firstFailedAt,
    failures,
    retryAt: retryAt - firstFailedAt > 28 * 24 * hour ? Number.POSITIVE_INFINITY : retryAt,
  });
}
