import { type EntraWorld, getConnection, pageOfOrganizations } from '#connections';
import type { Event, RefusedSignIn } from '#contract';
import { getEventOfRequest } from '#events';
import { notFound, Problem } from '#http';
import { factsOfRefusal } from './explain-refusal.ts';
import { isRefusalReason, wordsOf } from './refusals.ts';

const organizationsAtOnce = 100;

/**
 * S14: the administrator behind a refused sign-in, found by the id that the person quotes. `onlyIn` is the organization that
 * whoever asks may look into; null: all. Throws `not-found`.
 */
export async function explainRefusedSignIn(
  world: EntraWorld,
  onlyIn: string | null,
  requestId: string,
): Promise<RefusedSignIn> {
  const event = await findRefusal(world, onlyIn, requestId);
  const reason = event?.data['reason'];
  if (event === undefined || !isRefusalReason(reason)) throw notFound('refused sign-in', requestId);
  const { organization, subject, time, data } = event;
  const found = await getConnection(world, organization, subject.id).catch((error: unknown) => {
    if (error instanceof Problem) return undefined;
    throw error;
  });
  const settings = found?.live ?? found?.draft ?? null;
  const { facts, link } = await factsOfRefusal(
    world,
    {
      reason,
      detail: textOf(data['detail']),
      code: typeof data['aadsts'] === 'number' ? data['aadsts'] : null,
      correlationId: textOf(data['correlationId']),
      traceId: textOf(data['traceId']),
      time,
    },
    settings === null ? undefined : { id: subject.id, settings },
  );
  const { title, what } = wordsOf(reason);
  return { request: requestId, time, organization, connection: subject.id, reason, title, what, facts, link };
}

/** The id does not say whose it is: who may look into all organizations has them asked, many at once. */
async function findRefusal(world: EntraWorld, onlyIn: string | null, requestId: string): Promise<Event | undefined> {
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await pageOfOrganizations(world, onlyIn, { cursor, limit: organizationsAtOnce });
    const found = await Promise.all(
      items.map(({ id }) => getEventOfRequest(world, id, { requestId, type: 'sign_in.refused' })),
    );
    const event = found.find((it) => it !== undefined);
    if (event !== undefined) return event;
    cursor = nextCursor;
  } while (cursor !== undefined);
  return undefined;
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
