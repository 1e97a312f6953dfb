import type { IncomingMessage, ServerResponse } from 'node:http';
import { sourceOf } from '#http';
import type { World } from '#store';
import { findValidSession } from '../sessions/session.ts';
import { loadToken } from './artifacts.ts';
import { knownClient } from './client-metadata.ts';
import type { KnownClient } from './clients.ts';
import { accountOf, claimsByScope } from './find-account.ts';
import { isOpenTo } from './load-grant.ts';

/** A client is known for so long after it was read; then it is looked for again. */
const knownMs = 500;

/**
 * OpenID Connect Core §5.3 for the plain case, which products send thousands of times a second to learn whether a person is
 * still in: an opaque access token of ours in the header, and all is well with it. Says whether it answered; everything else,
 * refusals above all, is the library's.
 */
export function createUserinfo(world: World): (req: IncomingMessage, res: ServerResponse) => Promise<boolean> {
  const clients = new Map<string, { until: number; found: Promise<KnownClient | undefined> }>();
  const findClient = (id: string) => {
    const known = clients.get(id);
    if (known !== undefined && known.until > performance.now()) return known.found;
    if (clients.size > 1000) clients.clear();
    const found = knownClient(world, id);
    clients.set(id, { until: performance.now() + knownMs, found });
    found.catch(() => clients.delete(id));
    return found;
  };

  return async (req, res) => {
    const token = plainToken(req);
    if (token === undefined) return false;
    const found = await loadToken(world, token);
    if (found === undefined) return false;
    const { payload, session: ref } = found;
    const { accountId, clientId, scope, exp } = payload;
    const isPlain =
      typeof scope === 'string' &&
      scope.split(' ').includes('openid') &&
      typeof clientId === 'string' &&
      typeof exp === 'number' &&
      exp * 1000 > world.now() &&
      !bound.some((name) => payload[name] !== undefined) &&
      !asksForMore(payload['claims']);
    if (!isPlain) return false;
    const client = await findClient(clientId);
    if (client === undefined) return false;
    const session = await findValidSession(world, ref.organizationId, ref.sessionId);
    if (session === undefined || session.accountId !== accountId) return false;
    if (!isOpenTo(client, session.organizationId)) return false;
    const claims: Record<string, unknown> = await accountOf(world, session).claims('userinfo', scope, {}, []);
    const text = JSON.stringify(only(claims, scope));
    res.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      'x-request-id': sourceOf(req, world.config, world.now).requestId,
    });
    res.end(text);
    return true;
  };
}

/** What makes a token more than one for userinfo by whoever bears it. */
const bound = ['aud', 'x5t#S256', 'jkt', 'consumed'];

/** Whether an authorization request asked for claims beyond its scopes (OpenID Connect Core §5.5), those of the id token apart. */
const asksForMore = (claims: unknown): boolean =>
  claims !== undefined && (typeof claims !== 'object' || claims === null || 'userinfo' in claims);

/** An access token as the library makes them, alone in the header, of a caller that is no page of another origin. */
function plainToken({ method, url, headers }: IncomingMessage): string | undefined {
  if (method !== 'GET' || url !== '/oidc/me' || headers.origin !== undefined || headers['dpop'] !== undefined) return;
  return /^Bearer ([A-Za-z0-9_-]{43})$/.exec(headers.authorization ?? '')?.[1];
}

/** The claims that the scopes give. */
function only(claims: Record<string, unknown>, scope: string): Record<string, unknown> {
  const named = scope.split(' ').flatMap((one) => (claimsByScope as Record<string, readonly string[]>)[one] ?? []);
  return Object.fromEntries(named.filter((name) => claims[name] !== undefined).map((name) => [name, claims[name]]));
}
