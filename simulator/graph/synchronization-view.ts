import type { CycleReport, Job } from '../provisioning/job.ts';
import type { GraphCall } from './caller.ts';

/** A provisioning job as Graph shows it (synchronizationJob). */
export function jobView({ world }: GraphCall, job: Job): Record<string, unknown> {
  const minutes = Math.max(Math.round(job.settings.intervalMs / 60_000), 1);
  const state = job.disabled ? 'Disabled' : job.started ? 'Active' : 'Paused';
  return {
    id: job.id,
    templateId: job.id.split('.', 1)[0],
    schedule: { expiration: null, interval: `PT${minutes}M`, state },
    status: {
      code: codeOf(job),
      countSuccessiveCompleteFailures: job.quarantine === undefined ? 0 : 1,
      escrowsPruned: false,
      lastExecution: executionOf(job.lastCycle),
      lastSuccessfulExecution: executionOf(job.lastSuccess),
      lastSuccessfulExecutionWithExports: exported(job.lastSuccess) ? executionOf(job.lastSuccess) : null,
      progress: [],
      quarantine: quarantineOf(job, world.clock.now()),
      steadyStateFirstAchievedTime: dateOf(job.lastSuccess),
      steadyStateLastAchievedTime: dateOf(job.lastSuccess),
      synchronizedEntryCountByType: countsOf(job),
      troubleshootingUrl: null,
    },
    synchronizationJobSettings: [],
  };
}

function codeOf({ settings, quarantine, started, cycles }: Job): string {
  if (settings.baseAddress === '') return 'NotConfigured';
  if (quarantine !== undefined) return 'Quarantine';
  if (cycles === 0) return 'NotRun';
  return started ? 'Active' : 'Paused';
}

function executionOf(report: CycleReport | undefined): Record<string, unknown> | null {
  if (report === undefined) return null;
  return {
    activityIdentifier: null,
    countEntitled: report.users.created + report.users.updated + report.users.skipped,
    countEntitledForProvisioning: report.users.created,
    countEscrowed: report.failed,
    countEscrowedRaw: report.failed,
    countExported: report.created + report.updated + report.disabled + report.deleted,
    countExports: report.created + report.updated + report.disabled + report.deleted,
    countImported: report.created + report.updated + report.disabled + report.skipped,
    countImportedDeltas: 0,
    countImportedReferenceDeltas: 0,
    state: report.stopped !== null ? 'Failed' : report.failed > 0 ? 'EntryLevelErrors' : 'Succeeded',
    error: report.stopped === null ? null : { code: 'Stopped', message: report.stopped, tenantActionable: true },
    timeBegan: new Date(report.startedAt).toISOString(),
    timeEnded: new Date(report.startedAt + report.durationMs).toISOString(),
  };
}

const exported = (report: CycleReport | undefined): boolean =>
  report !== undefined && report.created + report.updated + report.disabled + report.deleted > 0;

const dateOf = (report: CycleReport | undefined): string =>
  report === undefined ? '0001-01-01T00:00:00Z' : new Date(report.startedAt + report.durationMs).toISOString();

function quarantineOf({ quarantine, disabled }: Job, now: number): Record<string, unknown> | null {
  if (quarantine === undefined) return null;
  const since = new Date(quarantine.since).toISOString();
  return {
    currentBegan: since,
    seriesBegan: since,
    seriesCount: 1,
    nextAttempt: disabled ? null : new Date(now + 24 * 3_600_000).toISOString(),
    reason: quarantine.reason,
    error: { code: quarantine.reason, message: quarantine.message, tenantActionable: true },
  };
}

function countsOf({ links, members }: Job): { key: string; value: number }[] {
  if (links.size === 0) return [];
  return [
    { key: 'User', value: links.size - members.size },
    { key: 'Group', value: members.size },
  ];
}
