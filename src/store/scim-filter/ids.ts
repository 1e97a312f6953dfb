import { sql } from 'kysely';
import type { ResolvedFilter } from '#scim';
import { columnOf } from './columns.ts';
import { idsByEntry, idsWithEntry } from './index-terms.ts';
import { idsByMembership, idsWithMembership } from './membership-terms.ts';
import { columnHolds, type Place, type Sql } from './relation.ts';
import { idsByValuePath } from './value-path.ts';

/** The query that finds the resources which fulfil a filter without looking at any other; undefined where there is none. */
export function idsOf(place: Place, filter: ResolvedFilter): Sql | undefined {
  switch (filter.kind) {
    case 'or':
      return union(filter.terms.map((term) => idsOf(place, term)));
    case 'valuePath': {
      const { attribute, filter: inner } = filter;
      if (attribute.path === 'meta') return undefined;
      if (inner.kind !== 'or' || attribute.storage === 'membership') return idsByValuePath(place, attribute, inner);
      return union(inner.terms.map((term) => idsOf(place, { kind: 'valuePath', attribute, filter: term })));
    }
    case 'present':
      if (filter.attribute.storage === 'index') return idsWithEntry(place, filter.attribute);
      return filter.attribute.storage === 'membership' ? idsWithMembership(place, filter.attribute) : undefined;
    case 'compare': {
      if (filter.operator === 'ne') return undefined;
      if (filter.attribute.storage === 'index') return idsByEntry(place, filter);
      if (filter.attribute.storage === 'membership') return idsByMembership(place, filter);
      return filter.attribute.storage === 'column' ? idsByColumn(place, filter) : undefined;
    }
    default:
      return undefined;
  }
}

function idsByColumn(place: Place, comparison: Extract<ResolvedFilter, { kind: 'compare' }>): Sql {
  const { p, resourceType } = place;
  const holds = columnHolds(place, columnOf(resourceType, comparison.attribute), comparison);
  const table = resourceType === 'User' ? sql`scim_user` : sql`scim_group`;
  return sql`select r.id from ${table} as r where r.organization_id = ${p.organizationId} and r.directory_id = ${p.directoryId} and ${holds}`;
}

function union(parts: readonly (Sql | undefined)[]): Sql | undefined {
  const all = parts.filter((part) => part !== undefined);
  return all.length < parts.length ? undefined : sql.join(all, sql` union `);
}
