import { GraphError } from './graph-error.ts';

/** A piece of a filter: a word (property, operator, function, bare value), a quoted string, or one of `( ) ,`. */
export type Token = { readonly kind: 'word' | 'string' | 'sign'; readonly text: string };

/** Cuts a filter into its tokens. Throws Graph's 400 for a quote that is not closed. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:'((?:[^']|'')*)'|([(),])|([^\s(),']+))/gy;
  while (pattern.lastIndex < text.trimEnd().length) {
    const match = pattern.exec(text);
    if (match === null) throw invalidFilter('a quote is not closed');
    const [, string, sign, word] = match;
    if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll("''", "'") });
    else tokens.push(sign === undefined ? { kind: 'word', text: word ?? '' } : { kind: 'sign', text: sign });
  }
  return tokens;
}

/** The value that a token stands for. Throws Graph's 400 for a word that is none. */
export function literalOf({ kind, text }: Token): string | number | boolean | null {
  if (kind === 'string') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text;
  throw invalidFilter(`'${text}' is not a value`);
}

/** Graph's refusal of a filter. */
export function invalidFilter(why: string): GraphError {
  return new GraphError(400, 'BadRequest', `Invalid filter clause: ${why}.`);
}
