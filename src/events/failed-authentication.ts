import { countTowards, findWait, type Limit, type World } from '#store';
import { type Cause, deployment, record } from './record.ts';

const failures: Limit = { name: 'authentication failures', most: 30, windowMs: 60_000 };

/** Milliseconds that an address has to wait since it failed to authenticate too often, or 0. */
export const waitAfterFailures = (world: World, address: string): Promise<number> =>
  findWait(world.store, failures, address);

/**
 * Records that somebody failed to authenticate at a door, and counts it towards the limit of the address. Gives the
 * milliseconds to wait where the limit is reached: then nothing is recorded, and the answer is 429 rather than 401.
 */
export async function recordFailedAuthentication(
  world: World,
  source: { requestId: string; address: string; userAgent: string | null },
  failure: { organizationId?: string; door: string; why: string },
): Promise<number> {
  const wait = await waitAfterFailures(world, source.address);
  if (wait > 0) return wait;
  const cause: Cause = {
    actor: { type: 'person', id: null, name: null, address: source.address, userAgent: source.userAgent },
    requestId: source.requestId,
  };
  await countTowards(world.store, failures, source.address);
  await world.store.write((tx) =>
    record(world, tx, cause, {
      organizationId: failure.organizationId ?? deployment,
      type: 'authentication.failed',
      subject: { type: 'door', id: failure.door },
      data: { door: failure.door, why: failure.why },
    }),
  );
  return 0;
}
