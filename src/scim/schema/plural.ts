import { type Attribute, type AttributeDeclaration, attribute } from './attribute.ts';

interface Plural {
  name: string;
  description: string;
  value?: Partial<Attribute>;
  types?: readonly string[];
  more?: readonly AttributeDeclaration[];
}

/**
 * A multi-valued attribute with the default sub-attributes of RFC 7643 §2.4. `type` gets canonical values unless
 * `types` is empty: Microsoft's validation derives `emails[type eq "work"].value` from them.
 */
export function plural({ name, description, value, types = ['work', 'home', 'other'], more = [] }: Plural): Attribute {
  return attribute({
    name,
    description,
    multiValued: true,
    subAttributes: [
      attribute({ name: 'value', description: 'The value itself.', ...value }),
      attribute({ name: 'display', description: 'A name for display.' }),
      attribute({
        name: 'type',
        description: 'What the value is used for.',
        ...(types.length > 0 ? { canonicalValues: types } : {}),
      }),
      attribute({ name: 'primary', description: 'Whether this is the preferred value.', type: 'boolean' }),
      ...more.map(attribute),
    ],
  });
}
