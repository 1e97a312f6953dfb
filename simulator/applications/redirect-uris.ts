import type { Application } from './application.ts';

/** Which kind of client a redirect URI belongs to. */
export type Platform = 'web' | 'spa' | 'publicClient';

const loopbackHosts = ['localhost', '127.0.0.1'];
const forbiddenCharacters = /[!$'(),;*#]/;

/**
 * Says why a registration would refuse a redirect URI, or undefined when it is fine: https, or http on localhost;
 * at most 256 characters; none of `! $ ' ( ) , ;` (Microsoft identity platform, redirect URI restrictions).
 */
export function redirectUriFault(uri: string, platform: Platform): string | undefined {
  if (uri.length > 256) return 'is longer than 256 characters';
  if (forbiddenCharacters.test(uri)) return "holds one of the characters ! $ ' ( ) , ; * #, which are not allowed";
  if (!URL.canParse(uri)) return 'is not an absolute URI';
  const url = new URL(uri);
  if (url.hostname === '[::1]') return 'names the IPv6 loopback address, which is not supported';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:') {
    return loopbackHosts.includes(url.hostname) ? undefined : 'uses http, which is allowed for localhost only';
  }
  return platform === 'publicClient' ? undefined : 'must use https';
}

/** Finds the platform a requested redirect URI is registered for; undefined when no registered one matches. */
export function matchRedirectUri(application: Application, requested: string): Platform | undefined {
  const platforms: readonly Platform[] = ['web', 'spa', 'publicClient'];
  return platforms.find((platform) =>
    application[platform].redirectUris.some((uri) => sameRedirectUri(uri, requested)),
  );
}

/** Every redirect URI of an application. */
export function allRedirectUris(application: Application): string[] {
  return [...application.web.redirectUris, ...application.spa.redirectUris, ...application.publicClient.redirectUris];
}

/** Exact comparison, but host and scheme without case, a missing path as `/`, and on loopback whatever port. */
export function sameRedirectUri(registered: string, requested: string): boolean {
  if (registered === requested) return true;
  if (!URL.canParse(registered) || !URL.canParse(requested)) return false;
  const [left, right] = [new URL(registered), new URL(requested)];
  if (right.hash !== '' || right.username !== '' || right.password !== '') return false;
  const samePort = left.port === right.port || loopbackHosts.includes(left.hostname);
  return (
    left.protocol === right.protocol &&
    left.hostname === right.hostname &&
    samePort &&
    rawPath(registered) === rawPath(requested) &&
    left.search === right.search
  );
}

/** The path as it was written: `URL` would resolve `..` and recode characters before the comparison. */
function rawPath(uri: string): string {
  const path = /^[^:]+:\/\/[^/?#]*([^?#]*)/.exec(uri)?.[1] ?? '';
  return path === '' ? '/' : path;
}
