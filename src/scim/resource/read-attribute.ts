import { isObject, type JsonObject, type JsonValue, kindOf } from '../json.ts';
import type { BoundAttribute } from '../schema/bound-attribute.ts';
import { badRequest } from '../scim-error.ts';
import { onePrimary, withoutDuplicates } from './elements.ts';
import { readSimpleValue } from './read-simple-value.ts';
import { shapeElement } from './shape-element.ts';

/** Longest list one attribute can hold; members are rows and have no such bound. */
export const MAX_ELEMENTS = 500;

/**
 * Reads the value of an attribute, in any form a client may write it, into the one form in which it is kept:
 * canonical names, right types, readOnly parts left out. `undefined` means unassigned: null, [] and absent are one
 * (RFC 7643 §2.5). Throws 400 `invalidValue` (or `invalidSyntax` for unknown parts if `strict`) naming `where`.
 */
export function readAttribute(
  attribute: BoundAttribute,
  raw: JsonValue,
  where: string,
  strict: boolean,
): JsonValue | undefined {
  if (raw === null) return undefined;
  if (attribute.multiValued) return readElements(attribute, raw, where, strict);
  if (!Array.isArray(raw)) return readElement(attribute, raw, where, strict);
  const [only] = raw;
  if (only === undefined) return undefined;
  if (raw.length === 1 && attribute.type === 'complex' && !strict) {
    return only === null ? undefined : readElement(attribute, only, where, strict);
  }
  throw badRequest('invalidValue', `${where} takes one value, not an array`);
}

/** Reads the elements of a multi-valued attribute; a single one may stand without its array. */
export function readElements(attribute: BoundAttribute, raw: JsonValue, where: string, strict: boolean) {
  const list = Array.isArray(raw) ? raw : [raw];
  if (list.length > MAX_ELEMENTS) throw badRequest('invalidValue', `${where} has more than ${MAX_ELEMENTS} values`);
  const elements: JsonValue[] = [];
  for (const [i, item] of list.entries()) {
    const element = item === null ? undefined : readElement(attribute, item, `${where}[${i}]`, strict);
    if (element !== undefined && element !== '') elements.push(element);
  }
  const kept = withoutDuplicates(elements);
  return kept.length === 0 ? undefined : onePrimary(kept, where, strict);
}

/** Reads one value, or one element of many. */
function readElement(attribute: BoundAttribute, raw: JsonValue, where: string, strict: boolean): JsonValue | undefined {
  if (attribute.type !== 'complex') return readSimpleValue(attribute, raw, where, strict);
  if (raw === '' && !strict) return undefined;
  const element: JsonObject = {};
  for (const { sub, value } of readParts(attribute, raw, where, strict)) {
    if (value !== undefined) element[sub.name] = value;
  }
  return Object.keys(element).length === 0 ? undefined : element;
}

/** What a value says about one sub-attribute; `undefined` says that it is unassigned. */
export interface Part {
  sub: BoundAttribute;
  value: JsonValue | undefined;
}

/** Reads what a complex value says about each sub-attribute; readOnly ones are passed over. */
export function readParts(attribute: BoundAttribute, raw: JsonValue, where: string, strict: boolean): Part[] {
  const only = Array.isArray(raw) && raw.length === 1 && !strict ? raw[0] : raw;
  if (only === undefined) throw badRequest('invalidValue', `${where} must be an object, not ${kindOf(raw)}`);
  const parts: Part[] = [];
  for (const [name, item] of Object.entries(shapeElement(attribute, only, where, strict))) {
    const sub = attribute.subs.get(name.toLowerCase());
    if (sub === undefined) {
      if (strict)
        throw badRequest('invalidSyntax', `${where} has no sub-attribute ${JSON.stringify(name.slice(0, 80))}`);
      continue;
    }
    if (sub.mutability === 'readOnly') continue;
    const place = `${where}.${sub.name}`;
    const value =
      isObject(item) && Object.keys(item).length === 0 ? undefined : readAttribute(sub, item, place, strict);
    parts.push({ sub, value: value === '' && isClearedByEmptyText(sub) ? undefined : value });
  }
  return parts;
}

/**
 * Whether an empty text unassigns an attribute rather than being kept: parts of a multi-valued attribute, and the
 * `value` of a complex one (Entra removes a manager with `""`). Other text keeps it (RFC 7643 §2.5 is about null).
 */
export function isClearedByEmptyText(attribute: BoundAttribute): boolean {
  if (attribute.type !== 'string') return true;
  return attribute.parent !== undefined && (attribute.parent.multiValued || attribute.name === 'value');
}
