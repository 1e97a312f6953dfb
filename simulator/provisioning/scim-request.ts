import type { Outgoing, Send } from '../http/send.ts';
import type { Bearer } from './authenticate.ts';
import type { Job } from './job.ts';
import { openPace } from './pace.ts';

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

/**
 * Opens a target. Every request carries a bearer token and SCIM's media type; settings that are changed hold from the next
 * request on. An access token that is refused is asked for anew, once.
 */
export function openTarget(job: Job, bearer: Bearer, send: Send, ending: AbortSignal): ScimTarget {
  let requests = 0;
  const turn = openPace(job, ending);
  const ask = async (
    method: Outgoing['method'],
    path: string,
    query: Readonly<Record<string, string>> = {},
    body?: ScimDocument,
  ) => {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const go = async (token: string) => {
      await turn();
      requests += 1;
      return exchange(send, requestUrl(job.settings.baseAddress, path, query), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/scim+json',
          ...(sent === undefined ? {} : { 'content-type': 'application/scim+json; charset=utf-8' }),
        },
        ...(sent === undefined ? {} : { body: sent }),
      });
    };
    const token = await bearer();
    let response = await go(token);
    if (response.status === 401 && job.settings.authentication !== null) response = await go(await bearer(token));
    if (response.status === 401 || response.status === 403) {
      throw new TargetMisconfigured(
        `${method} ${path}: ${response.status}; the target does not accept the secret token: ${detail(response)}`,
      );
    }
    if (response.status >= 300)
      throw new TargetRefusal(response.status, text(response.body, 'scimType'), detail(response));
    return response;
  };
  return {
    get: async (path, query) => (await ask('GET', path, query)).body,
    find: async (path, query) => {
      try {
        const { body } = await ask('GET', path, query);
        const resources = body['Resources'] ?? (body['totalResults'] === 0 ? [] : undefined);
        if (!Array.isArray(resources))
          throw new TargetRefusal(200, null, 'The answer to a filter is not a ListResponse');
        return resources.filter(isDocument);
      } catch (error) {
        if (!(error instanceof TargetRefusal) || error.status !== 404) throw error;
        throw new TargetMisconfigured(`GET ${path} with a filter: 404; a filter must be answered with a ListResponse`);
      }
    },
    post: async (path, body) => (await ask('POST', path, {}, body)).body,
    patch: async (path, body) => {
      await ask('PATCH', path, {}, body);
    },
    remove: async (path) => {
      try {
        await ask('DELETE', path);
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
export async function exchange(send: Send, url: string, outgoing: Outgoing): Promise<Reply> {
  const { status, statusText, retryAfter, text } = await send(url, outgoing).catch((error: unknown) => {
    throw new TargetUnavailable(null, `No answer: ${reason(error)}`);
  });
  if (status === 429 || status >= 500) {
    const seconds = Number(retryAfter ?? Number.NaN);
    const wait = Number.isFinite(seconds) ? seconds * 1000 : null;
    throw new TargetUnavailable(status, `${status} ${statusText}`.trim(), wait);
  }
  return { status, body: parse(text) };
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

/** Where a name has several addresses and none answers, the error has a code and no message. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}
