import type { EntraWorld } from '#connections';
import type { Source } from '#http';
import { ScimError } from '#scim';
import type { Answer, Exchange } from './exchange.ts';
import { createGate } from './gate.ts';
import { answerTokenRequest, directoryOfTokenEndpoint } from './oauth/token-endpoint.ts';
import { readBody } from './read-body.ts';
import { createRecorder } from './recorder.ts';
import { refusal } from './refusal.ts';
import { findRoute } from './routes.ts';
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
      for (const part of answered.parts ?? []) recorder.note(part.exchange, part.answer);
      recorder.note(exchange, answered);
      return respond(answered, request, source);
    } catch (error) {
      const refused = refusal(world, error, source.requestId, exchange);
      if (exchange !== undefined) recorder.note(exchange, refused);
      return respond(refused, request, source);
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

/** The answer over HTTP; to HEAD without what GET would have in its body. */
function respond({ status, body, headers }: Answer, { method }: Request, source: Source): Response {
  const all = new Headers(headers);
  all.set('x-request-id', source.requestId);
  all.set('cache-control', 'no-store');
  if (body !== null) all.set('content-type', 'application/scim+json');
  return new Response(method === 'HEAD' ? null : body, { status, headers: all });
}
