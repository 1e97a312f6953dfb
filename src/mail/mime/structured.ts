import { decodeCharset } from './charset.ts';
import { decodeWords } from './decode-words.ts';

/** A structured value: `text/plain; charset=utf-8`, `attachment; filename="a.pdf"`. */
export interface Structured {
  /** Lower-case. */
  value: string;
  /** By lower-case name, decoded. */
  parameters: ReadonlyMap<string, string>;
}

const longest = 4000;

/** Reads a structured header value with its parameters, those of RFC 2231 in pieces and in character sets included. */
export function readStructured(header: string): Structured {
  const text = header.slice(0, longest);
  const [value = ''] = text.split(';', 1);
  const pieces = new Map<string, { text: string; encoded: boolean }[]>();
  for (const [, name = '', quoted, plain = ''] of text.slice(value.length).matchAll(parameter)) {
    const [, base = '', index = '0', star = ''] = /^([^*]+)(?:\*(\d+))?(\*)?$/.exec(name.toLowerCase()) ?? [];
    if (base === '' || Number(index) > 99) continue;
    const list = pieces.get(base) ?? [];
    list[Number(index)] ??= {
      text: quoted === undefined ? plain.trim() : quoted.replace(/\\(.)/g, '$1'),
      encoded: star === '*',
    };
    pieces.set(base, list);
  }
  const parameters = new Map([...pieces].map(([name, list]) => [name, join(Array.from(list))]));
  return { value: value.trim().toLowerCase(), parameters };
}

const parameter = /;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g;

function join(list: readonly ({ text: string; encoded: boolean } | undefined)[]): string {
  const pieces = list.filter((it) => it !== undefined);
  const [first] = pieces;
  if (first === undefined) return '';
  if (!pieces.some(({ encoded }) => encoded)) return decodeWords(pieces.map(({ text }) => text).join(''));
  const [, charset = 'utf-8', rest = first.text] = /^([^']*)'[^']*'(.*)$/s.exec(first.text) ?? [];
  const bytes = pieces.map(({ text, encoded }, index) => percentBytes(index === 0 ? rest : text, encoded));
  return decodeCharset(Buffer.concat(bytes), charset === '' ? 'utf-8' : charset);
}

const percentBytes = (text: string, encoded: boolean): Buffer =>
  encoded
    ? Buffer.concat(
        text
          .split(/(%[0-9A-Fa-f]{2})/)
          .map((part, index) => (index % 2 === 1 ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part, 'utf8'))),
      )
    : Buffer.from(text, 'utf8');
