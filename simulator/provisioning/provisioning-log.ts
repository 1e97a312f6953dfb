import type { World } from '../world.ts';
import type { Counts, Job } from './job.ts';

/** What the provisioning service did with one object (provisioningObjectSummary of Microsoft Graph). */
export type ProvisioningEvent = {
  readonly id: string;
  readonly at: number;
  readonly tenantId: string;
  readonly jobId: string;
  /** The enterprise app whose job it is; null for a job without one. */
  readonly appId: string | null;
  readonly action: Exclude<keyof Counts, 'failed'> | 'none';
  readonly status: 'success' | 'failure' | 'skipped';
  /** The target's refusal; null when it went well. */
  readonly error: { readonly code: string; readonly reason: string } | null;
  readonly source: { readonly id: string; readonly type: 'User' | 'Group'; readonly name: string };
  readonly targetId: string | null;
};

/** So many are kept of all tenants, the newest ones. */
const kept = 10_000;

/** Notes what was done with an object; what needed nothing is passed over, for a first cycle would have nothing else here. */
export function noteProvisioning(
  world: World,
  job: Job,
  event: Pick<ProvisioningEvent, 'action' | 'status' | 'error' | 'source'>,
): void {
  if (event.status === 'skipped') return;
  world.provisioningLog.push({
    id: world.random.uuid(),
    at: world.clock.now(),
    tenantId: job.tenantId,
    jobId: job.id,
    appId: job.settings.appId,
    targetId: job.links.get(event.source.id) ?? null,
    ...event,
  });
  if (world.provisioningLog.length > kept * 2) world.provisioningLog.splice(0, world.provisioningLog.length - kept);
}
