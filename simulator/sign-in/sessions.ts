import { randomBytes, randomUUID } from 'node:crypto';
import { type Exchange, readCookies } from '../http/exchange.ts';

/** One account signed in to a browser session. */
export type SignedInAccount = {
  /** Where the person's password lives; for a guest another tenant than that of the token. */
  readonly homeTenantId: string;
  readonly homeUserId: string;
  /** When the person last authenticated. */
  readonly authenticatedAt: number;
  /** The `sid` of id_tokens and of front-channel logout. */
  readonly sid: string;
  /** Apps that took part, by app id, with the issuer their tokens name. */
  readonly apps: Map<string, { readonly issuer: string; readonly tenantId: string }>;
};

/** The accounts of one browser, by home user id. */
export type Session = { readonly id: string; readonly accounts: Map<string, SignedInAccount> };

/** All browser sessions of the login host. */
export type Sessions = Map<string, Session>;

const cookieName = 'ESTSAUTHPERSISTENT';

/** The browser's session, if its cookie leads to one. */
export function findSession(sessions: Sessions, exchange: Exchange): Session | undefined {
  return sessions.get(readCookies(exchange).get(cookieName) ?? '');
}

/** The browser's session, or a fresh one. */
export function ensureSession(sessions: Sessions, exchange: Exchange): Session {
  const present = findSession(sessions, exchange);
  if (present !== undefined) return present;
  const session: Session = { id: randomBytes(24).toString('base64url'), accounts: new Map() };
  sessions.set(session.id, session);
  return session;
}

/** Notes that a person has authenticated in this browser. */
export function addAccount(
  session: Session,
  home: { readonly tenantId: string; readonly userId: string },
  now: number,
): SignedInAccount {
  const account: SignedInAccount = {
    homeTenantId: home.tenantId,
    homeUserId: home.userId,
    authenticatedAt: now,
    sid: session.accounts.get(home.userId)?.sid ?? randomUUID(),
    apps: session.accounts.get(home.userId)?.apps ?? new Map(),
  };
  session.accounts.set(home.userId, account);
  return account;
}

/** The cookie that carries a session. Not `Secure`: the simulator speaks plain http on loopback. */
export function sessionCookie(session: Session): string {
  return `${cookieName}=${session.id}; Path=/; HttpOnly; SameSite=Lax`;
}

/** The cookie that ends a session. */
export function endedSessionCookie(): string {
  return `${cookieName}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;
}
