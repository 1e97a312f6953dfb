import { comparisonKey } from '../comparison/comparison-key.ts';
import { parseDateTime } from '../comparison/date-time.ts';
import { type BoundAttribute, isText } from '../schema/bound-attribute.ts';
import { badRequest } from '../scim-error.ts';
import type { CompareOperator, Literal } from './filter.ts';
import type { ResolvedComparison } from './resolved-filter.ts';

const ORDERING: ReadonlySet<CompareOperator> = new Set(['gt', 'ge', 'lt', 'le']);
const TEXTUAL: ReadonlySet<CompareOperator> = new Set(['co', 'sw', 'ew']);

/**
 * Binds a comparison's value to the attribute's type. Throws 400 `invalidFilter` where the two do not go together;
 * ordering booleans and binaries is refused by RFC 7644 §3.4.2.2.
 */
export function bindComparison(
  attribute: BoundAttribute,
  operator: CompareOperator,
  literal: Exclude<Literal, null>,
): ResolvedComparison {
  if (ORDERING.has(operator) && (attribute.type === 'boolean' || attribute.type === 'binary')) {
    throw refuse(`"${operator}" cannot compare ${attribute.path}, which is ${attribute.type}`);
  }
  if (TEXTUAL.has(operator) && !isText(attribute)) {
    throw refuse(`"${operator}" needs text, and ${attribute.path} is ${attribute.type}; use eq, ne, gt, ge, lt or le`);
  }
  const value = operandOf(attribute, literal);
  const key =
    attribute.type === 'dateTime' && typeof value === 'number'
      ? new Date(value).toISOString()
      : comparisonKey(attribute, value);
  if (key === undefined) throw wrongType(attribute, literal);
  return { kind: 'compare', attribute, operator, key, value };
}

function operandOf(attribute: BoundAttribute, literal: Exclude<Literal, null>): string | number | boolean {
  switch (attribute.type) {
    case 'boolean': {
      const word = String(literal).toLowerCase();
      if (word === 'true' || word === 'false') return word === 'true';
      break;
    }
    case 'integer':
    case 'decimal': {
      const number = typeof literal === 'string' && literal.trim() !== '' ? Number(literal) : literal;
      if (typeof number === 'number' && Number.isFinite(number)) return number;
      break;
    }
    case 'dateTime': {
      const instant = typeof literal === 'string' ? parseDateTime(literal) : undefined;
      if (instant !== undefined) return instant;
      break;
    }
    default:
      return String(literal);
  }
  throw wrongType(attribute, literal);
}

function wrongType(attribute: BoundAttribute, literal: Literal) {
  return refuse(`${attribute.path} is ${attribute.type}, and ${JSON.stringify(literal)} is not`);
}

function refuse(what: string) {
  return badRequest('invalidFilter', `filter: ${what}`);
}
