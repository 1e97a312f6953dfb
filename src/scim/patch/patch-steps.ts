import { isObject, type JsonValue, kindOf } from '../json.ts';
import { parsePath } from '../path/parse-path.ts';
import { type AttributeTarget, type PatchTarget, resolvePath } from '../path/resolve-path.ts';
import type { ResourceType } from '../schema/resource-type.ts';
import { badRequest, ScimError } from '../scim-error.ts';
import type { PatchOperation } from './read-patch-request.ts';

/** One operation on one attribute: what operations without a path, or on a whole schema, come apart into. */
export interface PatchStep extends AttributeTarget {
  op: 'add' | 'replace' | 'remove';
  /** `undefined` only for a remove without a value. */
  value: JsonValue | undefined;
  /** Where it stood, for errors. */
  where: string;
  /** False for a key inside a value: there readOnly attributes are passed over instead of refused. */
  named: boolean;
}

/**
 * Takes an operation apart into steps (RFC 7644 §3.5.2). Keys of a value may be names, dotted or qualified paths, or
 * whole extensions, as Entra batches them; unknown keys are ignored unless `strict`.
 * Throws 400 `noTarget` for a remove without path, `invalidPath` for an unknown or malformed one, `invalidValue`.
 */
export function patchSteps(operation: PatchOperation, resourceType: ResourceType, strict: boolean): PatchStep[] {
  const { op, path, value, where } = operation;
  if (path === undefined) {
    if (op === 'remove') throw badRequest('noTarget', `${where}: remove needs a path that says what to remove`);
    return stepsOfValue(operation, '', resourceType, strict);
  }
  const target = resolvePath(parsePath(path, { strict }), resourceType, strict);
  if (target === undefined) {
    throw badRequest('invalidPath', `${where}.path: ${resourceType.name} has no attribute ${JSON.stringify(path)}`);
  }
  if (op !== 'remove' && value === undefined) throw badRequest('invalidValue', `${where}: ${op} needs a value`);
  if (target.kind === 'attribute') return [{ ...target, op, value, where: `${where}.value`, named: true }];
  if (op === 'remove' || value === null || value === '') return removalOf(target, operation, resourceType);
  return stepsOfValue(operation, target.extension ? `${target.urn}:` : '', resourceType, strict);
}

function stepsOfValue(
  { op, value, where }: PatchOperation,
  prefix: string,
  resourceType: ResourceType,
  strict: boolean,
): PatchStep[] {
  if (!isObject(value)) {
    const got = value === undefined ? 'missing' : kindOf(value);
    throw badRequest('invalidValue', `${where}.value is ${got}; without a path it must be an object of attributes`);
  }
  return Object.entries(value).flatMap(([key, item]) => {
    const place = `${where}.value.${key.slice(0, 200)}`;
    const target = targetOfKey(prefix + key, resourceType, strict, place);
    if (target === undefined) return [];
    if (target.kind === 'attribute') return [{ ...target, op, value: item, where: place, named: false }];
    const inner: PatchOperation = { op, value: item, where: place };
    if (item === null || item === '') return removalOf(target, inner, resourceType);
    return stepsOfValue(inner, `${target.urn}:`, resourceType, strict);
  });
}

function targetOfKey(key: string, resourceType: ResourceType, strict: boolean, where: string): PatchTarget | undefined {
  try {
    const target = resolvePath(parsePath(key, { strict }), resourceType, strict);
    if (target !== undefined || !strict) return target;
  } catch (error) {
    if (strict || !(error instanceof ScimError)) throw error;
    return undefined;
  }
  throw badRequest('invalidPath', `${where}: ${resourceType.name} has no such attribute`);
}

/** Removing a schema is removing all of its attributes; the core schema cannot go. */
function removalOf(
  target: Extract<PatchTarget, { kind: 'schema' }>,
  { op, where }: PatchOperation,
  resourceType: ResourceType,
): PatchStep[] {
  if (op === 'add') return [];
  if (!target.extension) throw badRequest('mutability', `${where}: ${target.urn} cannot be removed`);
  return resourceType.attributes
    .filter(({ extension, retired }) => extension === target.urn && retired !== true)
    .filter(({ mutability }) => mutability !== 'readOnly')
    .map((attribute) => ({ kind: 'attribute', attribute, op: 'remove', value: undefined, where, named: false }));
}
