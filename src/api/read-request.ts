import type { z } from 'zod';
import type { Entry } from '#contract';
import { Problem, readJson } from '#http';

/** Reads the query of a request by the entry's shape. */
export function readQuery(entry: Entry, url: URL): unknown {
  const given = Object.fromEntries(url.searchParams);
  if (entry.query !== undefined) return parse(entry.query, given, 'the query is not valid');
  const [unknown] = Object.keys(given);
  if (unknown === undefined) return {};
  throw new Problem('invalid-request', {
    detail: 'this address takes no query',
    errors: [{ field: unknown.slice(0, 80), detail: 'is not known' }],
  });
}

/** Reads the body of a request by the entry's shape. */
export async function readBody(entry: Entry, request: Request, limit: number): Promise<unknown> {
  if (entry.body === undefined) return undefined;
  return parse(entry.body, await readJson(request, limit), 'the body is not valid');
}

/** The version that `If-Match` names; undefined without it, or for `*`. */
export function readIfMatch(request: Request): number | undefined {
  const text = request.headers.get('if-match');
  if (text === null || text.trim() === '*') return undefined;
  const version = /^\s*(?:W\/)?"(\d{1,15})"\s*$/.exec(text)?.[1];
  if (version === undefined) {
    throw new Problem('invalid-request', {
      detail: 'If-Match is not readable',
      errors: [{ field: 'If-Match', detail: 'takes the ETag of an answer, such as "3"' }],
    });
  }
  return Number(version);
}

function parse(shape: z.ZodType, value: unknown, detail: string): unknown {
  const parsed = shape.safeParse(value);
  const errors = parsed.success ? findNoText(parsed.data, []) : parsed.error.issues.slice(0, 50).flatMap(fieldsOf);
  if (errors.length === 0) return parsed.data;
  throw new Problem('invalid-request', { detail, remedy: 'correct the fields named', errors });
}

/** Whether a string is Unicode text that both databases keep: no U+0000, no half of a surrogate pair. */
export const isText = (value: string): boolean => value.isWellFormed() && !value.includes('\0');

/** The fields that hold something other than text where text is meant. */
function findNoText(value: unknown, path: readonly string[]): { field: string; detail: string }[] {
  if (typeof value === 'string') {
    if (isText(value)) return [];
    return [{ field: path.join('.') || 'body', detail: 'holds U+0000 or half a surrogate pair, which is no text' }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => findNoText(member, [...path, key]));
}

function fieldsOf(issue: z.core.$ZodIssue): { field: string; detail: string }[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, 20)
      .map((key) => ({ field: [...path, key.slice(0, 80)].join('.'), detail: 'is not known' }));
  }
  return [{ field: path.join('.') || 'body', detail: issue.message }];
}
