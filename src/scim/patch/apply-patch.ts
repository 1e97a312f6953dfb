import { copyJson, type JsonObject } from '../json.ts';
import { type Change, difference } from '../resource/difference.ts';
import { checkRequired } from '../resource/read-resource.ts';
import { withSchemas } from '../resource/with-schemas.ts';
import type { ResourceType } from '../schema/resource-type.ts';
import { badRequest } from '../scim-error.ts';
import { applyStep } from './apply-step.ts';
import { patchSteps } from './patch-steps.ts';
import type { PatchOperation } from './read-patch-request.ts';

/** A changed resource, and what is different. Without changes, neither version nor lastModified may move. */
export interface ResourceChange {
  resource: JsonObject;
  changed: boolean;
  changes: Change[];
}

/** Each may look at every value of an attribute, and nobody else is served meanwhile. Member changes do not count. */
const MAX_OPERATIONS = 1_000;

/**
 * Applies the operations of a PATCH in order to a copy of the resource: all of them or, by throwing, none (RFC 7644 §3.5.2).
 * Members of groups are not in the document; take them out first with `planGroupPatch`.
 * Throws `ScimError` 400 with `invalidPath`, `invalidFilter`, `invalidValue`, `noTarget` or `mutability`.
 */
export function applyPatch(
  resource: JsonObject,
  operations: readonly PatchOperation[],
  { resourceType, strict = false }: { resourceType: ResourceType; strict?: boolean },
): ResourceChange {
  if (operations.length > MAX_OPERATIONS) {
    throw badRequest(
      'invalidSyntax',
      `Operations changes attributes more than ${MAX_OPERATIONS} times; split the request`,
    );
  }
  const working = copyJson(resource);
  for (const operation of operations) {
    for (const step of patchSteps(operation, resourceType, strict)) applyStep(working, step, strict);
  }
  checkRequired(withSchemas(working, resourceType), resourceType);
  return changeBetween(resource, withSchemas(working, resourceType));
}

/** What a resource has become. The one that was there is handed back if nothing changed. */
export function changeBetween(before: JsonObject, after: JsonObject): ResourceChange {
  const changes = difference(before, after);
  const changed = changes.length > 0;
  return { resource: changed ? after : before, changed, changes };
}
