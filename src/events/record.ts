import type { Event, EventType } from '#contract';
import { newId, type Transaction, type World } from '#store';
import { insertEvents, insertPending } from './queries/event.ts';

/** Who did something, and by which request. */
export interface Cause {
  actor: Event['actor'];
  requestId: string | null;
}

/** What Portico does by itself, on a clock. */
export const byItself: Cause = {
  actor: { type: 'portico', id: null, name: 'Portico', address: null, userAgent: null },
  requestId: null,
};

/** The scope of events about the deployment itself: operators, API keys, clients. */
export const deployment = 'deployment';

/** A fact to record. */
export interface Fact {
  organizationId: string;
  type: EventType;
  subject: { type: string; id: string; name?: string | null };
  data?: Record<string, unknown>;
}

/** A fact with who made it true. */
export interface CausedFact extends Omit<Fact, 'organizationId'> {
  cause: Cause;
}

/**
 * Records a fact in the transaction of the change that makes it true. Secrets never go into `data`. Gives the event's id.
 */
export async function record(world: Pick<World, 'now'>, tx: Transaction, cause: Cause, fact: Fact): Promise<string> {
  const [id = ''] = await recordAll(world, tx, fact.organizationId, [{ ...fact, cause }]);
  return id;
}

/** Records facts of one organization, in their order, with whatever the transaction does next; gives the ids of the events. */
export async function recordAll(
  world: Pick<World, 'now'>,
  tx: Transaction,
  organizationId: string,
  facts: readonly CausedFact[],
): Promise<string[]> {
  const at = world.now();
  const rows = facts.map(({ cause, type, subject, data }) => ({
    id: newId(at),
    type,
    at,
    actor: JSON.stringify(cause.actor),
    subject_type: subject.type,
    subject_id: subject.id,
    subject_name: subject.name ?? null,
    request_id: cause.requestId,
    data: JSON.stringify(data ?? {}),
  }));
  tx.send(insertEvents, { organizationId, rows: JSON.stringify(rows) });
  tx.send(insertPending, { organizationId, rows: JSON.stringify(rows.map(({ id }) => ({ id }))) });
  return rows.map(({ id }) => id);
}
