import { parseDateTime } from '../comparison/date-time.ts';
import { type JsonValue, kindOf } from '../json.ts';
import type { BoundAttribute } from '../schema/bound-attribute.ts';
import { badRequest } from '../scim-error.ts';

const BASE64 = /^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?$/;

/**
 * Reads one simple value as its attribute's type (RFC 7643 §2.3). Unless `strict`, booleans and numbers are taken
 * from text too ("True", "77"), as Entra sends them, and an empty text leaves any type but string unassigned.
 * `undefined` means unassigned. Throws 400 `invalidValue` naming `where`.
 */
export function readSimpleValue(
  attribute: BoundAttribute,
  raw: JsonValue,
  where: string,
  strict: boolean,
): string | number | boolean | undefined {
  if (raw === '' && attribute.type !== 'string' && !strict) return undefined;
  switch (attribute.type) {
    case 'boolean': {
      if (typeof raw === 'boolean') return raw;
      const word = typeof raw === 'string' && !strict ? raw.trim().toLowerCase() : '';
      if (word === 'true' || word === 'false') return word === 'true';
      throw wrong(attribute, raw, where, 'true or false');
    }
    case 'integer':
    case 'decimal': {
      const number = typeof raw === 'string' && !strict && raw.trim() !== '' ? Number(raw) : raw;
      if (typeof number !== 'number' || !Number.isFinite(number)) throw wrong(attribute, raw, where, 'a number');
      if (attribute.type === 'integer' && !Number.isSafeInteger(number))
        throw wrong(attribute, raw, where, 'an integer');
      return number;
    }
    case 'dateTime': {
      const text = readText(attribute, raw, where);
      if (parseDateTime(text) === undefined) throw wrong(attribute, raw, where, 'a date such as 2026-01-31T12:00:00Z');
      return text;
    }
    case 'binary': {
      const text = readText(attribute, raw, where);
      if (strict && !BASE64.test(text)) throw wrong(attribute, raw, where, 'base64');
      return text;
    }
    default:
      return readText(attribute, raw, where);
  }
}

function readText(attribute: BoundAttribute, raw: JsonValue, where: string): string {
  if (typeof raw !== 'string') throw wrong(attribute, raw, where, 'a string');
  if (raw.length > attribute.maxLength) {
    throw badRequest('invalidValue', `${where} is longer than ${attribute.maxLength} characters`);
  }
  if (raw.includes('\0'))
    throw badRequest('invalidValue', `${where} holds the character U+0000, which cannot be stored`);
  // A lone surrogate has no UTF-8 form and would come back from a database as something else.
  return raw.toWellFormed();
}

function wrong(attribute: BoundAttribute, raw: JsonValue, where: string, expected: string) {
  const got = typeof raw === 'string' ? JSON.stringify(raw.slice(0, 80)) : kindOf(raw);
  return badRequest('invalidValue', `${where} (${attribute.type}) must be ${expected}, not ${got}`);
}
