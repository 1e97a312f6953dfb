import type { ResolvedFilter } from '#scim';
import { type Dialect, type FilterPlace, filterSql, type Statement, sql, statement, type Values } from '#store';
import { groupsOf } from './groups-of.ts';
import { type Sort, sortSql } from './sort-sql.ts';

/** A row of a list as SCIM answers it; `groups` are a user's, `members` the number of a group's. */
export interface ListedRow {
  id: string;
  document: string;
  version: number;
  created_at: number;
  updated_at: number;
  groups?: string | null;
  member_count?: number;
}

/** What decides about the SQL of a list. The name is the statement's; empty for one that is not kept. */
export interface ListShape {
  name: string;
  filter: ResolvedFilter | undefined;
  sort: Sort | undefined;
}

type ListValues = Values & {
  organizationId: string;
  directoryId: string;
  baseUrl: string;
  limit: number;
  offset: number;
};

const placeOf = (dialect: Dialect, p: ListValues, resourceType: 'User' | 'Group'): FilterPlace => ({
  dialect,
  resourceType,
  p,
});

/** A page of users that match a filter. Its values are those of the page and the filter's. */
export const listUsersStatement = ({ name, filter, sort }: ListShape): Statement<ListValues, ListedRow> =>
  statement(name, (db, p: ListValues, dialect) => {
    const users = db
      .selectFrom('scim_user as r')
      .select(['r.id', 'r.document', 'r.version', 'r.created_at', 'r.updated_at'])
      .select((eb) => groupsOf(eb, p, dialect).as('groups'))
      .where('r.organization_id', '=', p.organizationId)
      .where('r.directory_id', '=', p.directoryId);
    const place = placeOf(dialect, p, 'User');
    const found = filter === undefined ? users : users.where(sql<boolean>`${filterSql(filter, place)}`);
    return found.orderBy(sortSql(place, sort)).limit(p.limit).offset(p.offset);
  });

/** How many users match a filter. */
export const countUsersStatement = (name: string, filter: ResolvedFilter): Statement<ListValues, { count: number }> =>
  statement(name, (db, p: ListValues, dialect) =>
    db
      .selectFrom('scim_user as r')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('r.organization_id', '=', p.organizationId)
      .where('r.directory_id', '=', p.directoryId)
      .where(sql<boolean>`${filterSql(filter, placeOf(dialect, p, 'User'))}`),
  );

/** A page of groups that match a filter, without their members. */
export const listGroupsStatement = ({ name, filter, sort }: ListShape): Statement<ListValues, ListedRow> =>
  statement(name, (db, p: ListValues, dialect) => {
    const groups = db
      .selectFrom('scim_group as r')
      .select(['r.id', 'r.document', 'r.version', 'r.created_at', 'r.updated_at', 'r.member_count'])
      .where('r.organization_id', '=', p.organizationId)
      .where('r.directory_id', '=', p.directoryId);
    const place = placeOf(dialect, p, 'Group');
    const found = filter === undefined ? groups : groups.where(sql<boolean>`${filterSql(filter, place)}`);
    return found.orderBy(sortSql(place, sort)).limit(p.limit).offset(p.offset);
  });

/** How many groups match a filter. */
export const countGroupsStatement = (name: string, filter: ResolvedFilter): Statement<ListValues, { count: number }> =>
  statement(name, (db, p: ListValues, dialect) =>
    db
      .selectFrom('scim_group as r')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('r.organization_id', '=', p.organizationId)
      .where('r.directory_id', '=', p.directoryId)
      .where(sql<boolean>`${filterSql(filter, placeOf(dialect, p, 'Group'))}`),
  );
