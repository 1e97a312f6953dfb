import { isObject, type JsonObject, type JsonValue, kindOf } from '../json.ts';
import { PATCH_OP_URN } from '../patch/read-patch-request.ts';
import { badRequest, ScimError } from '../scim-error.ts';

/** URNs of the body of a Bulk request and of its answer. */
const BULK_REQUEST_URN = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
export const BULK_RESPONSE_URN = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

/** How much one Bulk request may hold; sizes are bytes. */
export interface BulkLimits {
  maxOperations: number;
  maxPayloadSize: number;
}

/** A Bulk request: its operations as they were sent, each to be read when its turn comes. */
export interface BulkRequest {
  /** So many errors end it; endless without. */
  failOnErrors: number;
  operations: readonly JsonValue[];
}

/** One operation (RFC 7644 §3.7). */
export interface BulkOperation {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/Users`, or `/Users/{id}`. */
  path: string;
  bulkId?: string;
  version?: string;
  data?: JsonValue;
}

const methods: readonly string[] = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** Reads the body of a Bulk request (RFC 7644 §3.7). Throws 400 `invalidSyntax`, and 413 that names the limits (§3.7.4). */
export function readBulkRequest(body: unknown, { maxOperations, maxPayloadSize }: BulkLimits): BulkRequest {
  if (!isObject(body)) throw syntax(`the body is ${kindOf(body)}; Bulk needs an object with schemas and Operations`);
  const schemas = member(body, 'schemas');
  const urn = BULK_REQUEST_URN.toLowerCase();
  if (!Array.isArray(schemas) || !schemas.some((each) => typeof each === 'string' && each.toLowerCase() === urn)) {
    throw syntax(`schemas must contain ${BULK_REQUEST_URN}`);
  }
  const operations = member(body, 'operations');
  if (!Array.isArray(operations)) throw syntax('Operations must be an array of operations');
  if (operations.length > maxOperations) {
    const limits = `maxOperations (${maxOperations}); maxPayloadSize is (${maxPayloadSize})`;
    throw new ScimError(413, undefined, `the ${operations.length} operations of the request exceed the ${limits}`);
  }
  const failOnErrors = member(body, 'failonerrors') ?? null;
  if (failOnErrors === null) return { failOnErrors: Number.POSITIVE_INFINITY, operations };
  if (typeof failOnErrors !== 'number' || !Number.isInteger(failOnErrors) || failOnErrors < 1) {
    throw syntax('failOnErrors must be a whole number from 1 on');
  }
  return { failOnErrors, operations };
}

/**
 * Reads one operation. The data of a PATCH may be the list of operations alone, as the RFC's own example has it.
 * Throws 400 `invalidSyntax` or `invalidValue`.
 */
export function readBulkOperation(operation: JsonValue, where: string): BulkOperation {
  if (!isObject(operation)) throw syntax(`${where} is ${kindOf(operation)}, not an object`);
  const method = text(operation, 'method', where)?.toUpperCase() ?? '';
  if (!isMethod(method)) throw syntax(`${where}.method must be POST, PUT, PATCH or DELETE`);
  const path = text(operation, 'path', where)?.trim() ?? '';
  if (path === '') throw syntax(`${where}.path is required: /Users, /Groups, or one of them with an id`);
  const bulkId = text(operation, 'bulkid', where);
  if (method === 'POST' && (bulkId === undefined || bulkId === '')) {
    throw syntax(`${where}.bulkId is required for POST`);
  }
  const version = text(operation, 'version', where);
  const data = member(operation, 'data') ?? null;
  if (method !== 'DELETE' && data === null) throw syntax(`${where}.data is required for ${method}`);
  return {
    method,
    path,
    ...(bulkId === undefined ? {} : { bulkId }),
    ...(version === undefined ? {} : { version }),
    ...(data === null || method === 'DELETE' ? {} : { data: method === 'PATCH' ? asPatch(data) : data }),
  };
}

/** What an operation calls itself, if it does: also where the rest of it cannot be read. */
export function bulkIdOf(operation: JsonValue): string | undefined {
  const bulkId = isObject(operation) ? member(operation, 'bulkid') : undefined;
  return typeof bulkId === 'string' && bulkId !== '' ? bulkId : undefined;
}

/** The method of an operation as it was written, for its result. */
export function bulkMethodOf(operation: JsonValue): string | undefined {
  const method = isObject(operation) ? member(operation, 'method') : undefined;
  return typeof method === 'string' ? method.slice(0, 20).toUpperCase() : undefined;
}

const asPatch = (data: JsonValue): JsonValue =>
  Array.isArray(data) ? { schemas: [PATCH_OP_URN], Operations: data } : data;

const isMethod = (method: string): method is BulkOperation['method'] => methods.includes(method);

function text(operation: JsonObject, name: string, where: string): string | undefined {
  const value = member(operation, name) ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw badRequest('invalidValue', `${where}.${name} is ${kindOf(value)}, not a string`);
}

/** A member by its name in lower case, in whatever case it is written. */
function member(object: JsonObject, name: string): JsonValue | undefined {
  return Object.entries(object).findLast(([key]) => key.toLowerCase() === name)?.[1];
}

function syntax(detail: string): ScimError {
  return badRequest('invalidSyntax', detail);
}
