import { ScimError, scimErrorBody } from '#scim';
import { StoreUnavailable, type World } from '#store';
import type { Answer, Exchange } from './exchange.ts';
import { TooManyFailures } from './gate.ts';
import { MethodNotAllowed } from './method-not-allowed.ts';
import { TooManyRequests } from './rate-limit.ts';
import { describeRefusal } from './refusals.ts';

/** What went wrong, in SCIM's words (RFC 7644 §3.12). An outage is 503: never a 404, which the client would believe. */
export function refusal(world: World, error: unknown, requestId: string, exchange: Exchange | undefined): Answer {
  const known = asScimError(world, error, requestId);
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
  if (error instanceof TooManyFailures || error instanceof TooManyRequests)
    return { 'retry-after': String(Math.ceil(error.wait / 1000)) };
  return error.status === 503 ? { 'retry-after': '5' } : {};
}

function asScimError(world: World, error: unknown, requestId: string): ScimError {
  if (error instanceof ScimError) return error;
  if (error instanceof StoreUnavailable) {
    world.log.error({ error, requestId }, 'the database is not available');
    return new ScimError(503, undefined, 'the database is not available at the moment; the request can be repeated');
  }
  world.log.error({ error, requestId }, 'a request failed');
  return new ScimError(500, undefined, `this request failed here; look for ${requestId} in the log of Portico`);
}
