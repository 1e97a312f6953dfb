// Soft hyphen, zero-width blanks and joiners, direction marks, word joiner, BOM: none of them shows on screen.
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;

const quotes: readonly (readonly [string, string])[] = [
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
  ['“', '”'],
  ['„', '“'],
  ['‘', '’'],
  ['«', '»'],
  ['<', '>'],
];

/**
 * What somebody meant to paste: invisible characters taken out, no-break and other odd blanks made plain, blanks around
 * the value and quotes copied along taken off. Blanks inside stay, for they say that more was copied than the value.
 */
export function cleanPaste(text: string): string {
  let value = text.replace(invisible, '').replace(/\s/g, ' ').trim();
  for (;;) {
    const pair = quotes.find(([open, close]) => value.length > 1 && value.startsWith(open) && value.endsWith(close));
    if (!pair) return value;
    value = value.slice(1, -1).trim();
  }
}
