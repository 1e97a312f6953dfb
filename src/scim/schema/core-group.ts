import { attribute, type Schema } from './attribute.ts';
import { EXTERNAL_ID } from './common-attributes.ts';

/** URN of the core Group schema. */
const GROUP_SCHEMA_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** The core Group schema (RFC 7643 §4.2 and §8.7.1); `displayName` is unique, as Microsoft requires. */
export const CORE_GROUP: Schema = {
  id: GROUP_SCHEMA_URN,
  name: 'Group',
  description: 'Group',
  attributes: [
    attribute({
      name: 'displayName',
      description: "The group's name; compared without case.",
      required: true,
      uniqueness: 'server',
    }),
    EXTERNAL_ID,
    attribute({
      name: 'members',
      description: 'Who belongs to the group.',
      multiValued: true,
      subAttributes: [
        attribute({ name: 'value', description: "The member's id.", caseExact: true, mutability: 'immutable' }),
        attribute({
          name: '$ref',
          description: "The member's address.",
          type: 'reference',
          referenceTypes: ['User', 'Group'],
          mutability: 'immutable',
        }),
        attribute({
          name: 'type',
          description: "The member's resource type.",
          canonicalValues: ['User', 'Group'],
          mutability: 'immutable',
        }),
        attribute({ name: 'display', description: "The member's name.", mutability: 'readOnly' }),
      ],
    }),
  ],
};
