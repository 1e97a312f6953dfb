import { isObject, type JsonObject, type JsonValue, own, sameJson } from '../json.ts';
import { isClearedByEmptyText, MAX_ELEMENTS, readAttribute, readParts } from '../resource/read-attribute.ts';
import { setAttribute } from '../resource/read-resource.ts';
import type { BoundAttribute } from '../schema/bound-attribute.ts';
import { badRequest } from '../scim-error.ts';
import { addElements, removeElements, writeElements } from './element-steps.ts';
import type { PatchStep } from './patch-steps.ts';
import { isUnassigned, readPart } from './step-value.ts';

/** Applies one step to the resource in place. */
export function applyStep(resource: JsonObject, step: PatchStep, strict: boolean): void {
  const { attribute, sub } = step;
  // What is in `schemas` follows from what is in the resource, so that saying it changes nothing.
  if (attribute.path === 'schemas') return;
  if (attribute.mutability === 'readOnly' || sub?.mutability === 'readOnly') {
    if (step.named) throw badRequest('mutability', `${step.where}: ${(sub ?? attribute).path} is readOnly`);
    return;
  }
  if (attribute.returned === 'never') {
    if (step.value !== undefined) readAttribute(attribute, step.value, step.where, strict);
    return;
  }
  if (step.op === 'add' && addsNothing(step)) return;
  const before = currentValue(resource, attribute);
  const after = nextValue(before, step, strict);
  if (Array.isArray(after) && after.length > MAX_ELEMENTS) {
    throw badRequest('invalidValue', `${step.where}: ${attribute.path} would have more than ${MAX_ELEMENTS} values`);
  }
  checkMutability(step, before, after);
  setAttribute(resource, attribute, isEmpty(after) ? undefined : after);
}

/** Adding null, or an empty text where that is no value, adds nothing; only `replace` clears. */
function addsNothing({ attribute, sub, value }: PatchStep): boolean {
  if (value === '' && !isClearedByEmptyText(sub ?? attribute)) return false;
  return isUnassigned(value ?? null);
}

function nextValue(before: JsonValue | undefined, step: PatchStep, strict: boolean): JsonValue | undefined {
  const { attribute, sub } = step;
  if (attribute.multiValued) {
    const elements = before === undefined ? [] : Array.isArray(before) ? before : [before];
    return nextElements(elements, step, strict).filter((element) => element !== '' && !isEmpty(element));
  }
  if (attribute.type === 'complex') {
    const object = isObject(before) ? before : {};
    if (step.op === 'remove') {
      if (sub === undefined) return undefined;
      const { [sub.name]: _, ...rest } = object;
      return rest;
    }
    return sub === undefined ? mergeParts(object, step, strict) : setPart(object, sub, step, strict);
  }
  if (step.op === 'remove' || step.value === undefined) return undefined;
  return readAttribute(attribute, step.value, step.where, strict);
}

function nextElements(elements: JsonValue[], step: PatchStep, strict: boolean): JsonValue[] {
  if (step.op === 'remove') return removeElements(elements, step, strict);
  if (step.filter !== undefined || step.sub !== undefined) return writeElements(elements, step, strict);
  return addElements(elements, step, strict);
}

/** `replace` of a complex value leaves the parts that are not mentioned (RFC 7644 §3.5.2.3), as `add` does. */
function mergeParts(object: JsonObject, step: PatchStep, strict: boolean): JsonObject | undefined {
  if (step.value === undefined || isUnassigned(step.value)) return undefined;
  const merged = { ...object };
  for (const { sub, value } of readParts(step.attribute, step.value, step.where, strict)) {
    if (value === undefined) delete merged[sub.name];
    else merged[sub.name] = value;
  }
  return merged;
}

function setPart(object: JsonObject, sub: BoundAttribute, step: PatchStep, strict: boolean): JsonObject {
  const value = readPart(sub, step, strict);
  const { [sub.name]: _, ...rest } = object;
  return value === undefined ? rest : { ...object, [sub.name]: value };
}

function currentValue(resource: JsonObject, attribute: BoundAttribute): JsonValue | undefined {
  const home = attribute.extension === undefined ? resource : own(resource, attribute.extension);
  return isObject(home) ? own(home, attribute.name) : undefined;
}

function isEmpty(value: JsonValue | undefined): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

/** RFC 7644 §3.5.2: what is required cannot be removed, and what is immutable is set once. */
function checkMutability(
  { attribute, sub, op, value, where }: PatchStep,
  before: JsonValue | undefined,
  after?: JsonValue,
): void {
  if (sub?.required && (op === 'remove' || value === null || value === '')) {
    throw badRequest('mutability', `${where}: ${sub.path} is required and cannot be removed`);
  }
  if (attribute.required && before !== undefined && (after === undefined || isEmpty(after))) {
    throw badRequest('mutability', `${where}: ${attribute.path} is required and cannot be removed`);
  }
  if (attribute.mutability === 'immutable' && before !== undefined && !sameJson(before, after)) {
    throw badRequest('mutability', `${where}: ${attribute.path} is immutable and already has a value`);
  }
  if (!isObject(before) || !isObject(after)) return;
  for (const part of attribute.subs.values()) {
    const old = own(before, part.name);
    if (part.mutability === 'immutable' && old !== undefined && !sameJson(old, own(after, part.name))) {
      throw badRequest('mutability', `${where}: ${part.path} is immutable and already has a value`);
    }
  }
}
