import { comparisonKey } from '../comparison/comparison-key.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { elementValues, valuesOf } from '../resource/values-of.ts';
import type { BoundAttribute } from '../schema/bound-attribute.ts';
import { compareKeys } from './compare-keys.ts';
import type { ResolvedComparison, ResolvedFilter } from './resolved-filter.ts';

type Read = (attribute: BoundAttribute) => JsonValue[];

/** Whether a whole resource (with `id` and `meta`, and members or groups if they are asked for) matches a filter. */
export function matches(filter: ResolvedFilter, resource: JsonObject): boolean {
  return holds(filter, (attribute) => valuesOf(attribute, resource));
}

/** Whether one element of a multi-valued attribute fulfils the filter of a value path. */
export function matchesElement(filter: ResolvedFilter, element: JsonValue): boolean {
  return holds(filter, (attribute) => elementValues(attribute, element));
}

function holds(filter: ResolvedFilter, read: Read): boolean {
  switch (filter.kind) {
    case 'constant':
      return filter.value;
    case 'and':
      return filter.terms.every((term) => holds(term, read));
    case 'or':
      return filter.terms.some((term) => holds(term, read));
    case 'not':
      return !holds(filter.term, read);
    case 'present':
      return keysOf(filter.attribute, read).some((key) => key !== '');
    case 'valuePath':
      return read(filter.attribute).some((element) => matchesElement(filter.filter, element));
    case 'compare':
      return holdsComparison(filter, read);
  }
}

function holdsComparison({ attribute, operator, key }: ResolvedComparison, read: Read): boolean {
  const keys = keysOf(attribute, read);
  if (keys.length === 0) return operator === 'ne';
  return keys.some((each) => compareKeys(each, operator, key));
}

function keysOf(attribute: BoundAttribute, read: Read): string[] {
  return read(attribute)
    .map((value) => comparisonKey(attribute, value))
    .filter((key) => key !== undefined);
}
