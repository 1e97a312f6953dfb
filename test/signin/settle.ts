import { activateConnection, changeConnection, markTested } from '#connections';
import type { UpdateConnection } from '#contract';
import { byItself } from '#events';
import type { Stage } from './stage.ts';

/** Changes the settings of a stage's connection and makes them live. */
export async function settle(stage: Stage, change: UpdateConnection): Promise<void> {
  const { world, organizationId, connection } = stage;
  const changed = await changeConnection(world, byItself, organizationId, connection, change, undefined);
  await markTested(world, byItself, organizationId, connection, changed.version);
  await activateConnection(world, byItself, organizationId, connection);
}
