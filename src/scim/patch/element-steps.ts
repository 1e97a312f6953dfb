import { matchesElement } from '../filter/matches.ts';
import type { ResolvedFilter } from '../filter/resolved-filter.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import { demoteOthers, identityOf, isPrimary } from '../resource/elements.ts';
import { readElements, readParts } from '../resource/read-attribute.ts';
import { badRequest } from '../scim-error.ts';
import type { PatchStep } from './patch-steps.ts';
import { isUnassigned, readPart } from './step-value.ts';

/** `add` appends what is not there yet, `replace` puts the new array in the place of the old (RFC 7644 §3.5.2.1, §3.5.2.3). */
export function addElements(elements: JsonValue[], step: PatchStep, strict: boolean): JsonValue[] {
  const value = step.value ?? null;
  const given = isUnassigned(value) ? [] : (readElements(step.attribute, value, step.where, strict) ?? []);
  if (step.op === 'replace') return given;
  const result = new Map(elements.map((element) => [identityOf(element), element]));
  const added: JsonValue[] = [];
  for (const element of given) {
    const existing = result.get(identityOf(element));
    const merged = isObject(existing) && isObject(element) ? { ...existing, ...element } : element;
    result.set(identityOf(element), merged);
    if (isPrimary(element)) added.push(merged);
  }
  return keepPrimary([...result.values()], added);
}

/**
 * `add` and `replace` on elements chosen by a filter, or on a sub-attribute. Where nothing matches, Entra expects the element to
 * be made from the filter's own `eq` terms; null or "" then has nothing to do. Other filters, and any filter if
 * `strict`, give 400 `noTarget` (RFC 7644 §3.5.2.3).
 */
export function writeElements(elements: JsonValue[], step: PatchStep, strict: boolean): JsonValue[] {
  const { filter, sub, attribute } = step;
  const chosen = elements.filter((element) => filter === undefined || matchesElement(filter, element));
  const clears = isUnassigned(step.value ?? null) || (sub !== undefined && readPart(sub, step, strict) === undefined);
  if (chosen.length === 0) {
    if (clears && !strict) return elements;
    const implied = strict && filter !== undefined ? undefined : impliedBy(filter);
    if (implied === undefined) {
      throw badRequest('noTarget', `${step.where}: no value of ${attribute.path} matches the filter in the path`);
    }
    const made = written(implied, implied, step, strict);
    if (filter !== undefined && !clears && !matchesElement(filter, made)) {
      throw badRequest('noTarget', `${step.where}: nothing matches the filter in the path, nor would the value given`);
    }
    return clears ? elements : keepPrimary([...elements, made], [made]);
  }
  if (clears && sub === undefined) return elements.filter((element) => !chosen.includes(element));
  const implied = impliedBy(filter) ?? {};
  const touched: JsonValue[] = [];
  const result = elements.flatMap((element) => {
    if (!chosen.includes(element)) return [element];
    const next = written(element, implied, step, strict);
    if (clears && isHollow(next)) return [];
    touched.push(next);
    return [next];
  });
  return keepPrimary(result, touched);
}

/** `remove`: all, those listed in a value, those chosen by a filter, or one sub-attribute of them (RFC 7644 §3.5.2.2). */
export function removeElements(elements: JsonValue[], step: PatchStep, strict: boolean): JsonValue[] {
  const { filter, sub, attribute, value } = step;
  if (filter === undefined && sub === undefined) {
    if (value === undefined || value === null || value === '') return [];
    const listed = readElements(attribute, value, step.where, strict) ?? [];
    return elements.filter((element) => !listed.some((one) => isListed(element, one)));
  }
  const chosen = elements.filter((element) => filter === undefined || matchesElement(filter, element));
  if (chosen.length === 0 && strict) {
    throw badRequest('noTarget', `${step.where}: no value of ${attribute.path} matches the filter in the path`);
  }
  if (sub === undefined) return elements.filter((element) => !chosen.includes(element));
  return elements.flatMap((element) => {
    if (!isObject(element) || !chosen.includes(element)) return [element];
    const { [sub.name]: _, ...rest } = element;
    return isHollow(rest) ? [] : [rest];
  });
}

/** The element a step leaves where `element` was. `replace` without sub-attribute keeps only what the filter implies. */
function written(element: JsonValue, implied: JsonObject, step: PatchStep, strict: boolean): JsonValue {
  const base = isObject(element) ? element : {};
  if (step.sub !== undefined) {
    const value = readPart(step.sub, step, strict);
    const old = own(base, step.sub.name);
    if (step.sub.mutability === 'immutable' && old !== undefined && old !== value) {
      throw badRequest('mutability', `${step.where}: ${step.sub.path} is immutable and already has a value`);
    }
    const { [step.sub.name]: _, ...rest } = base;
    return value === undefined ? rest : { ...base, [step.sub.name]: value };
  }
  if (step.attribute.type !== 'complex')
    return readElements(step.attribute, step.value ?? null, step.where, strict)?.[0] ?? '';
  const result: JsonObject = step.op === 'replace' ? { ...implied } : { ...base };
  for (const { sub, value } of readParts(step.attribute, step.value ?? null, step.where, strict)) {
    if (value === undefined) delete result[sub.name];
    else result[sub.name] = value;
  }
  return result;
}

/** The last element that was made primary is the only one (RFC 7644 §3.5.2). */
function keepPrimary(elements: JsonValue[], touched: readonly JsonValue[]): JsonValue[] {
  const primary = touched.findLast(isPrimary);
  return primary === undefined ? elements : demoteOthers(elements, primary);
}

/** Whether nothing is left of an element but what kind of value it was. */
function isHollow(element: JsonValue): boolean {
  return isObject(element) && Object.keys(element).every((name) => name === 'type' || name === 'primary');
}

/** The sub-attributes that a filter of nothing but `eq` and `and` gives to whatever it matches. */
function impliedBy(filter: ResolvedFilter | undefined): JsonObject | undefined {
  if (filter === undefined) return {};
  if (filter.kind === 'compare' && filter.operator === 'eq') {
    const { attribute, value } = filter;
    // An instant is not the text a client would have written, and a simple value has no parts to imply.
    if (attribute.parent === undefined || attribute.type === 'dateTime') return undefined;
    return { [attribute.name]: value };
  }
  if (filter.kind !== 'and') return undefined;
  const implied: JsonObject = {};
  for (const term of filter.terms) {
    const part = impliedBy(term);
    if (part === undefined) return undefined;
    for (const [name, value] of Object.entries(part)) {
      if (own(implied, name) !== undefined && own(implied, name) !== value) return undefined;
      implied[name] = value;
    }
  }
  return implied;
}

/** Whether an element is meant by one in a list of values to remove: by its `value`, and `type` if one is given. */
function isListed(element: JsonValue, listed: JsonValue): boolean {
  if (!isObject(element) || !isObject(listed) || own(listed, 'value') === undefined)
    return identityOf(element) === identityOf(listed);
  const type = own(listed, 'type');
  return own(element, 'value') === own(listed, 'value') && (type === undefined || type === own(element, 'type'));
}
