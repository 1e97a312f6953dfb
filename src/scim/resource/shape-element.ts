import { isObject, type JsonObject, type JsonValue, kindOf, own } from '../json.ts';
import type { BoundAttribute } from '../schema/bound-attribute.ts';
import { badRequest } from '../scim-error.ts';

/**
 * Gives one element of a complex attribute its proper shape. Unless `strict`, that takes a plain text for `value`
 * (Entra's manager), `displayName` for `display`, the last part of `$ref` for a missing `value`, and for `roles` the JSON
 * document in a string that Entra's SingleAppRoleAssignment sends. Throws 400 `invalidValue`.
 */
export function shapeElement(attribute: BoundAttribute, raw: JsonValue, where: string, strict: boolean): JsonObject {
  if (strict || attribute.type !== 'complex') {
    if (isObject(raw)) return raw;
    throw badRequest('invalidValue', `${where} must be an object, not ${kindOf(raw)}`);
  }
  const object = typeof raw === 'string' && attribute.subs.has('value') ? { value: raw } : raw;
  if (!isObject(object)) throw badRequest('invalidValue', `${where} must be an object, not ${kindOf(raw)}`);
  return withDisplay(attribute, withValueOfReference(attribute, withRoleOf(attribute, object)));
}

function withRoleOf(attribute: BoundAttribute, object: JsonObject): JsonObject {
  const text = own(object, 'value');
  if (attribute.path !== 'roles' || typeof text !== 'string' || !text.trimStart().startsWith('{')) return object;
  let role: unknown;
  try {
    role = JSON.parse(text);
  } catch {
    return object;
  }
  if (!isObject(role)) return object;
  const { value: _, ...rest } = object;
  const said: JsonObject = {};
  for (const name of ['id', 'value', 'display', 'displayName', 'type']) {
    const part = own(role, name);
    if (typeof part === 'string' || typeof part === 'number') said[name] = String(part);
  }
  return { ...rest, ...said };
}

function withValueOfReference(attribute: BoundAttribute, object: JsonObject): JsonObject {
  const reference = own(object, '$ref');
  if (typeof reference !== 'string' || !attribute.subs.has('$ref') || own(object, 'value') !== undefined) return object;
  const value = idOfReference(reference);
  return value === undefined ? object : { ...object, value };
}

function withDisplay(attribute: BoundAttribute, object: JsonObject): JsonObject {
  if (attribute.subs.has('displayname') || !attribute.subs.has('display')) return object;
  const name = Object.keys(object).find((key) => key.toLowerCase() === 'displayname');
  const value = name === undefined ? undefined : own(object, name);
  return value === undefined || own(object, 'display') !== undefined ? object : { ...object, display: value };
}

/** The id at the end of a resource's address: `https://host/scim/v2/d/Users/7` gives `7`. */
export function idOfReference(reference: string): string | undefined {
  const last = /([^/?#]+)\/?(?:[?#].*)?$/.exec(reference)?.[1];
  if (last === undefined) return undefined;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
