import type { ResolvedFilter } from '#scim';
import { type Dialect, type FilterPlace, filterSql, type Statement, sql, statement, type Values } from '#store';
import { groupsOf } from './groups-of.ts';
import { beyondSql, type Sort, type Start, sortKeySql, sortSql } from './sort-sql.ts';

/** A row of a list as SCIM answers it; `groups` are a user's, `members` the number of a group's. */
export interface ListedRow {
  id: string;
  document: string;
  version: number;
  created_at: number;
  updated_at: number;
  groups?: string | null;
  member_count?: number;
  sort_key: string | number | null;
}

/** What decides about the SQL of a list. The name is the statement's; empty for one that is not kept. */
export interface ListShape {
  name: string;
  filter: ResolvedFilter | undefined;
  sort: Sort | undefined;
  /** Whether it begins behind a position, and whether it is read backwards. */
  start?: Start | undefined;
  backwards?: boolean;
  /** Whether rows are left out before the page. A statement that only might is so dear to PostgreSQL that it plans anew each time. */
  skips?: boolean;
}

type ListValues = Values & {
  organizationId: string;
  directoryId: string;
  baseUrl: string;
  limit: number;
  offset: number;
  positionId: string;
  positionKey: string | number | null;
};

const placeOf = (dialect: Dialect, p: ListValues, resourceType: 'User' | 'Group'): FilterPlace => ({
  dialect,
  resourceType,
  p,
});

/** Whether a row matches the filter and lies behind the position. */
function isListed({ filter, sort, start, backwards = false }: ListShape, place: FilterPlace) {
  const found = filter === undefined ? sql`1 = 1` : filterSql(filter, place);
  return start === undefined
    ? sql<boolean>`${found}`
    : sql<boolean>`${found} and ${beyondSql(place, sort, start, backwards)}`;
}

/** A page of users that match a filter. Its values are those of the page and the filter's. */
export const listUsersStatement = (shape: ListShape): Statement<ListValues, ListedRow> =>
  statement(shape.name, (db, p: ListValues, dialect) => {
    const place = placeOf(dialect, p, 'User');
    return db
      .selectFrom('scim_user as r')
      .select(['r.id', 'r.document', 'r.version', 'r.created_at', 'r.updated_at'])
      .select((eb) => groupsOf(eb, p, dialect).as('groups'))
      .select(sortKeySql(place, shape.sort).as('sort_key'))
      .where('r.organization_id', '=', p.organizationId)
      .where('r.directory_id', '=', p.directoryId)
      .where(isListed(shape, place))
      .orderBy(sortSql(place, shape.sort, shape.backwards))
      .limit(p.limit)
      .$if(shape.skips === true, (page) => page.offset(p.offset));
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
export const listGroupsStatement = (shape: ListShape): Statement<ListValues, ListedRow> =>
  statement(shape.name, (db, p: ListValues, dialect) => {
    const place = placeOf(dialect, p, 'Group');
    return db
      .selectFrom('scim_group as r')
      .select(['r.id', 'r.document', 'r.version', 'r.created_at', 'r.updated_at', 'r.member_count'])
      .select(sortKeySql(place, shape.sort).as('sort_key'))
      .where('r.organization_id', '=', p.organizationId)
      .where('r.directory_id', '=', p.directoryId)
      .where(isListed(shape, place))
      .orderBy(sortSql(place, shape.sort, shape.backwards))
      .limit(p.limit)
      .$if(shape.skips === true, (page) => page.offset(p.offset));
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
