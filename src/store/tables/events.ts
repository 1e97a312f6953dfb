import { table } from '../table.ts';

/** Events, their feed positions, webhooks and deliveries: written by the events room. */
export const eventTables = {
  event: table({
    columns: {
      organization_id: 'text',
      id: 'text',
      type: 'text',
      version: 'integer',
      at: 'integer',
      actor: 'text',
      subject_type: 'text',
      subject_id: 'text',
      subject_name: 'text?',
      request_id: 'text?',
      data: 'text',
    },
    key: ['organization_id', 'id'],
  }),
  /** The order of an organization's events, apart from them: an event is written once and stays as it is. */
  event_feed: table({
    columns: { organization_id: 'text', position: 'integer', event_id: 'text', type: 'text' },
    key: ['organization_id', 'position'],
    index: { type: ['organization_id', 'type', 'position'], event: ['organization_id', 'event_id'] },
  }),
  event_pending: table({
    columns: { id: 'text', organization_id: 'text' },
    key: ['id'],
    unscoped: 'events of all organizations that wait for their position; a row lives for a moment',
  }),
  event_position: table({
    columns: { organization_id: 'text', last: 'integer' },
    key: ['organization_id'],
  }),
  webhook: table({
    columns: {
      organization_id: 'text',
      id: 'text',
      url: 'text',
      types: 'text',
      secret: 'text',
      enabled: 'integer',
      version: 'integer',
      created_at: 'integer',
      updated_at: 'integer',
    },
    key: ['organization_id', 'id'],
  }),
  webhook_delivery: table({
    columns: {
      organization_id: 'text',
      webhook_id: 'text',
      event_id: 'text',
      event_type: 'text',
      state: 'text',
      attempts: 'integer',
      last_status: 'integer?',
      last_error: 'text?',
      next_at: 'integer?',
      delivered_at: 'integer?',
    },
    key: ['organization_id', 'webhook_id', 'event_id'],
  }),
};
