import { isObject, type JsonObject, type JsonValue, kindOf, own } from '../json.ts';
import type { BoundAttribute } from '../schema/bound-attribute.ts';
import { findAttribute, type ResourceType } from '../schema/resource-type.ts';
import { badRequest } from '../scim-error.ts';
import { readAttribute } from './read-attribute.ts';
import { type Member, readMembers } from './read-members.ts';
import { withSchemas } from './with-schemas.ts';

/** A resource as a client sent it. Members are apart, since they are rows of their own and may be 100,000. */
export interface ReadResource {
  resource: JsonObject;
  members: Member[];
}

/**
 * Reads the body of POST or PUT (RFC 7644 §3.3, §3.5.1). Names are canonicalised, unknown attributes and unknown URNs in
 * `schemas` ignored (refused with 400 `invalidSyntax` if `strict`), readOnly ones ignored, passwords checked and dropped.
 * Throws 400 `invalidSyntax` if the body is no resource, `invalidValue` for a value of a wrong type or a required
 * attribute that is missing.
 */
export function readResource(
  body: unknown,
  resourceType: ResourceType,
  { strict = false }: { strict?: boolean } = {},
): ReadResource {
  if (!isObject(body)) throw badRequest('invalidSyntax', `the body is ${kindOf(body)}, not a ${resourceType.name}`);
  if (strict) checkSchemas(body, resourceType);
  const resource: JsonObject = {};
  const read: ReadResource = { resource, members: [] };
  for (const [name, raw] of Object.entries(body)) {
    const extension = resourceType.byUrn.get(name.toLowerCase())?.schema.id;
    if (extension === undefined) {
      readInto(read, name, raw, resourceType, undefined, strict);
    } else if (isObject(raw)) {
      for (const [inner, value] of Object.entries(raw)) readInto(read, inner, value, resourceType, extension, strict);
    } else if (raw !== null && !(Array.isArray(raw) && raw.length === 0)) {
      throw badRequest('invalidValue', `${extension} must be an object, not ${kindOf(raw)}`);
    }
  }
  checkRequired(resource, resourceType);
  return { resource: withSchemas(resource, resourceType), members: read.members };
}

function readInto(
  into: ReadResource,
  name: string,
  raw: JsonValue,
  resourceType: ResourceType,
  extension: string | undefined,
  strict: boolean,
): void {
  const attribute = findAttribute(resourceType, extension === undefined ? name : `${extension}:${name}`, strict);
  if (attribute === undefined || attribute.parent !== undefined) {
    if (strict) {
      const path = extension === undefined ? name : `${extension}:${name}`;
      throw badRequest('invalidSyntax', `${resourceType.name} has no attribute ${JSON.stringify(path.slice(0, 200))}`);
    }
    return;
  }
  if (attribute.mutability === 'readOnly') return;
  if (attribute.storage === 'membership') {
    into.members = raw === null ? [] : readMembers(raw, attribute.path, strict);
    return;
  }
  const value = readAttribute(attribute, raw, attribute.path, strict);
  if (attribute.returned === 'never') return;
  setAttribute(into.resource, attribute, value);
}

/** Sets or unsets an attribute of the first level at its place, an extension's within its object. */
export function setAttribute(resource: JsonObject, attribute: BoundAttribute, value: JsonValue | undefined): void {
  let home = resource;
  if (attribute.extension !== undefined) {
    const existing = own(resource, attribute.extension);
    if (value === undefined && existing === undefined) return;
    home = isObject(existing) ? existing : {};
    resource[attribute.extension] = home;
  }
  if (value === undefined) delete home[attribute.name];
  else home[attribute.name] = value;
}

/** Throws 400 `invalidValue` if a required attribute or sub-attribute has no value, or a required extension is missing. */
export function checkRequired(resource: JsonObject, resourceType: ResourceType): void {
  for (const { schema, required } of resourceType.extensions) {
    if (required && own(resource, schema.id) === undefined) throw missing(schema.id);
  }
  for (const attribute of resourceType.attributes) {
    if (attribute.retired === true) continue;
    if (attribute.mutability === 'readOnly' || attribute.storage === 'membership') continue;
    const home = attribute.extension === undefined ? resource : own(resource, attribute.extension);
    if (!isObject(home)) continue;
    const value = own(home, attribute.name);
    if (attribute.required && isBlank(value)) throw missing(attribute.path);
    if (attribute.type !== 'complex' || value === undefined) continue;
    for (const sub of attribute.subs.values()) {
      const elements = Array.isArray(value) ? value : [value];
      if (sub.required && elements.some((element) => isObject(element) && isBlank(own(element, sub.name)))) {
        throw missing(sub.path);
      }
    }
  }
}

function isBlank(value: JsonValue | undefined): boolean {
  return value === undefined || (typeof value === 'string' && value.trim() === '');
}

function missing(path: string) {
  return badRequest('invalidValue', `${path} is required`);
}

function checkSchemas(body: JsonObject, resourceType: ResourceType): void {
  const name = Object.keys(body).find((key) => key.toLowerCase() === 'schemas') ?? 'schemas';
  const schemas = own(body, name);
  const core = resourceType.schema.id.toLowerCase();
  if (!Array.isArray(schemas) || !schemas.some((urn) => typeof urn === 'string' && urn.toLowerCase() === core)) {
    throw badRequest('invalidSyntax', `schemas must contain ${resourceType.schema.id}`);
  }
  for (const urn of schemas) {
    const known = typeof urn === 'string' && (urn.toLowerCase() === core || resourceType.byUrn.has(urn.toLowerCase()));
    if (!known)
      throw badRequest(
        'invalidSyntax',
        `schemas names ${typeof urn === 'string' ? urn.slice(0, 200) : kindOf(urn)}, which ${resourceType.name} has not`,
      );
  }
}
