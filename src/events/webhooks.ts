import { randomBytes } from 'node:crypto';
import type { Delivery, Page, Webhook } from '#contract';
import {
  becomesDue,
  type DueOutcome,
  type DueWork,
  newId,
  only,
  type PageQuery,
  type Transaction,
  toPage,
  type World,
} from '#store';
import { findFeedOfType } from './queries/event.ts';
import {
  findWaitingDelivery,
  findWebhook,
  insertWebhook,
  listDeliveries,
  listWebhooks,
  removeAllDeliveries,
  removeAllWebhooks,
  removeDeliveries,
  removeWebhook,
  updateWebhook,
} from './queries/webhook.ts';
import { type Cause, record } from './record.ts';

const hour = 3_600_000;

type Row = {
  id: string;
  url: string;
  types: string;
  enabled: number;
  version: number;
  created_at: number;
  updated_at: number;
};

interface DeliveryRow {
  event_id: string;
  event_type: string;
  state: string;
  attempts: number;
  last_status: number | null;
  last_error: string | null;
  next_at: number | null;
  delivered_at: number | null;
}

const toWebhook = (row: Row): Webhook => ({
  id: row.id,
  url: row.url,
  types: JSON.parse(row.types),
  enabled: row.enabled === 1,
  version: row.version,
  createdAt: new Date(row.created_at).toISOString(),
  updatedAt: new Date(row.updated_at).toISOString(),
});

/** Where the signing secret of a webhook is sealed to. */
export const webhookSecretPlace = (organizationId: string, id: string) => ({
  table: 'webhook',
  organizationId,
  id,
  column: 'secret',
});

/** Adds a webhook. The signing secret (`whsec_…`, Standard Webhooks) is in this answer only. */
export async function createWebhook(
  world: World,
  cause: Cause,
  organizationId: string,
  input: { url: string; types: readonly string[] },
): Promise<Webhook & { secret: string }> {
  const at = world.now();
  const id = newId(at);
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const sealed = world.sealer.seal(secret, webhookSecretPlace(organizationId, id));
  const row = await world.store.write(async (tx) => {
    const [inserted] = await tx.run(insertWebhook, {
      organizationId,
      id,
      url: input.url,
      types: JSON.stringify(input.types),
      secret: sealed,
      at,
    });
    await record(world, tx, cause, {
      organizationId,
      type: 'webhook.created',
      subject: { type: 'webhook', id, name: input.url },
    });
    return inserted;
  });
  if (row === undefined) throw new Error('the webhook was not inserted');
  return { ...toWebhook(row), secret };
}

/** A webhook, or undefined. */
export async function getWebhook(world: World, organizationId: string, id: string): Promise<Webhook | undefined> {
  const row = only(await world.store.read(findWebhook, { organizationId, id }));
  return row === undefined ? undefined : toWebhook(row);
}

/** A page of webhooks. */
export async function pageOfWebhooks(world: World, organizationId: string, query: PageQuery): Promise<Page<Webhook>> {
  const rows = await world.store.read(listWebhooks, {
    organizationId,
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  return toPage(rows, query.limit, toWebhook, (row) => row.id);
}

/** Changes a webhook of the given version; undefined where it was changed meanwhile or is gone. */
export async function changeWebhook(
  world: World,
  cause: Cause,
  organizationId: string,
  webhook: Webhook,
  change: { url?: string | undefined; types?: readonly string[] | undefined; enabled?: boolean | undefined },
): Promise<Webhook | undefined> {
  const next = {
    url: change.url ?? webhook.url,
    types: change.types ?? webhook.types,
    enabled: change.enabled ?? webhook.enabled,
  };
  return world.store.write(async (tx) => {
    const row = only(
      await tx.run(updateWebhook, {
        organizationId,
        id: webhook.id,
        version: webhook.version,
        url: next.url,
        types: JSON.stringify(next.types),
        enabled: next.enabled ? 1 : 0,
        at: world.now(),
      }),
    );
    if (row === undefined) return undefined;
    await record(world, tx, cause, {
      organizationId,
      type: 'webhook.updated',
      subject: { type: 'webhook', id: webhook.id, name: next.url },
    });
    return toWebhook(row);
  });
}

/** Removes a webhook and its deliveries; says whether it was there. */
export function deleteWebhook(world: World, cause: Cause, organizationId: string, id: string): Promise<boolean> {
  return world.store.write(async (tx) => {
    const removed = await tx.run(removeWebhook, { organizationId, id });
    if (removed.length === 0) return false;
    await tx.run(removeDeliveries, { organizationId, webhookId: id });
    await record(world, tx, cause, { organizationId, type: 'webhook.deleted', subject: { type: 'webhook', id } });
    return true;
  });
}

/**
 * It becomes due that the webhooks of an organization that goes are forgotten, in the transaction given: they are told that it is gone, and
 * what they have not taken yet.
 */
export const webhooksAreToGo = (tx: Pick<Transaction, 'run'>, organizationId: string): Promise<unknown> =>
  becomesDue(tx, { kind: 'webhooks.forget', organizationId, subject: '' });

/** Forgets the webhooks of an organization that is gone, as soon as no delivery waits any more: due work. */
export async function forgetWebhooks(world: World, { organizationId, attempts }: DueWork): Promise<DueOutcome> {
  const isGone = await world.store.read(findFeedOfType, { organizationId, type: 'organization.deleted' });
  const waiting = await world.store.read(findWaitingDelivery, { organizationId });
  if (isGone.length === 0 || waiting.length > 0) return { retryIn: Math.min(hour, 1000 * 2 ** Math.min(attempts, 20)) };
  await world.store.write(async (tx) => {
    await tx.run(removeAllDeliveries, { organizationId });
    await tx.run(removeAllWebhooks, { organizationId });
  });
  return undefined;
}

/** A page of a webhook's deliveries, newest first. */
export async function pageOfDeliveries(
  world: World,
  organizationId: string,
  webhookId: string,
  query: PageQuery,
): Promise<Page<Delivery>> {
  const rows = await world.store.read(listDeliveries, {
    organizationId,
    webhookId,
    before: query.cursor ?? '~',
    limit: query.limit + 1,
  });
  return toPage(rows, query.limit, toDelivery, (row) => row.event_id);
}

const toDelivery = (row: DeliveryRow): Delivery => ({
  event: row.event_id,
  type: row.event_type,
  state: row.state as Delivery['state'],
  attempts: row.attempts,
  lastStatus: row.last_status,
  lastError: row.last_error,
  nextAt: row.next_at === null ? null : new Date(row.next_at).toISOString(),
  deliveredAt: row.delivered_at === null ? null : new Date(row.delivered_at).toISOString(),
});
