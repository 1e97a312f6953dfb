import type { BoundAttribute } from '../schema/bound-attribute.ts';
import { findAttribute, type ResourceType } from '../schema/resource-type.ts';
import { badRequest } from '../scim-error.ts';
import { compareKeys } from './compare-keys.ts';
import type { CompareOperator, Filter, Literal } from './filter.ts';
import { bindComparison } from './operand.ts';
import { allOf, anyOf, negate, type ResolvedFilter } from './resolved-filter.ts';

/** How attributes are looked up. `absent` treats unknown ones as having no value (RFC 7644 §3.4.2.1, several types). */
export interface ResolveOptions {
  strict?: boolean;
  unknown?: 'refuse' | 'absent';
}

type Lookup = (path: string) => BoundAttribute | undefined;

/**
 * Binds a filter to a resource type. A complex attribute stands for its `value`; `pr` on one asks for any of its parts;
 * `eq null` asks for absence (RFC 7643 §2.5). Throws 400 `invalidFilter` for unknown attributes, for what cannot be
 * asked (`password`, `meta.location`, `meta.version`), and for values of another type.
 */
export function resolveFilter(
  filter: Filter,
  resourceType: ResourceType,
  { strict = false, unknown = 'refuse' }: ResolveOptions = {},
): ResolvedFilter {
  const lookup: Lookup = (path) => {
    const found = findAttribute(resourceType, path, strict);
    if (found === undefined && unknown === 'refuse') {
      throw refuse(`${resourceType.name} has no attribute ${path}`);
    }
    return found;
  };
  return resolve(filter, lookup, resourceType);
}

/** Binds the filter inside the brackets of a value path to the sub-attributes of `attribute`. */
export function resolveElementFilter(filter: Filter, attribute: BoundAttribute, resourceType: ResourceType) {
  const lookup: Lookup = (path) => {
    const found = attribute.subs.get(path.toLowerCase());
    if (found === undefined) throw refuse(`${attribute.path} has no sub-attribute ${path}`);
    return found;
  };
  return resolve(filter, lookup, resourceType);
}

function resolve(filter: Filter, lookup: Lookup, resourceType: ResourceType): ResolvedFilter {
  switch (filter.kind) {
    case 'and':
      return allOf(filter.terms.map((term) => resolve(term, lookup, resourceType)));
    case 'or':
      return anyOf(filter.terms.map((term) => resolve(term, lookup, resourceType)));
    case 'not':
      return negate(resolve(filter.term, lookup, resourceType));
    case 'present': {
      const extension = resourceType.byUrn.get(filter.path.toLowerCase());
      if (extension !== undefined) return presentExtension(extension.schema.id, resourceType);
      const attribute = lookup(filter.path);
      return attribute === undefined ? { kind: 'constant', value: false } : present(attribute);
    }
    case 'compare': {
      const attribute = lookup(filter.path);
      if (attribute === undefined) {
        return { kind: 'constant', value: (filter.operator === 'ne') !== (filter.value === null) };
      }
      return compare(attribute, filter.operator, filter.value, resourceType);
    }
    case 'valuePath': {
      const attribute = lookup(filter.path);
      if (attribute === undefined) return { kind: 'constant', value: false };
      if (attribute.subs.size === 0) throw refuse(`${attribute.path} has no sub-attributes to ask for in brackets`);
      const element = resolveElementFilter(filter.filter, attribute, resourceType);
      return { kind: 'valuePath', attribute, filter: element };
    }
  }
}

function compare(
  attribute: BoundAttribute,
  operator: CompareOperator,
  value: Literal,
  resourceType: ResourceType,
): ResolvedFilter {
  if (value === null) {
    if (operator === 'eq') return negate(present(attribute));
    if (operator === 'ne') return present(attribute);
    throw refuse(`"${operator}" cannot compare ${attribute.path} with null; use eq, ne or pr`);
  }
  if (attribute.type === 'complex') {
    const inner = attribute.subs.get('value');
    if (inner === undefined) throw refuse(`${attribute.path} is complex; name a sub-attribute of it`);
    return compare(inner, operator, value, resourceType);
  }
  checkAskable(attribute);
  const comparison = bindComparison(attribute, operator, value);
  if (attribute.path === 'schemas') {
    const holds = (urn: string) => compareKeys(urn.toLowerCase(), operator, comparison.key);
    if (holds(resourceType.schema.id)) return { kind: 'constant', value: true };
    const extensions = [...resourceType.byUrn.values()].map(({ schema }) => schema.id).filter(holds);
    return anyOf(extensions.map((urn) => presentExtension(urn, resourceType)));
  }
  if (attribute.path === 'meta.resourceType') {
    return { kind: 'constant', value: compareKeys(resourceType.name, operator, comparison.key) };
  }
  return comparison;
}

function present(attribute: BoundAttribute): ResolvedFilter {
  if (attribute.path === 'schemas' || attribute.path === 'meta' || attribute.path === 'meta.resourceType') {
    return { kind: 'constant', value: true };
  }
  if (attribute.type === 'complex') return anyOf([...attribute.subs.values()].filter(isAskable).map(present));
  checkAskable(attribute);
  return { kind: 'present', attribute };
}

/** A resource has an extension's schema if it has any of its attributes. */
function presentExtension(urn: string, resourceType: ResourceType): ResolvedFilter {
  const own = resourceType.attributes.filter(
    ({ extension, returned, retired }) => extension === urn && returned !== 'never' && retired !== true,
  );
  return anyOf(own.map(present));
}

function isAskable(attribute: BoundAttribute): boolean {
  if (attribute.returned === 'never') return false;
  return attribute.path !== 'meta.location' && attribute.path !== 'meta.version';
}

function checkAskable(attribute: BoundAttribute): void {
  if (!isAskable(attribute)) throw refuse(`${attribute.path} cannot be searched`);
}

function refuse(what: string) {
  return badRequest('invalidFilter', `filter: ${what}`);
}
