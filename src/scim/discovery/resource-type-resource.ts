import type { JsonObject } from '../json.ts';
import type { ResourceType } from '../schema/resource-type.ts';
import { ScimError } from '../scim-error.ts';

/** One resource type as `/ResourceTypes` shows it (RFC 7643 §6). */
export function resourceTypeResource(resourceType: ResourceType, baseUrl: string): JsonObject {
  const { name, endpoint, description, schema, byUrn } = resourceType;
  const extensions = [...byUrn.values()];
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: name,
    name,
    endpoint,
    description,
    schema: schema.id,
    ...(extensions.length === 0
      ? {}
      : { schemaExtensions: extensions.map((each) => ({ schema: each.schema.id, required: each.required })) }),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${name}` },
  };
}

/** One resource type by its name, for `/ResourceTypes/{name}`. Throws 404. */
export function findResourceTypeResource(
  name: string,
  resourceTypes: readonly ResourceType[],
  baseUrl: string,
): JsonObject {
  const found = resourceTypes.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw new ScimError(404, undefined, `there is no resource type ${JSON.stringify(name)}`);
  return resourceTypeResource(found, baseUrl);
}
