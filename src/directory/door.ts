import type { EntraWorld } from '#connections';
import type { Asked, Door, Reply, Source } from '#http';
import type { Answer, Exchange } from './exchange.ts';
import { createGate } from './gate.ts';
import { answerTokenRequest, directoryOfTokenEndpoint } from './oauth/token-endpoint.ts';
import { readPlace } from './place.ts';
import { createRateLimit, TooManyRequests } from './rate-limit.ts';
import { readBody } from './read-body.ts';
import { createRecorder } from './recorder.ts';
import { refusal } from './refusal.ts';
import { findRoute } from './routes.ts';
import { createStatementCache } from './statement-cache.ts';

/**
 * Answers what comes in below `/scim`; `reply` likewise, below a Tenant URL, to whoever has no `Request` at hand. `close` writes
 * what is not recorded yet.
 */
export type ScimDoor = Door & { reply(asked: Asked, source: Source): Promise<Reply>; close(): Promise<void> };

/**
 * The door of SCIM: who calls which directory, what is asked, the operation, and the answer in SCIM's words. Nothing stands
 * in between.
 */
export function createScimDoor(world: EntraWorld): ScimDoor {
  const recorder = createRecorder(world);
  const gate = createGate(world, recorder.refused);
  const limit = createRateLimit(world);
  const statements = createStatementCache();

  async function answer(request: Request, source: Source): Promise<Response> {
    const asksForToken = directoryOfTokenEndpoint(request.url);
    if (asksForToken !== undefined) return answerTokenRequest(world, asksForToken, request, source, recorder.refused);
    const { body, ...init } = await reply(request, source);
    return new Response(body, init);
  }

  async function reply(request: Asked, source: Source): Promise<Reply> {
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
      limit(directory);
      const { operation, id } = findRoute(request.method, place.steps);
      if (takesBody.has(request.method)) exchange.body = await readBody(world, request);
      const answered = await operation(world, statements, exchange, id);
      for (const part of answered.parts ?? []) recorder.note(part.exchange, part.answer);
      recorder.note(exchange, answered);
      return respond(answered, request, source);
    } catch (error) {
      const refused = refusal(world, error, source.requestId, exchange);
      if (exchange !== undefined) recorder[error instanceof TooManyRequests ? 'count' : 'note'](exchange, refused);
      return respond(refused, request, source);
    }
  }
  return Object.assign(answer, { reply, close: recorder.close });
}

const takesBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** The answer over HTTP; to HEAD without what GET would have in its body. */
function respond({ status, body, headers }: Answer, { method }: Asked, source: Source): Reply {
  const all: Record<string, string> = { ...headers, 'x-request-id': source.requestId, 'cache-control': 'no-store' };
  if (body !== null) all['content-type'] = 'application/scim+json';
  return { status, headers: all, body: method === 'HEAD' ? null : body };
}
