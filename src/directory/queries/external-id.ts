import { statement } from '#store';

type Scope = { organizationId: string; directoryId: string };

/** The first externalIds of a directory in their order. */
export const listFirstExternalIds = statement(
  'directory.listFirstExternalIds',
  (db, p: Scope & { after: string; limit: number }) =>
    db
      .selectFrom('scim_user')
      .select(['external_id as externalId', 'id'])
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('external_id', '>', p.after)
      .orderBy('external_id')
      .limit(p.limit),
);

/** The last ones. */
export const listLastExternalIds = statement('directory.listLastExternalIds', (db, p: Scope & { limit: number }) =>
  db
    .selectFrom('scim_user')
    .select(['external_id as externalId', 'id'])
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('external_id', 'is not', null)
    .orderBy('external_id', 'desc')
    .limit(p.limit),
);

/** Some users that carry none. */
export const listWithoutExternalId = statement('directory.listWithoutExternalId', (db, p: Scope & { limit: number }) =>
  db
    .selectFrom('scim_user')
    .select(['user_name as userName', 'id'])
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('external_id', 'is', null)
    .limit(p.limit),
);
