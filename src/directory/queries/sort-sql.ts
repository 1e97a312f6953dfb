import type { BoundAttribute } from '#scim';
import { columnOf, type FilterPlace, type RawBuilder, sql } from '#store';

/** By which attribute, and which way, a list is sorted. */
export interface Sort {
  attribute: BoundAttribute;
  order: 'ascending' | 'descending';
}

/** Where a list goes on: behind an id, or behind a sort key (`null`: that of those without a value) and an id. */
export type Start = 'id' | 'key' | 'null';

/**
 * The order of a list `r` (RFC 7644 §3.4.2.3): without a value last ascending and first descending; the id decides between
 * equals, so that pages are stable. Without a sort it is the order in which the resources were made.
 */
export function sortSql(place: FilterPlace, sort: Sort | undefined, backwards = false): RawBuilder<unknown> {
  const id = backwards ? sql`r.id desc` : sql`r.id`;
  if (sort === undefined) return id;
  const { key, nullable } = sortKey(place, sort);
  const way = isAscending(sort, backwards) ? sql`asc` : sql`desc`;
  return nullable ? sql`${key} is null ${way}, ${key} ${way}, ${id}` : sql`${key} ${way}, ${id}`;
}

/** What lies behind a position, given as `positionKey` and `positionId`; before it, read backwards. */
export function beyondSql(
  place: FilterPlace,
  sort: Sort | undefined,
  start: Start,
  backwards: boolean,
): RawBuilder<unknown> {
  const { positionId, positionKey } = place.p;
  const id = backwards ? sql`r.id < ${positionId}` : sql`r.id > ${positionId}`;
  if (sort === undefined || start === 'id') return id;
  const { key, nullable } = sortKey(place, sort);
  const ascending = isAscending(sort, backwards);
  if (start === 'null') {
    return ascending ? sql`(${key} is null and ${id})` : sql`(${key} is not null or ${id})`;
  }
  // The outer comparison is what an index is searched by.
  const beyond = ascending
    ? sql`(${key} >= ${positionKey} and (${key} > ${positionKey} or ${id}))`
    : sql`(${key} <= ${positionKey} and (${key} < ${positionKey} or ${id}))`;
  return nullable && ascending ? sql`(${key} is null or ${beyond})` : beyond;
}

/** What a list is sorted by, as a value of each row; null without a sort. */
export const sortKeySql = (place: FilterPlace, sort: Sort | undefined): RawBuilder<string | number | null> =>
  sort === undefined ? sql`null` : sql`${sortKey(place, sort).key}`;

const isAscending = ({ order }: Sort, backwards: boolean): boolean => (order === 'ascending') !== backwards;

function sortKey(place: FilterPlace, { attribute }: Sort): { key: RawBuilder<unknown>; nullable: boolean } {
  if (attribute.storage !== 'column') return { key: entryOf(place, attribute), nullable: true };
  const column = columnOf(place.resourceType, attribute);
  return { key: column.sql, nullable: column.nullable === true };
}

/** The text of the primary element, or the first. */
function entryOf({ p, resourceType }: FilterPlace, attribute: BoundAttribute): RawBuilder<unknown> {
  const scope = (alias: string) => {
    const entry = sql.ref(alias);
    return sql`${entry}.organization_id = ${p.organizationId} and ${entry}.directory_id = ${p.directoryId} and ${entry}.resource_id = r.id and ${entry}.resource_type = ${sql.lit(resourceType)}`;
  };
  const text = attribute.comparison === 'folded' ? sql`i.folded` : sql`i.exact`;
  const primary = attribute.parent?.subs.get('primary');
  const element =
    primary === undefined
      ? sql`0`
      : sql`coalesce((select min(f.element) from scim_index as f where ${scope('f')} and f.path = ${sql.lit(primary.path)} and f.exact = 'true'), 0)`;
  return sql`(select min(${text}) from scim_index as i where ${scope('i')} and i.path = ${sql.lit(attribute.path)} and i.element = ${element})`;
}
