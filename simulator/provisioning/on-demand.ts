import type { Tenant, User } from '../directory/tenant.ts';
import type { World } from '../world.ts';
import { openRun } from './cycle.ts';
import type { Job, ObjectFailure } from './job.ts';
import { provisionManager, provisionUser, type UserOutcome } from './provision-user.ts';
import { noteProvisioning } from './provisioning-log.ts';
import { attempt } from './run.ts';
import { noteRun } from './under-way.ts';

/** What came of provisioning one user on demand. */
export type OnDemandReport = {
  readonly result: 'Success' | 'Failure' | 'Skipped';
  readonly action: UserOutcome | 'none';
  readonly managerSet: boolean;
  readonly failure: ObjectFailure | null;
  readonly requests: number;
};

/** Provisions one user at once. The `aadOptscim062020` flag does not apply to on-demand runs: always the default dialect. */
export async function provisionOnDemand(world: World, tenant: Tenant, job: Job, user: User): Promise<OnDemandReport> {
  const run = openRun(world, tenant, job);
  let action = 'none' as UserOutcome | 'none';
  let managerSet = false;
  const work = attempt(run, { id: user.id, type: 'User', name: user.userPrincipalName }, async () => {
    action = await provisionUser(run, user, 'default');
    managerSet = await provisionManager(run, user, 'default');
  });
  const ok = await noteRun(world.underWay, work);
  if (ok && action !== 'skipped') {
    const source = { id: user.id, type: 'User', name: user.userPrincipalName } as const;
    noteProvisioning(world, job, { action, status: 'success', error: null, source });
  }
  return {
    result: ok ? (action === 'skipped' && !managerSet ? 'Skipped' : 'Success') : 'Failure',
    action,
    managerSet,
    failure: run.failures[0] ?? null,
    requests: run.target.requests(),
  };
}
