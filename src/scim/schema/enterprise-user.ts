import { attribute, type Schema } from './attribute.ts';

/** URN of the enterprise extension. */
const ENTERPRISE_USER_SCHEMA_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** The enterprise User extension (RFC 7643 §4.3 and §8.7.1). */
export const ENTERPRISE_USER: Schema = {
  id: ENTERPRISE_USER_SCHEMA_URN,
  name: 'EnterpriseUser',
  description: 'Enterprise User',
  attributes: [
    attribute({ name: 'employeeNumber', description: 'The number given by the organization.' }),
    attribute({ name: 'costCenter', description: 'The cost center.' }),
    attribute({ name: 'organization', description: 'The organization.' }),
    attribute({ name: 'division', description: 'The division.' }),
    attribute({ name: 'department', description: 'The department.' }),
    attribute({
      name: 'manager',
      description: "The person's manager; may be someone who is not, or not yet, in the directory.",
      subAttributes: [
        attribute({ name: 'value', description: "The manager's id.", caseExact: true }),
        attribute({
          name: '$ref',
          description: "The manager's address.",
          type: 'reference',
          referenceTypes: ['User'],
          mutability: 'readOnly',
        }),
        attribute({ name: 'displayName', description: "The manager's name.", mutability: 'readOnly' }),
      ],
    }),
  ],
};
