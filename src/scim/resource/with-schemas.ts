import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import type { ResourceType } from '../schema/resource-type.ts';

/**
 * The resource with the `schemas` that are present in it, which comes first, then `id`; extensions left empty go
 * (RFC 7643 §3). Whatever a client wrote into `schemas` does not count.
 */
export function withSchemas(resource: JsonObject, resourceType: ResourceType): JsonObject {
  const schemas: JsonValue[] = [resourceType.schema.id];
  const { schemas: _, ...attributes } = resource;
  for (const { schema } of resourceType.extensions) {
    const extension = own(attributes, schema.id);
    if (extension === undefined) continue;
    if (isObject(extension) && Object.keys(extension).length > 0) schemas.push(schema.id);
    else delete attributes[schema.id];
  }
  const id = own(attributes, 'id');
  return id === undefined ? { schemas, ...attributes } : { schemas, id, ...attributes };
}
