import type { DueOutcome, World } from '#store';
import { purgeEveryMs } from '../purge.ts';
import { removeExpiredArtifacts } from '../queries/provider-artifact.ts';
import { keptAfterEndMs } from './artifacts.ts';

const atOnce = 1000;

/** Removes codes, tokens and grants some time after their end; comes again at once while there is more of it. */
export async function purgeProvider(world: World): Promise<DueOutcome> {
  const before = world.now() - keptAfterEndMs;
  const removed = await world.store.write((tx) => tx.run(removeExpiredArtifacts, { before, limit: atOnce }));
  return { again: removed.length < atOnce ? purgeEveryMs : 0 };
}
