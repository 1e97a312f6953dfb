import type { ResolvedFilter } from '../filter/resolved-filter.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { type Member, readMembers } from '../resource/read-members.ts';
import type { ResourceType } from '../schema/resource-type.ts';
import { badRequest } from '../scim-error.ts';
import { type PatchStep, patchSteps } from './patch-steps.ts';
import type { PatchOperation } from './read-patch-request.ts';
import { isUnassigned } from './step-value.ts';

/** A change of a group's members, as data: nothing has been read to make it. */
export type MemberChange =
  | { kind: 'add'; values: Member[] }
  | { kind: 'remove'; values: string[] }
  | { kind: 'removeAll' }
  | { kind: 'replace'; values: Member[] }
  /** Those fulfilling a filter over `members.value`, `members.type` and `members.display`. */
  | { kind: 'removeWhere'; filter: ResolvedFilter };

/** A group's PATCH taken apart. Both lists keep their order; neither depends on the other. */
export interface GroupPatchPlan {
  /** What is left for `applyPatch`. */
  attributes: PatchOperation[];
  members: MemberChange[];
}

/**
 * Takes the operations on members out of a PATCH, so that a group of 100,000 need not be loaded. `remove` with a list removes
 * only those listed (Entra's dialect; read by the RFC it would empty the group), without one all.
 * Throws `ScimError` 400 as `applyPatch` does.
 */
export function planGroupPatch(
  operations: readonly PatchOperation[],
  { resourceType, strict = false }: { resourceType: ResourceType; strict?: boolean },
): GroupPatchPlan {
  const plan: GroupPatchPlan = { attributes: [], members: [] };
  for (const operation of operations) {
    const steps = patchSteps(operation, resourceType, strict).filter(({ attribute }) => isMembership(attribute));
    plan.members.push(...steps.flatMap((step) => memberChanges(step, strict)));
    if (steps.length === 0) plan.attributes.push(operation);
    else if (operation.path === undefined) plan.attributes.push(...withoutMembers(operation, resourceType, strict));
  }
  return plan;
}

function memberChanges(step: PatchStep, strict: boolean): MemberChange[] {
  const { op, filter, sub, where } = step;
  const value = step.value ?? null;
  if (sub !== undefined && (sub.name !== 'value' || filter !== undefined)) {
    if (!step.named) return [];
    throw badRequest('mutability', `${where}: ${sub.path} cannot be changed; remove the member and add another`);
  }
  if (filter === undefined) return changesOfAll(step, value, strict);
  const removal = removalBy(filter);
  if (op === 'remove') return [removal];
  if (isUnassigned(value)) return op === 'add' ? [] : [removal];
  if (isObject(value) && !namesMember(value)) {
    // Nothing but the id is kept of a member, so this says no more than that it is one.
    const values = removal.kind === 'remove' && !strict ? removal.values.map((id) => ({ value: id })) : [];
    return values.length === 0 ? [] : [{ kind: 'add', values }];
  }
  const values = readMembers(value, where, strict);
  return op === 'add' ? [{ kind: 'add', values }] : [removal, { kind: 'add', values }];
}

function namesMember(value: JsonObject): boolean {
  return Object.keys(value).some((name) => name.toLowerCase() === 'value' || name.toLowerCase() === '$ref');
}

function changesOfAll({ op, where }: PatchStep, value: JsonValue, strict: boolean): MemberChange[] {
  if (value === null && op === 'remove') return [{ kind: 'removeAll' }];
  const values = readMembers(value, where, strict);
  if (op === 'replace') return [values.length === 0 ? { kind: 'removeAll' } : { kind: 'replace', values }];
  if (values.length === 0) return [];
  return [op === 'add' ? { kind: 'add', values } : { kind: 'remove', values: values.map((member) => member.value) }];
}

function removalBy(filter: ResolvedFilter): MemberChange {
  const values = valuesNamed(filter);
  return values === undefined ? { kind: 'removeWhere', filter } : { kind: 'remove', values };
}

/** The ids named by `value eq "a" or value eq "b"`; undefined for any other filter. */
function valuesNamed(filter: ResolvedFilter): string[] | undefined {
  if (filter.kind === 'compare') {
    return filter.operator === 'eq' && filter.attribute.name === 'value' ? [filter.key] : undefined;
  }
  if (filter.kind !== 'or') return undefined;
  const named = filter.terms.map(valuesNamed);
  return named.every((values) => values !== undefined) ? named.flat() : undefined;
}

/** An operation without path, with the keys that are about members taken out of its value. */
function withoutMembers(operation: PatchOperation, resourceType: ResourceType, strict: boolean): PatchOperation[] {
  if (!isObject(operation.value)) return [operation];
  const rest: JsonObject = {};
  for (const [key, value] of Object.entries(operation.value)) {
    const steps = patchSteps({ ...operation, value: { [key]: value } }, resourceType, strict);
    if (!steps.some(({ attribute }) => isMembership(attribute))) rest[key] = value;
  }
  return Object.keys(rest).length === 0 ? [] : [{ ...operation, value: rest }];
}

function isMembership(attribute: PatchStep['attribute']): boolean {
  return attribute.storage === 'membership' && attribute.mutability !== 'readOnly';
}
