import { sql } from 'kysely';
import type { BoundAttribute, ResolvedComparison, ResolvedFilter } from '#scim';
import {
  type Column,
  columnHolds,
  columnPresent,
  type Finding,
  isFound,
  joined,
  no,
  type Place,
  type Sql,
  yes,
} from './relation.ts';

/** What a row of `scim_membership` (as `m`) says about a sub-attribute of `members` or `groups`. */
function memberColumn({ dialect, p, resourceType }: Place, sub: BoundAttribute): Column {
  const ofGroup = resourceType === 'Group';
  switch (sub.name) {
    case 'value':
      return { sql: ofGroup ? sql`m.member_value` : sql`m.group_id` };
    case 'type':
      return ofGroup
        ? { sql: sql`lower(m.member_type)`, nullable: true }
        : { sql: dialect === 'postgres' ? sql`'direct' collate "C"` : sql`'direct'` };
    case 'display':
      return ofGroup ? { sql: memberName(p), nullable: true } : { sql: sql`g.display_name_folded` };
    default:
      return ofGroup
        ? { sql: sql`(${p.baseUrl} || '/' || m.member_type || 's/' || m.member_value)`, nullable: true }
        : { sql: sql`(${p.baseUrl} || '/Groups/' || m.group_id)` };
  }
}

const memberName = (p: Place['p']): Sql => sql`coalesce(
  (select u.display_name_folded from scim_user as u where u.organization_id = ${p.organizationId} and u.directory_id = ${p.directoryId} and u.id = m.member_value),
  (select o.display_name_folded from scim_group as o where o.organization_id = ${p.organizationId} and o.directory_id = ${p.directoryId} and o.id = m.member_value))`;

/** A condition on one membership `m`: the filter of a value path over `members` or `groups`. */
export function membershipHolds(place: Place, filter: ResolvedFilter): Sql {
  switch (filter.kind) {
    case 'constant':
      return filter.value ? yes : no;
    case 'and':
    case 'or':
      return joined(
        filter.kind,
        filter.terms.map((term) => membershipHolds(place, term)),
      );
    case 'not':
      return sql`not (${membershipHolds(place, filter.term)})`;
    case 'present':
      return columnPresent(memberColumn(place, filter.attribute));
    case 'compare':
      return columnHolds(place, memberColumn(place, filter.attribute), filter);
    case 'valuePath':
      return membershipHolds(place, filter.filter);
  }
}

/** The resources that have a membership which fulfils a condition on `m` (and on its group `g`, where it is a user's). */
export function findByMembership({ p, resourceType }: Place, condition: Sql): Finding {
  const scope = sql`m.organization_id = ${p.organizationId} and m.directory_id = ${p.directoryId}`;
  if (resourceType === 'Group') {
    const query = sql`select m.group_id from scim_membership as m where ${scope} and ${condition}`;
    return { query, id: sql`m.group_id` };
  }
  const query = sql`select m.member_value from scim_membership as m inner join scim_group as g on g.organization_id = ${p.organizationId} and g.directory_id = ${p.directoryId} and g.id = m.group_id where ${scope} and ${condition}`;
  return { query, id: sql`m.member_value` };
}

/** The resources of which any membership stands in the relation of a comparison. */
export function findByMember(place: Place, comparison: ResolvedComparison): Finding {
  const column = memberColumn(place, comparison.attribute);
  return findByMembership(place, sql`(${isThere(column)} and ${columnHolds(place, column, comparison)})`);
}

/** The resources that have a membership with a value for a sub-attribute. */
export const findWithMember = (place: Place, sub: BoundAttribute): Finding =>
  findByMembership(place, columnPresent(memberColumn(place, sub)));

/** A comparison with any of a resource's memberships. */
export function anyMembershipHolds(place: Place, comparison: ResolvedComparison): Sql {
  const some = isFound(place, findByMember(place, comparison));
  if (comparison.operator !== 'ne') return some;
  const all = findByMembership(place, isThere(memberColumn(place, comparison.attribute)));
  return sql`(not ${isFound(place, all)} or ${some})`;
}

const isThere = ({ sql: column, nullable }: Column): Sql => (nullable === true ? sql`${column} is not null` : yes);
