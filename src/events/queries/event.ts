import { type Database, insertRows, sql, statement, textList } from '#store';

const recorded = [
  'id',
  'type',
  'at',
  'actor',
  'subject_type',
  'subject_id',
  'subject_name',
  'request_id',
  'data',
] as const;

/** Adds events, given as JSON. */
export const insertEvents = statement(
  'events.insertEvents',
  (db, p: { organizationId: string; rows: string }, dialect) =>
    insertRows(db.insertInto('event'), dialect, p.rows, recorded, { organization_id: p.organizationId, version: 1 }),
);

/** Puts events, whose ids are given as JSON, on the list of those that wait for their position. */
export const insertPending = statement(
  'events.insertPending',
  (db, p: { organizationId: string; rows: string }, dialect) =>
    insertRows(db.insertInto('event_pending'), dialect, p.rows, ['id'], { organization_id: p.organizationId }),
);

/** Whether an event of a type has its position, so that its deliveries are on the list. */
export const findFeedOfType = statement('events.findFeedOfType', (db, p: { organizationId: string; type: string }) =>
  db
    .selectFrom('event_feed')
    .select('event_id')
    .where('organization_id', '=', p.organizationId)
    .where('type', '=', p.type)
    .limit(1),
);

/** Whether any event waits for its position. */
export const findPending = statement('events.findPending', (db) =>
  db.selectFrom('event_pending').select('id').limit(1),
);

/** Takes events that wait for their position; another machine's share is skipped. */
export const takePending = statement('events.takePending', (db, p: { limit: number }, dialect) => {
  const oldest = db.selectFrom('event_pending').select('id').orderBy('id').limit(p.limit);
  return db
    .with('oldest', () => (dialect === 'postgres' ? oldest.forUpdate().skipLocked() : oldest))
    .deleteFrom('event_pending')
    .where('id', 'in', (eb) => eb.selectFrom('oldest').select('oldest.id'))
    .returning(['organization_id as organizationId', 'id']);
});

/** Moves the feed of an organization on by `count`; the row lock makes one machine at a time number its events. */
export const advancePosition = statement('events.advancePosition', (db, p: { organizationId: string; count: number }) =>
  db
    .insertInto('event_position')
    .values({ organization_id: p.organizationId, last: p.count })
    .onConflict((conflict) =>
      conflict
        .column('organization_id')
        .doUpdateSet((eb) => ({ last: eb('event_position.last', '+', eb.ref('excluded.last')) })),
    )
    .returning('last'),
);

/** Numbers events in the order of their ids, after `base`. */
export const numberEvents = statement(
  'events.numberEvents',
  (db, p: { organizationId: string; ids: string; base: number }, dialect) =>
    db
      .insertInto('event_feed')
      .columns(['organization_id', 'position', 'event_id', 'type'])
      .expression((eb) =>
        eb
          .selectFrom('event')
          .select([
            'organization_id',
            sql<number>`${p.base} + row_number() over (order by id)`.as('position'),
            'id',
            'type',
          ])
          .where('organization_id', '=', p.organizationId)
          .where('id', 'in', textList(dialect, p.ids)),
      )
      .returning(['event_id as id', 'type']),
);

const columns = [
  'e.id',
  'f.position',
  'e.type',
  'e.version',
  'e.at',
  'e.actor',
  'e.organization_id',
  'e.subject_type',
  'e.subject_id',
  'e.subject_name',
  'e.request_id',
  'e.data',
] as const;

export const findEvent = statement('events.findEvent', (db, p: { organizationId: string; id: string }) =>
  db
    .selectFrom('event as e')
    .leftJoin('event_feed as f', (join) =>
      join.onRef('f.organization_id', '=', 'e.organization_id').onRef('f.event_id', '=', 'e.id'),
    )
    .select(columns)
    .where('e.organization_id', '=', p.organizationId)
    .where('e.id', '=', p.id),
);

/** What a request left behind as an event of one type, among those with an id from `from` to `to`. */
export const findEventOfRequest = statement(
  'events.findEventOfRequest',
  (db, p: { organizationId: string; from: string; to: string; requestId: string; type: string }) =>
    db
      .selectFrom('event as e')
      .leftJoin('event_feed as f', (join) =>
        join.onRef('f.organization_id', '=', 'e.organization_id').onRef('f.event_id', '=', 'e.id'),
      )
      .select(columns)
      .where('e.organization_id', '=', p.organizationId)
      .where('e.id', '>=', p.from)
      .where('e.id', '<', p.to)
      .where('e.request_id', '=', p.requestId)
      .where('e.type', '=', p.type)
      .limit(1),
);

/** The events of an organization that have their position. */
const numbered = (db: Database, organizationId: string) =>
  db
    .selectFrom('event_feed as f')
    .innerJoin('event as e', (join) =>
      join.onRef('e.organization_id', '=', 'f.organization_id').onRef('e.id', '=', 'f.event_id'),
    )
    .select(columns)
    .where('f.organization_id', '=', organizationId);

export const listOldest = statement(
  'events.listOldest',
  (db, p: { organizationId: string; after: number; limit: number }) =>
    numbered(db, p.organizationId).where('f.position', '>', p.after).orderBy('f.position').limit(p.limit),
);

export const listNewest = statement(
  'events.listNewest',
  (db, p: { organizationId: string; before: number; limit: number }) =>
    numbered(db, p.organizationId).where('f.position', '<', p.before).orderBy('f.position', 'desc').limit(p.limit),
);

export const listOldestOfType = statement(
  'events.listOldestOfType',
  (db, p: { organizationId: string; type: string; after: number; limit: number }) =>
    numbered(db, p.organizationId)
      .where('f.type', '=', p.type)
      .where('f.position', '>', p.after)
      .orderBy('f.position')
      .limit(p.limit),
);

export const listNewestOfType = statement(
  'events.listNewestOfType',
  (db, p: { organizationId: string; type: string; before: number; limit: number }) =>
    numbered(db, p.organizationId)
      .where('f.type', '=', p.type)
      .where('f.position', '<', p.before)
      .orderBy('f.position', 'desc')
      .limit(p.limit),
);
