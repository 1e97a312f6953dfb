import { attribute, type Schema } from './attribute.ts';
import { EXTERNAL_ID } from './common-attributes.ts';
import { plural } from './plural.ts';

/** URN of the core User schema. */
const USER_SCHEMA_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** The core User schema (RFC 7643 §4.1 and §8.7.1). */
export const CORE_USER: Schema = {
  id: USER_SCHEMA_URN,
  name: 'User',
  description: 'User Account',
  attributes: [
    attribute({
      name: 'userName',
      description: 'The name a person signs in with; compared without case.',
      required: true,
      uniqueness: 'server',
    }),
    EXTERNAL_ID,
    attribute({
      name: 'name',
      description: "The parts of the person's name.",
      subAttributes: [
        attribute({ name: 'formatted', description: 'The full name.' }),
        attribute({ name: 'familyName', description: 'The family name.' }),
        attribute({ name: 'givenName', description: 'The given name.' }),
        attribute({ name: 'middleName', description: 'The middle names.' }),
        attribute({ name: 'honorificPrefix', description: 'A title before the name.' }),
        attribute({ name: 'honorificSuffix', description: 'A title after the name.' }),
      ],
    }),
    attribute({ name: 'displayName', description: 'The name to show.' }),
    attribute({ name: 'nickName', description: 'The casual name.' }),
    attribute({
      name: 'profileUrl',
      description: "The address of the person's profile.",
      type: 'reference',
      referenceTypes: ['external'],
    }),
    attribute({ name: 'title', description: 'The job title.' }),
    attribute({ name: 'userType', description: 'The relation to the organization.' }),
    attribute({ name: 'preferredLanguage', description: 'The preferred language.' }),
    attribute({ name: 'locale', description: 'The locale for numbers and dates.' }),
    attribute({ name: 'timezone', description: 'The time zone.' }),
    attribute({ name: 'active', description: 'Whether the person may use the product.', type: 'boolean' }),
    attribute({
      name: 'password',
      description: 'Accepted and dropped: people sign in with Microsoft Entra ID.',
      caseExact: true,
      mutability: 'writeOnly',
      returned: 'never',
    }),
    plural({ name: 'emails', description: 'E-mail addresses.' }),
    plural({
      name: 'phoneNumbers',
      description: 'Phone numbers.',
      types: ['work', 'home', 'mobile', 'fax', 'pager', 'other'],
    }),
    plural({
      name: 'ims',
      description: 'Instant messaging addresses.',
      types: ['work', 'home', 'other', 'aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo'],
    }),
    plural({
      name: 'photos',
      description: 'Addresses of photographs.',
      value: { type: 'reference', caseExact: true, referenceTypes: ['external'] },
      types: ['photo', 'thumbnail'],
    }),
    attribute({
      name: 'addresses',
      description: 'Postal addresses.',
      multiValued: true,
      subAttributes: [
        attribute({ name: 'formatted', description: 'The whole address, for a label.' }),
        attribute({ name: 'streetAddress', description: 'Street and number.' }),
        attribute({ name: 'locality', description: 'The city.' }),
        attribute({ name: 'region', description: 'The state or region.' }),
        attribute({ name: 'postalCode', description: 'The postal code.' }),
        attribute({ name: 'country', description: 'The country.' }),
        attribute({ name: 'type', description: 'What it is used for.', canonicalValues: ['work', 'home', 'other'] }),
        attribute({ name: 'primary', description: 'Whether this is the preferred address.', type: 'boolean' }),
      ],
    }),
    attribute({
      name: 'groups',
      description: 'The groups the person belongs to.',
      multiValued: true,
      mutability: 'readOnly',
      subAttributes: [
        attribute({ name: 'value', description: "The group's id.", caseExact: true, mutability: 'readOnly' }),
        attribute({
          name: '$ref',
          description: "The group's address.",
          type: 'reference',
          referenceTypes: ['User', 'Group'],
          mutability: 'readOnly',
        }),
        attribute({ name: 'display', description: "The group's name.", mutability: 'readOnly' }),
        attribute({
          name: 'type',
          description: 'How the person belongs to it.',
          canonicalValues: ['direct', 'indirect'],
          mutability: 'readOnly',
        }),
      ],
    }),
    plural({ name: 'entitlements', description: 'Entitlements.' }),
    plural({
      name: 'roles',
      description: 'Roles, as the provisioning client assigns them.',
      // With canonical types Microsoft's validation would look for roles[type eq …]; Entra maps roles[primary eq "True"].
      types: [],
      more: [{ name: 'id', description: 'The id of the app role.', caseExact: true, unlisted: true }],
    }),
    plural({
      name: 'x509Certificates',
      description: 'Certificates, DER in base64.',
      value: { type: 'binary', caseExact: true },
    }),
  ],
};
