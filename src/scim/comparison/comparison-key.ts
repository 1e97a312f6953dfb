import type { JsonValue } from '../json.ts';
import { type BoundAttribute, isText } from '../schema/bound-attribute.ts';
import { parseDateTime } from './date-time.ts';
import { fold } from './fold.ts';
import { numberKey } from './number-key.ts';

/**
 * The text by which a value is compared: equal keys are equal values, and keys in the order of `compareText` are
 * values in their order. Text is folded unless the attribute is case-exact, an instant is its ISO form in UTC, a
 * number its `numberKey`. `undefined` for a value that does not belong to the attribute's type.
 */
export function comparisonKey(attribute: BoundAttribute, value: JsonValue): string | undefined {
  const exact = exactKey(attribute, value);
  return exact !== undefined && attribute.comparison === 'folded' ? fold(exact) : exact;
}

/** The same before folding. */
export function exactKey(attribute: BoundAttribute, value: JsonValue): string | undefined {
  switch (attribute.type) {
    case 'boolean':
      return typeof value === 'boolean' ? String(value) : undefined;
    case 'integer':
    case 'decimal':
      return typeof value === 'number' ? numberKey(value) : undefined;
    case 'dateTime': {
      const instant = typeof value === 'string' ? parseDateTime(value) : undefined;
      return instant === undefined ? undefined : new Date(instant).toISOString();
    }
    default:
      return isText(attribute) && typeof value === 'string' ? value : undefined;
  }
}
