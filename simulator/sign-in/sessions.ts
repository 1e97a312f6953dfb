import { randomBytes, randomUUID } from 'node:crypto';
import { type Exchange, readCookies } from '../http/exchange.ts';

/** One account signed in to a browser session. */
export type SignedInAccount = {
  /** Where the person's password lives; for a guest another tenant than that of the token. */
  readonly homeTenantId: string;
  readonly homeUserId: string;
  /** When the person last authenticated. */
  readonly authenticatedAt: number;
  /** When he last gave a second factor. */
  readonly secondFactorAt: number | undefined;
  /** The `sid` of id_tokens and of front-channel logout. */
  readonly sid: string;
  /** Apps that took part, by app id, with the issuer their tokens name. */
  readonly apps: Map<string, { readonly issuer: string; readonly tenantId: string }>;
};

/** The accounts of one browser, by home user id. */
export type Session = { readonly id: string; readonly accounts: Map<string, SignedInAccount> };

/** All browser sessions of the login host. */
export type Sessions = Map<string, Session>;

/** The cookie of who stays signed in, and that of who is signed in until the browser is closed. */
const cookieNames = { kept: 'ESTSAUTHPERSISTENT', passing: 'ESTSAUTH' } as const;

/** How long a kept session lives, in seconds (persistence of browser sessions: 90 days, rolling). */
const keptFor = 90 * 86_400;

/** The browser's session, if its cookie leads to one. */
export function findSession(sessions: Sessions, exchange: Exchange): Session | undefined {
  const cookies = readCookies(exchange);
  return sessions.get(cookies.get(cookieNames.kept) ?? '') ?? sessions.get(cookies.get(cookieNames.passing) ?? '');
}

/** The browser's session, or a fresh one. */
export function ensureSession(sessions: Sessions, exchange: Exchange): Session {
  const present = findSession(sessions, exchange);
  if (present !== undefined) return present;
  const session: Session = { id: randomBytes(24).toString('base64url'), accounts: new Map() };
  sessions.set(session.id, session);
  return session;
}

/** Notes that a person has authenticated in this browser; his `sid` stays while he is signed in. */
export function addAccount(
  session: Session,
  home: { readonly tenantId: string; readonly userId: string },
  proof: { readonly authenticatedAt: number; readonly secondFactorAt: number | undefined },
): SignedInAccount {
  const present = session.accounts.get(home.userId);
  const account: SignedInAccount = {
    homeTenantId: home.tenantId,
    homeUserId: home.userId,
    authenticatedAt: proof.authenticatedAt,
    secondFactorAt: proof.secondFactorAt ?? present?.secondFactorAt,
    sid: present?.sid ?? randomUUID(),
    apps: present?.apps ?? new Map(),
  };
  session.accounts.set(home.userId, account);
  return account;
}

/**
 * The cookie that carries a session; `stay` is the answer to "Stay signed in?", where that was asked. By https it goes to other
 * sites too, as in the frames of silent sign-ins; by http browsers would drop it then.
 */
export function sessionCookie(session: Session, exchange: Exchange, stay?: boolean): string {
  const name = stay === false ? cookieNames.passing : cookieNames.kept;
  const age = stay === true ? `; Max-Age=${keptFor}` : '';
  return `${name}=${session.id}; ${attributes(exchange)}${age}`;
}

/** The cookies that end a session. */
export function endedSessionCookies(exchange: Exchange): string[] {
  return Object.values(cookieNames).map((name) => `${name}=; ${attributes(exchange)}; Max-Age=0`);
}

function attributes(exchange: Exchange): string {
  return exchange.url.protocol === 'https:'
    ? 'Path=/; HttpOnly; Secure; SameSite=None'
    : 'Path=/; HttpOnly; SameSite=Lax';
}
