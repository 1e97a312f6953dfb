import type { ResolvedFilter } from '#scim';
import { memberFilterSql, type Statement, sql, statement, type Values } from '#store';

type RemovalValues = Values & {
  organizationId: string;
  directoryId: string;
  baseUrl: string;
  groupId: string;
  limit: number;
};

/** Removes members of a group that fulfil a filter (`members[…]` that is no list of ids): on SQLite so many at once. */
export const removeMembersWhere = (filter: ResolvedFilter): Statement<RemovalValues, { member_value: string }> =>
  statement('', (db, p: RemovalValues, dialect) => {
    const holds = sql<boolean>`${memberFilterSql(filter, { dialect, resourceType: 'Group', p })}`;
    if (dialect === 'postgres') {
      return db
        .deleteFrom('scim_membership as m')
        .where('m.organization_id', '=', p.organizationId)
        .where('m.directory_id', '=', p.directoryId)
        .where('m.group_id', '=', p.groupId)
        .where(holds)
        .returning('m.member_value');
    }
    return db
      .deleteFrom('scim_membership')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('group_id', '=', p.groupId)
      .where('member_value', 'in', (eb) =>
        eb
          .selectFrom('scim_membership as m')
          .select('m.member_value')
          .where('m.organization_id', '=', p.organizationId)
          .where('m.directory_id', '=', p.directoryId)
          .where('m.group_id', '=', p.groupId)
          .where(holds)
          .orderBy('m.member_value')
          .limit(p.limit),
      )
      .returning('member_value');
  });
