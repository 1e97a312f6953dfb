import { cookieOf, setCookie } from '#http';

/** The cookie that holds the id of the connection that this browser used last, and nothing else. */
const lastCookie = '__Host-portico_last';
const keptSeconds = 365 * 86_400;

/** The connection that a browser used last, as it says. */
export function lastConnectionOf(request: Pick<Request, 'headers'>): string | undefined {
  const id = cookieOf(request, lastCookie);
  return id !== undefined && /^[A-Za-z0-9-]{1,64}$/.test(id) ? id : undefined;
}

/** The `Set-Cookie` by which a browser remembers the connection that it uses. */
export const rememberConnection = (id: string): string => setCookie(lastCookie, id, keptSeconds, 'Lax');
