import { z } from 'zod';

/** A member of a body or query, as an option or argument takes it. */
export interface Field {
  /** Its name on the wire, such as `startFrom`. */
  name: string;
  /** As an option: `start-from`. */
  flag: string;
  kind: 'text' | 'number' | 'boolean' | 'json';
  /** Several values, one after the other. */
  many: boolean;
  /** Whether `null` unsets it. */
  nullable: boolean;
  required: boolean;
  choices: readonly string[];
  /** What stands for the value in help. */
  placeholder: string;
  about: string;
  default: unknown;
}

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string;
  enum?: string[];
  const?: string;
  format?: string;
  description?: string;
  default?: unknown;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

/** The members that a shape takes, read from its JSON Schema. */
export function fieldsOf(shape: z.ZodType | undefined): Field[] {
  if (shape === undefined) return [];
  const whole = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }) as Schema;
  const { properties = {}, required = [] } = resolved(whole, whole.$defs);
  return Object.entries(properties).map(([name, member]) =>
    fieldOf(name, resolved(member, whole.$defs), required.includes(name)),
  );
}

/** A shape with a name of its own stands among the definitions. */
const resolved = (schema: Schema, definitions: Record<string, Schema> = {}): Schema =>
  schema.$ref === undefined ? schema : (definitions[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)] ?? schema);

/** A name as an option spells it. */
export const flagOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function fieldOf(name: string, schema: Schema, required: boolean): Field {
  const nullable = schema.anyOf?.some(({ type }) => type === 'null') === true;
  const value = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
  const many = value.type === 'array';
  const one = many ? (value.items ?? {}) : value;
  return {
    name,
    flag: flagOf(name),
    kind: kindOf(one),
    many,
    nullable,
    required,
    choices: one.enum ?? (one.const === undefined ? [] : [one.const]),
    placeholder: placeholderOf(one),
    about: schema.description ?? value.description ?? one.description ?? '',
    default: schema.default,
  };
}

function kindOf({ type }: Schema): Field['kind'] {
  if (type === 'object') return 'json';
  if (type === 'integer' || type === 'number') return 'number';
  return type === 'boolean' ? 'boolean' : 'text';
}

function placeholderOf({ type, format }: Schema): string {
  if (type === 'object') return 'json';
  if (type === 'integer' || type === 'number') return 'number';
  if (format === 'date-time') return 'time';
  if (format === 'email') return 'address';
  if (format === 'uri') return 'url';
  return 'text';
}
