import { databaseNow } from '../sql.ts';
import { statement } from '../statement.ts';

/** Counts one more in the window of a bucket, starting a new window where the last is over. */
export const countOne = statement('store.countOne', (db, p: { bucket: string; windowMs: number }, dialect) =>
  db
    .insertInto('limit_window')
    .values({ bucket: p.bucket, started_at: databaseNow(dialect), count: 1 })
    .onConflict((conflict) =>
      conflict.column('bucket').doUpdateSet((eb) => {
        const over = eb(eb('limit_window.started_at', '+', p.windowMs), '<=', databaseNow(dialect));
        return {
          count: eb
            .case()
            .when(over)
            .then(1)
            .else(eb('limit_window.count', '+', 1))
            .end(),
          started_at: eb.case().when(over).then(databaseNow(dialect)).else(eb.ref('limit_window.started_at')).end(),
        };
      }),
    )
    .returning('count'),
);

/** Counts so many more, or fewer, in the window of a bucket; never below none. */
export const countSome = statement(
  'store.countSome',
  (db, p: { bucket: string; windowMs: number; count: number }, dialect) =>
    db
      .insertInto('limit_window')
      .values((eb) => ({
        bucket: p.bucket,
        started_at: databaseNow(dialect),
        count: eb.case().when(eb.val(p.count), '>', 0).then(p.count).else(0).end(),
      }))
      .onConflict((conflict) =>
        conflict.column('bucket').doUpdateSet((eb) => {
          const over = eb(eb('limit_window.started_at', '+', p.windowMs), '<=', databaseNow(dialect));
          const sum = eb('limit_window.count', '+', p.count);
          return {
            count: eb.case().when(over).then(eb.ref('excluded.count')).when(sum, '<', 0).then(0).else(sum).end(),
            started_at: eb.case().when(over).then(databaseNow(dialect)).else(eb.ref('limit_window.started_at')).end(),
          };
        }),
      )
      .returning('count'),
);

/** How many the present window of a bucket has, and how long it lasts yet. */
export const findCount = statement('store.findCount', (db, p: { bucket: string; windowMs: number }, dialect) =>
  db
    .selectFrom('limit_window')
    .select((eb) => ['count', eb(eb('started_at', '+', p.windowMs), '-', databaseNow(dialect)).as('leftMs')])
    .where('bucket', '=', p.bucket)
    .where((eb) => eb(eb('started_at', '+', p.windowMs), '>', databaseNow(dialect))),
);
