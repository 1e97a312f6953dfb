import { findWaysIn, type WaysIn } from '#connections';
import {
  type AuthenticationScheme,
  findResourceTypeResource,
  findSchemaResource,
  type JsonObject,
  listResponseText,
  type ResourceType,
  resourceTypeResource,
  ScimError,
  schemaResources,
  serviceProviderConfig,
} from '#scim';
import type { World } from '#store';
import { bulkLimits } from './bulk/bulk-limits.ts';
import type { Answer, Exchange } from './exchange.ts';
import { pageLimits } from './find-page.ts';

/** GET /ServiceProviderConfig (RFC 7644 §4): what this service can do. */
export async function getServiceProviderConfig(world: World, exchange: Exchange): Promise<Answer> {
  const { organizationId, id, baseUrl } = exchange.directory;
  const capabilities = serviceProviderConfig({
    baseUrl,
    maxResults: pageLimits.maxCount,
    bulk: bulkLimits(world),
    sort: true,
    etag: true,
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: pageLimits.defaultCount,
      maxPageSize: pageLimits.maxCount,
    },
    authenticationSchemes: schemesOf(await findWaysIn(world, organizationId, id)),
  });
  return discovered(exchange, JSON.stringify(capabilities));
}

const rfc = (number: number): string => `https://www.rfc-editor.org/rfc/rfc${number}`;

/** How this directory can be entered (RFC 7643 §5): a bearer token is sent in any case, the others are ways to get one. */
function schemesOf({ credentials, assertions }: WaysIn): AuthenticationScheme[] {
  const bearer: AuthenticationScheme = {
    type: 'oauthbearertoken',
    name: 'Bearer token',
    description: 'A Secret Token that Portico issues for this connection, or an access token from its token endpoint.',
    specUri: rfc(6750),
    primary: true,
  };
  const secret: AuthenticationScheme = {
    type: 'oauth2',
    name: 'OAuth 2.0 client credentials',
    description: 'An access token from the token endpoint of this connection, for client id and client secret.',
    specUri: rfc(6749),
  };
  const assertion: AuthenticationScheme = {
    type: 'oauth2',
    name: 'OAuth 2.0 client assertion',
    description:
      'An access token from the token endpoint of this connection, for an assertion that Microsoft Entra signs.',
    specUri: rfc(7523),
  };
  return [
    bearer,
    ...(credentials.some(({ kind }) => kind === 'clientSecret') ? [secret] : []),
    ...(assertions.length > 0 ? [assertion] : []),
  ];
}

/** GET /Schemas and /Schemas/{urn}. */
export function getSchemas(exchange: Exchange, urn: string | undefined): Answer {
  const { baseUrl, types, settings } = exchange.directory;
  const options = { baseUrl, resourceTypes: Object.values(types), profile: settings.schemaProfile };
  return urn === undefined
    ? discovered(exchange, listText(schemaResources(options)))
    : discovered(exchange, JSON.stringify(findSchemaResource(urn, options)));
}

/** GET /ResourceTypes and /ResourceTypes/{name}. */
export function getResourceTypes(exchange: Exchange, name: string | undefined): Answer {
  const { baseUrl, types } = exchange.directory;
  const resourceTypes: readonly ResourceType[] = Object.values(types);
  return name === undefined
    ? discovered(exchange, listText(resourceTypes.map((each) => resourceTypeResource(each, baseUrl))))
    : discovered(exchange, JSON.stringify(findResourceTypeResource(name, resourceTypes, baseUrl)));
}

/** Query parameters are ignored here, except that a filter is refused (RFC 7644 §4). */
function discovered({ query }: Exchange, body: string): Answer {
  if (query.has('filter')) throw new ScimError(403, undefined, 'what the service can do cannot be filtered');
  return { status: 200, body, outcome: { kind: 'read', text: 'Read what the service can do.' } };
}

const listText = (resources: readonly JsonObject[]): string =>
  listResponseText({
    totalResults: resources.length,
    startIndex: 1,
    resources: resources.map((resource) => JSON.stringify(resource)),
  });
