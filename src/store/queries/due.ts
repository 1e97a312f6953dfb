import { databaseNow } from '../sql.ts';
import { statement } from '../statement.ts';

/** Puts work on the list, or hastens it where it is there already. `in` is in milliseconds of the database's clock. */
export const putDue = statement(
  'store.putDue',
  (db, p: { kind: string; organizationId: string; subject: string; in: number }, dialect) =>
    db
      .insertInto('due')
      .values((eb) => ({
        kind: p.kind,
        organization_id: p.organizationId,
        subject: p.subject,
        at: eb(databaseNow(dialect), '+', p.in),
        attempts: 0,
        generation: 0,
      }))
      .onConflict((conflict) =>
        conflict.columns(['kind', 'organization_id', 'subject']).doUpdateSet((eb) => ({
          at: eb
            .case()
            .when('due.at', '<', eb.ref('excluded.at'))
            .then(eb.ref('due.at'))
            .else(eb.ref('excluded.at'))
            .end(),
          generation: eb('due.generation', '+', 1),
        })),
      ),
);

/** Takes work that is due and not leased, for `leaseMs`. */
export const leaseDue = statement(
  'store.leaseDue',
  (db, p: { lease: string; leaseMs: number; limit: number }, dialect) => {
    const free = db
      .selectFrom('due')
      .select(['kind', 'organization_id', 'subject'])
      .where('at', '<=', databaseNow(dialect))
      .where((eb) => eb.or([eb('leased_until', 'is', null), eb('leased_until', '<', databaseNow(dialect))]))
      .orderBy('at')
      .limit(p.limit);
    return db
      .with('free', () => (dialect === 'postgres' ? free.forUpdate().skipLocked() : free))
      .updateTable('due')
      .from('free')
      .set((eb) => ({
        lease: p.lease,
        leased_until: eb(databaseNow(dialect), '+', p.leaseMs),
        attempts: eb('due.attempts', '+', 1),
      }))
      .whereRef('due.kind', '=', 'free.kind')
      .whereRef('due.organization_id', '=', 'free.organization_id')
      .whereRef('due.subject', '=', 'free.subject')
      .returning([
        'due.kind as kind',
        'due.organization_id as organizationId',
        'due.subject as subject',
        'due.attempts as attempts',
        'due.generation as generation',
      ]);
  },
);

/** Strikes work off, unless it was put on the list again meanwhile; says whether it did. */
export const removeDue = statement(
  'store.removeDue',
  (db, p: { kind: string; organizationId: string; subject: string; lease: string; generation: number }) =>
    db
      .deleteFrom('due')
      .where('kind', '=', p.kind)
      .where('organization_id', '=', p.organizationId)
      .where('subject', '=', p.subject)
      .where('lease', '=', p.lease)
      .where('generation', '=', p.generation)
      .returning('kind'),
);

/** Gives leased work back: due again in `in` milliseconds, or at once where it was put on the list meanwhile. */
export const returnDue = statement(
  'store.returnDue',
  (
    db,
    p: {
      kind: string;
      organizationId: string;
      subject: string;
      lease: string;
      generation: number;
      in: number;
      attempts: number;
    },
    dialect,
  ) =>
    db
      .updateTable('due')
      .set((eb) => ({
        lease: null,
        leased_until: null,
        attempts: p.attempts,
        at: eb
          .case()
          .when('generation', '=', p.generation)
          .then(eb(databaseNow(dialect), '+', p.in))
          .else(databaseNow(dialect))
          .end(),
      }))
      .where('kind', '=', p.kind)
      .where('organization_id', '=', p.organizationId)
      .where('subject', '=', p.subject)
      .where('lease', '=', p.lease),
);

/** Keeps a lease while long work goes on. */
export const extendDue = statement('store.extendDue', (db, p: { lease: string; leaseMs: number }, dialect) =>
  db
    .updateTable('due')
    .set((eb) => ({ leased_until: eb(databaseNow(dialect), '+', p.leaseMs) }))
    .where('lease', '=', p.lease),
);

/** Takes every lease back: whoever held one is gone. */
export const freeLeases = statement('store.freeLeases', (db) =>
  db.updateTable('due').set({ lease: null, leased_until: null }).where('lease', 'is not', null),
);
