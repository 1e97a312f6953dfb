import type { JsonValue } from '#scim';

/** Words in front of what was wrong that are no attributes. */
const notOne: ReadonlySet<string> = new Set([
  'the',
  'there',
  'path',
  'filter',
  'schemas',
  'Operations',
  'this',
  'a',
  'it',
]);

/**
 * The attribute that a refusal is about, as the attribute mapping of Entra writes it: of an operation of a PATCH it is the
 * operation's path. Undefined where it is about none.
 */
export function refusedAttribute(detail: string, body: JsonValue | undefined): string | undefined {
  const named = /has no attribute "?([^"\s]+)/.exec(detail) ?? /: ([\w.:$-]+) (?:is|would|cannot|has) /.exec(detail);
  if (named !== null) return named[1];
  const operation = /^Operations\[(\d+)\](?:\.(?:value|path))?(?:\.([^\s]+))?/.exec(detail);
  if (operation !== null) return operation[2]?.replace(/:$/, '') ?? pathOfOperation(body, Number(operation[1]));
  const written = /^path "([^"]+)"/.exec(detail);
  if (written !== null) return written[1];
  const [first = ''] = detail.split(/[\s[]/, 1);
  return notOne.has(first) || !/^[A-Za-z][\w.:$-]*$/.test(first) ? undefined : first;
}

function pathOfOperation(body: JsonValue | undefined, index: number): string | undefined {
  const operations = memberOf(body, 'operations');
  const path = Array.isArray(operations) ? memberOf(operations[index], 'path') : undefined;
  return typeof path === 'string' ? path : undefined;
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).find(([key]) => key.toLowerCase() === name)?.[1];
}
