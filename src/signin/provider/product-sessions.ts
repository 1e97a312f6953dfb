import { putProductSession } from '../queries/product-session.ts';
import { type Change, keyOf, type SessionRef } from './artifacts.ts';

interface Authorization {
  sid?: unknown;
  grantId?: unknown;
}

const authorizationsOf = ({ authorizations }: Readonly<Record<string, unknown>>): [string, Authorization][] =>
  typeof authorizations === 'object' && authorizations !== null ? Object.entries(authorizations) : [];

const nameOf = ([clientId, { sid, grantId }]: [string, Authorization]): string =>
  JSON.stringify([clientId, sid, grantId]);

/** The products that a session of the provider is signed in to, each with its `sid` and its grant. */
export const productsOf = (payload: Readonly<Record<string, unknown>>): ReadonlySet<string> =>
  new Set(authorizationsOf(payload).map(nameOf));

/**
 * Writes down what products a session of ours is signed in to since the request came, so that they can be told of its end
 * (OpenID Connect Back-Channel Logout 1.0 §2.5); undefined where none came along.
 */
export function rememberingProducts(
  { organizationId, sessionId }: SessionRef,
  payload: Readonly<Record<string, unknown>>,
  before: ReadonlySet<string>,
): Change | undefined {
  const added = authorizationsOf(payload).filter((it) => !before.has(nameOf(it)));
  if (added.length === 0) return undefined;
  return async (tx) => {
    for (const [clientId, { sid, grantId }] of added) {
      if (typeof sid !== 'string') continue;
      const grant = typeof grantId === 'string' ? keyOf('Grant', grantId) : null;
      await tx.run(putProductSession, { organizationId, sessionId, clientId, sid, grantId: grant });
    }
    return true;
  };
}
