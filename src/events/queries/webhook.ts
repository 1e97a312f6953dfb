import { insertRows, statement } from '#store';

const columns = ['id', 'url', 'types', 'secret', 'enabled', 'version', 'created_at', 'updated_at'] as const;

export const insertWebhook = statement(
  'events.insertWebhook',
  (db, p: { organizationId: string; id: string; url: string; types: string; secret: string; at: number }) =>
    db
      .insertInto('webhook')
      .values({
        organization_id: p.organizationId,
        id: p.id,
        url: p.url,
        types: p.types,
        secret: p.secret,
        enabled: 1,
        version: 1,
        created_at: p.at,
        updated_at: p.at,
      })
      .returning(columns),
);

export const findWebhook = statement('events.findWebhook', (db, p: { organizationId: string; id: string }) =>
  db.selectFrom('webhook').select(columns).where('organization_id', '=', p.organizationId).where('id', '=', p.id),
);

export const listWebhooks = statement(
  'events.listWebhooks',
  (db, p: { organizationId: string; after: string; limit: number }) =>
    db
      .selectFrom('webhook')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('id', '>', p.after)
      .orderBy('id')
      .limit(p.limit),
);

/** The webhooks of an organization that take deliveries. */
export const listEnabledWebhooks = statement('events.listEnabledWebhooks', (db, p: { organizationId: string }) =>
  db
    .selectFrom('webhook')
    .select(['id', 'types'])
    .where('organization_id', '=', p.organizationId)
    .where('enabled', '=', 1),
);

export const updateWebhook = statement(
  'events.updateWebhook',
  (
    db,
    p: { organizationId: string; id: string; version: number; url: string; types: string; enabled: number; at: number },
  ) =>
    db
      .updateTable('webhook')
      .set((eb) => ({
        url: p.url,
        types: p.types,
        enabled: p.enabled,
        updated_at: p.at,
        version: eb('version', '+', 1),
      }))
      .where('organization_id', '=', p.organizationId)
      .where('id', '=', p.id)
      .where('version', '=', p.version)
      .returning(columns),
);

export const removeWebhook = statement('events.removeWebhook', (db, p: { organizationId: string; id: string }) =>
  db.deleteFrom('webhook').where('organization_id', '=', p.organizationId).where('id', '=', p.id).returning('id'),
);

/** The webhooks of an organization that goes. */
export const removeAllWebhooks = statement('events.removeAllWebhooks', (db, p: { organizationId: string }) =>
  db.deleteFrom('webhook').where('organization_id', '=', p.organizationId),
);

/** Their deliveries. */
export const removeAllDeliveries = statement('events.removeAllDeliveries', (db, p: { organizationId: string }) =>
  db.deleteFrom('webhook_delivery').where('organization_id', '=', p.organizationId),
);

/** Whether any delivery of an organization waits to be made or to be tried again. */
export const findWaitingDelivery = statement('events.findWaitingDelivery', (db, p: { organizationId: string }) =>
  db
    .selectFrom('webhook_delivery')
    .select('event_id')
    .where('organization_id', '=', p.organizationId)
    .where('state', '=', 'waiting')
    .limit(1),
);

export const removeDeliveries = statement(
  'events.removeDeliveries',
  (db, p: { organizationId: string; webhookId: string }) =>
    db
      .deleteFrom('webhook_delivery')
      .where('organization_id', '=', p.organizationId)
      .where('webhook_id', '=', p.webhookId),
);

export const insertDeliveries = statement(
  'events.insertDeliveries',
  (db, p: { organizationId: string; rows: string; at: number }, dialect) =>
    insertRows(db.insertInto('webhook_delivery'), dialect, p.rows, ['webhook_id', 'event_id', 'event_type'], {
      organization_id: p.organizationId,
      state: 'waiting',
      attempts: 0,
      next_at: p.at,
    }),
);

export const updateDelivery = statement(
  'events.updateDelivery',
  (
    db,
    p: {
      organizationId: string;
      webhookId: string;
      eventId: string;
      state: string;
      attempts: number;
      lastStatus: number | null;
      lastError: string | null;
      nextAt: number | null;
      deliveredAt: number | null;
    },
  ) =>
    db
      .updateTable('webhook_delivery')
      .set({
        state: p.state,
        attempts: p.attempts,
        last_status: p.lastStatus,
        last_error: p.lastError,
        next_at: p.nextAt,
        delivered_at: p.deliveredAt,
      })
      .where('organization_id', '=', p.organizationId)
      .where('webhook_id', '=', p.webhookId)
      .where('event_id', '=', p.eventId),
);

export const listDeliveries = statement(
  'events.listDeliveries',
  (db, p: { organizationId: string; webhookId: string; before: string; limit: number }) =>
    db
      .selectFrom('webhook_delivery')
      .select(['event_id', 'event_type', 'state', 'attempts', 'last_status', 'last_error', 'next_at', 'delivered_at'])
      .where('organization_id', '=', p.organizationId)
      .where('webhook_id', '=', p.webhookId)
      .where('event_id', '<', p.before)
      .orderBy('event_id', 'desc')
      .limit(p.limit),
);
