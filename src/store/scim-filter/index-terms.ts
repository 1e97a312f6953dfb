import { sql } from 'kysely';
import type { BoundAttribute, ResolvedComparison } from '#scim';
import { type Finding, isFound, type Place, relation, type Sql, yes } from './relation.ts';
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

/** The resources that have an entry of an attribute which fulfils a condition on `i`. */
const findByEntry = (place: Place, attribute: BoundAttribute, condition: Sql): Finding => ({
  query: sql`select i.resource_id from scim_index as i where ${entryOf(place, 'i', attribute)} and ${condition}`,
  id: sql`i.resource_id`,
});

/** The resources of which any value stands in the relation of a comparison. */
export const findByComparison = (place: Place, comparison: ResolvedComparison): Finding =>
  findByEntry(place, comparison.attribute, entryHolds(place, 'i', comparison));

/** The resources that have a value which is not empty. */
export const findPresent = (place: Place, attribute: BoundAttribute): Finding =>
  findByEntry(place, attribute, sql`i.folded <> ''`);

/** A comparison with any of an attribute's values. */
export function anyEntryHolds(place: Place, comparison: ResolvedComparison): Sql {
  const some = isFound(place, findByComparison(place, comparison));
  if (comparison.operator !== 'ne') return some;
  return sql`(not ${isFound(place, findByEntry(place, comparison.attribute, yes))} or ${some})`;
}
