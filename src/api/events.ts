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
  'webhooks.get': async (world, { organizationId, params }) => {
    const webhook = await getWebhook(world, organizationId, params.webhook);
    if (webhook === undefined) throw notFound('webhook', params.webhook);
    return webhook;
  },
  'webhooks.update': async (world, { cause, organizationId, params, body, version }) => {
    const webhook = await getWebhook(world, organizationId, params.webhook);
    if (webhook === undefined) throw notFound('webhook', params.webhook);
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
  'webhooks.deliveries': (world, { organizationId, params, query }) =>
    pageOfDeliveries(world, organizationId, params.webhook, query),
};
