import { resolveElementFilter } from '../filter/resolve-filter.ts';
import type { ResolvedFilter } from '../filter/resolved-filter.ts';
import type { BoundAttribute } from '../schema/bound-attribute.ts';
import { findAttribute, type ResourceType } from '../schema/resource-type.ts';
import { badRequest } from '../scim-error.ts';
import type { PatchPath } from './parse-path.ts';

/** Part of a resource at which an operation aims: one attribute of it, or all that a schema's URN names. */
export type PatchTarget = AttributeTarget | { kind: 'schema'; urn: string; extension: boolean };

/** An attribute of the first level, which of its elements, and which sub-attribute of those. */
export interface AttributeTarget {
  kind: 'attribute';
  attribute: BoundAttribute;
  filter?: ResolvedFilter;
  sub?: BoundAttribute;
}

/**
 * Binds a path to a resource type; `undefined` if it names no attribute of it.
 * Throws 400 `invalidPath` where brackets do not fit the attribute, `invalidFilter` for a filter that cannot be bound.
 */
export function resolvePath(path: PatchPath, resourceType: ResourceType, strict = false): PatchTarget | undefined {
  const urn = path.attribute.toLowerCase();
  if (path.filter === undefined && urn.startsWith('urn:')) {
    if (urn === resourceType.schema.id.toLowerCase()) {
      return { kind: 'schema', urn: resourceType.schema.id, extension: false };
    }
    const extension = resourceType.byUrn.get(urn);
    if (extension !== undefined) return { kind: 'schema', urn: extension.schema.id, extension: true };
  }
  const found = findAttribute(resourceType, path.attribute, strict);
  if (found === undefined) return undefined;
  if (path.filter === undefined) {
    if (found.parent === undefined) return { kind: 'attribute', attribute: found };
    return { kind: 'attribute', attribute: found.parent, sub: found };
  }
  if (found.parent !== undefined || !found.multiValued) {
    throw badRequest('invalidPath', `path: ${found.path} has one value only, so no brackets can follow it`);
  }
  const filter = resolveElementFilter(path.filter, found, resourceType);
  if (path.sub === undefined) return { kind: 'attribute', attribute: found, filter };
  const sub = found.subs.get(path.sub.toLowerCase());
  if (sub === undefined) return undefined;
  // A simple attribute is its own `value`: tags[value eq "a"].value is the element.
  return sub === found
    ? { kind: 'attribute', attribute: found, filter }
    : { kind: 'attribute', attribute: found, filter, sub };
}
