import type { World } from '#store';
import { findValidSession, sessionOfRequest, type ValidSession } from '../sessions/session.ts';
import { type Artifact, type Change, loadArtifact } from './artifacts.ts';
import { knownClient } from './client-metadata.ts';
import { isOpenTo } from './load-grant.ts';
import { secretOf } from './this-browser.ts';

/** What one request to the provider learned of sessions, so that it asks the database once, and what it is to change. */
export interface Seen {
  /** The secret by which the browser is known again; drawn when it is first asked for, where the browser has none yet. */
  readonly secret: string;
  /** Something was bound to it: the browser has to keep it. */
  secretNeeded: boolean;
  /** The valid session of the browser that asks. */
  browser(): Promise<ValidSession | undefined>;
  /** A grant, and the session it belongs to while that is valid. */
  grant(id: string): Promise<{ artifact: Artifact; session: ValidSession } | undefined>;
  /** Whether the token that was presented is, or was, one of ours: then its refusal is no guess. */
  tokenKnown: boolean;
  /** For whom a client acts that exchanges a token: what it gets is theirs, says who acts (RFC 8693 §4.1), and is worth nothing without the clients that it came through. */
  acting: { session: ValidSession; act: Record<string, unknown>; through: readonly string[] } | undefined;
  /** The grant that the request revoked. */
  revoked: string | undefined;
  /** Somebody entered a user code that is none. */
  guessed: boolean;
  /** The products that the provider's session was signed in to when the request came: `productsOf`. */
  products: ReadonlySet<string>;
  /** What is to be written when the request ends, all of it in one transaction; undefined: each at once. */
  changes: Change[] | undefined;
  /** What that makes of things, by their keys: undefined for what goes. */
  changed: Map<string, Artifact | undefined>;
}

/** Begins to look, for one request with these cookies; what it changes is written at its end if `atEnd`. */
export function beginSeeing(world: World, cookie: string | undefined, atEnd: boolean): Seen {
  let secret: string | undefined;
  let browser: Promise<ValidSession | undefined> | undefined;
  const grants = new Map<string, ReturnType<Seen['grant']>>();
  return {
    get secret() {
      secret ??= secretOf(cookie);
      return secret;
    },
    secretNeeded: false,
    tokenKnown: false,
    acting: undefined,
    revoked: undefined,
    guessed: false,
    products: new Set(),
    changes: atEnd ? [] : undefined,
    changed: new Map(),
    browser: () => {
      browser ??= sessionOfRequest(world, new Headers(cookie === undefined ? {} : { cookie }));
      return browser;
    },
    grant: (id) => {
      const found = grants.get(id) ?? findGrant(world, id);
      grants.set(id, found);
      return found;
    },
  };
}

/** A grant is worth something only while its session is valid: this is where every token of it stops being good. */
async function findGrant(world: World, id: string): Promise<{ artifact: Artifact; session: ValidSession } | undefined> {
  const artifact = await loadArtifact(world, 'Grant', id);
  if (artifact?.session === undefined) return undefined;
  const session = await findValidSession(world, artifact.session.organizationId, artifact.session.sessionId);
  if (session === undefined) return undefined;
  for (const clientId of throughOf(artifact)) {
    const client = await knownClient(world, clientId);
    if (client === undefined || !isOpenTo(client, session.organizationId)) return undefined;
  }
  return { artifact, session };
}

/** The clients whose tokens a grant was exchanged for, the last first; none where it was not. */
export const throughOf = ({ payload: { through } }: Artifact): readonly string[] =>
  Array.isArray(through) ? through.map(String) : [];
