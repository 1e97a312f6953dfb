import { comparisonKey } from '../comparison/comparison-key.ts';
import type { JsonObject } from '../json.ts';
import { isPrimary } from '../resource/elements.ts';
import { elementValues, valuesOf } from '../resource/values-of.ts';
import type { BoundAttribute } from '../schema/bound-attribute.ts';
import { findAttribute, type ResourceType } from '../schema/resource-type.ts';
import { badRequest } from '../scim-error.ts';

/**
 * The attribute that `sortBy` names; a complex one stands for its `value`. Throws 400 `invalidPath` if there is none, or if its
 * values cannot be ordered or must not be known.
 */
export function resolveSort(sortBy: string, resourceType: ResourceType, strict = false): BoundAttribute {
  const found = findAttribute(resourceType, sortBy, strict);
  const attribute = found?.type === 'complex' ? found.subs.get('value') : found;
  if (attribute === undefined) {
    throw badRequest('invalidPath', `sortBy: ${resourceType.name} cannot be sorted by ${JSON.stringify(sortBy)}`);
  }
  const computed = attribute.storage === 'computed' || attribute.storage === 'membership';
  if (attribute.returned === 'never' || computed) {
    throw badRequest('invalidPath', `sortBy: ${attribute.path} cannot be sorted by`);
  }
  return attribute;
}

/**
 * The text a resource is sorted by (RFC 7644 §3.4.2.3): of many values the primary, else the first. Without one it comes last
 * ascending, first descending. In the order of `compareText`.
 */
export function sortKey(attribute: BoundAttribute, resource: JsonObject): string | undefined {
  const { parent } = attribute;
  const elements = valuesOf(parent ?? attribute, resource);
  const element = elements.find(isPrimary) ?? elements[0];
  if (element === undefined) return undefined;
  const [value] = parent === undefined ? [element] : elementValues(attribute, element);
  return value === undefined ? undefined : comparisonKey(attribute, value);
}
