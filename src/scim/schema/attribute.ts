/** The data types of RFC 7643 §2.3. */
export type AttributeType =
  | 'string'
  | 'boolean'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'binary'
  | 'reference'
  | 'complex';

/** An attribute's characteristics (RFC 7643 §2.2 and §7). */
export interface Attribute {
  name: string;
  type: AttributeType;
  multiValued: boolean;
  description: string;
  required: boolean;
  caseExact: boolean;
  mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
  returned: 'always' | 'never' | 'default' | 'request';
  uniqueness: 'none' | 'server' | 'global';
  canonicalValues?: readonly string[];
  referenceTypes?: readonly string[];
  subAttributes?: readonly Attribute[];
  /** Longest text accepted, in UTF-16 units; by default 768 for text, which an index can hold, 65,536 otherwise. */
  maxLength?: number;
  /** True for what is understood and kept but not listed by `/Schemas`: the `id` Entra puts into roles. */
  unlisted?: boolean;
  /** True for what is no longer declared: its values are kept where they are, and neither shown nor known to any request. */
  retired?: boolean;
}

/** A schema (RFC 7643 §7): its URN, a name, and attributes. */
export interface Schema {
  id: string;
  name: string;
  description: string;
  attributes: readonly Attribute[];
}

/** What has to be said of an attribute; whatever is left out takes the defaults of RFC 7643 §2.2. */
export type AttributeDeclaration = Pick<Attribute, 'name' | 'description'> & Partial<Attribute>;

/** Completes a declaration: a single readWrite string, compared without case, returned by default. */
export function attribute(declaration: AttributeDeclaration): Attribute {
  const type = declaration.type ?? (declaration.subAttributes === undefined ? 'string' : 'complex');
  return {
    type,
    multiValued: false,
    required: false,
    // References and binaries are case-exact by RFC 7643 §2.3.6 and §2.3.7.
    caseExact: type === 'reference' || type === 'binary',
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...declaration,
  };
}
