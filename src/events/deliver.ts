import { createHmac } from 'node:crypto';
import { type DueOutcome, type DueWork, only, type World } from '#store';
import { findWebhook, updateDelivery } from './queries/webhook.ts';
import { getEvent } from './read-events.ts';
import { webhookSecretPlace } from './webhooks.ts';

const minute = 60_000;
/** Waits between attempts; after the last one the delivery is dead. About three days in all. */
const waits = [
  1000,
  5000,
  30_000,
  2 * minute,
  10 * minute,
  30 * minute,
  60 * minute,
  180 * minute,
  360 * minute,
  720 * minute,
  1440 * minute,
  1440 * minute,
];
const answerWithinMs = 15_000;

/**
 * Delivers one event to one webhook, signed by Standard Webhooks: `webhook-id` is the event's id and stays the same over
 * all attempts, so that a receiver can tell a repetition.
 */
export async function deliver(world: World, work: DueWork): Promise<DueOutcome> {
  const { organizationId } = work;
  const [webhookId = '', eventId = ''] = work.subject.split('/');
  const webhook = only(await world.store.read(findWebhook, { organizationId, id: webhookId }));
  const event = await getEvent(world, organizationId, eventId);
  if (webhook === undefined || event === undefined) return undefined;
  const secret = world.sealer.open(webhook.secret, webhookSecretPlace(organizationId, webhookId));
  const body = JSON.stringify({ type: event.type, timestamp: event.time, data: event });
  const outcome = await post(world, webhook.url, eventId, body, secret);
  const wait = waits[work.attempts - 1];
  const state = outcome.delivered ? 'delivered' : wait === undefined ? 'dead' : 'waiting';
  const now = world.now();
  await world.store.write((tx) =>
    tx.run(updateDelivery, {
      organizationId,
      webhookId,
      eventId,
      state,
      attempts: work.attempts,
      lastStatus: outcome.status,
      lastError: outcome.error,
      nextAt: state === 'waiting' && wait !== undefined ? now + wait : null,
      deliveredAt: state === 'delivered' ? now : null,
    }),
  );
  return state === 'waiting' && wait !== undefined ? { retryIn: wait } : undefined;
}

interface Outcome {
  delivered: boolean;
  status: number | null;
  error: string | null;
}

async function post(world: World, url: string, id: string, body: string, secret: string): Promise<Outcome> {
  const timestamp = String(Math.floor(world.now() / 1000));
  try {
    const answer = await world.fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Portico-Webhooks/1',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': sign(secret, id, timestamp, body),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(answerWithinMs),
    });
    await answer.body?.cancel();
    return { delivered: answer.ok, status: answer.status, error: answer.ok ? null : `answered ${answer.status}` };
  } catch (error) {
    return { delivered: false, status: null, error: reason(error) };
  }
}

/** `v1,` and the HMAC-SHA256 of id, timestamp and body under the secret behind `whsec_`, in base64. */
const sign = (secret: string, id: string, timestamp: string, body: string): string =>
  `v1,${createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64')}`;

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
