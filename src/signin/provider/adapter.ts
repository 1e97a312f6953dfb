import type { Adapter, AdapterPayload, errors } from 'oidc-provider';
import { StoreUnavailable, type World } from '#store';
import {
  type Change,
  dropping,
  droppingOfGrant,
  keeping,
  keepingOnce,
  keyOf,
  loadArtifact,
  loadArtifactByName,
  type SessionRef,
  using,
} from './artifacts.ts';
import type { Seen } from './browser-session.ts';
import { clientMetadata, knownClient } from './client-metadata.ts';
import { productsOf, rememberingProducts } from './product-sessions.ts';
import { boundTo, isBoundTo } from './this-browser.ts';

/** What belongs to a session: without it, or after it, such a thing is not found. */
const boundKinds = ['Grant', 'Session'];

/**
 * The library's storage for one kind of thing, on our tables. `seen` tells what the request under way knows of sessions, and
 * takes what it changes: a request commits once.
 */
export function createAdapter(
  world: World,
  kind: string,
  seen: () => Seen,
  { InvalidGrant, OIDCProviderError }: Pick<typeof errors, 'InvalidGrant' | 'OIDCProviderError'>,
): Adapter {
  const changing = async (change: Change): Promise<boolean> => {
    const { changes } = seen();
    if (changes === undefined) return world.store.write(change);
    changes.push(change);
    return true;
  };
  const adapter: Adapter = {
    upsert: async (id, given, expiresIn) => {
      const payload: AdapterPayload = { ...given };
      if (isOfBrowserAlone(kind, payload)) {
        Object.assign(payload, boundTo(seen().secret));
        seen().secretNeeded = true;
      }
      const { acting } = seen();
      if (kind === 'Grant' && acting !== undefined) Object.assign(payload, { through: acting.through });
      const session = boundKinds.includes(kind) ? await sessionFor(kind, payload, seen()) : undefined;
      const expiresAt = payload.exp === undefined ? world.now() + (expiresIn ?? 0) * 1000 : payload.exp * 1000;
      seen().changed.set(keyOf(kind, id), { payload, session, createdAt: world.now() });
      // An assertion of a client is taken once, whichever machines it is shown to.
      const keep = kind === 'ReplayDetection' ? keepingOnce : keeping;
      if (!(await changing(keep(world, kind, id, payload, session, expiresAt)))) throw new InvalidGrant('used already');
      if (kind === 'Session' && session !== undefined) {
        const change = rememberingProducts(session, payload, seen().products);
        if (change !== undefined) await changing(change);
      }
    },
    find: async (id) => {
      if (kind === 'Client') {
        const client = await knownClient(world, id);
        return client === undefined ? undefined : { ...clientMetadata(client) };
      }
      if (kind === 'Grant') return (await seen().grant(id))?.artifact.payload;
      const { changed } = seen();
      const key = keyOf(kind, id);
      const found = changed.has(key) ? changed.get(key) : await loadArtifact(world, kind, id);
      if (found !== undefined && kind === 'AccessToken') seen().tokenKnown = true;
      if (found === undefined) return undefined;
      if (isOfBrowserAlone(kind, found.payload) && !isBoundTo(found.payload, seen().secret)) return undefined;
      if (kind !== 'Session') return found.payload;
      if (!(await isOfSession(found.payload, found.session, seen()))) return undefined;
      seen().products = productsOf(found.payload);
      return found.payload;
    },
    findByUid: async (uid) => (await loadArtifactByName(world, kind, 'uid', uid))?.payload,
    findByUserCode: async (userCode) => (await loadArtifactByName(world, kind, 'userCode', userCode))?.payload,
    consume: async (id) => {
      if (!(await changing(using(world, kind, id)))) throw new InvalidGrant(`${kind} was used already`);
    },
    destroy: async (id) => {
      seen().changed.set(keyOf(kind, id), undefined);
      await changing(dropping(kind, id));
    },
    revokeByGrantId: async (grantId) => {
      await changing(droppingOfGrant(kind, grantId));
    },
  };
  return withOutages(adapter, OIDCProviderError);
}

/**
 * A grant, and the provider's session once somebody signed in, are kept with the session of the browser; a grant that another
 * one is exchanged for with the session of that one.
 */
async function sessionFor(kind: string, { accountId }: AdapterPayload, seen: Seen): Promise<SessionRef | undefined> {
  if (accountId === undefined) return undefined;
  const session = seen.acting?.session ?? (await seen.browser());
  if (session?.accountId === accountId) return { organizationId: session.organizationId, sessionId: session.id };
  if (kind === 'Grant') throw new Error('a grant was made without a session');
  return undefined;
}

/** An interaction, and the provider's session before anybody signed in, are of the browser that they began in. */
const isOfBrowserAlone = (kind: string, { accountId }: Readonly<Record<string, unknown>>): boolean =>
  kind === 'Interaction' || (kind === 'Session' && accountId === undefined);

/** Once somebody signed in, the provider's session is of the browser's own session, and of nobody else. */
async function isOfSession(
  payload: Record<string, unknown>,
  ref: SessionRef | undefined,
  seen: Seen,
): Promise<boolean> {
  if (payload['accountId'] === undefined) return true;
  const session = await seen.browser();
  return session !== undefined && ref?.sessionId === session.id && ref.organizationId === session.organizationId;
}

/** An outage of the database is answered as such, never as "there is no such token". */
function withOutages(adapter: Adapter, OIDCProviderError: typeof errors.OIDCProviderError): Adapter {
  const told = <Given extends unknown[], Result>(work: (...given: Given) => Promise<Result>) => {
    return (...given: Given): Promise<Result> =>
      work(...given).catch((error: unknown) => {
        if (!(error instanceof StoreUnavailable)) throw error;
        throw Object.assign(new OIDCProviderError(503, 'temporarily_unavailable'), {
          expose: true,
          error_description: 'the database is not available; try again in a moment',
          cause: error,
        });
      });
  };
  return {
    upsert: told(adapter.upsert),
    find: told(adapter.find),
    findByUid: told(adapter.findByUid),
    findByUserCode: told(adapter.findByUserCode),
    consume: told(adapter.consume),
    destroy: told(adapter.destroy),
    revokeByGrantId: told(adapter.revokeByGrantId),
  };
}
