import { countTowards, findWait, type Limit, networkOf, type World } from '#store';
import { type Cause, deployment, record } from './record.ts';

const failures: Limit = { name: 'authentication failures', most: 30, windowMs: 60_000 };

/** Failures at one door keep nobody out at another: some doors take what a page of somebody else sends. */
const keyOf = (door: string, address: string): string => `${door} ${networkOf(address)}`;

/** Milliseconds that an address has to wait since it failed to authenticate too often at a door, or 0. */
export const waitAfterFailures = (world: World, door: string, address: string): Promise<number> =>
  findWait(world.store, failures, keyOf(door, address));

/**
 * Records that somebody failed to authenticate at a door, and counts it towards the limit of the address there. Gives the
 * milliseconds to wait where the limit is reached: then nothing is recorded, and the answer is 429 rather than 401.
 */
export async function recordFailedAuthentication(
  world: World,
  source: { requestId: string; address: string; userAgent: string | null },
  failure: { organizationId?: string; door: string; why: string },
): Promise<number> {
  const wait = await waitAfterFailures(world, failure.door, source.address);
  if (wait > 0) return wait;
  const cause: Cause = {
    actor: { type: 'person', id: null, name: null, address: source.address, userAgent: source.userAgent },
    requestId: source.requestId,
  };
  await countTowards(world.store, failures, keyOf(failure.door, source.address));
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
