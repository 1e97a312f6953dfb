import { statement } from '#store';

/** A provisioning client was here. */
export const touchContact = statement(
  'directory.touchContact',
  (db, p: { organizationId: string; directoryId: string; at: number }) =>
    db
      .insertInto('directory_contact')
      .values({ organization_id: p.organizationId, directory_id: p.directoryId, first_at: p.at, last_at: p.at })
      .onConflict((conflict) =>
        conflict.columns(['organization_id', 'directory_id']).doUpdateSet((eb) => ({
          first_at: eb.fn.coalesce('directory_contact.first_at', 'excluded.first_at'),
          last_at: eb.ref('excluded.last_at'),
        })),
      ),
);

/** A provisioning client was turned away. */
export const touchRefusal = statement(
  'directory.touchRefusal',
  (db, p: { organizationId: string; directoryId: string; at: number; status: number; refusal: string }) =>
    db
      .insertInto('directory_contact')
      .values({
        organization_id: p.organizationId,
        directory_id: p.directoryId,
        refused_at: p.at,
        refused_status: p.status,
        refusal: p.refusal,
      })
      .onConflict((conflict) =>
        conflict.columns(['organization_id', 'directory_id']).doUpdateSet((eb) => ({
          refused_at: eb.ref('excluded.refused_at'),
          refused_status: eb.ref('excluded.refused_status'),
          refusal: eb.ref('excluded.refusal'),
        })),
      ),
);

export const findContact = statement(
  'directory.findContact',
  (db, p: { organizationId: string; directoryId: string }) =>
    db
      .selectFrom('directory_contact')
      .select([
        'first_at as firstAt',
        'last_at as lastAt',
        'refused_at as refusedAt',
        'refused_status as refusedStatus',
        'refusal',
      ])
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId),
);
