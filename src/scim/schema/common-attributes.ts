import { type Attribute, attribute } from './attribute.ts';

/** `externalId` (RFC 7643 §3.1), which Portico also lists in the schemas: Microsoft's validation looks for it there. */
export const EXTERNAL_ID: Attribute = attribute({
  name: 'externalId',
  description: "The provisioning client's own identifier.",
  caseExact: true,
});

/** What every resource has without its schema saying so (RFC 7643 §3 and §3.1). */
export const COMMON_ATTRIBUTES: readonly Attribute[] = [
  attribute({
    name: 'schemas',
    description: 'The URNs of the schemas that are present.',
    type: 'reference',
    caseExact: false,
    multiValued: true,
    returned: 'always',
    mutability: 'readOnly',
  }),
  attribute({
    name: 'id',
    description: "The service provider's identifier.",
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
  }),
  EXTERNAL_ID,
  attribute({
    name: 'meta',
    description: 'When and where the resource is.',
    mutability: 'readOnly',
    subAttributes: [
      attribute({ name: 'resourceType', description: 'Its type.', caseExact: true, mutability: 'readOnly' }),
      attribute({ name: 'created', description: 'When it was made.', type: 'dateTime', mutability: 'readOnly' }),
      attribute({ name: 'lastModified', description: 'Its last change.', type: 'dateTime', mutability: 'readOnly' }),
      attribute({ name: 'location', description: 'Its address.', type: 'reference', mutability: 'readOnly' }),
      attribute({ name: 'version', description: 'Its entity tag.', caseExact: true, mutability: 'readOnly' }),
    ],
  }),
];
