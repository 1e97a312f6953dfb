import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import { badRequest } from '../scim-error.ts';

/** The elements without those that were there before; the first of each stays. */
export function withoutDuplicates(elements: readonly JsonValue[]): JsonValue[] {
  const seen = new Set<string>();
  return elements.filter((element) => {
    const key = identityOf(element);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/**
 * What makes an element the one it is: its `value` and `type`, or, where there is no value, all of it
 * (RFC 7643 §2.4: no pair of type and value twice).
 */
export function identityOf(element: JsonValue): string {
  if (!isObject(element)) return JSON.stringify(element);
  if (own(element, 'value') === undefined) return JSON.stringify(Object.entries(element).sort());
  return JSON.stringify([own(element, 'value'), own(element, 'type') ?? null]);
}

/** Lets one element at most be primary (RFC 7643 §2.4): the first that says so. `strict` refuses a second. */
export function onePrimary(elements: JsonValue[], where: string, strict: boolean): JsonValue[] {
  const primaries = elements.filter(isPrimary);
  const [first] = primaries;
  if (first === undefined || primaries.length === 1) return elements;
  if (strict) throw badRequest('invalidValue', `${where}: only one value can be primary`);
  return demoteOthers(elements, first);
}

/** Takes `primary` from all but one; the elements themselves are left as they are. */
export function demoteOthers(elements: readonly JsonValue[], kept: JsonValue): JsonValue[] {
  return elements.map((element) => (element !== kept && isPrimary(element) ? { ...element, primary: false } : element));
}

/** Whether an element is marked primary. */
export function isPrimary(element: JsonValue): element is JsonObject {
  return isObject(element) && own(element, 'primary') === true;
}
