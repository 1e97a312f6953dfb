import { sql } from 'kysely';
import type { BoundAttribute, ResolvedComparison, ResolvedFilter } from '#scim';
import { columnOf, indexedColumns } from './scim-filter/columns.ts';
import { anyTextHolds, anyTextPresent } from './scim-filter/document-terms.ts';
import { findBy } from './scim-filter/find.ts';
import { anyEntryHolds, findPresent } from './scim-filter/index-terms.ts';
import { anyMembershipHolds, findWithMember, membershipHolds } from './scim-filter/membership-terms.ts';
import {
  columnHolds,
  columnPresent,
  isFound,
  joined,
  no,
  type Place,
  relation,
  type Sql,
  yes,
} from './scim-filter/relation.ts';
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
  return foundFirst({ ...place, numberOf: numbering(filter) }, filter);
}

/**
 * One term, that which narrows the search down most, finds candidates by its index; they are asked the other terms one by
 * one. Left to its estimates a database might walk through a directory in the order of the page until it has met enough.
 */
function foundFirst(place: Place, filter: ResolvedFilter): Sql {
  const terms = filter.kind === 'and' ? filter.terms : [filter];
  const [best] = terms.filter((term) => rankOf(term) < unranked).sort((a, b) => rankOf(a) - rankOf(b));
  const found = best === undefined ? undefined : findBy(place, best);
  if (best === undefined || found === undefined) return resourceHolds(place, filter);
  const few = { ...place, few: true };
  const rest = terms.filter((term) => term !== best).map((term) => resourceHolds(few, term));
  return joined('and', [isFoundAtOnce(place, best) ? resourceHolds(place, best) : isAmong(place, found), ...rest]);
}

const isAmong = ({ dialect }: Place, ids: Sql): Sql =>
  dialect === 'postgres' ? sql`r.id = any(array(${ids}))` : sql`r.id in (${ids})`;

/** Needs no telling: a column of which each value is had by one, or, as SQLite is told, by few. */
const isFoundAtOnce = ({ dialect }: Place, best: ResolvedFilter): boolean =>
  best.kind === 'compare' && best.attribute.storage === 'column' && (dialect === 'sqlite' || rankOf(best) === 0);

const unranked = 9;

/** How much a term is likely to narrow the search down, the best first; `unranked` where no index finds it. */
function rankOf(filter: ResolvedFilter): number {
  switch (filter.kind) {
    case 'or':
      return Math.max(...filter.terms.map(rankOf));
    case 'valuePath':
      return filter.attribute.path === 'meta' || !isServedByIndex(filter) ? unranked : 2;
    case 'present':
      return filter.attribute.storage === 'index' ? 5 : unranked;
    case 'compare': {
      const { attribute, operator } = filter;
      if (!isComparisonServed(filter)) return unranked;
      if (attribute.storage === 'column')
        return operator === 'eq' ? (columnRanks[attribute.path] ?? unranked) : unranked;
      if (operator !== 'eq') return 4;
      return attribute.name === 'value' || attribute.parent === undefined ? 2 : 3;
    }
    default:
      return unranked;
  }
}

/** Columns of which a value is had by one or by few. Ranges of columns a database estimates well enough by itself. */
const columnRanks: Readonly<Record<string, number>> = { id: 0, userName: 0, externalId: 1, displayName: 1 };

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
      return isFound(place, findPresent(place, attribute));
    case 'membership':
      return isFound(place, findWithMember(place, attribute));
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
