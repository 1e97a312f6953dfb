import type { z } from 'zod';
import type { Exchange } from '../http/exchange.ts';
import { ControlError } from './control-error.ts';

/** Reads a JSON body of the given shape; an empty body counts as `{}`. Throws ControlError 400 that names the field. */
export function readBody<T>(exchange: Exchange, shape: z.ZodType<T>): T {
  const result = shape.safeParse(parse(exchange.body.toString('utf8')));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new ControlError(400, 'invalidBody', field === '' ? `Body: ${issue?.message}` : `${field}: ${issue?.message}`);
}

/** A whole number in the query, or `fallback` when it is absent. Throws ControlError 400. */
export function readNumber(exchange: Exchange, name: string, fallback: number, most: number): number {
  const text = exchange.url.searchParams.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new ControlError(400, 'invalidQuery', `${name}: '${text}' is not a whole number from 0 to ${most}`);
  }
  return value;
}

function parse(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new ControlError(400, 'invalidBody', 'The body is not JSON');
  }
}
