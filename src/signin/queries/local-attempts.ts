import { statement } from '#store';

type Of = { organizationId: string; nameHash: string; device: string };

/**
 * Counts an attempt by a name, unless the name is locked: then it gives no row. What was counted before `forgetBefore` is
 * forgotten.
 */
export const countAttempt = statement('signin.countAttempt', (db, p: Of & { at: number; forgetBefore: number }) =>
  db
    .insertInto('local_attempts')
    .values({
      organization_id: p.organizationId,
      name_hash: p.nameHash,
      device: p.device,
      attempts: 1,
      locks: 0,
      last_at: p.at,
      locked_until: 0,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'name_hash', 'device'])
        .doUpdateSet((eb) => {
          const old = eb('local_attempts.last_at', '<', p.forgetBefore);
          return {
            attempts: eb
              .case()
              .when(old)
              .then(1)
              .else(eb('local_attempts.attempts', '+', 1))
              .end(),
            locks: eb.case().when(old).then(0).else(eb.ref('local_attempts.locks')).end(),
            last_at: p.at,
          };
        })
        .where('local_attempts.locked_until', '<=', p.at),
    )
    .returning(['attempts', 'locks']),
);

/** Locks a name for whoever it was counted for. */
export const lockName = statement('signin.lockName', (db, p: Of & { locks: number; until: number }) =>
  db
    .updateTable('local_attempts')
    .set({ locks: p.locks, locked_until: p.until })
    .where('organization_id', '=', p.organizationId)
    .where('name_hash', '=', p.nameHash)
    .where('device', '=', p.device),
);

export const findAttempts = statement('signin.findAttempts', (db, p: Of) =>
  db
    .selectFrom('local_attempts')
    .select(['attempts', 'locks', 'last_at', 'locked_until'])
    .where('organization_id', '=', p.organizationId)
    .where('name_hash', '=', p.nameHash)
    .where('device', '=', p.device),
);

/** Forgets the attempts of one browser, or of all that are not known. */
export const removeAttempts = statement('signin.removeAttempts', (db, p: Of) =>
  db
    .deleteFrom('local_attempts')
    .where('organization_id', '=', p.organizationId)
    .where('name_hash', '=', p.nameHash)
    .where('device', '=', p.device),
);

/** Forgets every attempt by a name; gives whose. */
export const removeAllAttempts = statement(
  'signin.removeAllAttempts',
  (db, p: { organizationId: string; nameHash: string }) =>
    db
      .deleteFrom('local_attempts')
      .where('organization_id', '=', p.organizationId)
      .where('name_hash', '=', p.nameHash)
      .returning('locked_until'),
);

export const removeExpiredAttempts = statement(
  'signin.removeExpiredAttempts',
  (db, p: { organizationId: string; now: number }) =>
    db.deleteFrom('local_attempts').where('organization_id', '=', p.organizationId).where('last_at', '<', p.now),
);

/** Whether anything is written down that will be over. */
export const findAnyLocal = statement('signin.findAnyLocal', (db, p: { organizationId: string }) =>
  db.selectFrom('local_attempts').select('name_hash as id').where('organization_id', '=', p.organizationId).limit(1),
);
