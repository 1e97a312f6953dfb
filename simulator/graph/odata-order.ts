import { GraphError } from './graph-error.ts';

type Resource = Readonly<Record<string, unknown>>;

/** How a collection is to be ordered: by one property. */
export type Order = {
  readonly property: string;
  readonly keyOf: (resource: Resource) => string;
  readonly compare: (one: string, two: string) => number;
};

const collator = new Intl.Collator('en', { sensitivity: 'base' });

/** Reads `$orderby`: one property of a resource, `asc` or `desc`. Throws Graph's 400 for more. */
export function readOrder(text: string | undefined): Order | undefined {
  if (text === undefined) return undefined;
  const [, property, direction = 'asc'] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(text) ?? [];
  if (property === undefined) throw new GraphError(400, 'BadRequest', `The $orderby '${text}' is not supported.`);
  const sign = direction.toLowerCase() === 'desc' ? -1 : 1;
  return {
    property,
    keyOf: (resource) => {
      const key = Object.keys(resource).find((name) => name.toLowerCase() === property.toLowerCase());
      if (key === undefined) throw new GraphError(400, 'BadRequest', `Could not find a property named '${property}'.`);
      return String(resource[key] ?? '');
    },
    compare: (one, two) => sign * collator.compare(one, two),
  };
}

/**
 * Reads `$search`: `"property:words"`, joined by AND or OR. `displayName` and `description` are searched by the beginning of
 * their words, other properties by their own beginning (Microsoft Graph, search query parameter). Throws Graph's 400.
 */
export function readSearch(text: string | undefined): ((resource: Resource) => boolean) | undefined {
  if (text === undefined) return undefined;
  const either = text.split(/\s+OR\s+/).map((part) => part.split(/\s+AND\s+/).map(readClause));
  return (resource) => either.some((all) => all.every((fits) => fits(resource)));
}

const tokenized: readonly string[] = ['displayname', 'description'];

function readClause(text: string): (resource: Resource) => boolean {
  const [, property, wanted = ''] = /^\s*"(\w+):(.*)"\s*$/s.exec(text) ?? [];
  if (property === undefined)
    throw new GraphError(
      400,
      'Request_BadRequest',
      `Syntax error: the $search clause '${text}' is not "property:value".`,
    );
  const words = pieces(wanted);
  return (resource) => {
    const key = Object.keys(resource).find((name) => name.toLowerCase() === property.toLowerCase());
    if (key === undefined)
      throw new GraphError(400, 'Request_BadRequest', `The property '${property}' can not be searched.`);
    const value = String(resource[key] ?? '').toLowerCase();
    if (!tokenized.includes(property.toLowerCase())) return value.startsWith(wanted.trim().toLowerCase());
    const own = pieces(value);
    return words.every((word) => own.some((piece) => piece.startsWith(word)));
  };
}

const pieces = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
