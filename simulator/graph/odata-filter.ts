import { invalidFilter, literalOf, type Token, tokenize } from './odata-tokens.ts';

type Value = string | number | boolean | null;
type Json = Readonly<Record<string, unknown>>;
type Read = (resource: Json) => unknown;

/** A filter that was understood. */
export type Filter = {
  /** Tells whether a resource, as its JSON, fits. Throws Graph's 400 for a property the resource does not have. */
  readonly matches: (resource: Json) => boolean;
  /** Whether it has an operator that the directory knows in advanced queries only: `ne`, `not`, `endsWith`, `$count`. */
  readonly isAdvanced: boolean;
  /** What must be equal in any case, by property in lower case: by one of these an index can narrow the search. */
  readonly equalities: ReadonlyMap<string, string>;
};

type Term = { readonly matches: Filter['matches']; readonly equalities: readonly (readonly [string, string])[] };

const comparisons: Readonly<Record<string, (left: string | number, right: string | number) => boolean>> = {
  eq: (left, right) => left === right,
  ne: (left, right) => left !== right,
  gt: (left, right) => left > right,
  ge: (left, right) => left >= right,
  lt: (left, right) => left < right,
  le: (left, right) => left <= right,
};

const functions: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  startswith: (value, wanted) => value.startsWith(wanted),
  endswith: (value, wanted) => value.endsWith(wanted),
  contains: (value, wanted) => value.includes(wanted),
};

/**
 * Reads an OData `$filter`: comparisons, `in`, `startswith`, `endswith`, `contains`, `x/any(s:s eq 'v')`, `x/$count`, and, or,
 * not, parentheses. Throws Graph's 400 for anything else, for a filter that is not understood must never match everything.
 */
export function parseFilter(text: string): Filter {
  const tokens = tokenize(text);
  let position = 0;
  let isAdvanced = false;
  const peek = (): string | undefined => tokens[position]?.text;
  const isWord = (word: string): boolean => tokens[position]?.kind === 'word' && peek()?.toLowerCase() === word;
  const next = (): Token => {
    const token = tokens[position++];
    if (token === undefined) throw invalidFilter('it ends too early');
    return token;
  };
  const expect = (sign: string): void => {
    const { text: found } = next();
    if (found !== sign) throw invalidFilter(`'${sign}' was expected instead of '${found}'`);
  };

  const parseOr = (variable?: string): Term => {
    const terms = [parseAnd(variable)];
    while (isWord('or')) {
      next();
      terms.push(parseAnd(variable));
    }
    const [only] = terms;
    if (terms.length === 1 && only !== undefined) return only;
    return { matches: (resource) => terms.some((term) => term.matches(resource)), equalities: [] };
  };
  const parseAnd = (variable?: string): Term => {
    const terms = [parseTerm(variable)];
    while (isWord('and')) {
      next();
      terms.push(parseTerm(variable));
    }
    return {
      matches: (resource) => terms.every((term) => term.matches(resource)),
      equalities: terms.flatMap(({ equalities }) => equalities),
    };
  };
  const parseTerm = (variable?: string): Term => {
    if (isWord('not')) {
      next();
      isAdvanced = true;
      const term = parseTerm(variable);
      return { matches: (resource) => !term.matches(resource), equalities: [] };
    }
    if (peek() === '(') {
      next();
      const inner = parseOr(variable);
      expect(')');
      return inner;
    }
    const word = next();
    if (word.kind !== 'word') throw invalidFilter(`'${word.text}' is not a property`);
    if (peek() !== '(') return parseComparison(word.text, variable);
    if (word.text.endsWith('/any')) return parseAny(word.text.slice(0, -'/any'.length));
    return parseFunction(word.text, variable);
  };
  const parseFunction = (name: string, variable?: string): Term => {
    expect('(');
    const read = readerOf(next().text, variable);
    expect(',');
    const wanted = literalOf(next());
    expect(')');
    const test = functions[name.toLowerCase()];
    if (test === undefined || typeof wanted !== 'string')
      throw invalidFilter(`'${name}' is not a function that is supported`);
    if (name.toLowerCase() === 'endswith') isAdvanced = true;
    const folded = wanted.toLowerCase();
    return { matches: (resource) => test(String(read(resource) ?? '').toLowerCase(), folded), equalities: [] };
  };
  const parseAny = (property: string): Term => {
    expect('(');
    if (peek() === ')') {
      next();
      return { matches: (resource) => listAt(resource, property).length > 0, equalities: [] };
    }
    const [variable = '', first = ''] = next().text.split(':');
    if (variable === '') throw invalidFilter('a lambda names its variable');
    if (first !== '') tokens.splice(position, 0, { kind: 'word', text: first });
    const inner = parseOr(variable);
    expect(')');
    return {
      matches: (resource) => listAt(resource, property).some((it) => inner.matches({ it })),
      equalities: inner.equalities.map(([, value]) => [`${property}/any`.toLowerCase(), value] as const),
    };
  };
  const parseComparison = (name: string, variable?: string): Term => {
    const read = readerOf(name, variable);
    if (name.endsWith('/$count')) isAdvanced = true;
    const operator = next().text.toLowerCase();
    if (operator === 'in') return parseIn(read);
    const compare = comparisons[operator];
    if (compare === undefined) throw invalidFilter(`'${operator}' is not an operator that is supported`);
    if (operator === 'ne') isAdvanced = true;
    const wanted = literalOf(next());
    const equalities = operator === 'eq' && typeof wanted === 'string' ? [[name.toLowerCase(), wanted] as const] : [];
    if (wanted === null)
      return { matches: (resource) => (operator === 'ne') !== ((read(resource) ?? null) === null), equalities: [] };
    const right = comparable(wanted, wanted);
    return { matches: (resource) => compare(comparable(read(resource), wanted), right), equalities };
  };
  const parseIn = (read: Read): Term => {
    expect('(');
    const wanted: Value[] = [];
    do wanted.push(literalOf(next()));
    while (peek() === ',' && next());
    expect(')');
    return {
      matches: (resource) => wanted.some((value) => comparable(read(resource), value) === comparable(value, value)),
      equalities: [],
    };
  };

  const { matches, equalities } = parseOr();
  if (position < tokens.length) throw invalidFilter(`'${peek()}' is left over`);
  return { matches, isAdvanced, equalities: new Map(equalities) };
}

/** Reads a property; within a lambda only its variable, or what is below that. */
function readerOf(path: string, variable: string | undefined): Read {
  if (variable === undefined) {
    if (!path.endsWith('/$count')) return (resource) => valueAt(resource, path);
    return (resource) => listAt(resource, path.slice(0, -'/$count'.length)).length;
  }
  const [first, ...rest] = path.split('/');
  if (first !== variable) throw invalidFilter('a lambda compares its own variable');
  return (resource) => valueAt(resource, ['it', ...rest].join('/'));
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

function listAt(resource: Json, path: string): readonly unknown[] {
  const value = valueAt(resource, path);
  return Array.isArray(value) ? value : [];
}

function valueAt(resource: Json, path: string): unknown {
  let value: unknown = resource;
  for (const name of path.split('/')) {
    if (typeof value !== 'object' || value === null) return undefined;
    const key = Object.hasOwn(value, name)
      ? name
      : Object.keys(value).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    if (key === undefined) throw invalidFilter(`there is no property '${path}'`);
    value = Reflect.get(value, key);
  }
  return value;
}
