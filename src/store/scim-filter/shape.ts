import { fold, prefixEnd, type ResolvedComparison, type ResolvedFilter } from '#scim';
import type { Values } from '../statement.ts';

/**
 * What of a filter decides about its SQL: all but the values it compares with. Filters of one shape share a compiled
 * statement.
 */
export function filterShape(filter: ResolvedFilter): string {
  switch (filter.kind) {
    case 'constant':
      return String(filter.value);
    case 'and':
    case 'or':
      return `(${filter.terms.map(filterShape).join(` ${filter.kind} `)})`;
    case 'not':
      return `not ${filterShape(filter.term)}`;
    case 'present':
      return `${filter.attribute.path} pr`;
    case 'valuePath':
      return `${filter.attribute.path}[${filterShape(filter.filter)}]`;
    case 'compare':
      return `${filter.attribute.path} ${filter.operator}${isUnbounded(filter) ? '*' : ''}`;
  }
}

/** Whether every value fulfils an `ew`, or nothing ends the range of a `sw`. */
export function isUnbounded({ operator, key }: ResolvedComparison): boolean {
  if (operator === 'ew') return key === '';
  return operator === 'sw' && prefixEnd(key) === undefined;
}

/** The comparisons of a filter in the order in which they are numbered. */
export function comparisonsOf(filter: ResolvedFilter): ResolvedComparison[] {
  switch (filter.kind) {
    case 'compare':
      return [filter];
    case 'and':
    case 'or':
      return filter.terms.flatMap(comparisonsOf);
    case 'not':
      return comparisonsOf(filter.term);
    case 'valuePath':
      return comparisonsOf(filter.filter);
    default:
      return [];
  }
}

/** The values for the parameters of a filter's SQL: those of comparison 3 are `key3`, `folded3` and so on. */
export function filterValues(filter: ResolvedFilter): Values {
  const values: Record<string, string | number> = {};
  for (const [number, { attribute, operator, key, value }] of comparisonsOf(filter).entries()) {
    values[`key${number}`] = key;
    values[`number${number}`] = typeof value === 'string' ? 0 : Number(value);
    if (operator === 'eq') values[`folded${number}`] = isFoldedText(attribute) ? fold(key) : key;
    if (operator === 'sw') values[`end${number}`] = prefixEnd(key) ?? '';
    if (operator === 'ew') values[`length${number}`] = Array.from(key).length;
  }
  return values;
}

/** Whether an index entry of this attribute keeps a folded text beside the exact one. */
export const isFoldedText = ({ type }: ResolvedComparison['attribute']): boolean =>
  type === 'string' || type === 'reference';
