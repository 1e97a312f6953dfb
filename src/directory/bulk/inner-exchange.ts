import { type BulkOperation, type JsonValue, ScimError } from '#scim';
import type { Exchange } from '../exchange.ts';
import type { findRoute } from '../routes.ts';

/** How the operation of a path is found. */
export type FindRoute = typeof findRoute;

/** An operation of a Bulk request as the request that it would be by itself. */
export function exchangeOf(
  exchange: Exchange,
  { method, version }: BulkOperation,
  path: string,
  data: JsonValue | undefined,
  assignedId: string | undefined,
): Exchange {
  const [way = '', search = ''] = belowTenantUrl(exchange, path).split('?', 2);
  const query = new URLSearchParams(search);
  // The members of many groups at once would be an answer without bounds.
  const isWholeGroup = /^\/Groups/.test(way) && (method === 'POST' || method === 'PUT') && !query.has('attributes');
  if (isWholeGroup) query.set('excludedAttributes', 'members');
  return {
    ...exchange,
    method,
    path: search === '' ? way : `${way}?${search}`,
    query,
    headers: new Headers(version === undefined ? {} : { 'if-match': tagOf(version) }),
    body: data === undefined ? null : { text: JSON.stringify(data), json: data },
    startedAt: performance.now(),
    ...(assignedId === undefined ? {} : { assignedId }),
  };
}

/** The steps of an operation's path. Throws 400 `invalidValue` unless it is that of users or groups. */
export function stepsOf({ path, method }: Exchange, where: string): string[] {
  const steps = path.replace(/\?.*$/s, '').slice(1).replace(/\/+$/, '').split('/').map(decode);
  const isKnown = steps[0] === 'Users' || steps[0] === 'Groups';
  const isOne = steps.length === 2 && steps[1] !== '' && steps[1] !== '.search';
  if (isKnown && (method === 'POST' ? steps.length === 1 : isOne)) return steps;
  const expected = method === 'POST' ? '/Users or /Groups' : '/Users/{id} or /Groups/{id}';
  throw new ScimError(400, 'invalidValue', `${where}.path must be ${expected} for ${method}`);
}

/** A path may be a whole address of this directory, or lack its slash. */
function belowTenantUrl({ directory }: Exchange, path: string): string {
  const below = path.startsWith(`${directory.baseUrl}/`) ? path.slice(directory.baseUrl.length) : path;
  const rooted = below.startsWith('/') ? below : `/${below}`;
  return rooted.replace(/^\/v2\//, '/');
}

/** A version is an entity tag; without quotation marks it is what stands between them. */
function tagOf(version: string): string {
  const plain = version.replaceAll(/[^\x20-\x7e]/g, '');
  return /["*]/.test(plain) ? plain : `"${plain}"`;
}

function decode(step: string): string {
  try {
    const decoded = decodeURIComponent(step);
    return decoded.includes('\0') ? step : decoded.toWellFormed();
  } catch {
    return step;
  }
}
