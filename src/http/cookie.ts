/** The value of a cookie in a request. */
export function cookieOf(request: Pick<Request, 'headers'>, name: string): string | undefined {
  return pairsOf(request.headers.get('cookie') ?? '').find(([sent]) => sent === name)?.[1];
}

/**
 * A `Set-Cookie` value: host-only, `HttpOnly`, `Secure` (which Chromium also takes on http://localhost). `lax` lets it
 * come along when Entra sends the browser back. `maxAge` in seconds; 0 removes it.
 */
export const setCookie = (
  name: `__Host-${string}`,
  value: string,
  maxAge: number,
  sameSite: 'Strict' | 'Lax' = 'Strict',
): string => `${name}=${value}; Path=/; Max-Age=${Math.floor(maxAge)}; HttpOnly; Secure; SameSite=${sameSite}`;

/** The `Cookie` header that a browser sends next which sent this one and was given these (`Set-Cookie`). */
export function cookiesAfter(sent: string | undefined, given: readonly string[]): string {
  const cookies = new Map<string, string>();
  // Of two of a name the first counts, as everywhere.
  for (const [name, value] of pairsOf(sent ?? '')) if (!cookies.has(name)) cookies.set(name, value);
  for (const one of given) {
    for (const [name, value] of pairsOf(one.split(';')[0] ?? ''))
      if (/; *max-age=0(;|$)/i.test(one)) cookies.delete(name);
      else cookies.set(name, value);
  }
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}

/** Names and values of a cookie header. */
const pairsOf = (header: string): [name: string, value: string][] =>
  header.split(';').flatMap((part) => {
    const at = part.indexOf('=');
    return at > 0 ? [[part.slice(0, at).trim(), part.slice(at + 1).trim()]] : [];
  });

/**
 * Whether a state-changing browser request comes from our own pages: the `Origin` header must be ours. Requests without
 * it are refused, since every browser sends it with POST, PATCH and DELETE.
 */
export const isOwnOrigin = (request: Request, publicUrl: string): boolean =>
  request.headers.get('origin') === publicUrl;
