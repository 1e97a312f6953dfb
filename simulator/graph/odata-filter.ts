import { GraphError } from './graph-error.ts';

/** Tells whether a resource, as its JSON, fits a filter. */
export type Predicate = (resource: Readonly<Record<string, unknown>>) => boolean;

type Token = { readonly kind: 'word' | 'string' | 'sign'; readonly text: string };

const comparisons: Readonly<Record<string, (left: string | number, right: string | number) => boolean>> = {
  eq: (left, right) => left === right,
  ne: (left, right) => left !== right,
  gt: (left, right) => left > right,
  ge: (left, right) => left >= right,
  lt: (left, right) => left < right,
  le: (left, right) => left <= right,
};

/**
 * Reads an OData `$filter`: comparisons, `startswith`, `endswith`, `contains`, `x/any(s:s eq 'v')`, and, or, not, parentheses.
 * Throws Graph's 400 for anything else, for a filter that is not understood must never match everything.
 */
export function parseFilter(text: string): Predicate {
  const tokens = tokenize(text);
  let position = 0;
  const peek = (): string | undefined => tokens[position]?.text;
  const isWord = (word: string): boolean => tokens[position]?.kind === 'word' && peek()?.toLowerCase() === word;
  const next = (): Token => {
    const token = tokens[position++];
    if (token === undefined) throw invalid('it ends too early');
    return token;
  };
  const expect = (sign: string): void => {
    const { text: found } = next();
    if (found !== sign) throw invalid(`'${sign}' was expected instead of '${found}'`);
  };

  const parseOr = (): Predicate => {
    const terms = [parseAnd()];
    while (isWord('or')) {
      next();
      terms.push(parseAnd());
    }
    return (resource) => terms.some((term) => term(resource));
  };
  const parseAnd = (): Predicate => {
    const terms = [parseTerm()];
    while (isWord('and')) {
      next();
      terms.push(parseTerm());
    }
    return (resource) => terms.every((term) => term(resource));
  };
  const parseTerm = (): Predicate => {
    if (isWord('not')) {
      next();
      const term = parseTerm();
      return (resource) => !term(resource);
    }
    if (peek() === '(') {
      next();
      const inner = parseOr();
      expect(')');
      return inner;
    }
    const word = next();
    if (word.kind !== 'word') throw invalid(`'${word.text}' is not a property`);
    if (peek() === '(')
      return word.text.endsWith('/any') ? parseAny(word.text.slice(0, -'/any'.length)) : parseFunction(word.text);
    return parseComparison((resource) => valueAt(resource, word.text));
  };
  const parseFunction = (name: string): Predicate => {
    expect('(');
    const property = next().text;
    expect(',');
    const wanted = literal(next());
    expect(')');
    const test = functions[name.toLowerCase()];
    if (test === undefined || typeof wanted !== 'string')
      throw invalid(`'${name}' is not a function that is supported`);
    return (resource) => test(String(valueAt(resource, property) ?? '').toLowerCase(), wanted.toLowerCase());
  };
  const parseAny = (property: string): Predicate => {
    expect('(');
    const [variable = '', first] = next().text.split(':');
    if (first !== variable || variable === '') throw invalid('a lambda compares its own variable');
    let current: unknown;
    const inner = parseComparison(() => current);
    expect(')');
    return (resource) => {
      const values = valueAt(resource, property);
      return (
        Array.isArray(values) &&
        values.some((value) => {
          current = value;
          return inner(resource);
        })
      );
    };
  };
  const parseComparison = (read: (resource: Readonly<Record<string, unknown>>) => unknown): Predicate => {
    const operator = next().text.toLowerCase();
    const compare = comparisons[operator];
    if (compare === undefined) throw invalid(`'${operator}' is not an operator that is supported`);
    const wanted = literal(next());
    if (wanted === null) return (resource) => (operator === 'ne') !== ((read(resource) ?? null) === null);
    return (resource) => compare(comparable(read(resource), wanted), comparable(wanted, wanted));
  };

  const predicate = parseOr();
  if (position < tokens.length) throw invalid(`'${peek()}' is left over`);
  return predicate;
}

const functions: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  startswith: (value, wanted) => value.startsWith(wanted),
  endswith: (value, wanted) => value.endsWith(wanted),
  contains: (value, wanted) => value.includes(wanted),
};

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:'((?:[^']|'')*)'|([(),])|([^\s(),']+))/gy;
  while (pattern.lastIndex < text.trimEnd().length) {
    const match = pattern.exec(text);
    if (match === null) throw invalid('a quote is not closed');
    const [, string, sign, word] = match;
    if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll("''", "'") });
    else tokens.push(sign === undefined ? { kind: 'word', text: word ?? '' } : { kind: 'sign', text: sign });
  }
  return tokens;
}

function literal({ kind, text }: Token): string | number | boolean | null {
  if (kind === 'string') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw invalid(`'${text}' is not a value`);
}

/** Strings compare without case, dates as instants. */
function comparable(value: unknown, beside: unknown): string | number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && typeof beside === 'string' && isInstant(value) && isInstant(beside))
    return Date.parse(value);
  return String(value ?? '').toLowerCase();
}

function isInstant(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T/.test(text);
}

function valueAt(resource: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = resource;
  for (const name of path.split('/')) {
    if (typeof value !== 'object' || value === null) return undefined;
    const key = Object.hasOwn(value, name)
      ? name
      : Object.keys(value).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    if (key === undefined) throw invalid(`there is no property '${path}'`);
    value = Reflect.get(value, key);
  }
  return value;
}

function invalid(why: string): GraphError {
  return new GraphError(400, 'BadRequest', `Invalid filter clause: ${why}.`);
}
