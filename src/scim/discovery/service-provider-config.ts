import type { JsonObject } from '../json.ts';

/** One way to authenticate (RFC 7643 §5). */
export interface AuthenticationScheme {
  type: 'oauth' | 'oauth2' | 'oauthbearertoken' | 'httpbasic' | 'httpdigest';
  name: string;
  description: string;
  specUri?: string;
  primary?: boolean;
}

/** What the service can do; what is left out it cannot. Sizes are bytes. */
export interface ServiceProviderCapabilities {
  baseUrl: string;
  maxResults: number;
  bulk?: { maxOperations: number; maxPayloadSize: number };
  sort?: boolean;
  etag?: boolean;
  /** Paging as RFC 9865 §4 announces it. */
  pagination?: {
    cursor: boolean;
    index: boolean;
    defaultPaginationMethod: 'cursor' | 'index';
    defaultPageSize: number;
    maxPageSize: number;
    cursorTimeout?: number;
  };
  documentationUri?: string;
  authenticationSchemes: readonly AuthenticationScheme[];
}

/** The answer of `/ServiceProviderConfig` (RFC 7643 §5). Passwords are never kept, so they cannot be changed. */
export function serviceProviderConfig(capabilities: ServiceProviderCapabilities): JsonObject {
  const { baseUrl, maxResults, bulk, sort = false, etag = false, pagination, documentationUri } = capabilities;
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    ...(documentationUri === undefined ? {} : { documentationUri }),
    patch: { supported: true },
    bulk: {
      supported: bulk !== undefined,
      maxOperations: bulk?.maxOperations ?? 0,
      maxPayloadSize: bulk?.maxPayloadSize ?? 0,
    },
    filter: { supported: true, maxResults },
    changePassword: { supported: false },
    sort: { supported: sort },
    etag: { supported: etag },
    ...(pagination === undefined ? {} : { pagination: { ...pagination } }),
    authenticationSchemes: capabilities.authenticationSchemes.map((scheme) => ({ ...scheme })),
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  };
}
