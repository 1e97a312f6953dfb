import type { Filter } from '../filter/filter.ts';
import { parseFilter } from '../filter/parse-filter.ts';
import { isObject, type JsonObject, type JsonValue, kindOf } from '../json.ts';
import type { ProjectionNames } from '../resource/project.ts';
import { badRequest } from '../scim-error.ts';

/** What a list or search asks for (RFC 7644 §3.4.2, §3.4.3), clamped: `startIndex` from 1, `count` from 0 to the limit. */
export interface ListQuery extends ProjectionNames {
  filter?: Filter;
  startIndex: number;
  count: number;
  /** Where there is one, pages go by cursor (RFC 9865 §2); empty for the first. */
  cursor?: string;
  sortBy?: string;
  sortOrder: 'ascending' | 'descending';
}

/** How much is answered: `defaultCount` without `count`, `maxCount` at most. */
export interface ListLimits {
  defaultCount: number;
  maxCount: number;
  strict?: boolean;
}

/** URN of the body of a search. */
export const SEARCH_REQUEST_URN = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

/**
 * Reads the query parameters of a list; unknown ones are ignored (Entra's tenant URL may carry `aadOptscim062020`).
 * Throws 400 `invalidFilter`, `invalidValue` for numbers that are none, and RFC 9865's `invalidCursor` and `invalidCount`.
 */
export function readListQuery(parameters: URLSearchParams, limits: ListLimits): ListQuery {
  return readQuery((name) => parameters.get(name) ?? undefined, limits);
}

/** Reads `attributes` and `excludedAttributes` of a request for one resource (RFC 7644 §3.9). */
export function readProjectionNames(parameters: URLSearchParams): ProjectionNames {
  return projectionNames((name) => parameters.get(name) ?? undefined);
}

/** Reads the body of `.search`, which says the same in JSON. Throws as `readListQuery`, and 400 `invalidSyntax`. */
export function readSearchRequest(body: unknown, limits: ListLimits): ListQuery {
  if (!isObject(body)) throw badRequest('invalidSyntax', `the body is ${kindOf(body)}; a search needs an object`);
  const members: JsonObject = {};
  for (const [name, value] of Object.entries(body)) members[`-${name.toLowerCase()}`] = value;
  const schemas = members['-schemas'];
  const urn = SEARCH_REQUEST_URN.toLowerCase();
  if (!Array.isArray(schemas) || !schemas.some((each) => typeof each === 'string' && each.toLowerCase() === urn)) {
    throw badRequest('invalidSyntax', `schemas must contain ${SEARCH_REQUEST_URN}`);
  }
  return readQuery((name) => members[`-${name.toLowerCase()}`] ?? undefined, limits);
}

type Read = (name: string) => JsonValue | undefined;

function readQuery(read: Read, { defaultCount, maxCount, strict = false }: ListLimits): ListQuery {
  const filter = readText(read, 'filter');
  const sortBy = readText(read, 'sortBy');
  const cursor = readCursor(read);
  const count = readInteger(read, 'count', cursor === undefined ? 'invalidValue' : 'invalidCount') ?? defaultCount;
  const startIndex = readInteger(read, 'startIndex');
  if (cursor !== undefined && startIndex !== undefined) {
    throw badRequest('invalidValue', 'cursor and startIndex exclude each other; send one of them');
  }
  if (cursor !== undefined && count < 0) throw badRequest('invalidCount', 'count must not be negative');
  return {
    ...(filter === undefined ? {} : { filter: parseFilter(filter, { strict }) }),
    ...(cursor === undefined ? {} : { cursor }),
    startIndex: Math.max(1, startIndex ?? 1),
    count: Math.min(Math.max(0, count), maxCount),
    ...(sortBy === undefined ? {} : { sortBy }),
    sortOrder: readSortOrder(read),
    ...projectionNames(read),
  };
}

function readCursor(read: Read): string | undefined {
  const cursor = read('cursor');
  if (cursor === undefined || typeof cursor === 'string') return cursor;
  throw badRequest('invalidCursor', `cursor must be a string, not ${kindOf(cursor)}`);
}

function projectionNames(read: Read): ProjectionNames {
  const attributes = readNames(read, 'attributes');
  const excludedAttributes = readNames(read, 'excludedAttributes');
  return {
    ...(attributes.length === 0 ? {} : { attributes }),
    ...(excludedAttributes.length === 0 ? {} : { excludedAttributes }),
  };
}

function readSortOrder(read: Read): 'ascending' | 'descending' {
  const order = readText(read, 'sortOrder')?.toLowerCase() ?? 'ascending';
  if (order === 'ascending' || order === 'descending') return order;
  throw badRequest('invalidValue', 'sortOrder must be ascending or descending');
}

function readText(read: Read, name: string): string | undefined {
  const value = read(name);
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw badRequest('invalidValue', `${name} must be a string, not ${kindOf(value)}`);
  return value;
}

function readInteger(
  read: Read,
  name: string,
  scimType: 'invalidValue' | 'invalidCount' = 'invalidValue',
): number | undefined {
  const value = read(name);
  if (value === undefined || value === '') return undefined;
  const number = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) {
    throw badRequest(scimType, `${name} must be a whole number`);
  }
  return Math.min(Math.max(number, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

function readNames(read: Read, name: string): string[] {
  const value = read(name) ?? [];
  const names = typeof value === 'string' ? value.split(',') : value;
  if (!Array.isArray(names) || !names.every((each) => typeof each === 'string')) {
    throw badRequest('invalidValue', `${name} must be a list of attribute names`);
  }
  if (names.length > 500) throw badRequest('invalidValue', `${name} lists more than 500 attributes`);
  return names.map((each) => each.trim()).filter((each) => each !== '');
}
