import { exactKey } from '../comparison/comparison-key.ts';
import { fold } from '../comparison/fold.ts';
import type { JsonObject } from '../json.ts';
import type { BoundAttribute } from '../schema/bound-attribute.ts';
import type { ResourceType } from '../schema/resource-type.ts';
import { elementValues, valuesOf } from './values-of.ts';

/** One value as filters find it. For anything but text, `folded` and `exact` are both its comparison key. */
export interface IndexEntry {
  /** The attribute's canonical path. */
  path: string;
  /** Which element of a multi-valued attribute it is part of: `a[x and y]` asks for one element. Otherwise 0. */
  element: number;
  folded: string;
  exact: string;
}

/**
 * Everything in a resource that filters may ask for and that is neither a column, nor a membership, nor too long for an
 * index (`BoundAttribute.storage`).
 */
export function indexEntries(resource: JsonObject, resourceType: ResourceType): IndexEntry[] {
  const entries: IndexEntry[] = [];
  for (const attribute of resourceType.attributes) {
    if (attribute.storage === 'membership' || attribute.storage === 'computed') continue;
    for (const [element, value] of valuesOf(attribute, resource).entries()) {
      if (attribute.type !== 'complex') {
        addEntry(entries, attribute, element, value);
        continue;
      }
      for (const sub of attribute.subs.values()) {
        for (const part of elementValues(sub, value)) addEntry(entries, sub, element, part);
      }
    }
  }
  return entries;
}

function addEntry(
  entries: IndexEntry[],
  attribute: BoundAttribute,
  element: number,
  value: Parameters<typeof exactKey>[1],
): void {
  if (attribute.storage !== 'index' || attribute.returned === 'never') return;
  const exact = exactKey(attribute, value);
  if (exact === undefined) return;
  const folded = attribute.type === 'string' || attribute.type === 'reference' ? fold(exact) : exact;
  entries.push({ path: attribute.path, element, folded, exact });
}
