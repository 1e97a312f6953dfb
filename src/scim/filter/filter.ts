/** The operators which compare with a value (RFC 7644 §3.4.2.2, table 3). */
export type CompareOperator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/** A value in a filter (`compValue` of the grammar). */
export type Literal = string | number | boolean | null;

/**
 * A filter as it was written (RFC 7644 §3.4.2.2). `and` and `or` hold at least two terms, none of their own kind.
 * Paths inside a `valuePath` are those of sub-attributes.
 */
export type Filter =
  | { kind: 'and' | 'or'; terms: Filter[] }
  | { kind: 'not'; term: Filter }
  | { kind: 'compare'; path: string; operator: CompareOperator; value: Literal }
  | { kind: 'present'; path: string }
  | { kind: 'valuePath'; path: string; filter: Filter };

export const COMPARE_OPERATORS: ReadonlySet<string> = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']);

/** Joins terms, lifting those of the same kind, so that a tree has one form only. */
export function join(kind: 'and' | 'or', terms: readonly Filter[]): Filter {
  const flat = terms.flatMap((term) => (term.kind === kind ? term.terms : [term]));
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : { kind, terms: flat };
}
