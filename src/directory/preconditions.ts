import { namesVersion, ScimError } from '#scim';
import type { Exchange } from './exchange.ts';

/** Refuses a change unless `If-Match` (RFC 7644 §3.14), where it is sent, names the present version: 412. */
export function requireVersion({ headers }: Exchange, version: number): void {
  const expected = headers.get('if-match');
  if (expected === null || namesVersion(expected, version)) return;
  throw new ScimError(
    412,
    undefined,
    `If-Match names ${expected.slice(0, 80)}, but the resource is at version W/"${version}"; read it again and repeat`,
  );
}

/** Whether the client has this version already, by `If-None-Match`. */
export function hasVersion({ headers }: Exchange, version: number): boolean {
  const known = headers.get('if-none-match');
  return known !== null && namesVersion(known, version);
}
