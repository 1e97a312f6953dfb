import type { Event, EventType } from '#contract';
import { newId, type Transaction, type World } from '#store';
import { insertEvent, insertPending } from './queries/event.ts';

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

/**
 * Records a fact in the transaction of the change that makes it true. Secrets never go into `data`. Gives the event's id.
 */
export async function record(world: Pick<World, 'now'>, tx: Transaction, cause: Cause, fact: Fact): Promise<string> {
  const at = world.now();
  const id = newId(at);
  await tx.run(insertEvent, {
    organizationId: fact.organizationId,
    id,
    type: fact.type,
    at,
    actor: JSON.stringify(cause.actor),
    subjectType: fact.subject.type,
    subjectId: fact.subject.id,
    subjectName: fact.subject.name ?? null,
    requestId: cause.requestId,
    data: JSON.stringify(fact.data ?? {}),
  });
  await tx.run(insertPending, { organizationId: fact.organizationId, id });
  return id;
}
