import type { JsonValue } from '../json.ts';
import { isClearedByEmptyText, readAttribute } from '../resource/read-attribute.ts';
import type { BoundAttribute } from '../schema/bound-attribute.ts';
import type { PatchStep } from './patch-steps.ts';

/** Reads the value a step gives to a sub-attribute; `undefined` unassigns it. */
export function readPart(sub: BoundAttribute, step: PatchStep, strict: boolean): JsonValue | undefined {
  const value = readAttribute(sub, step.value ?? null, step.where, strict);
  return value === '' && isClearedByEmptyText(sub) ? undefined : value;
}

/** Whether a value as a client wrote it takes a complex or multi-valued attribute away. */
export function isUnassigned(value: JsonValue): boolean {
  return (
    value === null || value === '' || (Array.isArray(value) && value.every((item) => item === null || item === ''))
  );
}
