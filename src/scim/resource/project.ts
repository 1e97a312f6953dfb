import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import type { BoundAttribute } from '../schema/bound-attribute.ts';
import { findAttribute, type ResourceType } from '../schema/resource-type.ts';
import { badRequest } from '../scim-error.ts';

/** Which attributes an answer shows, by canonical path (RFC 7644 §3.9). */
export interface Projection {
  only?: ReadonlySet<string>;
  without: ReadonlySet<string>;
  /** Whether stored texts can be answered unparsed: only members or groups, which are spliced in, are left out. */
  asStored: boolean;
}

/** Names of attributes, as `attributes` and `excludedAttributes` carry them. */
export interface ProjectionNames {
  attributes?: readonly string[];
  excludedAttributes?: readonly string[];
}

/**
 * Binds `attributes` or `excludedAttributes` to a resource type; a schema's URN stands for all of its attributes, unknown names
 * for none. Throws 400 `invalidValue` for both at once, and for unknown names if `strict`.
 */
export function readProjection(
  { attributes = [], excludedAttributes = [] }: ProjectionNames,
  resourceType: ResourceType,
  { strict = false }: { strict?: boolean } = {},
): Projection {
  if (attributes.length > 0 && excludedAttributes.length > 0) {
    throw badRequest('invalidValue', 'attributes and excludedAttributes exclude each other; send one of them');
  }
  const without = pathsOf(excludedAttributes, resourceType, strict);
  if (attributes.length > 0) return { only: pathsOf(attributes, resourceType, strict), without, asStored: false };
  const spliced = resourceType.attributes.filter(({ storage }) => storage === 'membership').map(({ path }) => path);
  return { without, asStored: !resourceType.hidesByDefault && [...without].every((path) => spliced.includes(path)) };
}

/** Whether an attribute of the first level has to be there at all: members need not be read if not. */
export function includesAttribute(projection: Projection, attribute: BoundAttribute): boolean {
  const { path, returned, subs } = attribute;
  if (attribute.retired === true) return false;
  if (returned === 'always') return true;
  if (returned === 'never' || projection.without.has(path)) return false;
  const { only } = projection;
  if (only === undefined) return returned === 'default';
  return only.has(path) || [...subs.values()].some((sub) => only.has(sub.path));
}

/** A whole resource (with `meta`) as the projection shows it (RFC 7643 §7, "returned"). */
export function project(resource: JsonObject, projection: Projection, resourceType: ResourceType): JsonObject {
  const shown: JsonObject = {};
  for (const attribute of resourceType.attributes) {
    if (!includesAttribute(projection, attribute)) continue;
    const home = attribute.extension === undefined ? resource : own(resource, attribute.extension);
    const value = isObject(home) ? own(home, attribute.name) : undefined;
    const known = attribute.path === 'schemas' ? presentSchemas(value, resourceType) : value;
    const part = known === undefined ? undefined : projectValue(known, attribute, projection);
    if (part === undefined) continue;
    if (attribute.extension === undefined) {
      shown[attribute.name] = part;
    } else {
      const extension = own(shown, attribute.extension);
      shown[attribute.extension] = { ...(isObject(extension) ? extension : {}), [attribute.name]: part };
    }
  }
  return shown;
}

/** Stored with a resource are also the URNs of extensions that are no longer declared. */
function presentSchemas(urns: JsonValue | undefined, { schema, byUrn }: ResourceType): JsonValue | undefined {
  if (!Array.isArray(urns)) return urns;
  return urns.filter((urn) => urn === schema.id || byUrn.has(String(urn).toLowerCase()));
}

function projectValue(value: JsonValue, attribute: BoundAttribute, projection: Projection): JsonValue | undefined {
  if (attribute.type !== 'complex') return value;
  const subs = [...attribute.subs.values()].filter((sub) => includesPart(projection, attribute, sub));
  const projectElement = (element: JsonValue): JsonObject => {
    const shown: JsonObject = {};
    for (const sub of subs) {
      const part = isObject(element) ? own(element, sub.name) : undefined;
      if (part !== undefined) shown[sub.name] = part;
    }
    return shown;
  };
  const isFilled = (element: JsonObject) => Object.keys(element).length > 0;
  if (!Array.isArray(value)) {
    const element = projectElement(value);
    return isFilled(element) ? element : undefined;
  }
  const elements = value.map(projectElement).filter(isFilled);
  return elements.length > 0 ? elements : undefined;
}

function includesPart(projection: Projection, attribute: BoundAttribute, sub: BoundAttribute): boolean {
  if (sub.returned === 'always') return true;
  if (sub.returned === 'never' || projection.without.has(sub.path)) return false;
  const { only } = projection;
  if (only?.has(sub.path)) return true;
  return (
    sub.returned === 'default' && (only === undefined || only.has(attribute.path) || attribute.returned === 'always')
  );
}

function pathsOf(names: readonly string[], resourceType: ResourceType, strict: boolean): Set<string> {
  const paths = new Set<string>();
  for (const name of names) {
    const urn = name.toLowerCase();
    const extension = resourceType.byUrn.get(urn)?.schema.id;
    if (extension !== undefined || urn === resourceType.schema.id.toLowerCase()) {
      for (const each of resourceType.attributes) if (each.extension === extension) paths.add(each.path);
      continue;
    }
    const attribute = findAttribute(resourceType, name, strict);
    if (attribute !== undefined) paths.add(attribute.path);
    else if (strict) throw badRequest('invalidValue', `${resourceType.name} has no attribute ${JSON.stringify(name)}`);
  }
  return paths;
}
