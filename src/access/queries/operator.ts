import { statement } from '#store';

const columns = ['id', 'name', 'email', 'role', 'break_glass', 'version', 'created_at', 'last_sign_in_at'] as const;

export const insertOperator = statement(
  'access.insertOperator',
  (db, p: { id: string; name: string; email: string | null; role: string; breakGlass: number; at: number }) =>
    db
      .insertInto('operator')
      .values({
        id: p.id,
        name: p.name,
        email: p.email,
        role: p.role,
        break_glass: p.breakGlass,
        version: 1,
        created_at: p.at,
      })
      .returning(columns),
);

export const findOperator = statement('access.findOperator', (db, p: { id: string }) =>
  db.selectFrom('operator').select(columns).where('id', '=', p.id),
);

export const listOperators = statement('access.listOperators', (db, p: { after: string; limit: number }) =>
  db.selectFrom('operator').select(columns).where('id', '>', p.after).orderBy('id').limit(p.limit),
);

/** Locks all operators, so that two changes at once cannot remove the last two owners. There are few. */
export const lockOperators = statement('access.lockOperators', (db, _: Record<never, never>, dialect) => {
  const all = db.selectFrom('operator').select(['id', 'role', 'break_glass']).orderBy('id');
  return dialect === 'postgres' ? all.forUpdate() : all;
});

export const updateOperator = statement(
  'access.updateOperator',
  (db, p: { id: string; version: number; name: string; email: string | null; role: string }) =>
    db
      .updateTable('operator')
      .set((eb) => ({ name: p.name, email: p.email, role: p.role, version: eb('version', '+', 1) }))
      .where('id', '=', p.id)
      .where('version', '=', p.version)
      .returning(columns),
);

export const updateLastSignIn = statement('access.updateLastSignIn', (db, p: { id: string; at: number }) =>
  db.updateTable('operator').set({ last_sign_in_at: p.at }).where('id', '=', p.id),
);

export const removeOperator = statement('access.removeOperator', (db, p: { id: string }) =>
  db.deleteFrom('operator').where('id', '=', p.id).returning('id'),
);
