import { sql } from 'kysely';
import type { BoundAttribute, ResolvedComparison } from '#scim';
import { type Place, relation, type Sql } from './relation.ts';
import { isFoldedText } from './shape.ts';

/** An entry of `scim_index`, by the alias that it has in a statement, that belongs to an attribute. */
export function entryOf({ p, resourceType }: Place, alias: string, attribute: BoundAttribute): Sql {
  const entry = sql.ref(alias);
  return sql`${entry}.organization_id = ${p.organizationId} and ${entry}.directory_id = ${p.directoryId} and ${entry}.resource_type = ${sql.lit(resourceType)} and ${entry}.path = ${sql.lit(attribute.path)}`;
}

/** An entry's value stands in the relation of a comparison. An exact `eq` is found by the folded text, which is indexed. */
export function entryHolds(place: Place, alias: string, comparison: ResolvedComparison): Sql {
  const { attribute, operator } = comparison;
  const folded = { sql: sql.ref(`${alias}.folded`) };
  if (attribute.comparison === 'folded' || !isFoldedText(attribute)) return relation(place, folded, comparison);
  const exact = relation(place, { sql: sql.ref(`${alias}.exact`) }, comparison);
  if (operator !== 'eq') return exact;
  return sql`(${folded.sql} = ${place.p[`folded${place.numberOf(comparison)}`]} and ${exact})`;
}

/** A resource has an entry of an attribute that fulfils a condition. */
function hasEntry(place: Place, attribute: BoundAttribute, condition: Sql): Sql {
  return sql`r.id in (select i.resource_id from scim_index as i where ${entryOf(place, 'i', attribute)} and ${condition})`;
}

/** A comparison with any of an attribute's values. */
export function anyEntryHolds(place: Place, comparison: ResolvedComparison): Sql {
  const { attribute, operator } = comparison;
  const some = hasEntry(place, attribute, entryHolds(place, 'i', comparison));
  if (operator !== 'ne') return some;
  return sql`(not (${hasEntry(place, attribute, sql`1 = 1`)}) or ${some})`;
}

/** An attribute has a value that is not empty. */
export function anyEntryPresent(place: Place, attribute: BoundAttribute): Sql {
  return hasEntry(place, attribute, sql`i.folded <> ''`);
}
