import { isObject, type JsonObject, type JsonValue, kindOf } from '../json.ts';
import { badRequest } from '../scim-error.ts';

/** One operation of a PATCH request (RFC 7644 §3.5.2). */
export interface PatchOperation {
  op: 'add' | 'replace' | 'remove';
  path?: string;
  value?: JsonValue;
  /** Where it stood, for errors: `Operations[2]`. */
  where: string;
}

/** URN of a PATCH request. */
export const PATCH_OP_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const MAX_OPERATIONS = 10_000;

/**
 * Reads the body of a PATCH request. `op` and member names are taken in any case, since Entra writes "Replace";
 * further keys are ignored. An empty list of operations changes nothing; `strict` refuses it.
 * Throws 400 `invalidSyntax`.
 */
export function readPatchRequest(body: unknown, { strict = false }: { strict?: boolean } = {}): PatchOperation[] {
  if (!isObject(body)) throw syntax(`the body is ${kindOf(body)}; a PATCH needs an object with schemas and Operations`);
  const schemas = member(body, 'schemas');
  if (
    !Array.isArray(schemas) ||
    !schemas.some((urn) => isText(urn) && urn.toLowerCase() === PATCH_OP_URN.toLowerCase())
  ) {
    throw syntax(`schemas must contain ${PATCH_OP_URN}`);
  }
  const operations = member(body, 'operations');
  if (!Array.isArray(operations)) throw syntax('Operations must be an array of operations');
  if (operations.length > MAX_OPERATIONS) throw syntax(`Operations holds more than ${MAX_OPERATIONS} operations`);
  if (strict && operations.length === 0) throw syntax('Operations is empty');
  return operations.map((operation, i) => readOperation(operation, `Operations[${i}]`));
}

function readOperation(operation: JsonValue, where: string): PatchOperation {
  if (!isObject(operation)) throw syntax(`${where} is ${kindOf(operation)}, not an object`);
  const op = member(operation, 'op');
  const name = isText(op) ? op.toLowerCase() : '';
  if (name !== 'add' && name !== 'replace' && name !== 'remove') {
    throw syntax(`${where}.op must be add, replace or remove`);
  }
  const path = member(operation, 'path') ?? '';
  if (!isText(path)) throw badRequest('invalidPath', `${where}.path is ${kindOf(path)}, not a string`);
  const value = member(operation, 'value');
  return {
    op: name,
    where,
    ...(path.trim() === '' ? {} : { path }),
    ...(value === undefined ? {} : { value }),
  };
}

/** A member of an object by its name in lower case; an exact spelling is not preferred, the last one counts. */
function member(object: JsonObject, name: string): JsonValue | undefined {
  return Object.entries(object).findLast(([key]) => key.toLowerCase() === name)?.[1];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function syntax(detail: string) {
  return badRequest('invalidSyntax', detail);
}
