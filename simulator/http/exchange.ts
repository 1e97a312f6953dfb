import type { IncomingHttpHeaders } from 'node:http';

/** One request as the handlers see it; the body is read whole before anybody looks at it. */
export type Exchange = {
  readonly method: string;
  readonly url: URL;
  /** Scheme, host and port the client asked, so that every alias of the simulator answers with its own addresses. */
  readonly origin: string;
  /** Path pieces, percent-decoded, without the door's prefix. */
  readonly segments: readonly string[];
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Where the request comes from: an IP address. */
  readonly address: string;
  /** Runs `callback` once the answer is written or the connection is gone. */
  readonly onDone: (callback: () => void) => void;
};

/** What a handler answers. */
export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
};

/** What the server does in the end: it answers, or cuts the connection. */
export type Outcome = Answer | 'cut';

/** The value of a request header, several ones joined; undefined when it was not sent. */
export function header(exchange: Exchange, name: string): string | undefined {
  const value = exchange.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** The token that the request carries; undefined when it carries none. */
export function bearerToken(exchange: Exchange): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(header(exchange, 'authorization') ?? '')?.[1];
}

/** Media type of the request body in lower case, without parameters. */
export function contentType(exchange: Exchange): string {
  return (header(exchange, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** The body as a form; undefined when it was sent as something else. */
export function readForm(exchange: Exchange): URLSearchParams | undefined {
  if (contentType(exchange) !== 'application/x-www-form-urlencoded') return undefined;
  return new URLSearchParams(exchange.body.toString('utf8'));
}

/** Cookies of the request by name. */
export function readCookies(exchange: Exchange): ReadonlyMap<string, string> {
  const pairs = (header(exchange, 'cookie') ?? '').split(';').map((pair) => pair.split('='));
  return new Map(pairs.map(([name = '', ...value]) => [name.trim(), value.join('=').trim()]));
}

/** A JSON answer. */
export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  type = 'application/json; charset=utf-8',
): Answer {
  return { status, headers: { 'content-type': type, ...headers }, body: JSON.stringify(body) };
}

/** A redirect to `location` by GET. */
export function redirect(location: string, headers: Answer['headers'] = {}): Answer {
  return { status: 302, headers: { location, 'cache-control': 'no-store', ...headers } };
}
