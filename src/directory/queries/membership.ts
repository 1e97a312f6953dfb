import { sql, statement, textList, textRows } from '#store';

type Scope = { organizationId: string; directoryId: string };

/**
 * Adds members, given as JSON; those that are there already are passed over. What kind of thing a member is the client said,
 * or the directory knows; of an id that nobody has, neither.
 */
export const insertMembers = statement(
  'directory.insertMembers',
  (db, p: Scope & { groupId: string; members: string }, dialect) =>
    db
      .insertInto('scim_membership')
      .columns(['organization_id', 'directory_id', 'group_id', 'member_value', 'member_type'])
      .expression((eb) =>
        eb
          .selectFrom(textRows(dialect, p.members, ['value', 'type']).as('given'))
          .select((inner) => [
            inner.cast<string>(inner.val(p.organizationId), 'text').as('organization_id'),
            inner.cast<string>(inner.val(p.directoryId), 'text').as('directory_id'),
            inner.cast<string>(inner.val(p.groupId), 'text').as('group_id'),
            'given.value',
            inner
              .case()
              .when(
                inner.exists(
                  inner
                    .selectFrom('scim_user as u')
                    .select('u.id')
                    .where('u.organization_id', '=', p.organizationId)
                    .where('u.directory_id', '=', p.directoryId)
                    .whereRef('u.id', '=', 'given.value'),
                ),
              )
              .then('User')
              .when(
                inner.exists(
                  inner
                    .selectFrom('scim_group as g')
                    .select('g.id')
                    .where('g.organization_id', '=', p.organizationId)
                    .where('g.directory_id', '=', p.directoryId)
                    .whereRef('g.id', '=', 'given.value'),
                ),
              )
              .then('Group')
              .else(inner.ref('given.type'))
              .end()
              .as('member_type'),
          ])
          // SQLite could not tell an upsert from a join without it.
          .where(sql<boolean>`1 = 1`)
          .orderBy('given.value'),
      )
      .onConflict((conflict) =>
        conflict.columns(['organization_id', 'directory_id', 'group_id', 'member_value']).doNothing(),
      )
      .returning('member_value'),
);

/** Removes the members of a list of ids. */
export const removeMembers = statement(
  'directory.removeMembers',
  (db, p: Scope & { groupId: string; values: string }, dialect) =>
    db
      .deleteFrom('scim_membership')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('group_id', '=', p.groupId)
      .where('member_value', 'in', textList(dialect, p.values))
      .returning('member_value'),
);

/** Removes those members that are not on a list of ids: on SQLite so many of them at once, on PostgreSQL all. */
export const removeOtherMembers = statement(
  'directory.removeOtherMembers',
  (db, p: Scope & { groupId: string; values: string; limit: number }, dialect) => {
    const members = db
      .deleteFrom('scim_membership')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('group_id', '=', p.groupId)
      .returning('member_value');
    if (dialect === 'postgres') return members.where('member_value', 'not in', textList(dialect, p.values));
    return members.where('member_value', 'in', (eb) =>
      eb
        .selectFrom('scim_membership as m')
        .select('m.member_value')
        .where('m.organization_id', '=', p.organizationId)
        .where('m.directory_id', '=', p.directoryId)
        .where('m.group_id', '=', p.groupId)
        .where('m.member_value', 'not in', textList(dialect, p.values))
        .orderBy('m.member_value')
        .limit(p.limit),
    );
  },
);

/** A page of a group's members in the order of their ids, with the names that the directory has for them. */
export const listMembers = statement(
  'directory.listMembers',
  (db, p: Scope & { groupId: string; after: string; limit: number }) =>
    db
      .selectFrom('scim_membership as m')
      .leftJoin('scim_user as u', (join) =>
        join
          .on('u.organization_id', '=', p.organizationId)
          .on('u.directory_id', '=', p.directoryId)
          .onRef('u.id', '=', 'm.member_value'),
      )
      .leftJoin('scim_group as g', (join) =>
        join
          .on('g.organization_id', '=', p.organizationId)
          .on('g.directory_id', '=', p.directoryId)
          .onRef('g.id', '=', 'm.member_value'),
      )
      .select([
        'm.member_value as value',
        'm.member_type as type',
        'u.user_name as userName',
        'u.display_name as userDisplay',
        'u.active as active',
        'g.display_name as groupDisplay',
      ])
      .where('m.organization_id', '=', p.organizationId)
      .where('m.directory_id', '=', p.directoryId)
      .where('m.group_id', '=', p.groupId)
      .where('m.member_value', '>', p.after)
      .orderBy('m.member_value')
      .limit(p.limit),
);

/** The groups that somebody is a member of, locked in the order of their ids. */
export const lockGroupsOf = statement('directory.lockGroupsOf', (db, p: Scope & { memberValue: string }, dialect) => {
  const groups = db
    .selectFrom('scim_group')
    .select('id')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('scim_membership as m')
        .select('m.group_id')
        .where('m.organization_id', '=', p.organizationId)
        .where('m.directory_id', '=', p.directoryId)
        .where('m.member_value', '=', p.memberValue),
    )
    .orderBy('id');
  return dialect === 'postgres' ? groups.forUpdate() : groups;
});

/** Takes somebody out of all groups. */
export const removeMemberships = statement('directory.removeMemberships', (db, p: Scope & { memberValue: string }) =>
  db
    .deleteFrom('scim_membership')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('member_value', '=', p.memberValue)
    .returning('group_id'),
);

/** Groups have one member less. */
export const countOneLess = statement('directory.countOneLess', (db, p: Scope & { ids: string; at: number }, dialect) =>
  db
    .updateTable('scim_group')
    .set((eb) => ({
      member_count: eb('member_count', '-', 1),
      version: eb('version', '+', 1),
      updated_at: p.at,
    }))
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', 'in', textList(dialect, p.ids)),
);

/** Groups that somebody is a member of, for the REST API. */
export const listGroupsOf = statement('directory.listGroupsOf', (db, p: Scope & { memberValue: string }) =>
  db
    .selectFrom('scim_membership as m')
    .innerJoin('scim_group as g', (join) =>
      join
        .on('g.organization_id', '=', p.organizationId)
        .on('g.directory_id', '=', p.directoryId)
        .onRef('g.id', '=', 'm.group_id'),
    )
    .select(['g.id as id', 'g.display_name as displayName'])
    .where('m.organization_id', '=', p.organizationId)
    .where('m.directory_id', '=', p.directoryId)
    .where('m.member_value', '=', p.memberValue)
    .orderBy('g.id')
    .limit(1000),
);

/** A page of the ids of a group's members. */
export const listMemberValues = statement(
  'directory.listMemberValues',
  (db, p: Scope & { groupId: string; after: string; limit: number }) =>
    db
      .selectFrom('scim_membership')
      .select('member_value as value')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('group_id', '=', p.groupId)
      .where('member_value', '>', p.after)
      .orderBy('member_value')
      .limit(p.limit),
);
