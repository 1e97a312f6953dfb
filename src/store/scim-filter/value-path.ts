import { sql } from 'kysely';
import type { BoundAttribute, ResolvedFilter } from '#scim';
import { elementHolds, elementPresent, hasElement } from './document-terms.ts';
import { entryHolds, entryOf } from './index-terms.ts';
import { findByMembership, membershipHolds } from './membership-terms.ts';
import { type Finding, isFound, joined, no, type Place, type Sql, yes } from './relation.ts';

/** `attribute[filter]`: one element fulfils the filter. Where no index leads to it, those in the document are asked one by one. */
export function valuePathSql(place: Place, attribute: BoundAttribute, filter: ResolvedFilter): Sql {
  if (attribute.storage !== 'membership' && filter.kind === 'or') {
    return joined(
      'or',
      filter.terms.map((term) => valuePathSql(place, attribute, term)),
    );
  }
  const finding = findByValuePath(place, attribute, filter);
  if (finding !== undefined) return isFound(place, finding);
  return hasElement(place, attribute, conditionOn(place, filter, sql`r.id`, sql`e.key`));
}

/** The resources that have such an element, where a term of the filter leads to it in the index, or it is a membership. */
export function findByValuePath(place: Place, attribute: BoundAttribute, filter: ResolvedFilter): Finding | undefined {
  if (attribute.storage === 'membership') return findByMembership(place, membershipHolds(place, filter));
  const anchor = anchorOf(filter);
  if (anchor === undefined || !isInIndex(filter)) return undefined;
  const rest = (filter.kind === 'and' ? filter.terms : []).filter((term) => term !== anchor);
  const found = anchor.kind === 'compare' ? entryHolds(place, 'a', anchor) : sql`a.folded <> ''`;
  const conditions = [
    entryOf(place, 'a', anchor.attribute),
    found,
    ...rest.map((term) => conditionOn(place, term, sql`a.resource_id`, sql`a.element`)),
  ];
  const query = sql`select a.resource_id from scim_index as a where ${sql.join(conditions, sql` and `)}`;
  return { query, id: sql`a.resource_id` };
}

type Anchor = Extract<ResolvedFilter, { kind: 'compare' | 'present' }>;

/** The term by which elements are found in the index: an `eq` before all others. */
export function anchorOf(filter: ResolvedFilter): Anchor | undefined {
  const terms = filter.kind === 'and' ? filter.terms : [filter];
  const anchors = terms.filter(
    (term): term is Anchor =>
      (term.kind === 'present' || (term.kind === 'compare' && term.operator !== 'ne')) &&
      term.attribute.storage === 'index',
  );
  const isValue = (term: Anchor) =>
    term.kind === 'compare' && term.operator === 'eq' && term.attribute.name === 'value';
  return (
    anchors.find(isValue) ?? anchors.find((term) => term.kind === 'compare' && term.operator === 'eq') ?? anchors[0]
  );
}

function isInIndex(filter: ResolvedFilter): boolean {
  if (filter.kind === 'compare' || filter.kind === 'present') return filter.attribute.storage === 'index';
  if (filter.kind === 'not') return isInIndex(filter.term);
  return (filter.kind !== 'and' && filter.kind !== 'or') || filter.terms.every(isInIndex);
}

/** A condition on one element, given by its resource and its number. */
function conditionOn(place: Place, filter: ResolvedFilter, resource: Sql, element: Sql): Sql {
  // As in `isFound`: a join would walk through all entries of the attribute.
  const byItself = place.dialect === 'postgres' ? sql` offset 0` : sql``;
  const hasEntry = (attribute: BoundAttribute, condition: Sql) =>
    sql`exists (select 1 from scim_index as b where ${entryOf(place, 'b', attribute)} and b.resource_id = ${resource} and b.element = ${element} and ${condition}${byItself})`;
  switch (filter.kind) {
    case 'constant':
      return filter.value ? yes : no;
    case 'and':
    case 'or':
      return joined(
        filter.kind,
        filter.terms.map((term) => conditionOn(place, term, resource, element)),
      );
    case 'not':
      return sql`not (${conditionOn(place, filter.term, resource, element)})`;
    case 'present':
      return filter.attribute.storage === 'index'
        ? hasEntry(filter.attribute, sql`b.folded <> ''`)
        : elementPresent(place, filter.attribute);
    case 'compare': {
      if (filter.attribute.storage !== 'index') return elementHolds(place, filter);
      const some = hasEntry(filter.attribute, entryHolds(place, 'b', filter));
      return filter.operator === 'ne' ? sql`(not ${hasEntry(filter.attribute, yes)} or ${some})` : some;
    }
    case 'valuePath':
      return conditionOn(place, filter.filter, resource, element);
  }
}
