import type { JsonObject, JsonValue } from '../json.ts';

const REDACTED = '[redacted]';
/** Deeper than any SCIM body; what is below would only exhaust the stack. */
const MAX_DEPTH = 32;

/**
 * A copy of a request's body, of whatever form, in which passwords are not legible: as attributes, as keys of a value, and
 * as the value of an operation whose path is `password`. For the recorder.
 */
export function redactPasswords(body: JsonValue): JsonValue {
  return redact(body, 0);
}

function redact(body: JsonValue, depth: number): JsonValue {
  if (typeof body !== 'object' || body === null) return body;
  if (depth > MAX_DEPTH) return REDACTED;
  if (Array.isArray(body)) return body.map((item) => redact(item, depth + 1));
  const entries = Object.entries(body);
  const aimsAtPassword = entries.some(([name, value]) => name.toLowerCase() === 'path' && isPasswordPath(value));
  const copy: JsonObject = Object.create(null);
  for (const [name, value] of entries) {
    const hidden = isPasswordPath(name) || (aimsAtPassword && name.toLowerCase() === 'value');
    copy[name] = hidden && value !== null ? REDACTED : redact(value, depth + 1);
  }
  return { ...copy };
}

function isPasswordPath(path: JsonValue): boolean {
  return typeof path === 'string' && /(?:^|[.:])password\s*$/i.test(path);
}
