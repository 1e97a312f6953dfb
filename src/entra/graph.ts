import { setTimeout as wait } from 'node:timers/promises';
import { type Answer, fetchAnswer, Unreachable } from '#openid';
import type { Cloud } from './clouds.ts';
import { GraphError, readGraphError } from './graph-error.ts';

const attempts = 4;
const patienceMs = 20_000;
const maxBytes = 64 * 1_048_576;
const repeatable = new Set(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE']);
const passing = new Set([429, 503, 504]);

/** Where a Graph client's requests are told of; pino's logger fits. */
export interface GraphLog {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** What a Graph client needs. */
export interface GraphOptions {
  /** For a DoD tenant with its own `graphOrigin` set: `{ ...cloud, graphOrigin: tenant.graphOrigin }`. */
  readonly cloud: Pick<Cloud, 'graphOrigin'>;
  /** An access token for this Graph, asked for before each request. */
  readonly token: () => Promise<string>;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly log?: GraphLog;
}

/** What a Graph request carries. A text or bytes body goes as it is and needs a content type; anything else goes as JSON. */
export interface GraphRequest {
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Graph's answer to a request that succeeded; `body` is its JSON, `text` what it said otherwise. */
export interface GraphAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly text: string;
}

/** A minimal client of Microsoft Graph v1.0. */
export interface Graph {
  /**
   * Sends one request to a path below `/v1.0`. Idempotent methods are repeated on 429, 503, 504 up to three times while
   * Graph asks for no more than 20 s in all; a POST never is. Throws {@link GraphError}.
   */
  request(method: string, path: string, request?: GraphRequest): Promise<GraphAnswer>;
  /** Gets the address in a `nextLink` or `deltaLink`; one outside this Graph is refused (`foreignLink`), for the token goes along. */
  follow(link: string, headers?: Readonly<Record<string, string>>): Promise<GraphAnswer>;
}

/** Makes a Graph client; it holds nothing but its options. */
export function graph(options: GraphOptions): Graph {
  const root = `${options.cloud.graphOrigin}/v1.0`;
  return {
    request(method, path, { query = {}, headers = {}, body } = {}) {
      const url = new URL(`${root}${path}`);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      return send(options, method, url, headers, body);
    },
    async follow(link, headers = {}) {
      const url = URL.parse(link);
      if (url?.origin !== options.cloud.graphOrigin || !url.pathname.startsWith('/v1.0/') || url.username !== '') {
        throw new GraphError({ status: 0, code: 'foreignLink', message: `the link does not lead to ${root}` });
      }
      return send(options, 'GET', url, headers, undefined);
    },
  };
}

async function send(
  options: GraphOptions,
  method: string,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): Promise<GraphAnswer> {
  let waited = 0;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await sendOnce(options, method, url, headers, body);
    if (answer.status >= 200 && answer.status < 300) {
      return { status: answer.status, body: answer.json, text: answer.text };
    }
    const error = readGraphError(answer, options.now());
    const pause = error.retryAfterMs ?? 500 * 2 ** attempt;
    const { status, code, requestId } = error;
    const again = repeatable.has(method) && passing.has(status) && attempt < attempts && waited + pause <= patienceMs;
    options.log?.warn({ method, path: url.pathname, status, code, requestId, again, pause }, 'graph refused a request');
    if (!again) throw error;
    waited += pause;
    await wait(pause);
  }
}

async function sendOnce(
  options: GraphOptions,
  method: string,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): Promise<Answer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const init: RequestInit = {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined || isRaw ? {} : { 'content-type': 'application/json' }),
      ...headers,
      authorization: `Bearer ${await options.token()}`,
    },
    ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
  };
  try {
    return await fetchAnswer(options.fetch, url.href, init, { timeoutMs: 60_000, maxBytes });
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    throw new GraphError({ status: 0, code: 'unreachable', message: error.message }, { cause: error });
  }
}
