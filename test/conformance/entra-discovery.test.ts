import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '#scim';
import { enterpriseUrn, groupUrn, resourcesOf, userUrn } from '../directory/scim-world.ts';
import { at, type Client, onEachDatabase } from './on-each-database.ts';

/** Names of the targets that Microsoft's validation derives from the schemas. */
function targetsOf(schemas: readonly JsonObject[]): Set<string> {
  const targets = new Set<string>();
  for (const { id, attributes } of schemas) {
    const prefix = id === userUrn || id === groupUrn ? '' : `${String(id)}:`;
    for (const attribute of attributes as JsonObject[]) {
      for (const name of derive(attribute)) targets.add(`${prefix}${name}`.toLowerCase());
    }
  }
  return targets;
}

function derive(attribute: JsonObject): string[] {
  const name = String(attribute['name']);
  if (attribute['type'] === 'reference') return [];
  if (attribute['type'] !== 'complex') return [name];
  const subs = (attribute['subAttributes'] as JsonObject[]).filter(({ type }) => type !== 'reference');
  const names = subs.map((sub) => String(sub['name']));
  if (attribute['multiValued'] !== true) return names.map((sub) => `${name}.${sub}`);
  const canonical = subs.find((sub) => sub['name'] === 'type')?.['canonicalValues'] as string[] | undefined;
  const own = names.filter((sub) => sub !== 'type' && sub !== 'primary');
  return canonical === undefined
    ? own.map((sub) => `${name}[primary eq "True"].${sub}`)
    : canonical.flatMap((value) => own.map((sub) => `${name}[type eq "${value}"].${sub}`));
}

onEachDatabase('discovery', (client: Client) => {
  test('entra §1.13.1: every attribute that is mapped can be derived from /Schemas', async () => {
    const answer = await client.get('/Schemas');
    const schemas = resourcesOf(answer);
    assert.deepEqual(
      schemas.map(({ id }) => id),
      [userUrn, enterpriseUrn, groupUrn],
    );
    assert.equal(answer.body['totalResults'], 3);
    const targets = targetsOf(schemas);
    for (const target of [
      'userName',
      'active',
      'displayName',
      'title',
      'externalId',
      'emails[type eq "work"].value',
      'emails[type eq "other"].value',
      'name.givenName',
      'name.familyName',
      'name.formatted',
      'addresses[type eq "work"].streetAddress',
      'addresses[type eq "work"].postalCode',
      'addresses[type eq "other"].formatted',
      'phoneNumbers[type eq "work"].value',
      'phoneNumbers[type eq "mobile"].value',
      'phoneNumbers[type eq "fax"].value',
      'roles[primary eq "True"].value',
      'preferredLanguage',
      'locale',
      'timezone',
      `${enterpriseUrn}:employeeNumber`,
      `${enterpriseUrn}:department`,
      `${enterpriseUrn}:manager.value`,
    ]) {
      assert.ok(targets.has(target.toLowerCase()), target);
    }
  });

  test('entra §1.10: /Schemas is a list, in camel case, without nulls', async () => {
    const { text, body } = await client.get('/Schemas');
    assert.deepEqual(body['schemas'], ['urn:ietf:params:scim:api:messages:2.0:ListResponse']);
    assert.ok(!text.includes('null'));
    assert.ok(text.includes('"canonicalValues"') && text.includes('"multiValued"'));
  });

  test('RFC 7644 §4: each schema and resource type by its address', async () => {
    for (const endpoint of ['/Schemas', '/ResourceTypes']) {
      for (const each of resourcesOf(await client.get(endpoint))) {
        const location = String(at(each, 'meta', 'location'));
        assert.ok(location.startsWith(client.tenantUrl), location);
        assert.deepEqual(await client.read(location.slice(client.tenantUrl.length)), each);
      }
    }
    assert.deepEqual(
      resourcesOf(await client.get('/ResourceTypes')).map(({ name, endpoint }) => [name, endpoint]),
      [
        ['User', '/Users'],
        ['Group', '/Groups'],
      ],
    );
  });

  test('RFC 7643 §5: what the service can do, and nothing that it cannot', async () => {
    const config = await client.read('/ServiceProviderConfig');
    assert.deepEqual(
      ['patch', 'bulk', 'filter', 'changePassword', 'sort', 'etag'].map((each) => at(config, each, 'supported')),
      [true, true, true, false, true, true],
    );
    assert.equal(at(config, 'filter', 'maxResults'), 1000);
    assert.equal(at(config, 'pagination', 'index'), true);
    assert.equal(at(config, 'pagination', 'cursor'), true);
    assert.deepEqual(
      (config['authenticationSchemes'] as JsonObject[]).map(({ type }) => type),
      ['oauthbearertoken'],
    );
  });

  test('RFC 7644 §4: query parameters are ignored here', async () => {
    const plain = await client.read('/Schemas');
    assert.deepEqual(await client.read('/Schemas?attributes=id&count=1&startIndex=2&sortBy=id'), plain);
  });
});
