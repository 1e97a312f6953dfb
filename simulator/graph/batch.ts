import { z } from 'zod';
import { type Answer, type Exchange, json, type Outcome } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { GraphCall } from './caller.ts';
import { badRequest, GraphError, requestIds } from './graph-error.ts';
import { readGraphBody } from './read-graph-body.ts';

/** So many requests a batch may have (JSON batching). */
const mostRequests = 20;

const id = z.union([z.string().min(1), z.number()]).transform(String);
const request = z.object({
  id,
  method: z.string().transform((method) => method.toUpperCase()),
  url: z.string().min(1),
  headers: z.record(z.string(), z.string()).nullish(),
  body: z.unknown().optional(),
  dependsOn: z.array(id).nullish(),
});
const shape = z.object({ requests: z.array(request).min(1) });

type Part = z.infer<typeof request>;

/** Answers one part as if it had come by itself. */
type Dispatch = (exchange: Exchange) => Promise<Outcome>;

/**
 * Several requests in one. Each is answered by itself, and can fail, or be throttled, by itself; what depends on one that failed is
 * 424. Throws 400 for more than twenty, ids that repeat, and dependencies on nothing.
 */
export function batchRoutes(dispatch: Dispatch): Routes<GraphCall> {
  return {
    'POST /$batch': async ({ exchange }) => {
      const { requests } = readGraphBody(exchange, shape);
      check(requests);
      const statuses = new Map<string, number>();
      const responses: unknown[] = [];
      for (const part of requests) {
        const failed = part.dependsOn?.some((other) => (statuses.get(other) ?? 0) >= 400) === true;
        const response = failed ? dependencyFailed(part) : responseOf(part, await dispatch(exchangeOf(exchange, part)));
        statuses.set(part.id, response.status);
        responses.push(response);
      }
      return json(200, { responses }, requestIds(exchange));
    },
  };
}

function check(requests: readonly Part[]): void {
  if (requests.length > mostRequests)
    throw new GraphError(
      400,
      'BadRequest',
      `Number of batch request steps exceeds the maximum value of ${mostRequests}.`,
    );
  const seen = new Set<string>();
  for (const { id: own, dependsOn, url } of requests) {
    if (seen.has(own)) throw badRequest(`Request id '${own}' is used twice in the batch.`);
    for (const other of dependsOn ?? [])
      if (!seen.has(other)) throw badRequest(`Request '${own}' depends on '${other}', which does not come before it.`);
    if (/\$batch/i.test(url)) throw badRequest('A batch cannot be inside of a batch.');
    seen.add(own);
  }
}

function exchangeOf(outer: Exchange, { method, url, headers, body }: Part): Exchange {
  const target = new URL(`${outer.origin}/v1.0/${url.replace(/^\//, '').replace(/^v1\.0\//, '')}`);
  const own = Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    ...outer,
    method,
    url: target,
    segments: target.pathname.split('/').slice(1).map(decode),
    headers: { authorization: outer.headers.authorization, 'content-type': 'application/json', ...own },
    body:
      body === undefined || body === null
        ? Buffer.alloc(0)
        : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  };
}

function decode(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}

type Response = {
  readonly id: string;
  readonly status: number;
  readonly headers?: Answer['headers'];
  readonly body?: unknown;
};

function responseOf({ id: own }: Part, outcome: Outcome): Response {
  if (outcome === 'cut')
    return { id: own, status: 504, body: { error: { code: 'GatewayTimeout', message: 'The request timed out.' } } };
  const { status, headers = {}, body } = outcome;
  const titled = Object.fromEntries(Object.entries(headers).map(([name, value]) => [title(name), value]));
  if (body === undefined || body.length === 0) return { id: own, status, headers: titled };
  const isJson = String(headers['content-type'] ?? '').startsWith('application/json');
  const text = Buffer.from(body);
  return {
    id: own,
    status,
    headers: titled,
    body: isJson ? JSON.parse(text.toString('utf8')) : text.toString('base64'),
  };
}

/** Header names as Graph writes them inside of a batch. */
const title = (name: string): string => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

const dependencyFailed = ({ id: own }: Part): Response => ({
  id: own,
  status: 424,
  headers: {},
  body: { error: { code: 'FailedDependency', message: 'A request this one depends on failed.' } },
});
