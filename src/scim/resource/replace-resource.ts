import { isObject, type JsonObject, own, sameJson } from '../json.ts';
import { changeBetween, type ResourceChange } from '../patch/apply-patch.ts';
import type { ResourceType } from '../schema/resource-type.ts';
import { badRequest } from '../scim-error.ts';
import { setAttribute } from './read-resource.ts';
import { withSchemas } from './with-schemas.ts';

/**
 * Puts what a client sent (`readResource`) in the place of what is there (RFC 7644 §3.5.1): readOnly attributes and `id`
 * stay, omitted ones are cleared. Throws 400 `mutability` if an immutable attribute would change.
 */
export function replaceResource(current: JsonObject, sent: JsonObject, resourceType: ResourceType): ResourceChange {
  const next: JsonObject = { ...sent };
  for (const attribute of resourceType.attributes) {
    if (attribute.path === 'schemas' || attribute.path === 'meta') continue;
    const before = valueAt(current, attribute.extension, attribute.name);
    if (before === undefined) continue;
    if (attribute.mutability === 'readOnly' || attribute.retired === true) {
      setAttribute(next, attribute, before);
    } else if (attribute.mutability === 'immutable') {
      const after = valueAt(next, attribute.extension, attribute.name);
      if (!sameJson(before, after)) {
        throw badRequest('mutability', `${attribute.path} is immutable and already has another value`);
      }
    }
  }
  return changeBetween(current, withSchemas(next, resourceType));
}

function valueAt(resource: JsonObject, extension: string | undefined, name: string) {
  const home = extension === undefined ? resource : own(resource, extension);
  return isObject(home) ? own(home, name) : undefined;
}
