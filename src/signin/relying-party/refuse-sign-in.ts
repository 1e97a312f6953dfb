import { type EntraWorld, getConnection } from '#connections';
import { record, recordFailedAuthentication } from '#events';
import type { Source } from '#http';
import { countTowards, findWait, type Limit, networkOf } from '#store';
import { refusalPage } from '../pages/refusal-page.ts';
import { tooMany } from '../pages/too-many-page.ts';
import { findWaitingProduct } from '../provider/give-up.ts';
import { insertAccountEvent } from '../queries/account-event.ts';
import { updateSignInOutcome } from '../queries/sign-in-request.ts';
import { type RefusalReason, wordsOf } from '../refusals.ts';
import { causeOfPerson } from '../sessions/session.ts';
import { SignInRefused } from '../sign-in-refused.ts';

/** Writes a refusal down and shows it; `id` is the sign-in that was refused, `again` where the person may start again. What is no refusal is thrown on: it is not ours to explain. */
export async function refuseSignIn(
  world: EntraWorld,
  source: Source,
  error: unknown,
  of: { organizationId: string | undefined; connectionId: string; id?: string },
  again: string | null,
): Promise<Response> {
  if (!(error instanceof SignInRefused)) throw error;
  const { organizationId, connectionId } = of;
  const reason: RefusalReason = error.reason;
  if (wordsOf(reason).failure) {
    const wait = await recordFailedAuthentication(world, source, {
      ...(organizationId === undefined ? {} : { organizationId }),
      door: 'sign-in',
      why: `${reason} at ${connectionId}`,
    });
    if (wait > 0) return tooMany(wait, again);
  }
  if (organizationId !== undefined && (of.id !== undefined || (await isWorthRecording(world, source, reason)))) {
    await recordRefusal(world, source, { ...of, organizationId }, error);
  }
  const connection =
    organizationId === undefined ? undefined : await getConnection(world, organizationId, connectionId);
  // Anybody can come here by guessing an id: a draft is not shown.
  const settings = connection?.live ?? null;
  return refusalPage(world, error, {
    requestId: source.requestId,
    again,
    product: await findWaitingProduct(world, again, reason),
    connection: settings === null ? undefined : { id: connectionId, settings },
  });
}

/** Anybody can open a sign-in that cannot start: only some of that becomes events. Failures have an event of their own. */
async function isWorthRecording(world: EntraWorld, source: Source, reason: RefusalReason): Promise<boolean> {
  if (
    wordsOf(reason).failure ||
    (await findWait(world.store, refusedStarts, `${reason} ${networkOf(source.address)}`)) > 0
  )
    return false;
  await countTowards(world.store, refusedStarts, `${reason} ${networkOf(source.address)}`);
  return true;
}

const refusedStarts: Limit = { name: 'refused starts of sign-ins', most: 10, windowMs: 60_000 };

/** Writes down that a sign-in was refused: on its row, where there is one, and as an event. */
async function recordRefusal(
  world: EntraWorld,
  source: Source,
  of: { organizationId: string; connectionId: string; id?: string },
  refused: SignInRefused,
): Promise<void> {
  const { organizationId, connectionId, id } = of;
  const { reason, entra, detail, accountId } = refused;
  await world.store.write(async (tx) => {
    if (id !== undefined) {
      await tx.run(updateSignInOutcome, {
        organizationId,
        connectionId,
        id,
        outcome: JSON.stringify({ refused: reason }),
      });
    }
    const eventId = await record(world, tx, causeOfPerson(source, undefined), {
      organizationId,
      type: 'sign_in.refused',
      subject: { type: 'connection', id: connectionId },
      data: {
        connection: connectionId,
        reason,
        detail: detail ?? entra?.description ?? null,
        aadsts: entra?.codes[0] ?? null,
        correlationId: entra?.correlationId ?? null,
        traceId: entra?.traceId ?? null,
      },
    });
    if (accountId !== undefined) await tx.run(insertAccountEvent, { organizationId, accountId, eventId });
  });
}
