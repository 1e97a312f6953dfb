import { code } from './markdown.ts';

/** What of JSON Schema the contract's shapes use. */
export interface Schema {
  $ref?: string;
  type?: string;
  const?: string;
  enum?: string[];
  format?: string;
  description?: string;
  default?: unknown;
  maxLength?: number;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

/** Rows of a table of members: name, type, about. Members of objects without a name of their own follow theirs. */
export function memberRows(schema: Schema, before = ''): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const path = `${before}${name}`;
    const [value, nullable] = withoutNull(member);
    const inside =
      value.type === 'array'
        ? memberRows(withoutNull(value.items ?? {})[0], `${path}[].`)
        : memberRows(value, `${path}.`);
    const optional = schema.required?.includes(name) === true ? '' : 'optional';
    const fallback = member.default === undefined ? '' : `${JSON.stringify(member.default)} by default`;
    const about = value.format === 'date-time' ? '' : (member.description ?? value.description ?? '');
    const type = `${typeOf(value)}${nullable ? ' or null' : ''}`;
    return [
      [code(path), type, [about, fallback, fallback === '' ? optional : ''].filter(Boolean).join('; ')],
      ...inside,
    ];
  });
}

/** A type in words, a shape with a name of its own as a link. */
export function typeOf(schema: Schema): string {
  const { $ref, type, format, maxLength, items } = schema;
  if ($ref !== undefined) return shapeLink($ref.slice($ref.lastIndexOf('/') + 1));
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined)
    return schema.enum.length > 12 ? 'one of many' : schema.enum.map((it) => code(it)).join(', ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' or ');
  if (type === 'array') return `list of ${typeOf(items ?? {})}`;
  if (format === 'date-time') return 'time';
  if (format === 'email') return 'e-mail address';
  if (format === 'uri') return 'address';
  if (type === 'string') return maxLength === undefined ? 'text' : `text, at most ${maxLength}`;
  if (type === 'integer' || type === 'number') return 'number';
  return type ?? 'anything';
}

const shapeLink = (name: string): string => `[${name}](#${name.toLowerCase()})`;

function withoutNull(schema: Schema): [Schema, nullable: boolean] {
  const nullable = schema.anyOf?.some(({ type }) => type === 'null') === true;
  const rest = schema.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  if (!nullable) return [schema, false];
  return [rest.length === 1 && rest[0] !== undefined ? rest[0] : { ...schema, anyOf: rest }, true];
}
