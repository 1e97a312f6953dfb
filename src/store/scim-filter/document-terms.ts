import { sql } from 'kysely';
import type { BoundAttribute, ResolvedComparison } from '#scim';
import { columnHolds, columnPresent, type Place, relation, type Sql } from './relation.ts';

/** The steps to an attribute of the first level in a document, each quoted. */
function stepsTo(attribute: BoundAttribute): string {
  const { extension, name } = attribute.parent ?? attribute;
  return [extension, name].map((step) => (step === undefined ? '' : `.${JSON.stringify(step)}`)).join('');
}

/** The elements of an attribute in the document of `r`, as `e` with `key` (from 0) and `value`; one where it is single. */
function elementsOf({ dialect }: Place, attribute: BoundAttribute): Sql {
  const path = sql.lit(`$${stepsTo(attribute)}`);
  if (dialect === 'postgres') {
    const each = sql.lit(`lax $${stepsTo(attribute)}[*]`);
    return sql`(select q.number - 1 as key, q.value from jsonb_path_query(r.document::jsonb, ${each}::jsonpath) with ordinality as q (value, number)) as e`;
  }
  if (attribute.multiValued) return sql`json_each(r.document, ${path}) as e`;
  const value = attribute.type === 'complex' ? sql`r.document -> ${path}` : sql`r.document ->> ${path}`;
  return sql`(select 0 as key, ${value} as value where json_type(r.document, ${path}) is not null) as e`;
}

/** The text that the element `e` has for a sub-attribute, or itself where it is simple. */
function textIn({ dialect }: Place, sub: BoundAttribute): Sql {
  if (sub.parent === undefined) return dialect === 'postgres' ? sql`(e.value #>> '{}') collate "C"` : sql`e.value`;
  return dialect === 'postgres'
    ? sql`(e.value ->> ${sql.lit(sub.name)}) collate "C"`
    : sql`(e.value ->> ${sql.lit(`$.${JSON.stringify(sub.name)}`)})`;
}

/** A comparison with what the element `e` has for a sub-attribute. */
export const elementHolds = (place: Place, comparison: ResolvedComparison): Sql =>
  columnHolds(place, { sql: textIn(place, comparison.attribute), nullable: true }, comparison);

/** The element `e` has a value for a sub-attribute. */
export const elementPresent = (place: Place, sub: BoundAttribute): Sql =>
  columnPresent({ sql: textIn(place, sub), nullable: true });

/** An element of an attribute fulfils a condition on `e`. */
export const hasElement = (place: Place, attribute: BoundAttribute, condition: Sql): Sql =>
  sql`exists (select 1 from ${elementsOf(place, attribute)} where ${condition})`;

/** A comparison with any of the values that only the document has. */
export function anyTextHolds(place: Place, comparison: ResolvedComparison): Sql {
  const { attribute, operator } = comparison;
  const text = textIn(place, attribute);
  const home = attribute.parent ?? attribute;
  const some = hasElement(place, home, sql`(${text} is not null and ${relation(place, { sql: text }, comparison)})`);
  return operator === 'ne' ? sql`(not (${hasElement(place, home, sql`${text} is not null`)}) or ${some})` : some;
}

/** An attribute that only the document has has a value. */
export const anyTextPresent = (place: Place, attribute: BoundAttribute): Sql =>
  hasElement(place, attribute.parent ?? attribute, elementPresent(place, attribute));
