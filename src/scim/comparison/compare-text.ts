const SURROGATES = 0xd800;

/**
 * Orders text by code point, which is the order of its UTF-8 bytes: the same as `COLLATE "C"` in PostgreSQL and
 * `BINARY` in SQLite, and unlike `<` on JavaScript strings, which orders by UTF-16 unit.
 */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** Lifts surrogates above the rest of the basic plane, where the code points they stand for belong. */
function rank(unit: number): number {
  if (unit < SURROGATES) return unit;
  return unit <= 0xdfff ? unit + 0x2000 : unit - 0x800;
}
