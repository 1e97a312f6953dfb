import { databaseNow, statement } from '#store';

type Scope = { organizationId: string; directoryId: string };

/** The database's clock: machines need not agree on theirs. */
export const askClock = statement('directory.askClock', (db, _: Record<never, never>, dialect) =>
  db.selectNoFrom(databaseNow(dialect).as('now')),
);

/** Tells the other machines how many requests a second one machine is asked for. */
export const putDemand = statement(
  'directory.putDemand',
  (db, p: Scope & { machine: string; at: number; demand: number }) =>
    db
      .insertInto('directory_demand')
      .values({
        organization_id: p.organizationId,
        directory_id: p.directoryId,
        machine: p.machine,
        at: p.at,
        demand: p.demand,
      })
      .onConflict((conflict) =>
        conflict.columns(['organization_id', 'directory_id', 'machine']).doUpdateSet((eb) => ({
          at: eb.ref('excluded.at'),
          demand: eb.ref('excluded.demand'),
        })),
      ),
);

/** What the other machines told since. */
export const listOtherDemand = statement(
  'directory.listOtherDemand',
  (db, p: Scope & { machine: string; since: number }) =>
    db
      .selectFrom('directory_demand')
      .select('demand')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('machine', '!=', p.machine)
      .where('at', '>', p.since),
);

/** Forgets machines that told nothing since. */
export const removeOldDemand = statement('directory.removeOldDemand', (db, p: Scope & { since: number }) =>
  db
    .deleteFrom('directory_demand')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('at', '<=', p.since),
);
