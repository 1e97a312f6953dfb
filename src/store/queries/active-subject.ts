import { type Expression, expressionBuilder, type RawBuilder, type SqlBool, sql } from 'kysely';
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
      .select(['id', 'active', 'user_name', 'display_name', 'email'])
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('external_id', '=', p.externalId)
      .orderBy('id')
      .limit(2),
);

/** A user that something remembers, where its directory still has it. */
export const findSubjectById = statement(
  'store.findSubjectById',
  (db, p: { organizationId: string; directoryId: string; userId: string }) =>
    db
      .selectFrom('scim_user')
      .select('id')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('id', '=', p.userId),
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

/** Whether a user is switched on, 1 or 0; as an expression, so that no database looks for all who are rather than for the one. */
const isActive = (user: string): RawBuilder<number> => sql<number>`${sql.ref(`${user}.active`)} + 0`;

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
 * Whether the person of a row is still active: the user it remembers is there and switched on, no user with the person's
 * externalId is switched off, and the user is in one of the groups to which the directory limits sign-in. For the `where` of any statement that must not serve a disabled person: a join at
 * use, so that it holds from the commit of the change on.
 */
export function activeSubject(p: { organizationId: string }, of: SubjectColumns): Expression<SqlBool> {
  const { and, exists, not, or, selectFrom } = expressionBuilder<Tables, never>();
  const directoryId = sql.ref<string>(of.mayBeIn);
  return and([
    or([
      sql<SqlBool>`${sql.ref(of.user)} is null`,
      exists(
        selectFrom('scim_user as remembered')
          .select('remembered.id')
          .where('remembered.organization_id', '=', p.organizationId)
          .where('remembered.directory_id', '=', sql.ref<string>(of.directory))
          .where('remembered.id', '=', sql.ref<string>(of.user))
          .where(isActive('remembered'), '=', 1),
      ),
    ]),
    not(
      exists(
        selectFrom('scim_user as switched_off')
          .select('switched_off.id')
          .where('switched_off.organization_id', '=', p.organizationId)
          .where('switched_off.directory_id', '=', sql.ref<string>(of.mayBeIn))
          .where('switched_off.external_id', '=', sql.ref<string>(of.externalId))
          .where(isActive('switched_off'), '=', 0),
      ),
    ),
    or([
      not(exists(admissions(p, directoryId))),
      and([
        sql<SqlBool>`${sql.ref(of.directory)} = ${directoryId}`,
        exists(membershipsThatAdmit(p, directoryId, sql.ref<string>(of.user))),
      ]),
    ]),
  ]);
}

/**
 * Whether a directory has shut a person out whom a link names: the provisioned user was switched off or deleted, and none that is
 * active carries the externalId, or it left the groups that may sign in. Nobody is shut out by a directory that is gone.
 */
export function shutOut(p: { organizationId: string }, of: Omit<SubjectColumns, 'mayBeIn'>): Expression<SqlBool> {
  const { and, exists, not, or, selectFrom } = expressionBuilder<Tables, never>();
  const directoryId = sql.ref<string>(of.directory);
  const users = selectFrom('scim_user as there')
    .select('there.id')
    .where('there.organization_id', '=', p.organizationId)
    .where('there.directory_id', '=', directoryId);
  const letIn = users
    .where(isActive('there'), '=', 1)
    .where(
      or([not(exists(admissions(p, directoryId))), exists(membershipsThatAdmit(p, directoryId, sql.ref('there.id')))]),
    );
  return or([
    and([
      sql<SqlBool>`${sql.ref(of.user)} is not null`,
      exists(
        selectFrom('connection as kept')
          .select('kept.id')
          .where('kept.organization_id', '=', p.organizationId)
          .where('kept.id', '=', directoryId),
      ),
      not(exists(letIn.where('there.id', '=', sql.ref<string>(of.user)))),
      not(exists(letIn.where('there.external_id', '=', sql.ref<string>(of.externalId)))),
    ]),
    exists(users.where('there.external_id', '=', sql.ref<string>(of.externalId)).where(isActive('there'), '=', 0)),
  ]);
}

type Text = string | RawBuilder<string>;

/** The groups to which a directory limits sign-in; none where everybody may. */
const admissions = (p: { organizationId: string }, directoryId: Text) =>
  expressionBuilder<Tables, never>()
    .selectFrom('directory_admission as admission')
    .select('admission.display_name_folded')
    .where('admission.organization_id', '=', p.organizationId)
    .where('admission.directory_id', '=', directoryId);

/** A user's memberships in those groups. */
const membershipsThatAdmit = (p: { organizationId: string }, directoryId: Text, userId: Text) =>
  expressionBuilder<Tables, never>()
    .selectFrom('directory_admission as admission')
    .innerJoin('scim_group as admitting', (join) =>
      join
        .on('admitting.organization_id', '=', p.organizationId)
        .on('admitting.directory_id', '=', directoryId)
        .onRef('admitting.display_name_folded', '=', 'admission.display_name_folded'),
    )
    .innerJoin('scim_membership as belonging', (join) =>
      join
        .on('belonging.organization_id', '=', p.organizationId)
        .on('belonging.directory_id', '=', directoryId)
        .onRef('belonging.group_id', '=', 'admitting.id')
        .on('belonging.member_value', '=', userId),
    )
    .select('belonging.group_id')
    .where('admission.organization_id', '=', p.organizationId)
    .where('admission.directory_id', '=', directoryId);

/** Whether a directory lets a user sign in, as far as its groups decide: a row where it does not. */
export const findNotAdmitted = statement(
  'store.findNotAdmitted',
  (db, p: { organizationId: string; directoryId: string; userId: string }) =>
    db
      .selectFrom('directory_admission as limit')
      .select('limit.display_name_folded as group')
      .where('limit.organization_id', '=', p.organizationId)
      .where('limit.directory_id', '=', p.directoryId)
      .where(({ not, exists }) => not(exists(membershipsThatAdmit(p, p.directoryId, p.userId))))
      .limit(1),
);

/** The groups that a user is in, by display name and externalId (the object id at Entra), 200 at most. */
export const listGroupsOfSubject = statement(
  'store.listGroupsOfSubject',
  (db, p: { organizationId: string; directoryId: string; userId: string }) =>
    db
      .selectFrom('scim_membership as m')
      .innerJoin('scim_group as g', (join) =>
        join
          .on('g.organization_id', '=', p.organizationId)
          .on('g.directory_id', '=', p.directoryId)
          .onRef('g.id', '=', 'm.group_id'),
      )
      .select(['g.display_name as name', 'g.external_id as externalId'])
      .where('m.organization_id', '=', p.organizationId)
      .where('m.directory_id', '=', p.directoryId)
      .where('m.member_value', '=', p.userId)
      .orderBy('m.group_id')
      .limit(200),
);
