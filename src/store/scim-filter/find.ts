import { sql } from 'kysely';
import type { ResolvedComparison, ResolvedFilter } from '#scim';
import { columnOf } from './columns.ts';
import { findByComparison, findPresent } from './index-terms.ts';
import { findByMember, findWithMember } from './membership-terms.ts';
import { columnHolds, type Place, type Sql } from './relation.ts';
import { findByValuePath } from './value-path.ts';

/** The query that finds the ids of those which fulfil a filter without looking at any other; undefined where there is none. */
export function findBy(place: Place, filter: ResolvedFilter): Sql | undefined {
  switch (filter.kind) {
    case 'or':
      return union(filter.terms.map((term) => findBy(place, term)));
    case 'valuePath': {
      const { attribute, filter: inner } = filter;
      if (attribute.path === 'meta') return undefined;
      if (inner.kind !== 'or' || attribute.storage === 'membership') {
        return findByValuePath(place, attribute, inner)?.query;
      }
      return union(inner.terms.map((term) => findBy(place, { kind: 'valuePath', attribute, filter: term })));
    }
    case 'present':
      if (filter.attribute.storage === 'index') return findPresent(place, filter.attribute).query;
      return filter.attribute.storage === 'membership' ? findWithMember(place, filter.attribute).query : undefined;
    case 'compare':
      return filter.operator === 'ne' ? undefined : findByAny(place, filter);
    default:
      return undefined;
  }
}

function findByAny(place: Place, comparison: ResolvedComparison): Sql | undefined {
  switch (comparison.attribute.storage) {
    case 'index':
      return findByComparison(place, comparison).query;
    case 'membership':
      return findByMember(place, comparison).query;
    case 'column':
      return findByColumn(place, comparison);
    default:
      return undefined;
  }
}

function findByColumn(place: Place, comparison: ResolvedComparison): Sql {
  const { p, resourceType } = place;
  const holds = columnHolds(place, columnOf(resourceType, comparison.attribute), comparison);
  const table = resourceType === 'User' ? sql`scim_user` : sql`scim_group`;
  return sql`select r.id from ${table} as r where r.organization_id = ${p.organizationId} and r.directory_id = ${p.directoryId} and ${holds}`;
}

function union(parts: readonly (Sql | undefined)[]): Sql | undefined {
  const all = parts.filter((part) => part !== undefined);
  return all.length < parts.length ? undefined : sql.join(all, sql` union `);
}
