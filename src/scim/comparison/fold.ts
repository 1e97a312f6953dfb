const BEYOND_ASCII = /[\u0080-\uffff]/;

/**
 * Folds text for comparison where `caseExact` is false: lower case by Unicode's locale-free mapping, the final
 * sigma written as any other, then NFC. `ß` stays apart from `ss`. Folding what is folded changes nothing.
 * Memory, PostgreSQL and SQLite agree only because this function alone folds, before anything is stored.
 */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  if (!BEYOND_ASCII.test(lower)) return lower;
  // Whether Σ becomes σ or ς depends on its neighbours, so a prefix would fold unlike the whole.
  return lower.replaceAll('ς', 'σ').normalize('NFC');
}
