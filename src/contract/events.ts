import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { type EventType, eventTypes } from './event-types.ts';
import { id, page, pageOf, time } from './shape.ts';

const eventType = z.enum(Object.keys(eventTypes) as [EventType, ...EventType[]]);

const actor = z.strictObject({
  type: z.enum(['operator', 'key', 'provisioning-client', 'person', 'client', 'portico']),
  id: z.string().nullable(),
  name: z.string().nullable(),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
});

const event = z
  .strictObject({
    id,
    position: z.int().describe('grows by one in an organization; feeds go by it'),
    type: eventType,
    version: z.int(),
    time,
    organization: id,
    actor,
    subject: z.strictObject({ type: z.string(), id: z.string(), name: z.string().nullable() }),
    requestId: z.string().nullable(),
    data: z.record(z.string(), z.json()),
  })
  .meta({ id: 'Event', description: 'A recorded fact.' });
export type Event = z.output<typeof event>;

const webhook = z
  .strictObject({
    id,
    url: z.url(),
    types: z.array(eventType).describe('empty: all'),
    enabled: z.boolean(),
    version: z.int(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Webhook', description: 'Where events are sent, signed by Standard Webhooks.' });
export type Webhook = z.output<typeof webhook>;

const delivery = z
  .strictObject({
    event: id,
    type: z.string(),
    state: z.enum(['waiting', 'delivered', 'dead']),
    attempts: z.int(),
    lastStatus: z.int().nullable(),
    lastError: z.string().nullable(),
    nextAt: time.nullable(),
    deliveredAt: time.nullable(),
  })
  .meta({ id: 'Delivery' });
export type Delivery = z.output<typeof delivery>;

const eventQuery = page.extend({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'is not a cursor of this list')
    .optional()
    .describe('nextCursor of the page before'),
  type: eventType.optional().describe('only this type'),
  order: z
    .enum(['newest', 'oldest'])
    .default('newest')
    .describe('oldest: a feed; its last cursor finds what comes later'),
});

export const eventEntries = entriesOf({
  'events.list': {
    method: 'GET',
    path: '/organizations/{organization}/events',
    right: 'events:read',
    summary: 'List the events of an organization; oldest first it is a feed that skips nothing',
    query: eventQuery,
    answer: pageOf(event),
    status: 200,
  },
  'events.deployment': {
    method: 'GET',
    path: '/events',
    right: 'events:read',
    summary: 'List the events of the deployment itself: operators, API keys, clients',
    query: eventQuery,
    answer: pageOf(event),
    status: 200,
  },
  'webhooks.list': {
    method: 'GET',
    path: '/organizations/{organization}/webhooks',
    right: 'webhooks:read',
    summary: 'List webhooks',
    query: page,
    answer: pageOf(webhook),
    status: 200,
  },
  'webhooks.create': {
    method: 'POST',
    path: '/organizations/{organization}/webhooks',
    right: 'webhooks:update',
    summary: 'Add a webhook; its signing secret is shown this once',
    body: z.strictObject({
      url: z.url().max(2000).describe('where events are posted to'),
      types: z.array(eventType).default([]).describe('only these types; all where it is left out'),
    }),
    answer: webhook.extend({
      secret: z.string().describe('signs deliveries (Standard Webhooks); it does not come back'),
    }),
    status: 201,
  },
  'webhooks.get': {
    method: 'GET',
    path: '/organizations/{organization}/webhooks/{webhook}',
    right: 'webhooks:read',
    summary: 'Get a webhook',
    answer: webhook,
    status: 200,
  },
  'webhooks.update': {
    method: 'PATCH',
    path: '/organizations/{organization}/webhooks/{webhook}',
    right: 'webhooks:update',
    summary: 'Change a webhook',
    body: z.strictObject({
      url: z.url().max(2000).optional().describe('where events are posted to'),
      types: z.array(eventType).optional().describe('only these types; all where it is empty'),
      enabled: z.boolean().optional().describe('whether anything is sent'),
    }),
    answer: webhook,
    status: 200,
    problems: ['version-changed'],
  },
  'webhooks.delete': {
    method: 'DELETE',
    path: '/organizations/{organization}/webhooks/{webhook}',
    right: 'webhooks:update',
    summary: 'Remove a webhook',
    status: 204,
  },
  'webhooks.deliveries': {
    method: 'GET',
    path: '/organizations/{organization}/webhooks/{webhook}/deliveries',
    right: 'webhooks:read',
    summary: 'List deliveries, newest first',
    query: page,
    answer: pageOf(delivery),
    status: 200,
  },
});
