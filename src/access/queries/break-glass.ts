import { statement } from '#store';

/** Gives an operator a credential, in place of the one it had. */
export const saveCredential = statement(
  'access.saveCredential',
  (db, p: { id: string; operatorId: string; hash: string; at: number }) =>
    db
      .insertInto('break_glass_credential')
      .values({ id: p.id, operator_id: p.operatorId, hash: p.hash, created_at: p.at })
      .onConflict((conflict) =>
        conflict.column('operator_id').doUpdateSet({ id: p.id, hash: p.hash, created_at: p.at, last_used_at: null }),
      ),
);

/** A credential with its operator. */
export const findCredential = statement('access.findCredential', (db, p: { id: string }) =>
  db
    .selectFrom('break_glass_credential')
    .innerJoin('operator', 'operator.id', 'break_glass_credential.operator_id')
    .select(['break_glass_credential.hash as hash', 'operator.id as operatorId', 'operator.name as name'])
    .where('break_glass_credential.id', '=', p.id),
);

export const listCredentials = statement('access.listCredentials', (db, p: { after: string; limit: number }) =>
  db
    .selectFrom('break_glass_credential')
    .innerJoin('operator', 'operator.id', 'break_glass_credential.operator_id')
    .select([
      'operator.id as id',
      'operator.name as name',
      'break_glass_credential.created_at as createdAt',
      'break_glass_credential.last_used_at as lastUsedAt',
    ])
    .where('break_glass_credential.operator_id', '>', p.after)
    .orderBy('break_glass_credential.operator_id')
    .limit(p.limit),
);

/** Writes down a use; gives no row where the credential was renewed meanwhile. */
export const touchCredential = statement('access.touchCredential', (db, p: { id: string; at: number }) =>
  db.updateTable('break_glass_credential').set({ last_used_at: p.at }).where('id', '=', p.id).returning('id'),
);

export const removeCredentialOf = statement('access.removeCredentialOf', (db, p: { operatorId: string }) =>
  db.deleteFrom('break_glass_credential').where('operator_id', '=', p.operatorId),
);

export const insertUse = statement(
  'access.insertUse',
  (
    db,
    p: {
      id: string;
      operatorId: string;
      operatorName: string;
      at: number;
      succeeded: number;
      address: string;
      userAgent: string | null;
    },
  ) =>
    db.insertInto('break_glass_use').values({
      id: p.id,
      operator_id: p.operatorId,
      operator_name: p.operatorName,
      at: p.at,
      succeeded: p.succeeded,
      address: p.address,
      user_agent: p.userAgent,
    }),
);

/** Uses, the newest first. */
export const listUses = statement('access.listUses', (db, p: { before: string; limit: number }) =>
  db.selectFrom('break_glass_use').selectAll().where('id', '<', p.before).orderBy('id', 'desc').limit(p.limit),
);

/** Acknowledges a use that nobody acknowledged; gives whose it was. */
export const acknowledge = statement('access.acknowledge', (db, p: { id: string; at: number; by: string }) =>
  db
    .updateTable('break_glass_use')
    .set({ acknowledged_at: p.at, acknowledged_by: p.by })
    .where('id', '=', p.id)
    .where('acknowledged_at', 'is', null)
    .returning(['operator_id', 'operator_name']),
);

export const findUse = statement('access.findUse', (db, p: { id: string }) =>
  db.selectFrom('break_glass_use').select('acknowledged_at').where('id', '=', p.id),
);
