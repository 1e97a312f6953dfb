/**
 * SCIM 2.0 as a pure engine (RFC 7643, RFC 7644): schemas as data, filters as trees, paths, PATCH, reading and
 * projecting resources, the texts of answers. Everything that Microsoft Entra ID and other provisioning clients write
 * otherwise than the RFCs is understood here, unless `strict`.
 *
 * Never does I/O, holds no state, knows no database, clock or directory, and imports no other room.
 *
 * Start reading at `schema/resource-type.ts`, then `filter/resolve-filter.ts` and `patch/apply-patch.ts`.
 */

export { bulkReferences, withReferences } from './bulk/bulk-references.ts';
export {
  BULK_RESPONSE_URN,
  type BulkLimits,
  type BulkOperation,
  bulkIdOf,
  bulkMethodOf,
  readBulkOperation,
  readBulkRequest,
} from './bulk/read-bulk-request.ts';
export { compareText } from './comparison/compare-text.ts';
export { fold } from './comparison/fold.ts';

export { prefixEnd } from './comparison/prefix-end.ts';
export { findResourceTypeResource, resourceTypeResource } from './discovery/resource-type-resource.ts';
export {
  findSchemaResource,
  type SchemaOptions,
  type SchemaProfile,
  schemaResources,
} from './discovery/schema-resource.ts';
export {
  type AuthenticationScheme,
  type ServiceProviderCapabilities,
  serviceProviderConfig,
} from './discovery/service-provider-config.ts';
export type { CompareOperator, Filter, Literal } from './filter/filter.ts';
export { matches } from './filter/matches.ts';

export { printFilter } from './filter/print-filter.ts';
export { type ResolveOptions, resolveFilter } from './filter/resolve-filter.ts';
export type { ResolvedComparison, ResolvedFilter } from './filter/resolved-filter.ts';
export type { JsonObject, JsonValue } from './json.ts';
export {
  type ListLimits,
  type ListQuery,
  readListQuery,
  readProjectionNames,
  readSearchRequest,
} from './list/list-query.ts';
export { listResponseText } from './list/list-response.ts';
export { resolveSort } from './list/sort.ts';
export { applyPatch, type ResourceChange } from './patch/apply-patch.ts';
export { type GroupPatchPlan, type MemberChange, planGroupPatch } from './patch/plan-group-patch.ts';
export { type PatchOperation, readPatchRequest } from './patch/read-patch-request.ts';
export type { PatchPath } from './path/parse-path.ts';
export type { AttributeTarget, PatchTarget } from './path/resolve-path.ts';
export { type Change, difference } from './resource/difference.ts';
export {
  type AnswerParts,
  answerText,
  documentText,
  namesVersion,
  parseDocument,
  versionTag,
} from './resource/document.ts';
export { type IndexEntry, indexEntries } from './resource/index-entries.ts';
export {
  includesAttribute,
  type Projection,
  type ProjectionNames,
  project,
  readProjection,
} from './resource/project.ts';
export type { Member } from './resource/read-members.ts';
export { type ReadResource, readResource } from './resource/read-resource.ts';
export { redactPasswords } from './resource/redact.ts';
export { replaceResource } from './resource/replace-resource.ts';

export {
  type Attribute,
  type AttributeDeclaration,
  type AttributeType,
  attribute,
  type Schema,
} from './schema/attribute.ts';
export type { AttributeStorage, BoundAttribute } from './schema/bound-attribute.ts';

export {
  extendResourceType,
  type ResourceType,
  type ResourceTypeDefinition,
  type SchemaExtension,
} from './schema/resource-type.ts';
export { GROUP_TYPE, USER_TYPE } from './schema/resource-types.ts';
export { ScimError, type ScimErrorBody, type ScimType, scimErrorBody } from './scim-error.ts';
