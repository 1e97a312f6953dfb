import { type EntraWorld, type Grant, grantByAssertion, grantBySecret, organizationOf } from '#connections';
import { DiscoveryError, EntraError } from '#entra';
import { recordFailedAuthentication, waitAfterFailures } from '#events';
import type { Source } from '#http';
import { StoreUnavailable } from '#store';
import type { Refused } from '../recorder.ts';
import { openDirectory } from '../settings.ts';
import { OAuthError } from './oauth-error.ts';
import { readTokenRequest, type TokenRequest } from './read-token-request.ts';

const minute = 60_000;

/** The directory of a token endpoint's address, `/scim/oauth2/{directory}/token`; undefined for any other address. */
export const directoryOfTokenEndpoint = (url: string): string | undefined =>
  /^[^/]*\/\/[^/]*\/scim\/oauth2\/([^/?]+)\/token\/?(?:\?|$)/.exec(url)?.[1];

/** P2: answers at a directory's token endpoint: access tokens by client credentials, in OAuth's words (RFC 6749 §4.4, §5). */
export async function answerTokenRequest(
  world: EntraWorld,
  directoryId: string,
  request: Request,
  source: Source,
  onRefusal: Refused,
): Promise<Response> {
  try {
    if (request.method !== 'POST') throw new OAuthError(405, 'invalid_request', 'use POST');
    const asked = await readTokenRequest(request);
    const organizationId = await organizationOf(world, directoryId);
    const granted = await grant(world, organizationId, directoryId, asked);
    if (!granted.ok) {
      const wait = await waitAfterFailures(world, 'scim token endpoint', source.address);
      if (wait > 0) throw tooManyFailures(wait);
      const scope = organizationId === undefined ? {} : { organizationId };
      await recordFailedAuthentication(world, source, { ...scope, door: 'scim token endpoint', why: granted.why });
      if (organizationId !== undefined) onRefusal(organizationId, directoryId, 401, granted.why);
      throw new OAuthError(401, 'invalid_client', granted.proven === true ? granted.why : unknownClient);
    }
    const { value, lifetime } = granted;
    return respond(200, { access_token: value, token_type: 'Bearer', expires_in: lifetime / 1000 }, source);
  } catch (error) {
    const refused = asOAuthError(world, error, source);
    const body = { error: refused.code, error_description: plain(refused.description) };
    return respond(refused.status, body, source, headersOf(refused));
  }
}

async function grant(
  world: EntraWorld,
  organizationId: string | undefined,
  directoryId: string,
  asked: TokenRequest,
): Promise<Grant> {
  if (organizationId === undefined) return { ok: false, why: 'there is no such directory' };
  const { clientId = directoryId } = asked;
  if (clientId !== directoryId)
    return { ok: false, why: `the client id of this token endpoint is ${directoryId}, not ${shown(clientId)}` };
  const { settings } = await openDirectory(world, organizationId, directoryId);
  const [scope, lifetime] = [{ organizationId, directoryId }, settings.accessTokenMinutes * minute];
  return asked.by === 'secret'
    ? grantBySecret(world, scope, asked.secret, lifetime)
    : grantByAssertion(world, scope, asked.assertion, lifetime);
}

const unknownClient =
  'client id, client secret or assertion are not valid for this token endpoint: compare them with the connection in Portico; its events tell what was wrong';

/** What somebody sent, fit for a sentence. */
const shown = (text: string): string => JSON.stringify(text.slice(0, 80));

const tooManyFailures = (wait: number): OAuthError =>
  new OAuthError(
    429,
    'temporarily_unavailable',
    'too many requests with wrong credentials came from this address; wait a minute',
    Math.ceil(wait / 1000),
  );

function headersOf({ status, retryAfter }: OAuthError): Record<string, string> {
  if (status === 401) return { 'www-authenticate': 'Basic realm="Portico"' };
  if (status === 405) return { allow: 'POST' };
  return retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
}

/** RFC 6749 §5.2: a description is printable ASCII without quotes and backslashes. */
const plain = (text: string): string => text.replaceAll('"', "'").replaceAll(/[^ -~]|\\/g, '?');

function respond(status: number, body: object, source: Source, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      ...headers,
      'content-type': 'application/json',
      'cache-control': 'no-store',
      pragma: 'no-cache',
      'x-request-id': source.requestId,
    },
  });
}

/** An outage is 503, never `invalid_client`, which the client would believe. */
function asOAuthError(world: EntraWorld, error: unknown, { requestId }: Source): OAuthError {
  if (error instanceof OAuthError) return error;
  if (error instanceof StoreUnavailable) {
    world.log.error({ error, requestId }, 'the database is not available');
    return new OAuthError(
      503,
      'temporarily_unavailable',
      'the database is not available; the request can be repeated',
      5,
    );
  }
  if (error instanceof EntraError || error instanceof DiscoveryError) {
    world.log.warn({ error, requestId }, 'the signing keys of a tenant cannot be had');
    const what =
      'the signing keys of the tenant cannot be had from Microsoft Entra at the moment; the request can be repeated';
    return new OAuthError(503, 'temporarily_unavailable', what, 5);
  }
  world.log.error({ error, requestId }, 'a request failed');
  return new OAuthError(500, 'server_error', `this request failed here; look for ${requestId} in the log of Portico`);
}
