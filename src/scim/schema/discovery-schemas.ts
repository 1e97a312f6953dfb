import { type Attribute, type AttributeDeclaration, attribute, type Schema } from './attribute.ts';

const readOnly = (declaration: AttributeDeclaration): Attribute =>
  attribute({ ...declaration, mutability: 'readOnly' });

const supported = readOnly({
  name: 'supported',
  description: 'Whether it is supported.',
  type: 'boolean',
  required: true,
});

const feature = (name: string, description: string, more: readonly Attribute[] = []) =>
  readOnly({ name, description, required: true, subAttributes: [supported, ...more] });

const integer = (name: string, description: string) => readOnly({ name, description, type: 'integer', required: true });

const flag = (name: string, description: string) => readOnly({ name, description, type: 'boolean', required: true });

const text = (name: string, description: string, more: Partial<Attribute> = {}) =>
  readOnly({ name, description, ...more });

const SERVICE_PROVIDER_CONFIG: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  name: 'Service Provider Configuration',
  description: 'What the service can do',
  attributes: [
    readOnly({
      name: 'documentationUri',
      description: 'Where it is documented.',
      type: 'reference',
      referenceTypes: ['external'],
    }),
    feature('patch', 'PATCH.'),
    feature('bulk', 'Bulk operations.', [
      integer('maxOperations', 'Most operations in one request.'),
      integer('maxPayloadSize', 'Largest body in bytes.'),
    ]),
    feature('filter', 'Filters.', [integer('maxResults', 'Most resources in one answer.')]),
    feature('changePassword', 'Changing passwords.'),
    feature('sort', 'Sorting.'),
    feature('etag', 'Entity tags.'),
    readOnly({
      name: 'pagination',
      description: 'Paging (RFC 9865).',
      subAttributes: [
        flag('cursor', 'Whether by cursor.'),
        flag('index', 'Whether by index.'),
        text('defaultPaginationMethod', 'Which one unless asked.', { canonicalValues: ['cursor', 'index'] }),
        readOnly({ name: 'defaultPageSize', description: 'Resources in a page unless asked.', type: 'integer' }),
        readOnly({ name: 'maxPageSize', description: 'Most resources in a page.', type: 'integer' }),
        readOnly({ name: 'cursorTimeout', description: 'Seconds a cursor is good for.', type: 'integer' }),
      ],
    }),
    readOnly({
      name: 'authenticationSchemes',
      description: 'Ways to authenticate.',
      multiValued: true,
      required: true,
      subAttributes: [
        text('type', 'Which kind.', {
          required: true,
          canonicalValues: ['oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest'],
        }),
        text('name', 'Its name.', { required: true }),
        text('description', 'What it is.', { required: true }),
        readOnly({
          name: 'specUri',
          description: 'Where it is specified.',
          type: 'reference',
          referenceTypes: ['external'],
        }),
        readOnly({ name: 'primary', description: 'Whether it is preferred.', type: 'boolean' }),
      ],
    }),
  ],
};

const RESOURCE_TYPE: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
  name: 'ResourceType',
  description: 'A type of resource',
  attributes: [
    text('id', 'Its id, the same as its name.'),
    text('name', 'Its name.', { required: true }),
    text('description', 'What it is.'),
    readOnly({
      name: 'endpoint',
      description: 'Its address below the base URL.',
      type: 'reference',
      referenceTypes: ['uri'],
      required: true,
    }),
    readOnly({
      name: 'schema',
      description: 'URN of its schema.',
      type: 'reference',
      referenceTypes: ['uri'],
      required: true,
    }),
    readOnly({
      name: 'schemaExtensions',
      description: 'Its extensions.',
      multiValued: true,
      subAttributes: [
        readOnly({
          name: 'schema',
          description: 'URN of the extension.',
          type: 'reference',
          referenceTypes: ['uri'],
          required: true,
        }),
        flag('required', 'Whether a resource must have it.'),
      ],
    }),
  ],
};

const characteristics: readonly Attribute[] = [
  text('name', 'Its name.', { required: true, caseExact: true }),
  text('type', 'Its data type.', {
    required: true,
    canonicalValues: ['string', 'complex', 'boolean', 'decimal', 'integer', 'dateTime', 'reference', 'binary'],
  }),
  flag('multiValued', 'Whether it has many values.'),
  text('description', 'What it is.'),
  flag('required', 'Whether it must be there.'),
  text('canonicalValues', 'Values one would expect.', { multiValued: true, caseExact: true }),
  readOnly({ name: 'caseExact', description: 'Whether case counts.', type: 'boolean' }),
  text('mutability', 'Whether and when it can be written.', {
    caseExact: true,
    canonicalValues: ['readOnly', 'readWrite', 'immutable', 'writeOnly'],
  }),
  text('returned', 'When it is answered.', {
    caseExact: true,
    canonicalValues: ['always', 'never', 'default', 'request'],
  }),
  text('uniqueness', 'Where it is unique.', { caseExact: true, canonicalValues: ['none', 'server', 'global'] }),
  text('referenceTypes', 'What it may refer to.', { multiValued: true, caseExact: true }),
];

const SCHEMA: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
  name: 'Schema',
  description: 'A schema',
  attributes: [
    text('id', 'Its URN.', { required: true }),
    text('name', 'Its name.'),
    text('description', 'What it describes.'),
    readOnly({
      name: 'attributes',
      description: 'Its attributes.',
      multiValued: true,
      required: true,
      subAttributes: [
        ...characteristics,
        readOnly({
          name: 'subAttributes',
          description: 'The parts of a complex attribute.',
          multiValued: true,
          subAttributes: characteristics,
        }),
      ],
    }),
  ],
};

/** The schemas of the discovery resources themselves (RFC 7643 §8.7.2). */
export const DISCOVERY_SCHEMAS: readonly Schema[] = [SERVICE_PROVIDER_CONFIG, RESOURCE_TYPE, SCHEMA];
