import type { Attribute, Schema } from './attribute.ts';
import { type AttributeStorage, type BoundAttribute, bindAttribute } from './bound-attribute.ts';
import { COMMON_ATTRIBUTES } from './common-attributes.ts';

/** A schema extension of a resource type (RFC 7643 §3.3). */
export interface SchemaExtension {
  schema: Schema;
  required: boolean;
  /** Whether nothing of it is declared any longer (`Attribute.retired`). */
  retired?: boolean;
}

/** What defines a resource type (RFC 7643 §6). `storage` says which paths have a column or rows of their own. */
export interface ResourceTypeDefinition {
  name: string;
  description: string;
  endpoint: string;
  schema: Schema;
  extensions: readonly SchemaExtension[];
  storage: Readonly<Record<string, AttributeStorage>>;
}

/** A resource type with its attributes in place and ready to be looked up. */
export interface ResourceType extends ResourceTypeDefinition {
  /** All attributes of the first level: common, core, then those of each extension. */
  attributes: readonly BoundAttribute[];
  /** By path in lower case, both bare and qualified with the schema's URN, sub-attributes included. */
  byPath: ReadonlyMap<string, BoundAttribute>;
  /** Extensions by their URN in lower case. */
  byUrn: ReadonlyMap<string, SchemaExtension>;
  /** Whether documents hold what is only returned on request, so that each answer must be projected. */
  hidesByDefault: boolean;
}

/** Makes a resource type out of its definition. Throws when the data contradicts itself. */
export function defineResourceType(definition: ResourceTypeDefinition): ResourceType {
  const byPath = new Map<string, BoundAttribute>();
  const byUrn = new Map<string, SchemaExtension>();
  const storageOf = (path: string) => (Object.hasOwn(definition.storage, path) ? definition.storage[path] : undefined);

  const bind = (attributes: readonly Attribute[], schema: Schema | undefined, extension: string | undefined) =>
    attributes.map((attribute) => {
      checkName(attribute);
      const bound = bindAttribute(attribute, extension, storageOf);
      if (bound.retired === true) return bound;
      for (const each of [bound, ...(bound.type === 'complex' ? bound.subs.values() : [])]) {
        const bare = extension === undefined ? each.path : each.path.slice(extension.length + 1);
        if (schema !== undefined) byPath.set(`${schema.id}:${bare}`.toLowerCase(), each);
        // Core comes first, so an extension's attribute is found by its bare name only where nothing else bears it.
        if (!byPath.has(bare.toLowerCase())) byPath.set(bare.toLowerCase(), each);
      }
      return bound;
    });

  const common = new Set(COMMON_ATTRIBUTES.map(({ name }) => name));
  const attributes = [
    ...bind(COMMON_ATTRIBUTES, definition.schema, undefined),
    ...bind(
      definition.schema.attributes.filter(({ name }) => !common.has(name)),
      definition.schema,
      undefined,
    ),
    ...definition.extensions.flatMap((extension) => {
      if (extension.retired !== true) byUrn.set(extension.schema.id.toLowerCase(), extension);
      return bind(extension.schema.attributes, extension.schema, extension.schema.id);
    }),
  ];
  return { ...definition, attributes, byPath, byUrn, hidesByDefault: attributes.some(isHidden) };
}

/**
 * The same resource type with one more extension: an own schema declared as data. Throws when the URN is already
 * taken, is no URN, or an attribute's name is not one (RFC 7643 §2.1). One that is `retired` only keeps its place.
 */
export function extendResourceType(
  resourceType: ResourceType,
  schema: Schema,
  { required = false, retired = false }: { required?: boolean; retired?: boolean } = {},
): ResourceType {
  const urn = schema.id.toLowerCase();
  if (!/^urn:[a-z0-9][a-z0-9-]{0,31}:[^\s[\]()"]+$/.test(urn)) {
    throw new TypeError(
      `The schema id ${JSON.stringify(schema.id)} is not a URN such as urn:example:schemas:1.0:User.`,
    );
  }
  if (urn === resourceType.schema.id.toLowerCase() || resourceType.byUrn.has(urn)) {
    throw new TypeError(`${resourceType.name} already has the schema ${schema.id}; choose another URN.`);
  }
  return defineResourceType({
    ...resourceType,
    extensions: [...resourceType.extensions, { schema, required, retired }],
  });
}

/**
 * Finds an attribute by any spelling of its path: case does not matter, the schema's URN may stand before it, and
 * (unless `strict`) an extension's attribute may be called by its bare name, as Entra does with `manager`.
 */
export function findAttribute(resourceType: ResourceType, path: string, strict = false): BoundAttribute | undefined {
  const found = resourceType.byPath.get(path.toLowerCase());
  if (strict && found?.extension !== undefined && !path.includes(':')) return undefined;
  return found;
}

function isHidden(attribute: BoundAttribute): boolean {
  if (attribute.retired === true) return true;
  return attribute.returned === 'request' || [...attribute.subs.values()].some((sub) => sub.returned === 'request');
}

function checkName(attribute: Attribute): void {
  const { name } = attribute;
  if (!/^[$a-z][\w$-]*$/i.test(name) || name in Object.prototype) {
    throw new TypeError(`${JSON.stringify(name)} cannot be an attribute's name (RFC 7643 §2.1).`);
  }
  for (const sub of attribute.subAttributes ?? []) {
    checkName(sub);
    if (sub.type === 'complex') throw new TypeError(`${name}.${sub.name} cannot be complex (RFC 7643 §2.3.8).`);
  }
}
