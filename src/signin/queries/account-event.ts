import { statement } from '#store';

/** Notes that an event is of an account, so that the account's own are found among all of the organization. */
export const insertAccountEvent = statement(
  'signin.insertAccountEvent',
  (db, p: { organizationId: string; accountId: string; eventId: string }) =>
    db
      .insertInto('account_event')
      .values({ organization_id: p.organizationId, account_id: p.accountId, event_id: p.eventId }),
);

/** The newest events of an account. */
export const listEventsOfAccount = statement(
  'signin.listEventsOfAccount',
  (db, p: { organizationId: string; accountId: string; limit: number }) =>
    db
      .selectFrom('account_event as of')
      .innerJoin('event', (join) =>
        join.onRef('event.id', '=', 'of.event_id').on('event.organization_id', '=', p.organizationId),
      )
      .select(['event.id as id', 'event.type as type', 'event.at as at', 'event.actor as actor', 'event.data as data'])
      .where('of.organization_id', '=', p.organizationId)
      .where('of.account_id', '=', p.accountId)
      .orderBy('of.event_id', 'desc')
      .limit(p.limit),
);

/** Forgets which events were an account's; the events themselves stay. */
export const removeEventsOfAccount = statement(
  'signin.removeEventsOfAccount',
  (db, p: { organizationId: string; accountId: string }) =>
    db
      .deleteFrom('account_event')
      .where('organization_id', '=', p.organizationId)
      .where('account_id', '=', p.accountId),
);
