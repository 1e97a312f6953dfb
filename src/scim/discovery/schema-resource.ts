import type { JsonObject } from '../json.ts';
import type { Attribute, Schema } from '../schema/attribute.ts';
import { DISCOVERY_SCHEMAS } from '../schema/discovery-schemas.ts';
import type { ResourceType } from '../schema/resource-type.ts';
import { ScimError } from '../scim-error.ts';

/**
 * How much `/Schemas` tells. `trimmed` leaves out what Microsoft's hosted validator refuses to see there: `password`,
 * `emails.display`, `emails.primary`.
 */
export type SchemaProfile = 'full' | 'trimmed';

/** What the schemas are answered for. */
export interface SchemaOptions {
  baseUrl: string;
  resourceTypes: readonly ResourceType[];
  profile?: SchemaProfile;
}

const SCHEMA_URN = 'urn:ietf:params:scim:schemas:core:2.0:Schema';
const TRIMMED: ReadonlySet<string> = new Set(['password', 'emails.display', 'emails.primary']);

/**
 * All schemas of the resource types, for `/Schemas` (RFC 7644 §4). Those of the discovery resources themselves are answered
 * by URN only: Entra offers everything listed as a target for attributes.
 */
export function schemaResources({ baseUrl, resourceTypes, profile = 'full' }: SchemaOptions): JsonObject[] {
  return schemasOf(resourceTypes).map((schema) => schemaResource(schema, baseUrl, profile));
}

/** One schema by its URN, for `/Schemas/{urn}`. Throws 404. */
export function findSchemaResource(
  urn: string,
  { baseUrl, resourceTypes, profile = 'full' }: SchemaOptions,
): JsonObject {
  const wanted = urn.toLowerCase();
  const schema = [...schemasOf(resourceTypes), ...DISCOVERY_SCHEMAS].find(({ id }) => id.toLowerCase() === wanted);
  if (schema === undefined) throw new ScimError(404, undefined, `there is no schema ${JSON.stringify(urn)}`);
  return schemaResource(schema, baseUrl, profile);
}

function schemasOf(resourceTypes: readonly ResourceType[]): Schema[] {
  const all = resourceTypes.flatMap(({ schema, byUrn }) => [schema, ...[...byUrn.values()].map((each) => each.schema)]);
  return [...new Map(all.map((schema) => [schema.id, schema])).values()];
}

function schemaResource(schema: Schema, baseUrl: string, profile: SchemaProfile): JsonObject {
  return {
    schemas: [SCHEMA_URN],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: describe(schema.attributes, '', profile),
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${schema.id}` },
  };
}

function describe(attributes: readonly Attribute[], prefix: string, profile: SchemaProfile): JsonObject[] {
  return attributes
    .filter(({ unlisted, retired }) => unlisted !== true && retired !== true)
    .filter(({ name }) => profile === 'full' || !TRIMMED.has(prefix + name))
    .map((attribute) => ({
      name: attribute.name,
      type: attribute.type,
      multiValued: attribute.multiValued,
      description: attribute.description,
      required: attribute.required,
      caseExact: attribute.caseExact,
      mutability: attribute.mutability,
      returned: attribute.returned,
      uniqueness: attribute.uniqueness,
      ...(attribute.canonicalValues === undefined ? {} : { canonicalValues: [...attribute.canonicalValues] }),
      ...(attribute.referenceTypes === undefined ? {} : { referenceTypes: [...attribute.referenceTypes] }),
      ...(attribute.subAttributes === undefined
        ? {}
        : { subAttributes: describe(attribute.subAttributes, `${prefix}${attribute.name}.`, profile) }),
    }));
}
