import type { BoundAttribute } from '../schema/bound-attribute.ts';
import type { CompareOperator } from './filter.ts';

/**
 * One comparison. It holds if any of the attribute's values stands in this relation to the operand; `ne` also holds
 * if there is no value. Values compare as their `comparisonKey`, in the order of UTF-8 bytes.
 */
export interface ResolvedComparison {
  kind: 'compare';
  /** A leaf: never complex. */
  attribute: BoundAttribute;
  operator: CompareOperator;
  /** The operand's comparison key: folded where the attribute compares folded. */
  key: string;
  /** The operand in the attribute's type; a dateTime as epoch milliseconds. */
  value: string | number | boolean;
}

/**
 * A filter bound to the attributes of a resource type; "does it match?" and "SQL for it" are two folds over it, two-valued
 * both (`not` is plain negation: absence is never "unknown"). `present` holds if any value's key is not empty; its
 * attribute is a leaf. `valuePath` holds if one element of the attribute fulfils the filter, whose attributes are
 * sub-attributes of it. `and`/`or` hold at least two terms.
 */
export type ResolvedFilter =
  | { kind: 'and' | 'or'; terms: ResolvedFilter[] }
  | { kind: 'not'; term: ResolvedFilter }
  | ResolvedComparison
  | { kind: 'present'; attribute: BoundAttribute }
  | { kind: 'valuePath'; attribute: BoundAttribute; filter: ResolvedFilter }
  | { kind: 'constant'; value: boolean };

const constant = (value: boolean): ResolvedFilter => ({ kind: 'constant', value });

/** Conjunction, with constants folded away. */
export function allOf(terms: readonly ResolvedFilter[]): ResolvedFilter {
  return combine('and', terms);
}

/** Disjunction, with constants folded away. */
export function anyOf(terms: readonly ResolvedFilter[]): ResolvedFilter {
  return combine('or', terms);
}

/** Negation, with constants folded away. */
export function negate(term: ResolvedFilter): ResolvedFilter {
  if (term.kind === 'constant') return constant(!term.value);
  return term.kind === 'not' ? term.term : { kind: 'not', term };
}

function combine(kind: 'and' | 'or', terms: readonly ResolvedFilter[]): ResolvedFilter {
  const neutral = kind === 'and';
  const rest = terms.filter((term) => term.kind !== 'constant' || term.value !== neutral);
  if (rest.some((term) => term.kind === 'constant')) return constant(!neutral);
  const [first] = rest;
  if (first === undefined) return constant(neutral);
  return rest.length === 1 ? first : { kind, terms: rest };
}
