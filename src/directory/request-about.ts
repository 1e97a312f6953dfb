import { fold, type JsonValue } from '#scim';
import type { Exchange, Outcome } from './exchange.ts';

/** Longest name that is kept, in characters; more would not fit an index. */
const mostName = 300;

/**
 * Whom a request was about by name, folded: what a filter looked for, or the name in the body. It is what finds the request
 * of a user who never came to be. Null where the request says no name.
 */
export function aboutOf({ method, query, body }: Exchange, outcome: Outcome): string | null {
  const filter = method === 'GET' ? query.get('filter') : textAt(body?.json, 'filter');
  const name =
    outcome.about ??
    (filter === null ? (textAt(body?.json, 'userName') ?? textAt(body?.json, 'displayName')) : operandOf(filter));
  return name === null || name === '' ? null : fold(name.replaceAll('\0', '').slice(0, mostName)).toWellFormed();
}

/** The first value that a filter compares for equality, outside of brackets: `emails[type eq "work"].value eq "a@b.example"`. */
function operandOf(filter: string): string | null {
  const found = /\seq\s+(?:("(?:[^"\\]|\\.)*")|([^\s()[\]"]+))/i.exec(filter.slice(0, 2000).replace(/\[[^\]]*\]/g, ''));
  const [, quoted, bare = null] = found ?? [];
  if (quoted === undefined) return bare;
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}

function textAt(body: JsonValue | undefined, name: string): string | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  return typeof value === 'string' ? value : null;
}
