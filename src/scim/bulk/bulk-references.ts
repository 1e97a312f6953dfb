import type { JsonObject, JsonValue } from '../json.ts';

/** Deeper than any SCIM body; what is below stays as it is. */
const MAX_DEPTH = 32;
const WHOLE = /^bulkId:(.+)$/s;
/** In a path, such as `/Users/bulkId:a` or `members[value eq "bulkId:a"]`, a reference ends where its part does. */
const WITHIN = /bulkId:([^"\]/\s?#]+)/g;

/** The `bulkId`s that a path and its data refer to (RFC 7644 §3.7.2), each once. */
export function bulkReferences(path: string, data: JsonValue | undefined): Set<string> {
  const found = new Set<string>();
  // Most have none, and a group may come with 100,000 members.
  if (!path.includes('bulkId:') && !JSON.stringify(data ?? null).includes('bulkId:')) return found;
  withReferences(path, data, (bulkId) => {
    found.add(bulkId);
    return undefined;
  });
  return found;
}

/** The same path and data with the ids in the place of the references; undefined leaves one as it is. */
export function withReferences(
  path: string,
  data: JsonValue | undefined,
  idOf: (bulkId: string) => string | undefined,
): { path: string; data: JsonValue | undefined } {
  const within = (text: string) => text.replace(WITHIN, (whole, bulkId: string) => idOf(bulkId) ?? whole);
  const replaced = (value: JsonValue, name: string, depth: number): JsonValue => {
    if (typeof value === 'string') {
      if (!value.includes('bulkId:')) return value;
      if (name === 'path' || name === '$ref') return within(value);
      const bulkId = WHOLE.exec(value)?.[1];
      return bulkId === undefined ? value : (idOf(bulkId) ?? value);
    }
    if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
    if (Array.isArray(value)) return value.map((item) => replaced(item, name, depth + 1));
    const copy: JsonObject = Object.create(null);
    for (const [key, item] of Object.entries(value)) copy[key] = replaced(item, key.toLowerCase(), depth + 1);
    return { ...copy };
  };
  return { path: within(path), data: data === undefined ? undefined : replaced(data, '', 0) };
}
