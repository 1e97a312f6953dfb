import { statement } from '#store';

const columns = ['id', 'name', 'tenant_id', 'subject', 'audience', 'created_at', 'last_used_at'] as const;

type Scope = { organizationId: string; directoryId: string };

export const insertAssertionTrust = statement(
  'connections.insertAssertionTrust',
  (db, p: Scope & { id: string; name: string; tenantId: string; subject: string; audience: string; at: number }) =>
    db
      .insertInto('assertion_trust')
      .values({
        organization_id: p.organizationId,
        directory_id: p.directoryId,
        id: p.id,
        name: p.name,
        tenant_id: p.tenantId,
        subject: p.subject,
        audience: p.audience,
        created_at: p.at,
      })
      .returning(columns),
);

export const listAssertionTrusts = statement(
  'connections.listAssertionTrusts',
  (db, p: Scope & { after: string; limit: number }) =>
    db
      .selectFrom('assertion_trust')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('id', '>', p.after)
      .orderBy('id')
      .limit(p.limit),
);

/** Notes that an assertion was taken; says so only where it is still trusted. */
export const touchAssertionTrust = statement(
  'connections.touchAssertionTrust',
  (db, p: Scope & { id: string; at: number }) =>
    db
      .updateTable('assertion_trust')
      .set({ last_used_at: p.at })
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('id', '=', p.id)
      .returning('id'),
);

export const removeAssertionTrust = statement('connections.removeAssertionTrust', (db, p: Scope & { id: string }) =>
  db
    .deleteFrom('assertion_trust')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', '=', p.id)
    .returning('name'),
);

export const removeAssertionTrusts = statement('connections.removeAssertionTrusts', (db, p: Scope) =>
  db
    .deleteFrom('assertion_trust')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId),
);

/** Remembers an assertion until its end; gives nothing where it was there before. */
export const insertAssertionUse = statement(
  'connections.insertAssertionUse',
  (db, p: Scope & { hash: string; expiresAt: number }) =>
    db
      .insertInto('assertion_use')
      .values({
        organization_id: p.organizationId,
        directory_id: p.directoryId,
        hash: p.hash,
        expires_at: p.expiresAt,
      })
      .onConflict((conflict) => conflict.columns(['organization_id', 'directory_id', 'hash']).doNothing())
      .returning('hash'),
);

export const removeExpiredAssertionUses = statement(
  'connections.removeExpiredAssertionUses',
  (db, p: Scope & { now: number }) =>
    db
      .deleteFrom('assertion_use')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('expires_at', '<=', p.now),
);

export const findAnyAssertionUse = statement('connections.findAnyAssertionUse', (db, p: Scope) =>
  db
    .selectFrom('assertion_use')
    .select('hash')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .limit(1),
);

export const removeAssertionUses = statement('connections.removeAssertionUses', (db, p: Scope) =>
  db
    .deleteFrom('assertion_use')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId),
);
