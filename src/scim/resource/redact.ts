import { isObject, type JsonObject, type JsonValue } from '../json.ts';

const REDACTED = '[redacted]';

/**
 * A copy of a request's body, of whatever form, in which passwords are not legible: as attributes, as keys of a value, and
 * as the value of an operation whose path is `password`. For the recorder.
 */
export function redactPasswords(body: JsonValue): JsonValue {
  if (Array.isArray(body)) return body.map(redactPasswords);
  if (!isObject(body)) return body;
  const entries = Object.entries(body);
  const aimsAtPassword = entries.some(([name, value]) => name.toLowerCase() === 'path' && isPasswordPath(value));
  const copy: JsonObject = Object.create(null);
  for (const [name, value] of entries) {
    const hidden = isPasswordPath(name) || (aimsAtPassword && name.toLowerCase() === 'value');
    copy[name] = hidden && value !== null ? REDACTED : redactPasswords(value);
  }
  return { ...copy };
}

function isPasswordPath(path: JsonValue): boolean {
  return typeof path === 'string' && /(?:^|[.:])password\s*$/i.test(path);
}
