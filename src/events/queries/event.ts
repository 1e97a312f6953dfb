import { sql, statement, textList, textRows } from '#store';

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
    db
      .insertInto('event')
      .columns(['organization_id', 'version', ...recorded])
      .expression((eb) =>
        eb
          .selectFrom(textRows(dialect, p.rows, recorded).as('given'))
          .select((inner) => [
            inner.cast<string>(inner.val(p.organizationId), 'text').as('organization_id'),
            inner.cast<number>(inner.lit(1), 'bigint').as('version'),
            'given.id',
            'given.type',
            sql<number>`cast(given.at as bigint)`.as('at'),
            'given.actor',
            'given.subject_type',
            'given.subject_id',
            'given.subject_name',
            'given.request_id',
            'given.data',
          ]),
      ),
);

/** Puts events, whose ids are given as JSON, on the list of those that wait for their position. */
export const insertPending = statement(
  'events.insertPending',
  (db, p: { organizationId: string; rows: string }, dialect) =>
    db
      .insertInto('event_pending')
      .columns(['id', 'organization_id'])
      .expression((eb) =>
        eb
          .selectFrom(textRows(dialect, p.rows, ['id']).as('given'))
          .select((inner) => [
            'given.id',
            inner.cast<string>(inner.val(p.organizationId), 'text').as('organization_id'),
          ]),
      ),
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
      .with('numbered', (inner) =>
        inner
          .selectFrom('event')
          .select(['id', sql<number>`row_number() over (order by id)`.as('number')])
          .where('organization_id', '=', p.organizationId)
          .where('id', 'in', textList(dialect, p.ids)),
      )
      .updateTable('event')
      .from('numbered')
      .set((eb) => ({ position: eb('numbered.number', '+', p.base) }))
      .where('event.organization_id', '=', p.organizationId)
      .whereRef('event.id', '=', 'numbered.id')
      .returning(['event.id as id', 'event.type as type']),
);

const columns = [
  'id',
  'position',
  'type',
  'version',
  'at',
  'actor',
  'organization_id',
  'subject_type',
  'subject_id',
  'subject_name',
  'request_id',
  'data',
] as const;

export const findEvent = statement('events.findEvent', (db, p: { organizationId: string; id: string }) =>
  db.selectFrom('event').select(columns).where('organization_id', '=', p.organizationId).where('id', '=', p.id),
);

export const listOldest = statement(
  'events.listOldest',
  (db, p: { organizationId: string; after: number; limit: number }) =>
    db
      .selectFrom('event')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('position', '>', p.after)
      .orderBy('position')
      .limit(p.limit),
);

export const listNewest = statement(
  'events.listNewest',
  (db, p: { organizationId: string; before: number; limit: number }) =>
    db
      .selectFrom('event')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('position', '<', p.before)
      .orderBy('position', 'desc')
      .limit(p.limit),
);

export const listOldestOfType = statement(
  'events.listOldestOfType',
  (db, p: { organizationId: string; type: string; after: number; limit: number }) =>
    db
      .selectFrom('event')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('type', '=', p.type)
      .where('position', '>', p.after)
      .orderBy('position')
      .limit(p.limit),
);

export const listNewestOfType = statement(
  'events.listNewestOfType',
  (db, p: { organizationId: string; type: string; before: number; limit: number }) =>
    db
      .selectFrom('event')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('type', '=', p.type)
      .where('position', '<', p.before)
      .orderBy('position', 'desc')
      .limit(p.limit),
);
