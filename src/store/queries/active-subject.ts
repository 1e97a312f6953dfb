import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely';
import { statement } from '../statement.ts';
import type { Tables } from '../tables/index.ts';

/**
 * The users of a directory that carry an externalId, two at most: one is the person, two are nobody in particular.
 * externalId is compared exactly (RFC 7643 §3.1).
 */
export const findSubject = statement(
  'store.findSubject',
  (db, p: { organizationId: string; directoryId: string; externalId: string }) =>
    db
      .selectFrom('scim_user')
      .select(['id', 'active', 'user_name', 'display_name'])
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('external_id', '=', p.externalId)
      .orderBy('id')
      .limit(2),
);

/** Whether a user of a directory that carried an externalId was deleted. */
export const findDeletedSubject = statement(
  'store.findDeletedSubject',
  (db, p: { organizationId: string; directoryId: string; externalId: string }) =>
    db
      .selectFrom('scim_deleted_user')
      .select('id')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('external_id', '=', p.externalId)
      .limit(1),
);

/** The columns, as `table.column`, by which a row names a person in a directory. */
export interface SubjectColumns {
  /** Where the user was found that the row remembers, and the user's id; null where there was none. */
  directory: string;
  user: string;
  /** The directory in which the person may turn up as well, and the externalId to look for. */
  mayBeIn: string;
  externalId: string;
}

/**
 * Whether the person of a row is still active: the user it remembers is there and switched on, and no user with the
 * person's externalId is switched off. For the `where` of any statement that must not serve a disabled person: a join at
 * use, so that it holds from the commit of the change on.
 */
export function activeSubject(p: { organizationId: string }, of: SubjectColumns): Expression<SqlBool> {
  const { and, exists, not, or, selectFrom } = expressionBuilder<Tables, never>();
  return and([
    or([
      sql<SqlBool>`${sql.ref(of.user)} is null`,
      exists(
        selectFrom('scim_user as remembered')
          .select('remembered.id')
          .where('remembered.organization_id', '=', p.organizationId)
          .where('remembered.directory_id', '=', sql.ref<string>(of.directory))
          .where('remembered.id', '=', sql.ref<string>(of.user))
          .where('remembered.active', '=', 1),
      ),
    ]),
    not(
      exists(
        selectFrom('scim_user as switched_off')
          .select('switched_off.id')
          .where('switched_off.organization_id', '=', p.organizationId)
          .where('switched_off.directory_id', '=', sql.ref<string>(of.mayBeIn))
          .where('switched_off.external_id', '=', sql.ref<string>(of.externalId))
          .where('switched_off.active', '=', 0),
      ),
    ),
  ]);
}
