import type { z } from 'zod';
import { contentType, type Exchange } from '../http/exchange.ts';
import { GraphError } from './graph-error.ts';

/** Reads a JSON body of the given shape; `@odata` annotations are passed over but for references (`x@odata.bind`, `@odata.id`). Throws Graph's 400, 415 for another media type. */
export function readGraphBody<T>(exchange: Exchange, shape: z.ZodType<T>): T {
  const type = contentType(exchange);
  if (exchange.body.length > 0 && type !== 'application/json') {
    throw new GraphError(415, 'BadRequest', `The content type '${type}' is not supported; send application/json.`);
  }
  const result = shape.safeParse(withoutAnnotations(parse(exchange.body.toString('utf8'))));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue?.code === 'unrecognized_keys')
    throw new GraphError(400, 'RequestBodyRead', `Invalid property '${issue.keys[0]}'.`);
  throw new GraphError(400, 'RequestBodyRead', `Property '${issue?.path.join('.') ?? ''}': ${issue?.message}.`);
}

function parse(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new GraphError(
      400,
      'BadRequest',
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
}

/** References to other objects are annotations too. */
const kept = /@odata\.bind$|^@odata\.id$/;

function withoutAnnotations(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAnnotations);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => !name.includes('@odata.') || kept.test(name));
  return Object.fromEntries(entries.map(([name, inner]) => [name, withoutAnnotations(inner)]));
}
