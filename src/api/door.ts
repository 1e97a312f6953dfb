import { Hono } from 'hono';
import { authenticate, type Caller, causeOf, requireRight } from '#access';
import { type EntraWorld, getOrganization, organizationOf } from '#connections';
import { type Entry, type EntryName, entries } from '#contract';
import { type Door, notFound, Problem, problemResponse, type Source } from '#http';
import { StoreUnavailable } from '#store';
import type { Asked, Handler } from './handler.ts';
import { handlers } from './handlers.ts';
import { type Answered, answerOnce } from './idempotency.ts';
import { openApi } from './open-api.ts';
import { isText, readBody, readIfMatch, readQuery } from './read-request.ts';

/**
 * The door of REST: for each entry of the contract one route that says who asks, demands the right, finds the scope,
 * reads the request by the entry's shapes, and calls the handler.
 */
export function createApi(world: EntraWorld): Door {
  const app = new Hono<{ Bindings: { source: Source } }>().basePath('/api/v1');
  app.get('/openapi.json', (context) => context.json(openApi(world.config.url)));
  const methods = new Map<string, string[]>();
  for (const [name, handler] of Object.entries(handlers) as [EntryName, Handler<EntryName>][]) {
    const entry: Entry = entries[name];
    const path = entry.path.replace(/\{(\w+)\}/g, ':$1');
    methods.set(path, [...(methods.get(path) ?? []), entry.method]);
    app.on(entry.method, path, (context) =>
      answer(world, entry, handler, context.req.raw, context.req.param(), context.env.source),
    );
  }
  for (const [path, allowed] of methods) {
    app.all(path, (context) => {
      const problem = new Problem('method-not-allowed', {
        detail: `${context.req.method} is not possible here`,
        remedy: `use ${allowed.join(' or ')}`,
      });
      const response = problemResponse(problem, context.env.source.requestId);
      response.headers.set('allow', allowed.join(', '));
      return response;
    });
  }
  app.notFound((context) =>
    problemResponse(
      new Problem('not-found', { detail: 'there is nothing at this address', remedy: 'see /api/v1/openapi.json' }),
      context.env.source.requestId,
    ),
  );
  app.onError((error, context) =>
    problemResponse(asProblem(world, error, context.env.source), context.env.source.requestId),
  );
  return async (request, source) => {
    const response = await app.fetch(request, { source });
    response.headers.set('x-request-id', source.requestId);
    return response;
  };
}

async function answer(
  world: EntraWorld,
  entry: Entry,
  handler: Handler<EntryName>,
  request: Request,
  params: Record<string, string>,
  source: Source,
): Promise<Response> {
  const caller = await authenticate(world, request, source);
  if (entry.right !== 'signed-in') requireRight(caller, entry.right);
  const organizationId = await scopeOf(world, caller, params);
  const asked = {
    caller,
    cause: causeOf(caller),
    organizationId,
    params,
    query: readQuery(entry, new URL(request.url)),
    body: await readBody(entry, request, world.config.bodyLimit),
    version: readIfMatch(request),
    idempotencyKey: request.headers.get('idempotency-key') ?? undefined,
  } as Asked<EntryName>;
  const work = async (): Promise<Answered> => ({ status: entry.status, body: await handler(world, asked) });
  const { idempotencyKey } = asked;
  const { status, body } =
    entry.method === 'POST' && idempotencyKey !== undefined
      ? await answerOnce(
          world,
          {
            callerId: caller.id,
            key: idempotencyKey,
            request: JSON.stringify([entry.path, params, asked.body ?? null]),
          },
          work,
        )
      : await work();
  return respond(status, body);
}

/** The organization that the path names or implies. What the caller may not see is not there. */
async function scopeOf(world: EntraWorld, caller: Caller, params: Record<string, string>): Promise<string> {
  for (const [name, value] of Object.entries(params))
    if (value.length > 200 || !isText(value)) throw notFound(name, value);
  const connection = params['connection'] ?? params['directory'];
  const organizationId = connection === undefined ? params['organization'] : await organizationOf(world, connection);
  if (connection !== undefined && organizationId === undefined) throw notFound('connection', connection);
  if (organizationId === undefined) return '';
  if (caller.organization !== null && caller.organization !== organizationId) {
    throw connection === undefined ? notFound('organization', organizationId) : notFound('connection', connection);
  }
  if (connection === undefined) await getOrganization(world, organizationId);
  return organizationId;
}

function respond(status: number, body: unknown): Response {
  const headers = new Headers({ 'cache-control': 'no-store' });
  if (status === 204) return new Response(null, { status, headers });
  headers.set('content-type', 'application/json');
  if (typeof body === 'object' && body !== null && 'version' in body) headers.set('etag', `"${body.version}"`);
  return new Response(JSON.stringify(body), { status, headers });
}

/** What went wrong, as a problem. Only what is known to be the caller's fault is a 4xx. */
function asProblem(world: EntraWorld, error: unknown, source: Source): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreUnavailable) {
    world.log.error({ error, requestId: source.requestId }, 'the database is not available');
    return new Problem('unavailable', {
      detail: 'the database is not available',
      remedy: 'try again in a moment',
      retryAfter: 5,
    });
  }
  world.log.error({ error, requestId: source.requestId }, 'a request failed');
  return new Problem('internal', {
    detail: 'this request failed here',
    remedy: `look for ${source.requestId} in the log`,
  });
}
