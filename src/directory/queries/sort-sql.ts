import type { BoundAttribute } from '#scim';
import { columnOf, type FilterPlace, type RawBuilder, sql } from '#store';

/** By which attribute, and which way, a list is sorted. */
export interface Sort {
  attribute: BoundAttribute;
  order: 'ascending' | 'descending';
}

/**
 * The order of a list `r` (RFC 7644 §3.4.2.3): without a value last ascending and first descending; the id decides between
 * equals, so that pages are stable. Without a sort it is the order in which the resources were made.
 */
export function sortSql(place: FilterPlace, sort: Sort | undefined): RawBuilder<unknown> {
  if (sort === undefined) return sql`r.id`;
  const { attribute, order } = sort;
  const way = order === 'ascending' ? sql`asc` : sql`desc`;
  if (attribute.storage === 'column') {
    const column = columnOf(place.resourceType, attribute);
    return column.nullable === true
      ? sql`${column.sql} is null ${way}, ${column.sql} ${way}, r.id`
      : sql`${column.sql} ${way}, r.id`;
  }
  const key = entryOf(place, attribute);
  return sql`${key} is null ${way}, ${key} ${way}, r.id`;
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
