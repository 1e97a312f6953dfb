/** A recipient as a filter asks for it. */
export type FilteredRecipient = {
  /** The values of a property, its name in lower case. */
  readonly values: (name: string) => readonly string[];
  /** Whether it is a direct member of the group with that distinguished name. */
  readonly isMemberOf: (distinguishedName: string) => boolean;
};

/** Whether a recipient fits. */
export type RecipientFilter = (recipient: FilteredRecipient) => boolean;

const token = /\s*(?:(\(|\))|(-[a-z]+)\b|'((?:[^']|'')*)'|"([^"]*)"|(\$?[\w.]+))/iy;

type Token =
  | { readonly kind: 'bracket' | 'operator' | 'name'; readonly text: string }
  | { readonly kind: 'value'; readonly text: string };

/**
 * Reads an OPATH filter, as RecipientRestrictionFilter takes it: `-eq -ne -like -notlike`, `-and -or -not`, parentheses.
 * Throws SyntaxError that says what is wrong.
 */
export function parseRecipientFilter(source: string): RecipientFilter {
  const tokens = readTokens(source);
  let place = 0;
  const peek = (kind: Token['kind'], text: string): boolean =>
    tokens[place]?.kind === kind && tokens[place]?.text.toLowerCase() === text;
  const take = (kind: Token['kind'], what: string): string => {
    const found = tokens[place];
    if (found?.kind !== kind) throw new SyntaxError(`${what} is expected at '${found?.text ?? 'the end'}'`);
    place += 1;
    return found.text;
  };
  const either = (): RecipientFilter => {
    let left = both();
    while (peek('operator', '-or')) {
      place += 1;
      const [one, two] = [left, both()];
      left = (recipient) => one(recipient) || two(recipient);
    }
    return left;
  };
  const both = (): RecipientFilter => {
    let left = single();
    while (peek('operator', '-and')) {
      place += 1;
      const [one, two] = [left, single()];
      left = (recipient) => one(recipient) && two(recipient);
    }
    return left;
  };
  const single = (): RecipientFilter => {
    if (peek('operator', '-not')) {
      place += 1;
      const inner = single();
      return (recipient) => !inner(recipient);
    }
    if (peek('bracket', '(')) {
      place += 1;
      const inner = either();
      if (take('bracket', "')'") !== ')') throw new SyntaxError("')' is expected");
      return inner;
    }
    return comparison();
  };
  const comparison = (): RecipientFilter => {
    const name = take('name', 'A property').toLowerCase();
    const operator = take('operator', 'An operator').toLowerCase();
    const value = take(tokens[place]?.kind === 'name' ? 'name' : 'value', 'A value').replace(/^\$/, '');
    const fits = comparisons[operator];
    if (fits === undefined) throw new SyntaxError(`'${operator}' is none of -eq, -ne, -like, -notlike`);
    if (name !== 'memberofgroup') return (recipient) => fits(recipient.values(name), value);
    if (operator === '-eq') return (recipient) => recipient.isMemberOf(value);
    if (operator === '-ne') return (recipient) => !recipient.isMemberOf(value);
    throw new SyntaxError(`MemberOfGroup takes -eq and -ne, not '${operator}'`);
  };
  const filter = either();
  if (place < tokens.length) throw new SyntaxError(`'${tokens[place]?.text}' is more than a filter`);
  return filter;
}

const same = (one: string, two: string): boolean => one.toLowerCase() === two.toLowerCase();

function like(value: string, pattern: string): boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`, 'is').test(value);
}

const comparisons: Readonly<Record<string, (values: readonly string[], wanted: string) => boolean>> = {
  '-eq': (values, wanted) => values.some((value) => same(value, wanted)),
  '-ne': (values, wanted) => !values.some((value) => same(value, wanted)),
  '-like': (values, wanted) => values.some((value) => like(value, wanted)),
  '-notlike': (values, wanted) => !values.some((value) => like(value, wanted)),
};

function readTokens(source: string): Token[] {
  const text = source
    .trim()
    .replace(/^\{([\s\S]*)\}$/, '$1')
    .trimEnd();
  const tokens: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.length) {
    const start = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new SyntaxError(`'${text.slice(start)}' is not understood`);
    const [, bracket, operator, quoted, doubled, name] = match;
    if (bracket !== undefined) tokens.push({ kind: 'bracket', text: bracket });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'value', text: quoted?.replaceAll("''", "'") ?? doubled ?? '' });
  }
  return tokens;
}
