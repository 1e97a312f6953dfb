import { becomesDue, type Transaction, type World } from '#store';
import { advancePosition, findPending, numberEvents, takePending } from './queries/event.ts';
import { insertDeliveries, listEnabledWebhooks } from './queries/webhook.ts';

const pollMs = 100;
const atOnce = 500;

/** Gives committed events their positions until stopped; any number of machines may run one. */
export interface Sequencer {
  stop(): Promise<void>;
}

/**
 * Starts numbering events. They are numbered after their commit and feeds read numbered ones only, so a transaction that
 * commits late is never skipped by a reader that was faster.
 */
export function startSequencer(world: World): Sequencer {
  let stopped = false;
  const loop = (async () => {
    while (!stopped) {
      const numbered = await sequenceSome(world).catch((error: unknown) => {
        world.log.error({ error }, 'events could not be numbered and will be tried again');
        return 0;
      });
      if (numbered < atOnce) await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  })();
  return {
    stop: () => {
      stopped = true;
      return loop;
    },
  };
}

/** Numbers what waits, 500 at most, and puts its deliveries on the list; gives how many. */
export async function sequenceSome(world: World): Promise<number> {
  if ((await world.store.read(findPending, {})).length === 0) return 0;
  return world.store.write(async (tx) => {
    const pending = await tx.run(takePending, { limit: atOnce });
    for (const [organizationId, events] of Map.groupBy(pending, (it) => it.organizationId)) {
      await sequence(world, tx, organizationId, JSON.stringify(events.map(({ id }) => id)), events.length);
    }
    return pending.length;
  });
}

async function sequence(
  world: World,
  tx: Transaction,
  organizationId: string,
  ids: string,
  count: number,
): Promise<void> {
  const [position] = await tx.run(advancePosition, { organizationId, count });
  const events = await tx.run(numberEvents, { organizationId, ids, base: (position?.last ?? count) - count });
  const webhooks = await tx.run(listEnabledWebhooks, { organizationId });
  const rows = webhooks.flatMap((webhook) => {
    const types: string[] = JSON.parse(webhook.types);
    const wanted = events.filter(({ type }) => types.length === 0 || types.includes(type));
    return wanted.map(({ id, type }) => ({ webhook_id: webhook.id, event_id: id, event_type: type }));
  });
  if (rows.length === 0) return;
  await tx.run(insertDeliveries, { organizationId, rows: JSON.stringify(rows), at: world.now() });
  for (const { webhook_id, event_id } of rows) {
    await becomesDue(tx, { kind: 'webhooks.deliver', organizationId, subject: `${webhook_id}/${event_id}` });
  }
}
