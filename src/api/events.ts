import type { EntraWorld } from '#connections';
import type { Webhook } from '#contract';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  deployment,
  getWebhook,
  listEvents,
  pageOfDeliveries,
  pageOfWebhooks,
} from '#events';
import { notFound, Problem } from '#http';
import { ofDeployment } from './access.ts';
import type { Handlers } from './handler.ts';

/** Events and webhooks. */
export const eventHandlers: Handlers<
  | 'events.list'
  | 'events.deployment'
  | 'webhooks.list'
  | 'webhooks.create'
  | 'webhooks.get'
  | 'webhooks.update'
  | 'webhooks.delete'
  | 'webhooks.deliveries'
> = {
  'events.list': (world, { organizationId, query }) => listEvents(world, organizationId, query),
  'events.deployment': async (world, asked) => listEvents(world, deployment, ofDeployment(asked).query),
  'webhooks.list': (world, { organizationId, query }) => pageOfWebhooks(world, organizationId, query),
  'webhooks.create': (world, { cause, organizationId, body }) => createWebhook(world, cause, organizationId, body),
  'webhooks.get': (world, { organizationId, params }) => webhookOf(world, organizationId, params.webhook),
  'webhooks.update': async (world, { cause, organizationId, params, body, version }) => {
    const webhook = await webhookOf(world, organizationId, params.webhook);
    const changed = await changeWebhook(
      world,
      cause,
      organizationId,
      { ...webhook, version: version ?? webhook.version },
      body,
    );
    if (changed === undefined)
      throw new Problem('version-changed', { detail: 'the webhook was changed meanwhile', remedy: 'read it again' });
    return changed;
  },
  'webhooks.delete': async (world, { cause, organizationId, params }) => {
    if (!(await deleteWebhook(world, cause, organizationId, params.webhook))) throw notFound('webhook', params.webhook);
    return undefined;
  },
  'webhooks.deliveries': async (world, { organizationId, params, query }) =>
    pageOfDeliveries(world, organizationId, (await webhookOf(world, organizationId, params.webhook)).id, query),
};

async function webhookOf(world: EntraWorld, organizationId: string, id: string): Promise<Webhook> {
  const webhook = await getWebhook(world, organizationId, id);
  if (webhook === undefined) throw notFound('webhook', id);
  return webhook;
}
