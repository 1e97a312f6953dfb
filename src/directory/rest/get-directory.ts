import { findLive } from '#connections';
import type { Directory } from '#contract';
import { only, type World } from '#store';
import { findClosed } from '../closed.ts';
import { cycleMs, toCycle } from '../cycles/cycle.ts';
import { assessQuarantine } from '../cycles/quarantine.ts';
import { findBrake } from '../queries/brake.ts';
import { findContact } from '../queries/contact.ts';
import { findCounts } from '../queries/count.ts';
import { listCycles } from '../queries/cycle.ts';
import { openDirectory } from '../settings.ts';

const iso = (at: number): string => new Date(at).toISOString();

/**
 * P10: a directory with its counts, its last cycle, when its provisioning client was last there and is expected next, whether
 * it is late (two cycles without a word while the connection provisions), and the risk of quarantine.
 */
export async function getDirectory(world: World, organizationId: string, directoryId: string): Promise<Directory> {
  const { baseUrl, settings, version } = await openDirectory(world, organizationId, directoryId);
  const scope = { organizationId, directoryId };
  const counts = only(await world.store.read(findCounts, scope));
  const contact = only(await world.store.read(findContact, scope));
  const [cycle] = await world.store.read(listCycles, { ...scope, before: '~', limit: 1 });
  const { lastAt = null, refusedAt = null, refusedStatus = null, refusal = null } = contact ?? {};
  const now = world.now();
  const isLate =
    lastAt !== null &&
    now - lastAt > 2 * cycleMs &&
    (await findLive(world, organizationId, directoryId))?.settings.provisioning === true;
  const closed = refusedStatus === 403 ? await findClosed(world, organizationId, directoryId) : undefined;
  const { held, heldSince } = only(await world.store.read(findBrake, scope)) ?? { held: 0, heldSince: null };
  return {
    id: directoryId,
    tenantUrl: baseUrl,
    users: counts?.users ?? 0,
    activeUsers: counts?.activeUsers ?? 0,
    groups: counts?.groups ?? 0,
    lastContactAt: lastAt === null ? null : iso(lastAt),
    nextExpectedAt: lastAt === null ? null : iso(lastAt + cycleMs),
    lateSince: isLate ? iso(lastAt + cycleMs) : null,
    lastCycle: cycle === undefined ? null : toCycle(cycle, now),
    quarantine: assessQuarantine({ directoryId, lastAt, refusedAt, refusedStatus, refusal, closed, cycle }),
    held,
    heldSince: heldSince === null ? null : iso(heldSince),
    settings,
    version,
  };
}
