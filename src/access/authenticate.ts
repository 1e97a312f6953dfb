import type { Right } from '#contract';
import { recordFailedAuthentication } from '#events';
import { bearerOf, cookieOf, isOwnOrigin, isSecretOf, Problem, parseCredential, type Source } from '#http';
import { only, type World } from '#store';
import { type Caller, rightsOf } from './caller.ts';
import { findKey, touchKey } from './queries/api-key.ts';
import { findSession, removeSession, touchSession } from './queries/console-session.ts';

/** The cookie of the console. */
export const consoleCookie = '__Host-portico_console';

/** A console session ends after this much time without a request. */
const idleMs = 2 * 3_600_000;
/** "Last used" is written at most this often. */
const touchMs = 60_000;

/**
 * Says who a request to REST comes from: an API key as bearer token, or the console's cookie. Throws a problem where it
 * is nobody; every failure is an event and counts towards the limit of its address.
 */
export async function authenticate(world: World, request: Request, source: Source): Promise<Caller> {
  const bearer = bearerOf(request);
  const cookie = cookieOf(request, consoleCookie);
  if (bearer === undefined && cookie === undefined) {
    throw new Problem('not-authenticated', {
      detail: 'neither an API key nor a console session came along',
      remedy: 'send Authorization: Bearer with an API key, or open a sign-in link of the console',
    });
  }
  const caller =
    bearer !== undefined
      ? await callerByKey(world, bearer, source)
      : await callerBySession(world, cookie ?? '', source);
  if (caller === undefined) {
    const wait = await recordFailedAuthentication(world, source, {
      door: 'rest',
      why: bearer !== undefined ? 'the API key is not valid' : 'the console session is over',
    });
    if (wait > 0) {
      throw new Problem('too-many-requests', {
        detail: 'too many failed attempts from this address',
        remedy: `wait ${Math.ceil(wait / 1000)} seconds`,
        retryAfter: wait / 1000,
      });
    }
    throw new Problem(
      'not-authenticated',
      bearer !== undefined
        ? { detail: 'the API key is unknown, expired or revoked', remedy: 'check PORTICO_API_KEY, or issue a new key' }
        : { detail: 'the console session is over', remedy: 'open a new sign-in link: portico operators link' },
    );
  }
  if (caller.sessionId !== null && request.method !== 'GET' && !isOwnOrigin(request, world.config.url)) {
    throw new Problem('cross-site', {
      detail: `the request's Origin is not ${world.config.url}`,
      remedy: 'open the console at that address',
    });
  }
  return caller;
}

async function callerByKey(world: World, text: string, source: Source): Promise<Caller | undefined> {
  const credential = parseCredential('key', text);
  if (credential === undefined) return undefined;
  const now = world.now();
  const key = only(await world.store.read(findKey, { id: credential.id }));
  if (key === undefined || key.expires_at <= now || !isSecretOf(credential.secret, key.hash)) return undefined;
  if (now - (key.last_used_at ?? 0) > touchMs)
    await world.store.write((tx) => tx.run(touchKey, { id: credential.id, at: now }));
  const rights: Right[] = JSON.parse(key.rights);
  return {
    type: 'key',
    id: key.id,
    name: key.name,
    rights: new Set(rights),
    organization: key.organization_id,
    expiresAt: key.expires_at,
    sessionId: null,
    source,
  };
}

async function callerBySession(world: World, text: string, source: Source): Promise<Caller | undefined> {
  const credential = parseCredential('console', text);
  if (credential === undefined) return undefined;
  const now = world.now();
  const session = only(await world.store.read(findSession, { id: credential.id }));
  if (session === undefined || !isSecretOf(credential.secret, session.hash)) return undefined;
  if (session.expires_at <= now || session.last_seen_at + idleMs <= now) {
    await world.store.write((tx) => tx.run(removeSession, { id: credential.id }));
    return undefined;
  }
  if (now - session.last_seen_at > touchMs)
    await world.store.write((tx) => tx.run(touchSession, { id: credential.id, at: now }));
  return {
    type: 'operator',
    id: session.operator_id,
    name: session.name,
    rights: rightsOf(session.role),
    organization: null,
    expiresAt: session.expires_at,
    sessionId: credential.id,
    source,
  };
}
