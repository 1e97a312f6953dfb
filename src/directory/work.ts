import { organizationOf } from '#connections';
import { type DueOutcome, type DueWork, idAt, type World } from '#store';
import { minuteOf } from './brake/hold-back.ts';
import { rowsAtOnce } from './groups/change-members.ts';
import { removeAdmissions } from './queries/admission.ts';
import { removeAnchors } from './queries/anchor.ts';
import { forgetDepartures, forgetRefused } from './queries/brake.ts';
import { forgetCycles } from './queries/cycle.ts';
import { forgetDeletedUsers } from './queries/deleted-user.ts';
import {
  removeBrake,
  removeContact,
  removeCounts,
  removeDemand,
  removeSomeDeletedUsers,
  removeSomeEntries,
  removeSomeGroups,
  removeSomeHeldChanges,
  removeSomeMemberships,
  removeSomeUsers,
} from './queries/empty.ts';
import { removeOtherMembers } from './queries/membership.ts';
import { forgetRequests } from './queries/request.ts';
import { removeSettings } from './queries/settings.ts';

const day = 86_400_000;
const hour = 3_600_000;
const atOnce = 500;

/**
 * P8: forgets requests that were recorded longer ago than the setting says, and looks again within the hour; of a connection
 * that was deleted everything.
 */
export async function forgetOldRequests(world: World, work: DueWork): Promise<DueOutcome> {
  const { organizationId, subject: directoryId } = work;
  const scope = { organizationId, directoryId };
  if ((await organizationOf(world, directoryId)) === undefined) {
    await emptyDirectory(world, scope);
    return undefined;
  }
  // Ids are time-ordered: the first twelve digits of one are its time.
  const before = idAt(world.now() - world.config.requestRetentionDays * day).slice(0, 13);
  await forget(world, scope, before);
  await forgetDecided(world, scope);
  const values = { ...scope, before: world.now() - world.config.deletedUserRetentionDays * day, limit: atOnce };
  while ((await world.store.write((tx) => tx.run(forgetDeletedUsers, values))).length > 0);
  return { again: hour };
}

/** Sweeps away the memberships of a large group that was deleted. */
export async function sweepMemberships(world: World, work: DueWork): Promise<DueOutcome> {
  const { organizationId, subject } = work;
  const [directoryId = '', groupId = ''] = subject.split('/');
  const limit = Math.min(rowsAtOnce(world.store.dialect), 10_000);
  const values = { organizationId, directoryId, groupId, values: '[]', limit };
  while ((await world.store.write((tx) => tx.run(removeOtherMembers, values))).length > 0);
  return undefined;
}

type Scope = { organizationId: string; directoryId: string };

async function forget(world: World, scope: Scope, before: string): Promise<void> {
  const values = { ...scope, before, limit: atOnce };
  while ((await world.store.write((tx) => tx.run(forgetRequests, values))).length > 0);
  while ((await world.store.write((tx) => tx.run(forgetCycles, values))).length > 0);
}

/** What the brake need not know any more: departures of more than a day ago, drops whose day is over. */
async function forgetDecided(world: World, scope: Scope): Promise<void> {
  const at = world.now();
  await world.store.write((tx) => tx.run(forgetDepartures, { ...scope, before: minuteOf(at - day) }));
  const values = { ...scope, state: 'dropped', before: at, limit: atOnce };
  while ((await world.store.write((tx) => tx.run(forgetRefused, values))).length > 0);
}

async function emptyDirectory(world: World, scope: Scope): Promise<void> {
  await forget(world, scope, '~');
  const values = { ...scope, limit: atOnce };
  for (const removeSome of [
    removeSomeUsers,
    removeSomeGroups,
    removeSomeMemberships,
    removeSomeEntries,
    removeSomeDeletedUsers,
    removeSomeHeldChanges,
  ]) {
    while ((await world.store.write((tx) => tx.run<typeof values, unknown>(removeSome, values))).length > 0);
  }
  await world.store.write(async (tx) => {
    await tx.run(removeAnchors, scope);
    await tx.run(forgetDepartures, { ...scope, before: Number.MAX_SAFE_INTEGER });
    await tx.run(removeBrake, scope);
    await tx.run(removeAdmissions, scope);
    await tx.run(removeCounts, scope);
    await tx.run(removeContact, scope);
    await tx.run(removeDemand, scope);
    await tx.run(removeSettings, scope);
  });
}
