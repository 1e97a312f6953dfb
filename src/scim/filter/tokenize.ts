import type { ScimError } from '../scim-error.ts';

/** A token of a filter or path; `position` counts from 0. */
export interface Token {
  kind: 'word' | 'string' | '(' | ')' | '[' | ']' | 'end';
  /** As written; for a string, what it says. */
  text: string;
  position: number;
}

/** Makes the error for a fault at a position, so that filters and paths each refuse in their own words. */
export type Refuse = (position: number, what: string) => ScimError;

const SPACE = /\s/;
const WORD_END = /[\s()[\]"]/g;
const STRING_END = /["\\]/g;

/** Cuts the text of a filter or path into tokens, in one pass. A word is all up to a space, bracket or quote. */
export function tokenize(text: string, refuse: Refuse): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (SPACE.test(character)) {
      at++;
    } else if (character === '(' || character === ')' || character === '[' || character === ']') {
      tokens.push({ kind: character, text: character, position: at });
      at++;
    } else if (character === '"') {
      const end = stringEnd(text, at, refuse);
      tokens.push({ kind: 'string', text: readString(text.slice(at, end), at, refuse), position: at });
      at = end;
    } else {
      WORD_END.lastIndex = at;
      const end = WORD_END.exec(text)?.index ?? text.length;
      tokens.push({ kind: 'word', text: text.slice(at, end), position: at });
      at = end;
    }
  }
  tokens.push({ kind: 'end', text: '', position: text.length });
  return tokens;
}

function stringEnd(text: string, start: number, refuse: Refuse): number {
  STRING_END.lastIndex = start + 1;
  for (let found = STRING_END.exec(text); found !== null; found = STRING_END.exec(text)) {
    if (found[0] === '"') return found.index + 1;
    STRING_END.lastIndex = found.index + 2;
  }
  throw refuse(start, 'this quotation mark is never closed');
}

function readString(quoted: string, position: number, refuse: Refuse): string {
  let value: unknown;
  try {
    value = JSON.parse(quoted);
  } catch {
    throw refuse(position, `${quoted.slice(0, 80)} is not a JSON string; write \\\\ for a backslash`);
  }
  if (typeof value !== 'string' || value.includes('\0')) {
    throw refuse(position, 'a value cannot hold the character U+0000');
  }
  return value.toWellFormed();
}
