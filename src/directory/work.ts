import { type DueOutcome, type DueWork, newId, type World } from '#store';
import { rowsAtOnce } from './groups/change-members.ts';
import { removeOtherMembers } from './queries/membership.ts';
import { forgetRequests } from './queries/request.ts';

const day = 86_400_000;
const hour = 3_600_000;
const atOnce = 500;

/** P8: forgets requests that were recorded longer ago than the setting says; looks again within the hour. */
export async function forgetOldRequests(world: World, work: DueWork): Promise<DueOutcome> {
  const { organizationId, subject: directoryId } = work;
  // Ids are time-ordered: the first twelve digits of one are its time.
  const before = newId(world.now() - world.config.requestRetentionDays * day).slice(0, 13);
  for (;;) {
    const forgotten = await world.store.write((tx) =>
      tx.run(forgetRequests, { organizationId, directoryId, before, limit: atOnce }),
    );
    if (forgotten.length < atOnce) return { again: hour };
  }
}

/** Sweeps away the memberships of a large group that was deleted. */
export async function sweepMemberships(world: World, work: DueWork): Promise<DueOutcome> {
  const { organizationId, subject } = work;
  const [directoryId = '', groupId = ''] = subject.split('/');
  const limit = Math.min(rowsAtOnce(world.store.dialect), 10_000);
  for (;;) {
    const swept = await world.store.write((tx) =>
      tx.run(removeOtherMembers, { organizationId, directoryId, groupId, values: '[]', limit }),
    );
    if (swept.length < limit) return undefined;
  }
}
