import { statement } from '#store';

type Scope = { organizationId: string; directoryId: string };

/** Keeps that a deleted user was there. */
export const insertDeletedUser = statement(
  'directory.insertDeletedUser',
  (db, p: Scope & { id: string; externalId: string | null; userName: string; at: number }) =>
    db.insertInto('scim_deleted_user').values({
      organization_id: p.organizationId,
      directory_id: p.directoryId,
      id: p.id,
      external_id: p.externalId,
      user_name: p.userName,
      deleted_at: p.at,
    }),
);

/** A user who was there. */
export const findDeletedUser = statement('directory.findDeletedUser', (db, p: Scope & { id: string }) =>
  db
    .selectFrom('scim_deleted_user')
    .select(['user_name as userName', 'deleted_at as deletedAt'])
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', '=', p.id),
);

/** Forgets some of the users who were deleted before a time. */
export const forgetDeletedUsers = statement(
  'directory.forgetDeletedUsers',
  (db, p: Scope & { before: number; limit: number }) =>
    db
      .deleteFrom('scim_deleted_user')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('scim_deleted_user as q')
          .select('q.id')
          .where('q.organization_id', '=', p.organizationId)
          .where('q.directory_id', '=', p.directoryId)
          .where('q.deleted_at', '<', p.before)
          .limit(p.limit),
      )
      .returning('id'),
);
