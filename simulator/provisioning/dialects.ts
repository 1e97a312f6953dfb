import type { Dialect } from './job.ts';
import type { ScimDocument } from './scim-request.ts';
import { enterpriseUrn } from './user-mapping.ts';

/** One attribute to write: added where the target has none, replaced where it has another value. */
export type Change = { readonly op: 'add' | 'replace'; readonly path: string; readonly value: string | boolean };

type Operation = Readonly<Record<string, unknown>>;

const legacyOps = { add: 'Add', replace: 'Replace', remove: 'Remove' } as const;

/** Members in one request; how many Entra sends is not documented, only that it is many. */
export const membersPerRequest = 100;

/**
 * PATCH of plain attributes. Default: capitalised op, one for each attribute, booleans as strings. With the flag: lower
 * case, real booleans, filtered paths apart, the rest in one value without a path, under dotted and URN-qualified keys.
 */
export function patchAttributes(dialect: Dialect, changes: readonly Change[]): ScimDocument {
  if (dialect === 'default') {
    return patch(changes.map(({ op, path, value }) => ({ op: legacyOps[op], path, value: asText(value) })));
  }
  const filtered = changes.filter(({ path }) => path.includes('['));
  const batches = (['add', 'replace'] as const).flatMap((op): Operation[] => {
    const plain = changes.filter((change) => change.op === op && !change.path.includes('['));
    return plain.length === 0 ? [] : [{ op, value: Object.fromEntries(plain.map(({ path, value }) => [path, value])) }];
  });
  return patch([...filtered.map(({ op, path, value }) => ({ op, path, value })), ...batches]);
}

/** PATCH that sets the manager: a plain string by default, an object with the flag. */
export function patchManager(dialect: Dialect, op: 'add' | 'replace', managerId: string): ScimDocument {
  const path = `${enterpriseUrn}:manager`;
  if (dialect === 'default') return patch([{ op: legacyOps[op], path, value: managerId }]);
  return patch([{ op, value: { [path]: { value: managerId } } }]);
}

/** PATCH that adds members, many in one operation. */
export function patchMembersAdded(dialect: Dialect, ids: readonly string[]): ScimDocument {
  const op = dialect === 'default' ? legacyOps.add : 'add';
  return patch([{ op, path: 'members', value: ids.map((value) => ({ $ref: null, value })) }]);
}

/** PATCH that removes members: listed in the value by default, one filtered path for each with the flag. */
export function patchMembersRemoved(dialect: Dialect, ids: readonly string[]): ScimDocument {
  if (dialect === 'default') {
    return patch([{ op: legacyOps.remove, path: 'members', value: ids.map((value) => ({ $ref: null, value })) }]);
  }
  return patch(ids.map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` })));
}

function patch(operations: readonly Operation[]): ScimDocument {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations };
}

function asText(value: string | boolean): string {
  if (typeof value === 'string') return value;
  return value ? 'True' : 'False';
}
