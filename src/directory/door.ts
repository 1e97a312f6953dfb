import type { EntraWorld } from '#connections';
import type { Source } from '#http';
import { ScimError, scimErrorBody } from '#scim';
import { StoreUnavailable, type World } from '#store';
import type { Answer, Exchange } from './exchange.ts';
import { createGate, TooManyFailures } from './gate.ts';
import { answerTokenRequest, directoryOfTokenEndpoint } from './oauth/token-endpoint.ts';
import { readBody } from './read-body.ts';
import { createRecorder } from './recorder.ts';
import { describeRefusal } from './refusals.ts';
import { findRoute, MethodNotAllowed } from './routes.ts';
import { createStatementCache } from './statement-cache.ts';

/** Answers what comes in below `/scim`; `close` writes what is not recorded yet. */
export type ScimDoor = ((request: Request, source: Source) => Promise<Response>) & { close(): Promise<void> };

/**
 * The door of SCIM: who calls which directory, what is asked, the operation, and the answer in SCIM's words. Nothing stands
 * in between.
 */
export function createScimDoor(world: EntraWorld): ScimDoor {
  const recorder = createRecorder(world);
  const gate = createGate(world, recorder.refused);
  const statements = createStatementCache();

  async function answer(request: Request, source: Source): Promise<Response> {
    const asksForToken = directoryOfTokenEndpoint(request.url);
    if (asksForToken !== undefined) return answerTokenRequest(world, asksForToken, request, source, recorder.refused);
    let exchange: Exchange | undefined;
    try {
      const place = readPlace(request.url);
      const { directory, token } = await gate(place.directoryId, request, source);
      exchange = {
        directory,
        token,
        cause: {
          actor: {
            type: 'provisioning-client',
            id: token.id,
            name: token.name,
            address: source.address,
            userAgent: source.userAgent,
          },
          requestId: source.requestId,
        },
        userAgent: source.userAgent,
        method: request.method,
        path: place.path,
        query: place.query,
        headers: request.headers,
        body: null,
        startedAt: performance.now(),
      };
      const { operation, id } = findRoute(request.method, place.steps);
      if (takesBody.has(request.method)) exchange.body = await readBody(world, request);
      const answered = await operation(world, statements, exchange, id);
      recorder.note(exchange, answered);
      return respond(answered, source);
    } catch (error) {
      const refused = refusal(world, error, source, exchange);
      if (exchange !== undefined) recorder.note(exchange, refused);
      return respond(refused, source);
    }
  }
  return Object.assign(answer, { close: recorder.close });
}

const takesBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

interface Place {
  directoryId: string;
  steps: readonly string[];
  path: string;
  query: URLSearchParams;
}

/** Takes an address apart: `/scim/v2/{directory}/Users/{id}?…`. */
function readPlace(url: string): Place {
  const from = url.indexOf('/', url.indexOf('//') + 2);
  const target = from < 0 ? '/' : url.slice(from);
  const mark = target.indexOf('?');
  const pathname = mark < 0 ? target : target.slice(0, mark);
  const [, , version, directoryId = '', ...steps] = pathname.replace(/\/+$/, '').split('/');
  if (version !== 'v2' || directoryId === '') {
    throw new ScimError(404, undefined, 'a Tenant URL has the form /scim/v2/{connection}; copy it from the connection');
  }
  // Some clients put the version of the protocol behind any Tenant URL.
  if (steps[0] === 'v2') steps.shift();
  const query = mark < 0 ? '' : target.slice(mark + 1);
  const path = `/${steps.join('/')}${query === '' ? '' : `?${query}`}`;
  return { directoryId, steps: steps.map(decode), path, query: readQuery(query) };
}

/** A plus is a blank only for clients that write blanks so: with `%20` about, it stands for itself, as in a+b@example.com. */
const readQuery = (query: string): URLSearchParams =>
  new URLSearchParams(/%20| /.test(query) ? query.replaceAll('+', '%2B') : query);

/** What cannot be decoded, or no database can store, stays as it is written: there is nothing of that id. */
function decode(step: string): string {
  try {
    const decoded = decodeURIComponent(step);
    return decoded.includes('\0') ? step : decoded.toWellFormed();
  } catch {
    return step;
  }
}

function respond({ status, body, headers }: Answer, source: Source): Response {
  const all = new Headers(headers);
  all.set('x-request-id', source.requestId);
  all.set('cache-control', 'no-store');
  if (body !== null) all.set('content-type', 'application/scim+json');
  return new Response(body, { status, headers: all });
}

/** What went wrong, in SCIM's words (RFC 7644 §3.12). An outage is 503: never a 404, which the client would believe. */
function refusal(world: World, error: unknown, source: Source, exchange: Exchange | undefined): Answer {
  const known = asScimError(world, error, source);
  return {
    status: known.status,
    body: JSON.stringify(scimErrorBody(known)),
    headers: refusalHeaders(known),
    outcome: { kind: 'refused', text: describeRefusal(known, exchange) },
  };
}

function refusalHeaders(error: ScimError): Record<string, string> {
  if (error.status === 401) return { 'www-authenticate': 'Bearer realm="Portico"' };
  if (error instanceof MethodNotAllowed) return { allow: error.allowed.join(', ') };
  if (error instanceof TooManyFailures) return { 'retry-after': String(Math.ceil(error.wait / 1000)) };
  return error.status === 503 ? { 'retry-after': '5' } : {};
}

function asScimError(world: World, error: unknown, { requestId }: Source): ScimError {
  if (error instanceof ScimError) return error;
  if (error instanceof StoreUnavailable) {
    world.log.error({ error, requestId }, 'the database is not available');
    return new ScimError(503, undefined, 'the database is not available at the moment; the request can be repeated');
  }
  world.log.error({ error, requestId }, 'a request failed');
  return new ScimError(500, undefined, `this request failed here; look for ${requestId} in the log of Portico`);
}
