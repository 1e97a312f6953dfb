import { createHash, randomBytes } from 'node:crypto';
import { cookieOf, setCookie } from '#http';

/**
 * The cookie by which a browser is known again. The library's own are not `__Host-`: another host of the same
 * domain can set them, signatures included (RFC 6265 §8.6), this one it cannot.
 */
const browserCookie = '__Host-portico_browser';
const secretForm = /^[A-Za-z0-9_-]{43}$/;
/** Longer than anything that is bound to it. */
const keptSeconds = 86_400;

/** The secret of the browser that brings this cookie header; a new one where it brings none. */
export function secretOf(cookie: string | undefined): string {
  const headers = new Headers(cookie === undefined ? {} : { cookie });
  const sent = cookieOf({ headers }, browserCookie);
  return sent !== undefined && secretForm.test(sent) ? sent : randomBytes(32).toString('base64url');
}

/** What binds a thing to the browser with this secret, as a member of its payload. */
export const boundTo = (secret: string): { browser: string } => ({
  browser: createHash('sha256').update(secret).digest('base64url'),
});

/** Whether a thing was bound to the browser with this secret. */
export const isBoundTo = (payload: Readonly<Record<string, unknown>>, secret: string): boolean =>
  payload['browser'] === boundTo(secret).browser;

/** The `Set-Cookie` by which a browser keeps its secret. */
export const keepingSecret = (secret: string): string => setCookie(browserCookie, secret, keptSeconds, 'Lax');
