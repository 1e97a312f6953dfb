import { fold, prefixEnd } from '#scim';

/** After every name: the last character that there is, as often as a name has none of it. */
const beyond = '\u{10ffff}'.repeat(4);

/** The folded names that begin with a prefix, as a range; all of them without one. */
export function nameRange(prefix: string | undefined): { from: string; to: string } {
  const from = fold(prefix ?? '');
  return { from, to: prefixEnd(from) ?? beyond };
}
