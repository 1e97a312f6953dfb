import { statement } from '#store';

/** The users and groups of an externalId. */
export const listOfExternalId = statement(
  'directory.listOfExternalId',
  (db, p: { organizationId: string; directoryId: string; externalId: string }) =>
    db
      .selectFrom('scim_user')
      .select('id')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('external_id', '=', p.externalId)
      .unionAll((eb) =>
        eb
          .selectFrom('scim_group')
          .select('id')
          .where('organization_id', '=', p.organizationId)
          .where('directory_id', '=', p.directoryId)
          .where('external_id', '=', p.externalId),
      ),
);
