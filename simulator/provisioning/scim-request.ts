import { setMaxListeners } from 'node:events';
import type { Bearer } from './authenticate.ts';
import type { Job } from './job.ts';

/** A SCIM resource or list as the target sent it. */
export type ScimDocument = Readonly<Record<string, unknown>>;

/** Speaks SCIM to one target and counts what it asked. */
export type ScimTarget = {
  readonly get: (path: string, query?: Readonly<Record<string, string>>) => Promise<ScimDocument>;
  /** A lookup by filter; a 404 to it puts the job into quarantine. */
  readonly find: (path: string, query: Readonly<Record<string, string>>) => Promise<readonly ScimDocument[]>;
  readonly post: (path: string, body: ScimDocument) => Promise<ScimDocument>;
  readonly patch: (path: string, body: ScimDocument) => Promise<void>;
  /** Deletes; a target that does not know the resource any more is content too. */
  readonly remove: (path: string) => Promise<void>;
  readonly requests: () => number;
};

/** The target refused one request with a 4xx. */
export class TargetRefusal extends Error {
  readonly status: number;
  readonly scimType: string | null;

  constructor(status: number, scimType: string | null, message: string) {
    super(message);
    this.status = status;
    this.scimType = scimType;
  }
}

/** The target did not answer, or answered 429 or 5xx: the same may go well a little later. */
export class TargetUnavailable extends Error {
  readonly status: number | null;
  /** How long the target asked to wait, in milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(status: number | null, message: string, retryAfterMs: number | null = null) {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The whole job cannot go on: bad credentials, or an endpoint that is not there (quarantine, any count). */
export class TargetMisconfigured extends Error {}

const timeoutMs = 30_000;

/**
 * Gives work so much time, and ends it with `ending`. A signal with a timeout of its own would outlive its request by half a
 * minute: at a thousand requests a second those are hundreds of megabytes.
 */
async function inTime<T>(ending: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const end = (): void => controller.abort(ending.reason);
  const timer = setTimeout(() => controller.abort(new Error('it took too long')), timeoutMs).unref();
  if (ending.aborted) end();
  setMaxListeners(0, ending);
  ending.addEventListener('abort', end, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    ending.removeEventListener('abort', end);
  }
}

/**
 * Opens a target. Every request carries a bearer token and SCIM's media type; settings that are changed hold from the next
 * request on. An access token that is refused is asked for anew, once.
 */
export function openTarget(job: Job, bearer: Bearer, fetch: typeof globalThis.fetch, signal: AbortSignal): ScimTarget {
  let requests = 0;
  const send = async (
    method: string,
    path: string,
    query: Readonly<Record<string, string>> = {},
    body?: ScimDocument,
  ) => {
    const ask = (token: string) => {
      requests += 1;
      return inTime(signal, (either) =>
        exchange(fetch, requestUrl(job.settings.baseAddress, path, query), {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            accept: 'application/scim+json',
            ...(body === undefined ? {} : { 'content-type': 'application/scim+json; charset=utf-8' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: either,
        }),
      );
    };
    const token = await bearer();
    let response = await ask(token);
    if (response.status === 401 && job.settings.authentication !== null) response = await ask(await bearer(token));
    if (response.status === 401 || response.status === 403) {
      throw new TargetMisconfigured(
        `${method} ${path}: ${response.status}; the target does not accept the secret token: ${detail(response)}`,
      );
    }
    if (response.status >= 400)
      throw new TargetRefusal(response.status, text(response.body, 'scimType'), detail(response));
    return response;
  };
  return {
    get: async (path, query) => (await send('GET', path, query)).body,
    find: async (path, query) => {
      try {
        const { body } = await send('GET', path, query);
        const resources = body['Resources'] ?? (body['totalResults'] === 0 ? [] : undefined);
        if (!Array.isArray(resources))
          throw new TargetRefusal(200, null, 'The answer to a filter is not a ListResponse');
        return resources.filter(isDocument);
      } catch (error) {
        if (!(error instanceof TargetRefusal) || error.status !== 404) throw error;
        throw new TargetMisconfigured(`GET ${path} with a filter: 404; a filter must be answered with a ListResponse`);
      }
    },
    post: async (path, body) => (await send('POST', path, {}, body)).body,
    patch: async (path, body) => {
      await send('PATCH', path, {}, body);
    },
    remove: async (path) => {
      try {
        await send('DELETE', path);
      } catch (error) {
        if (!(error instanceof TargetRefusal) || error.status !== 404) throw error;
      }
    },
    requests: () => requests,
  };
}

/** Base address, path and query in one URL; values are percent-encoded, blanks as %20; a query of the base stays. */
function requestUrl(baseAddress: string, path: string, query: Readonly<Record<string, string>>): string {
  const [base = '', flags] = baseAddress.split('?', 2);
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  if (flags !== undefined && flags !== '') pairs.push(flags);
  return `${base.replace(/\/+$/, '')}${path}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`;
}

/** A string literal of a SCIM filter. */
export function quote(value: string): string {
  return JSON.stringify(value);
}

type Reply = { readonly status: number; readonly body: ScimDocument };

/** Sends a request. Throws {@link TargetUnavailable} where there is no answer, or one of 429 or 5xx. */
export async function exchange(fetch: typeof globalThis.fetch, url: string, init: RequestInit): Promise<Reply> {
  let response: Response;
  let body: string;
  try {
    response = await fetch(url, init);
    body = await response.text();
  } catch (error) {
    throw new TargetUnavailable(null, `No answer: ${reason(error)}`);
  }
  if (response.status === 429 || response.status >= 500) {
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    throw new TargetUnavailable(
      response.status,
      `${response.status} ${response.statusText}`.trim(),
      Number.isFinite(seconds) ? seconds * 1000 : null,
    );
  }
  return { status: response.status, body: parse(body) };
}

function parse(body: string): ScimDocument {
  try {
    const value: unknown = JSON.parse(body);
    return isDocument(value) ? value : {};
  } catch {
    return {};
  }
}

/** Whether a value is a JSON object. */
export function isDocument(value: unknown): value is ScimDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function detail({ status, body }: Reply): string {
  return text(body, 'detail') ?? `The target answered ${status}`;
}

function text(body: ScimDocument, name: string): string | null {
  const value = body[name];
  return typeof value === 'string' ? value : null;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message} (${cause.message})` : error.message;
}
