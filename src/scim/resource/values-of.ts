import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import type { BoundAttribute } from '../schema/bound-attribute.ts';

/** All values a resource has for an attribute; for a sub-attribute, those of every element of its parent. */
export function valuesOf(attribute: BoundAttribute, resource: JsonObject): JsonValue[] {
  if (attribute.parent !== undefined) {
    const sub = attribute;
    return valuesOf(attribute.parent, resource).flatMap((element) => elementValues(sub, element));
  }
  const home = attribute.extension === undefined ? resource : own(resource, attribute.extension);
  return isObject(home) ? asList(own(home, attribute.name)) : [];
}

/** The values one element of a multi-valued attribute has for a sub-attribute; a simple element is its own `value`. */
export function elementValues(sub: BoundAttribute, element: JsonValue): JsonValue[] {
  return isObject(element) ? asList(own(element, sub.name)) : [element];
}

function asList(value: JsonValue | undefined): JsonValue[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
