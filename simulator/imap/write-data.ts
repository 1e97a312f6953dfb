/** A string as a server sends it: NIL, quoted, or a literal. Bytes are latin1. */
export function text(value: string | undefined): string {
  if (value === undefined) return 'NIL';
  if (/^[\x20-\x7e]*$/.test(value) && value.length < 1000) return `"${value.replace(/["\\]/g, '\\$&')}"`;
  return literal(value);
}

/** A literal. */
export const literal = (value: string): string => `{${value.length}}\r\n${value}`;

/** A list; an empty one is NIL. */
export const listOrNil = (items: readonly string[]): string => (items.length === 0 ? 'NIL' : `(${items.join('')})`);
