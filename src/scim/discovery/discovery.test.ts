import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { GROUP_TYPE, USER_TYPE } from '../schema/resource-types.ts';
import { findResourceTypeResource, resourceTypeResource } from './resource-type-resource.ts';
import { findSchemaResource, schemaResources } from './schema-resource.ts';
import { serviceProviderConfig } from './service-provider-config.ts';

const baseUrl = 'https://portico.example/scim/v2/contoso';
const resourceTypes = [USER_TYPE, GROUP_TYPE];

/** Names as Microsoft's validation template derives them from /Schemas (facts: its rule 1). */
function targetsOf(schema: JsonObject): string[] {
  const list = (value: JsonValue | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
  const prefix = String(schema['id']).includes(':core:') ? '' : `${schema['id']}:`;
  return list(schema['attributes']).flatMap((attribute) => {
    const name = `${prefix}${attribute['name']}`;
    if (attribute['type'] === 'reference') return [];
    if (attribute['type'] !== 'complex') return [name];
    const subs = list(attribute['subAttributes']);
    const names = subs.map((sub) => String(sub['name']));
    if (attribute['multiValued'] !== true) return names.map((sub) => `${name}.${sub}`);
    const types = subs.find((sub) => sub['name'] === 'type')?.['canonicalValues'];
    const filters = Array.isArray(types) ? types.map((type) => `type eq "${type}"`) : ['primary eq "True"'];
    const parts = names.filter((sub) => sub !== 'type' && sub !== 'primary');
    return filters.flatMap((filter) => parts.map((sub) => `${name}[${filter}].${sub}`));
  });
}

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

test("entra §1.13 rule 1: every attribute of Entra's default mapping can be derived from /Schemas", () => {
  const targets = new Set(schemaResources({ baseUrl, resourceTypes }).flatMap(targetsOf));
  const mapped = [
    'userName',
    'active',
    'displayName',
    'title',
    'emails[type eq "work"].value',
    'emails[type eq "other"].value',
    'name.givenName',
    'name.familyName',
    'addresses[type eq "work"].streetAddress',
    'addresses[type eq "work"].postalCode',
    'addresses[type eq "other"].formatted',
    'phoneNumbers[type eq "work"].value',
    'phoneNumbers[type eq "mobile"].value',
    'phoneNumbers[type eq "fax"].value',
    'externalId',
    'roles[primary eq "True"].value',
    `${ENTERPRISE}:employeeNumber`,
    `${ENTERPRISE}:department`,
    `${ENTERPRISE}:manager.value`,
  ];
  assert.deepEqual(
    mapped.filter((name) => !targets.has(name)),
    [],
  );
});

test('RFC 7643 §7: a schema resource has URN, meta and complete characteristics, and no null anywhere', () => {
  const [user] = schemaResources({ baseUrl, resourceTypes });
  assert.deepEqual(user?.['meta'], {
    resourceType: 'Schema',
    location: `${baseUrl}/Schemas/urn:ietf:params:scim:schemas:core:2.0:User`,
  });
  const attributes = user?.['attributes'];
  assert.ok(Array.isArray(attributes));
  assert.deepEqual(attributes[0], {
    name: 'userName',
    type: 'string',
    multiValued: false,
    description: 'The name a person signs in with; compared without case.',
    required: true,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'server',
  });
  assert.ok(!JSON.stringify(user).includes('null'));
});

test("entra §1.12: the trimmed profile leaves out what Microsoft's hosted validator refuses", () => {
  const full = new Set(schemaResources({ baseUrl, resourceTypes }).flatMap((schema) => namesOf(schema)));
  const trimmed = new Set(
    schemaResources({ baseUrl, resourceTypes, profile: 'trimmed' }).flatMap((schema) => namesOf(schema)),
  );
  assert.deepEqual(
    [...full].filter((name) => !trimmed.has(name)),
    ['password', 'emails.display', 'emails.primary'],
  );
});

function namesOf(schema: JsonObject, prefix = ''): string[] {
  const attributes = schema['attributes'] ?? schema['subAttributes'];
  return (Array.isArray(attributes) ? attributes.filter(isObject) : []).flatMap((each) => {
    const name = `${prefix}${each['name']}`;
    return [name, ...namesOf(each, `${name}.`)];
  });
}

test('/Schemas lists neither id nor the internal id of roles', () => {
  const names = schemaResources({ baseUrl, resourceTypes }).flatMap((schema) => namesOf(schema));
  assert.ok(!names.includes('id') && !names.includes('roles.id'));
});

test('RFC 7644 §4: a schema is found by its URN in any case, those of discovery too; another is 404', () => {
  const options = { baseUrl, resourceTypes };
  assert.equal(findSchemaResource(ENTERPRISE.toUpperCase(), options)['id'], ENTERPRISE);
  assert.equal(findSchemaResource('urn:ietf:params:scim:schemas:core:2.0:Schema', options)['name'], 'Schema');
  assert.throws(() => findSchemaResource('urn:none', options), { status: 404 });
});

test('RFC 7643 §6: the User resource type names its endpoint and extension', () => {
  assert.deepEqual(resourceTypeResource(USER_TYPE, baseUrl), {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: 'User',
    name: 'User',
    endpoint: '/Users',
    description: 'User Account',
    schema: 'urn:ietf:params:scim:schemas:core:2.0:User',
    schemaExtensions: [{ schema: ENTERPRISE, required: false }],
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/User` },
  });
  assert.equal(findResourceTypeResource('group', resourceTypes, baseUrl)['id'], 'Group');
  assert.throws(() => findResourceTypeResource('Pet', resourceTypes, baseUrl), { status: 404 });
});

test('RFC 7643 §5: the service says what it can do and what it cannot', () => {
  const config = serviceProviderConfig({
    baseUrl,
    maxResults: 1000,
    etag: true,
    authenticationSchemes: [{ type: 'oauthbearertoken', name: 'Bearer', description: 'Secret Token' }],
  });
  assert.deepEqual(config, {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: 1000 },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    authenticationSchemes: [{ type: 'oauthbearertoken', name: 'Bearer', description: 'Secret Token' }],
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  });
});
