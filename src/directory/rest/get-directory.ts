import type { Directory } from '#contract';
import { only, type World } from '#store';
import { findContact } from '../queries/contact.ts';
import { findCounts } from '../queries/count.ts';
import { openDirectory } from '../settings.ts';

/** How often Entra's provisioning service runs a cycle, in milliseconds. */
export const cycleMs = 40 * 60_000;

/** P10: a directory with its counts, when its provisioning client was last there, and when it is expected next. */
export async function getDirectory(world: World, organizationId: string, directoryId: string): Promise<Directory> {
  const { baseUrl, settings, version } = await openDirectory(world, organizationId, directoryId);
  const scope = { organizationId, directoryId };
  const counts = only(await world.store.read(findCounts, scope));
  const lastAt = only(await world.store.read(findContact, scope))?.lastAt ?? null;
  return {
    id: directoryId,
    tenantUrl: baseUrl,
    users: counts?.users ?? 0,
    activeUsers: counts?.activeUsers ?? 0,
    groups: counts?.groups ?? 0,
    lastContactAt: lastAt === null ? null : new Date(lastAt).toISOString(),
    nextExpectedAt: lastAt === null ? null : new Date(lastAt + cycleMs).toISOString(),
    settings,
    version,
  };
}
