import type { Group, Tenant, User } from '../directory/tenant.ts';
import { textOf } from '../faults/faults.ts';
import type { World } from '../world.ts';
import { authenticate } from './authenticate.ts';
import type { Counts, CycleReport, Job } from './job.ts';
import { provisionGroup, provisionMembers } from './provision-group.ts';
import { disableUser, provisionManager, provisionUser } from './provision-user.ts';
import { noteProvisioning } from './provisioning-log.ts';
import { quarantineReason } from './quarantine.ts';
import { attempt, forEachObject, type Run, referenceOf, type Subject } from './run.ts';
import { openTarget } from './scim-request.ts';
import { readScope, type Scope } from './scope.ts';

/** Starts a run of a job. */
export function openRun(world: World, tenant: Tenant, job: Job): Run {
  const signal = AbortSignal.any([world.ending, world.underWay.end.signal]);
  return {
    world,
    tenant,
    job,
    target: openTarget(job, authenticate(world, job), world.send, signal),
    signal,
    tally: { users: noCounts(), groups: noCounts(), managersSet: 0, membersAdded: 0, membersRemoved: 0 },
    failures: [],
    referencesFailed: 0,
    linked: new Set(),
    silent: 0,
    stopped: undefined,
  };
}

/**
 * Runs one cycle: an initial one over everything, later ones over what changed since (how-provisioning-works). Users first,
 * then managers, then groups with their members, deletions last. A cycle cut short leaves the watermark where it was.
 */
export async function runCycle(world: World, tenant: Tenant, job: Job): Promise<CycleReport> {
  const run = openRun(world, tenant, job);
  const kind = job.watermark === undefined ? 'initial' : 'incremental';
  const [startedAt, started, sequence] = [world.clock.now(), performance.now(), tenant.sequence];
  const scope = readScope(tenant, job.settings);
  const before = job.quarantine;
  await provisionUsers(run, scope);
  await provisionManagers(run, scope);
  await provisionGroups(run, scope);
  await removeGone(run, scope);

  if (run.stopped === undefined) job.watermark = sequence;
  judge(run, before);
  job.cycles += 1;
  job.lastCycle = {
    kind,
    ...add(run.tally.users, run.tally.groups),
    ...run.tally,
    failures: run.failures,
    stopped: run.stopped ?? null,
    requests: run.target.requests(),
    startedAt,
    durationMs: Math.round(performance.now() - started),
  };
  if (run.stopped === undefined && job.lastCycle.failed === 0) job.lastSuccess = job.lastCycle;
  return job.lastCycle;
}

async function provisionUsers(run: Run, scope: Scope): Promise<void> {
  const { tenant, job } = run;
  const due = [...tenant.users.values()].filter((user) => scope.hasUser(user) && isDue(run, user, user.accountEnabled));
  await forEachObject(run, due, async (user) => {
    await attempt(run, subjectOf(user), async () => {
      settle(run, subjectOf(user), await provisionUser(run, user, job.settings.dialect));
    });
  });
  const left = [...job.links.keys()].flatMap((id) => {
    const user = tenant.users.get(id) ?? tenant.deletedUsers.get(id);
    if (user === undefined || job.outOfScope.has(id)) return [];
    const inScope = user.deletedDateTime === null && scope.hasUser(user);
    return inScope || (user.deletedDateTime !== null && !isDue(run, user, false)) ? [] : [user];
  });
  await forEachObject(run, left, async (user) => {
    await attempt(run, subjectOf(user), async () => {
      settle(run, subjectOf(user), await disableUser(run, user));
      if (user.deletedDateTime === null) job.outOfScope.add(user.id);
    });
  });
}

async function provisionManagers(run: Run, scope: Scope): Promise<void> {
  const { tenant, job, tally, world } = run;
  const due = [...tenant.users.values()].filter(
    (user) =>
      user.managerId !== null &&
      job.managers.get(user.id) !== user.managerId &&
      job.links.has(user.id) &&
      scope.hasUser(user) &&
      (job.escrow.get(referenceOf(user.id))?.retryAt ?? 0) <= world.clock.now(),
  );
  await forEachObject(run, due, async (user) => {
    await attempt(run, { ...subjectOf(user), reference: true }, async () => {
      if (await provisionManager(run, user, job.settings.dialect)) tally.managersSet += 1;
    });
  });
}

async function provisionGroups(run: Run, scope: Scope): Promise<void> {
  const { tenant } = run;
  const groups = [...tenant.groups.values()].filter((group) => scope.hasGroup(group));
  const due = groups.filter((group) => isDue(run, group, true) || meet(run.linked, group.memberIds));
  await forEachObject(run, due, async (group) => {
    await attempt(run, subjectOf(group), async () => {
      const outcome = await provisionGroup(run, group);
      await provisionMembers(run, group);
      settle(run, subjectOf(group), outcome);
    });
  });
}

/** Deletes what Entra deleted for good, and groups that left the scope. A user that was unassigned before is left alone. */
async function removeGone(run: Run, scope: Scope): Promise<void> {
  const { tenant, job } = run;
  const unassigned = [...tenant.groups.values()].filter((group) => !scope.hasGroup(group));
  const gone = [...tenant.purged, ...unassigned.map(({ id }) => ({ id, type: 'Group' as const }))];
  const due = gone.filter(({ id }) => job.links.has(id) && !job.outOfScope.has(id));
  await forEachObject(run, due, async ({ id, type }) => {
    await attempt(run, { id, type, name: id }, async () => {
      await run.target.remove(`/${type}s/${encodeURIComponent(job.links.get(id) ?? '')}`);
      settle(run, { id, type, name: id }, 'deleted');
      for (const memory of [job.links, job.members, job.managers]) memory.delete(id);
    });
  });
}

/** Counts what was done with an object, and notes it. */
function settle({ world, job, tally }: Run, source: Subject, action: Exclude<keyof Counts, 'failed'>): void {
  tally[source.type === 'User' ? 'users' : 'groups'][action] += 1;
  const status = action === 'skipped' ? 'skipped' : 'success';
  noteProvisioning(world, job, { action, status, error: null, source });
}

/** Whether an object is looked at: changed since the watermark, waiting for a retry, or never matched though it could be. */
function isDue({ job, world }: Run, object: User | Group, creatable: boolean): boolean {
  if (job.watermark === undefined || object.changed > job.watermark) return true;
  const escrow = job.escrow.get(object.id);
  if (escrow !== undefined) return escrow.retryAt <= world.clock.now();
  return job.outOfScope.has(object.id) || (creatable && !job.links.has(object.id));
}

/** Whether two sets have something in common, by a walk through the smaller one. */
function meet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const [small, large] = one.size < other.size ? [one, other] : [other, one];
  for (const id of small) if (large.has(id)) return true;
  return false;
}

function subjectOf(object: User | Group): Subject {
  return 'userPrincipalName' in object
    ? { id: object.id, type: 'User', name: object.userPrincipalName }
    : { id: object.id, type: 'Group', name: object.displayName };
}

function noCounts(): Counts {
  return { created: 0, updated: 0, disabled: 0, deleted: 0, failed: 0, skipped: 0 };
}

function add(one: Counts, two: Counts): Counts {
  return {
    created: one.created + two.created,
    updated: one.updated + two.updated,
    disabled: one.disabled + two.disabled,
    deleted: one.deleted + two.deleted,
    failed: one.failed + two.failed,
    skipped: one.skipped + two.skipped,
  };
}

/** Puts the job into quarantine by the number of failures, and takes it out after a cycle that went through. */
function judge({ job, world, tenant, tally, referencesFailed, stopped }: Run, before: Job['quarantine']): void {
  const objects = tenant.users.size + tenant.groups.size;
  const failed = tally.users.failed + tally.groups.failed - referencesFailed;
  const forced = world.faults.strike('quarantine', (fault) => (textOf(fault, 'job') ?? job.id) === job.id);
  const reason =
    forced === undefined
      ? quarantineReason({ objects, failed, references: referencesFailed })
      : 'EncounteredQuarantineException';
  if (reason !== undefined) {
    const message = `${failed} of ${objects} objects failed, and ${referencesFailed} references`;
    job.quarantine ??= { reason, message, since: world.clock.now() };
  } else if (stopped === undefined && job.quarantine === before) {
    job.quarantine = undefined;
  }
}
