import { sql } from 'kysely';
import type { BoundAttribute, ResolvedComparison, ResolvedFilter } from '#scim';
import { columnOf, indexedColumns } from './scim-filter/columns.ts';
import { anyTextHolds, anyTextPresent } from './scim-filter/document-terms.ts';
import { idsOf } from './scim-filter/ids.ts';
import { anyEntryHolds, idsWithEntry } from './scim-filter/index-terms.ts';
import { anyMembershipHolds, idsWithMembership, membershipHolds } from './scim-filter/membership-terms.ts';
import { columnHolds, columnPresent, joined, no, type Place, relation, type Sql, yes } from './scim-filter/relation.ts';
import { comparisonsOf } from './scim-filter/shape.ts';
import { anchorOf, valuePathSql } from './scim-filter/value-path.ts';

export { filterShape, filterValues } from './scim-filter/shape.ts';

/** What a filter's SQL is made for; `p` stands for the parameters, whose values `filterValues` gives. */
export type FilterPlace = Omit<Place, 'numberOf'>;

/**
 * "SQL for it": the fold over a filter's tree that asks the database what `matches` asks a resource in memory, with the same
 * answer. The condition is about a row `r` of `scim_user` or `scim_group` and is never null.
 */
export function filterSql(filter: ResolvedFilter, place: FilterPlace): Sql {
  const numbered = { ...place, numberOf: numbering(filter) };
  return place.dialect === 'postgres' ? foundFirst(numbered, filter) : resourceHolds(numbered, filter);
}

/**
 * PostgreSQL is told to find by an index what can be found so, before it looks at resources: by its own estimates it might
 * walk through a directory in the order of the page until it has met enough.
 */
function foundFirst(place: Place, filter: ResolvedFilter): Sql {
  if (filter.kind === 'and') {
    return joined(
      'and',
      filter.terms.map((term) => foundFirst(place, term)),
    );
  }
  const ids = isUnique(filter) ? undefined : idsOf(place, filter);
  return ids === undefined ? resourceHolds(place, filter) : sql`r.id = any(array(${ids}))`;
}

/** Of these there is one at most, which the database knows. Ranges it estimates well enough. */
const isUnique = (filter: ResolvedFilter): boolean =>
  filter.kind === 'compare' &&
  filter.attribute.storage === 'column' &&
  (filter.operator !== 'eq' || filter.attribute.path === 'id' || filter.attribute.path === 'userName');

/** The same for a filter over one membership `m` of a group: `members[…]`. */
export function memberFilterSql(filter: ResolvedFilter, place: FilterPlace): Sql {
  return membershipHolds({ ...place, numberOf: numbering(filter) }, filter);
}

function numbering(filter: ResolvedFilter): Place['numberOf'] {
  const numbers = new Map(comparisonsOf(filter).map((comparison, number) => [comparison, number]));
  return (comparison) => numbers.get(comparison) ?? 0;
}

function resourceHolds(place: Place, filter: ResolvedFilter): Sql {
  switch (filter.kind) {
    case 'constant':
      return filter.value ? yes : no;
    case 'and':
    case 'or':
      return joined(
        filter.kind,
        filter.terms.map((term) => resourceHolds(place, term)),
      );
    case 'not':
      return sql`not (${resourceHolds(place, filter.term)})`;
    case 'present':
      return isPresent(place, filter.attribute);
    case 'compare':
      return comparisonHolds(place, filter);
    case 'valuePath':
      return filter.attribute.path === 'meta'
        ? resourceHolds(place, filter.filter)
        : valuePathSql(place, filter.attribute, filter.filter);
  }
}

function comparisonHolds(place: Place, comparison: ResolvedComparison): Sql {
  const { attribute } = comparison;
  switch (attribute.storage) {
    case 'column': {
      const holds = columnHolds(place, columnOf(place.resourceType, attribute), comparison);
      // The index is on `active`, which says nothing of those of whom nothing was said.
      if (attribute.path !== 'active' || comparison.operator !== 'eq') return holds;
      return sql`(${relation(place, { sql: sql`r.active`, numeric: true }, comparison)} and ${holds})`;
    }
    case 'index':
      return anyEntryHolds(place, comparison);
    case 'membership':
      return anyMembershipHolds(place, comparison);
    default:
      return anyTextHolds(place, comparison);
  }
}

function isPresent(place: Place, attribute: BoundAttribute): Sql {
  switch (attribute.storage) {
    case 'column':
      return columnPresent(columnOf(place.resourceType, attribute));
    case 'index':
      return sql`r.id in (${idsWithEntry(place, attribute)})`;
    case 'membership':
      return sql`r.id in (${idsWithMembership(place, attribute)})`;
    default:
      return anyTextPresent(place, attribute);
  }
}

const served: ReadonlySet<string> = new Set(['eq', 'sw', 'gt', 'ge', 'lt', 'le']);

/**
 * Whether an index leads to what a filter finds, so that the effort goes with what is found. Where none does, every
 * resource of the directory has to be looked at.
 */
export function isServedByIndex(filter: ResolvedFilter): boolean {
  switch (filter.kind) {
    case 'constant':
      return !filter.value;
    case 'and':
      return filter.terms.some(isServedByIndex);
    case 'or':
      return filter.terms.every(isServedByIndex);
    case 'not':
      return false;
    case 'valuePath':
      if (filter.attribute.path === 'meta') return isServedByIndex(filter.filter);
      if (filter.filter.kind === 'or') {
        const { attribute } = filter;
        return filter.filter.terms.every((term) => isServedByIndex({ kind: 'valuePath', attribute, filter: term }));
      }
      return isServedByIndex(
        filter.attribute.storage === 'membership' ? filter.filter : (anchorOf(filter.filter) ?? filter.filter),
      );
    case 'present':
      return filter.attribute.storage === 'index';
    case 'compare':
      return isComparisonServed(filter);
  }
}

function isComparisonServed({ attribute, operator }: ResolvedComparison): boolean {
  if (!served.has(operator)) return false;
  switch (attribute.storage) {
    case 'column':
      return indexedColumns.has(attribute.path) || (attribute.path === 'active' && operator === 'eq');
    case 'index':
      return attribute.comparison === 'folded' || operator === 'eq' || attribute.type !== 'string';
    case 'membership':
      return attribute.name === 'value' && operator === 'eq';
    default:
      return false;
  }
}
