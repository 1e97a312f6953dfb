import type { ConnectionSettings } from '#contract';
import { type PersonClaims, TokenRefused } from '#openid';
import { authenticatedSince } from '../sessions/how-proven.ts';
import { SignInRefused } from '../sign-in-refused.ts';

/** What a sign-in was asked to prove beyond the settings of its connection. */
export interface Asked {
  /** `login`: the person is to authenticate anew. */
  prompt?: 'login' | 'select_account' | undefined;
  /** Seconds since the person's last authentication that are not too many. */
  maxAge?: number | undefined;
  /** Authentication contexts of which one is to be satisfied; at Microsoft Entra c1 to c99. */
  contexts?: readonly string[] | undefined;
  /** JSON of the claims challenge by which the provider refused; a person is sent back with one once. */
  challenge?: string | undefined;
  /** The account that the proof is to be linked to, and the session that asks for it; undefined: the proof signs in. */
  linksTo?: { accountId: string; sessionId: string } | undefined;
}

const contextForm = /^c(?:[1-9]|[1-9]\d)$/;

/**
 * The `claims` parameter (OpenID Connect Core §5.5) that asks Microsoft Entra when the person authenticated, which it tells
 * only where it is asked (`auth_time` is an optional claim), and for authentication contexts, with a claims challenge laid over
 * it (entra-docs claims-challenge.md); undefined for other providers. `cp1` is not declared: nothing here
 * answers challenges of continuous access evaluation.
 */
export function claimsRequest(
  { provider, authenticationContext }: Pick<ConnectionSettings, 'provider' | 'authenticationContext'>,
  { contexts = [], challenge }: Asked,
): string | undefined {
  if (provider !== 'entra') return undefined;
  const values = [
    ...new Set([
      ...(authenticationContext === null ? [] : [authenticationContext]),
      ...contexts.filter((it) => contextForm.test(it)),
    ]),
  ];
  const [only, another] = values;
  const acrs = { essential: true, ...(another === undefined ? { value: only } : { values }) };
  const wanted: Record<string, Record<string, unknown>> = {
    id_token: { auth_time: { essential: true }, ...(only === undefined ? {} : { acrs }) },
  };
  for (const [target, members] of Object.entries(readChallenge(challenge)))
    wanted[target] = { ...wanted[target], ...members };
  return JSON.stringify(wanted);
}

/** A challenge as the refusal wrote it; what is no object of objects counts as none. */
function readChallenge(text: string | undefined): Record<string, Record<string, unknown>> {
  if (text === undefined || text.length > 4000) return {};
  try {
    const read: unknown = JSON.parse(text);
    const members = Object.entries(typeof read === 'object' && read !== null ? read : {});
    return Object.fromEntries(
      members.filter(
        ([target, value]) =>
          ['id_token', 'access_token'].includes(target) && typeof value === 'object' && value !== null,
      ),
    );
  } catch {
    return {};
  }
}

/** Refuses a person who did not satisfy what the connection demands of each sign-in. Throws {@link SignInRefused}. */
export function assertSteppedUp(
  { authenticationContext }: Pick<ConnectionSettings, 'authenticationContext'>,
  { authenticationContexts }: PersonClaims,
): void {
  if (authenticationContext === null || authenticationContexts.includes(authenticationContext)) return;
  throw new SignInRefused('step_up', {
    detail: `the id token does not say that the authentication context ${authenticationContext} is satisfied (acrs)`,
  });
}

/**
 * Refuses a person whose last authentication is longer ago than was asked (`max_age`, `prompt=login`; OpenID Connect Core
 * §3.1.3.7), or past the end that the provider gives its sessions. What was asked stands in an address that whoever sits there
 * can change on the way: only `auth_time` proves that it was done, and without it nothing was. Throws {@link TokenRefused}.
 */
export function assertFresh(
  { asked, startedAt }: { asked: Asked; startedAt: number },
  { authenticatedAt, sessionExpiresAt }: PersonClaims,
): void {
  if (sessionExpiresAt !== undefined && sessionExpiresAt <= startedAt)
    throw new TokenRefused('tooOld', 'the provider says that the session is over already (session_expiry).');
  const { prompt, maxAge } = asked;
  if (prompt !== 'login' && maxAge === undefined) return;
  if (authenticatedAt === undefined)
    throw new TokenRefused(
      'tooOld',
      'the token does not say when the person signed in (auth_time), though it was asked.',
    );
  const earliest = authenticatedSince(startedAt, prompt === 'login' ? 0 : maxAge);
  if (authenticatedAt >= earliest) return;
  throw new TokenRefused(
    'tooOld',
    `the person signed in at ${new Date(authenticatedAt).toISOString()} (auth_time), which is longer ago than was asked.`,
  );
}

/**
 * When a session counts as authenticated, epoch milliseconds: when the provider says, 0 where it does not, and never later
 * than now. A new authentication that was asked for and checked by {@link assertFresh} came after its sign-in started,
 * whatever the clock of the provider says.
 */
export function authenticationTime(
  { asked, startedAt }: { asked: Asked; startedAt: number },
  { authenticatedAt = 0 }: Pick<PersonClaims, 'authenticatedAt'>,
  now: number,
): number {
  return Math.min(now, asked.prompt === 'login' ? Math.max(startedAt, authenticatedAt) : authenticatedAt);
}
